'use strict';

// node:url: the legacy functions, the classes of the URL Standard, and the ways between paths and file URLs.
const { Url, parse: legacyParse } = require('url/legacy');
const { URL, URLSearchParams, isURL } = require('url/whatwg');

let warnedParse = false;

/** Whether the nearest frame outside of hob's own code is a dependency's. */
function calledByDependency() {
  for (const site of engine.getCallSites(16)) {
    const file = site[1];
    if (!file || file.startsWith('node:')) continue;
    return /[/\\]node_modules[/\\]/.test(file);
  }
  return false;
}

/**
 * @param {string} url
 * @param {boolean} [parseQueryString]
 * @param {boolean} [slashesDenoteHost]
 * @returns {InstanceType<typeof Url>}
 */
function parse(url, parseQueryString, slashesDenoteHost) {
  if (!warnedParse && !calledByDependency()) {
    warnedParse = true;
    process.emitWarning(
      '`url.parse()` behavior is not standardized and prone to errors that have security ' +
        'implications. Use the WHATWG URL API instead. CVEs are not issued for `url.parse()` ' +
        'vulnerabilities.',
      'DeprecationWarning',
      'DEP0169',
    );
  }
  return legacyParse(url, parseQueryString, slashesDenoteHost);
}

function resolve(from, to) {
  return legacyParse(from, false, true).resolve(to);
}

function resolveObject(from, to) {
  return from ? legacyParse(from, false, true).resolveObject(to) : to;
}

/** url.format of a URL: the href with some of its parts left out or shown in Unicode. */
function formatURL(url, options) {
  let auth = true;
  let fragment = true;
  let search = true;
  let unicode = false;
  if (options !== undefined && options !== null) {
    require('shared/validators').validateObject(options, 'options');
    if (options.auth !== undefined) auth = Boolean(options.auth);
    if (options.fragment !== undefined) fragment = Boolean(options.fragment);
    if (options.search !== undefined) search = Boolean(options.search);
    if (options.unicode !== undefined) unicode = Boolean(options.unicode);
  }
  let out = url.protocol;
  if (url.href.startsWith('//', out.length)) {
    out += '//';
    if (auth && (url.username !== '' || url.password !== '')) {
      out += url.username;
      if (url.password !== '') out += `:${url.password}`;
      out += '@';
    }
    out += unicode ? domainToUnicode(url.hostname) : url.hostname;
    if (url.port !== '') out += `:${url.port}`;
  } else if (url.pathname.startsWith('//')) {
    out += '/.';
  }
  out += url.pathname;
  if (search) out += url.search;
  if (fragment) out += url.hash;
  return out;
}

/**
 * @param {any} urlObject a URL, a Url, a string, or an object with the properties of a Url
 * @param {{ auth?: boolean, fragment?: boolean, search?: boolean, unicode?: boolean }} [options]
 */
function format(urlObject, options) {
  if (typeof urlObject === 'string') {
    urlObject = legacyParse(urlObject);
  } else if (typeof urlObject !== 'object' || urlObject === null) {
    const { ERR_INVALID_ARG_TYPE } = require('shared/errors').codes;
    throw new ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], urlObject);
  } else if (isURL(urlObject)) {
    return formatURL(urlObject, options);
  }
  return Url.prototype.format.call(urlObject);
}

function domainArgument(args) {
  if (args.length < 1) {
    const { ERR_MISSING_ARGS } = require('shared/errors').codes;
    throw new ERR_MISSING_ARGS('domain');
  }
  return `${args[0]}`;
}

/** The ASCII form of a domain as a special URL would have it, '' when it is invalid. */
function domainToASCII(domain) {
  domain = domainArgument(arguments);
  const url = URL.parse(`ws://${domain}`);
  return url === null ? '' : url.hostname;
}

function domainToUnicode(domain) {
  domain = domainArgument(arguments);
  const url = URL.parse(`ws://${domain}`);
  return url === null ? '' : engine.domainToUnicode(url.hostname);
}

function pathToFileURL(path, options) {
  return require('url/file').pathToFileURL(path, options);
}

function fileURLToPath(path, options) {
  return require('url/file').fileURLToPath(path, options);
}

function fileURLToPathBuffer(path, options) {
  return require('url/file').fileURLToPathBuffer(path, options);
}

/**
 * What http.request wants to know of a URL.
 * @param {URL} url
 */
function urlToHttpOptions(url) {
  require('shared/validators').validateObject(url, 'url', 0b111);
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url, // a user's own properties on it are options too
    protocol: url.protocol,
    hostname: hostname && hostname[0] === '[' ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

const url = {
  Url,
  parse,
  resolve,
  resolveObject,
  format,
  URL,
  URLSearchParams,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
};

Object.defineProperty(url, 'URLPattern', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    const { URLPattern } = require('url/pattern');
    Object.defineProperty(this, 'URLPattern', { value: URLPattern, writable: true });
    return URLPattern;
  },
});

module.exports = url;

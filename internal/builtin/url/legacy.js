'use strict';

// The parser from before the URL Standard: url.parse, url.format of plain objects, url.resolve and class Url. It takes
// nearly everything for a URL and keeps the parts as they were written; programs still depend on its answers.
const { validateString } = require('shared/validators');

const { domainToASCII } = engine;

const { charCodeAt } = require('shared/text');

/** Schemes whose URLs have '//' even when it was not written. */
const slashed = new Set(['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'].flatMap((s) => [s, `${s}:`]));

const schemePattern = /^[a-z0-9.+-]+:/i;
const simplePath = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/;
const credentialsPattern = /^\/\/[^@/]+@[^@/]+/;
const portPattern = /:[0-9]*$/;
const blanks = /^[\0-\x20\xa0\ufeff]+|[\0-\x20\xa0\ufeff]+$/g;
const notInHost = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const notInIPv6 = /[\0\t\n\r #%/<>?@\\^|]/;
const toEscape = /[\t\n\r "'<>\\^`{|}]/g;

let warnedPort = false;

function isJavaScript(protocol) {
  return protocol === 'javascript:' || protocol === 'javascript';
}

function isIPv6(hostname) {
  return charCodeAt(hostname, 0) === 91 && charCodeAt(hostname, hostname.length - 1) === 93;
}

function isBlank(c) {
  return c <= 0x20 || c === 0xa0 || c === 0xfeff;
}

/** Trimmed, and with the '\' before the query or hash turned around. */
function tidied(text) {
  if (text === '') return text;
  if (isBlank(charCodeAt(text, 0)) || isBlank(charCodeAt(text, text.length - 1))) text = text.replace(blanks, '');
  if (!text.includes('\\')) return text;
  const end = text.search(/[?#]/);
  if (end === -1) return text.replaceAll('\\', '/');
  return text.slice(0, end).replaceAll('\\', '/') + text.slice(end);
}

function escapeCharacter(c) {
  const code = charCodeAt(c, 0);
  return `%${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`;
}

function invalidUrl(input) {
  return require('url/whatwg').invalidUrl(input);
}

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

function setQuery(url, search, parseQueryString) {
  if (search !== undefined) {
    url.search = search;
    url.query = parseQueryString ? require('querystring').parse(search.slice(1)) : search.slice(1);
  } else if (parseQueryString) {
    url.search = null;
    url.query = { __proto__: null };
  }
}

Url.prototype.parse = function parse(url, parseQueryString, slashesDenoteHost) {
  validateString(url, 'url');
  const text = tidied(url);

  if (!slashesDenoteHost && !text.includes('#')) {
    const simple = simplePath.exec(text);
    if (simple !== null && !simple[1].includes('@')) {
      this.path = text;
      this.href = text;
      this.pathname = simple[1];
      setQuery(this, simple[2], parseQueryString);
      return this;
    }
  }

  let rest = text;
  let protocol = '';
  const scheme = schemePattern.exec(rest);
  if (scheme !== null) {
    protocol = scheme[0].toLowerCase();
    this.protocol = protocol;
    rest = rest.slice(protocol.length);
  }

  let slashes = false;
  if (slashesDenoteHost || protocol !== '' || credentialsPattern.test(rest)) {
    slashes = rest.startsWith('//');
    if (slashes && !isJavaScript(protocol)) {
      rest = rest.slice(2);
      this.slashes = true;
    }
  }
  // As it is written: 'HTTP:' is none of them.
  if (!isJavaScript(protocol) && (slashes || (scheme !== null && !slashed.has(scheme[0])))) {
    rest = takeHost(this, rest, url);
  }
  if (!isJavaScript(protocol)) rest = rest.replace(toEscape, escapeCharacter);

  const hash = rest.indexOf('#');
  if (hash !== -1) {
    this.hash = rest.slice(hash);
    rest = rest.slice(0, hash);
  }
  const mark = rest.indexOf('?');
  setQuery(this, mark === -1 ? undefined : rest.slice(mark), parseQueryString);
  if (mark !== -1) rest = rest.slice(0, mark);
  if (rest !== '') this.pathname = rest;
  if (slashed.has(protocol) && this.hostname && !this.pathname) this.pathname = '/';
  if (this.pathname || this.search) this.path = (this.pathname || '') + (this.search || '');
  this.href = this.format();
  return this;
};

/** Takes credentials, host and port off the start of `rest` and returns what is left. */
function takeHost(self, rest, url) {
  // An '@' may stand anywhere before the first '/', '?' or '#': the last one ends the credentials.
  let end = 0;
  let broken = false;
  for (; end < rest.length; end++) {
    const c = charCodeAt(rest, end);
    if (c === 47 || c === 63 || c === 35) break;
    if (c === 9 || c === 10 || c === 13) broken = true;
  }
  if (broken) {
    const authority = rest.slice(0, end).replace(/[\t\n\r]+/g, '');
    rest = authority + rest.slice(end);
    end = authority.length;
  }
  const at = rest.lastIndexOf('@', end - 1);
  let start = 0;
  if (at !== -1 && end > 0) {
    self.auth = decodeURIComponent(rest.slice(0, at));
    start = at + 1;
  }
  const odd = rest.slice(start, end).search(/[\t\n\r "%';<>\\^`{|}]/);
  if (odd !== -1) end = start + odd;
  self.host = rest.slice(start, end);
  rest = rest.slice(end);

  self.parseHost();
  if (typeof self.hostname !== 'string') self.hostname = '';
  let hostname = self.hostname;
  const ipv6 = isIPv6(hostname);
  if (!ipv6) {
    const bad = hostname.search(/[/\\#?:]/);
    if (bad !== -1) {
      if (hostname[bad] === ':' && !warnedPort) {
        warnedPort = true;
        process.emitWarning(
          `The URL ${url} is invalid. Future versions of Node.js will throw an error.`,
          'DeprecationWarning',
          'DEP0170',
        );
      }
      rest = `/${hostname.slice(bad)}${rest}`;
      hostname = hostname.slice(0, bad);
    }
  }
  hostname = hostname.length > 255 ? '' : hostname.toLowerCase();
  if (hostname !== '') {
    if (ipv6) {
      if (notInIPv6.test(hostname)) throw invalidUrl(url);
    } else {
      // The parser is lenient with a host that is no domain, but not with one that turns into something else.
      if (/[^\x00-\x7f]/.test(hostname) || hostname.includes('xn--')) hostname = domainToASCII(hostname, false);
      if (hostname === '' || notInHost.test(hostname)) throw invalidUrl(url);
    }
  }
  self.hostname = hostname;
  self.host = hostname + (self.port ? `:${self.port}` : '');
  if (ipv6) {
    self.hostname = hostname.slice(1, -1);
    if (rest[0] !== '/') rest = `/${rest}`;
  }
  return rest;
}

Url.prototype.parseHost = function parseHost() {
  let host = this.host;
  const port = portPattern.exec(host);
  if (port !== null) {
    if (port[0] !== ':') this.port = port[0].slice(1);
    host = host.slice(0, host.length - port[0].length);
  }
  if (host) this.hostname = host;
};

/** Characters that encodeAuth leaves alone. */
const plainAuth = /^[A-Za-z0-9_.!~*'():-]*$/;

function encodeAuth(auth) {
  if (plainAuth.test(auth)) return auth;
  return encodeURIComponent(auth).replaceAll('%3A', ':');
}

Url.prototype.format = function format() {
  const auth = this.auth ? `${encodeAuth(this.auth)}@` : '';
  let protocol = this.protocol || '';
  let pathname = this.pathname || '';
  let hash = this.hash || '';
  let host = '';
  let query = '';
  if (this.host) {
    host = auth + this.host;
  } else if (this.hostname) {
    const hostname = this.hostname;
    host = auth + (hostname.includes(':') && !isIPv6(hostname) ? `[${hostname}]` : hostname);
    if (this.port) host += `:${this.port}`;
  }
  if (this.query !== null && typeof this.query === 'object') query = require('querystring').stringify(this.query);
  let search = this.search || (query && `?${query}`) || '';
  if (protocol && !protocol.endsWith(':')) protocol += ':';
  if (pathname.includes('?') || pathname.includes('#')) pathname = pathname.replace(/[?#]/g, escapeCharacter);
  if (this.slashes || slashed.has(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (protocol.startsWith('file')) {
      host = '//';
    }
  }
  if (search.includes('#')) search = search.replaceAll('#', '%23');
  if (hash && hash[0] !== '#') hash = `#${hash}`;
  if (search && search[0] !== '?') search = `?${search}`;
  return protocol + host + pathname + search + hash;
};

/** @returns {any} a Url */
function parse(url, parseQueryString, slashesDenoteHost) {
  if (url instanceof Url) return url;
  const parsed = new Url();
  parsed.parse(url, parseQueryString, slashesDenoteHost);
  return parsed;
}

Url.prototype.resolve = function resolve(relative) {
  return this.resolveObject(parse(relative, false, true)).format();
};

/** A copy to work on: everything but what must be computed anew. */
function copyOf(url) {
  return Object.assign(new Url(), url);
}

/** Whether the first two letters of a path are those of a drive is of no interest here: only dots are. */
function withoutDots(segments, mustEndAbsolute) {
  let up = 0;
  for (let i = segments.length - 1; i >= 0; i--) {
    const segment = segments[i];
    if (segment === '.') {
      segments.splice(i, 1);
    } else if (segment === '..') {
      segments.splice(i, 1);
      up++;
    } else if (up > 0) {
      segments.splice(i, 1);
      up--;
    }
  }
  if (!mustEndAbsolute) {
    while (up-- > 0) segments.unshift('..');
  }
}

/** A scheme without '//' keeps its host, if any, as the first segment of the path. */
function hostIntoPath(url, segments) {
  if (url.host) {
    if (segments[0] === '') segments[0] = url.host;
    else segments.unshift(url.host);
  }
}

Url.prototype.resolveObject = function resolveObject(relative) {
  if (typeof relative === 'string') {
    const parsed = new Url();
    parsed.parse(relative, false, true);
    relative = parsed;
  }
  const result = copyOf(this);
  // The hash never comes from the base.
  result.hash = relative.hash;
  if (relative.href === '') {
    result.href = result.format();
    return result;
  }

  // '//host/path'
  if (relative.slashes && !relative.protocol) {
    const { protocol } = result;
    Object.assign(result, relative);
    result.protocol = protocol;
    if (slashed.has(result.protocol) && result.hostname && !result.pathname) {
      result.path = '/';
      result.pathname = '/';
    }
    result.href = result.format();
    return result;
  }

  if (relative.protocol && relative.protocol !== result.protocol) {
    if (!slashed.has(relative.protocol)) {
      Object.assign(result, relative);
      result.href = result.format();
      return result;
    }
    result.protocol = relative.protocol;
    if (!relative.host && !/^file:?$/.test(relative.protocol) && !isJavaScript(relative.protocol)) {
      // 'http:a/b' relative to another scheme: the first segment is the host.
      const segments = (relative.pathname || '').split('/');
      while (segments.length > 0 && !(relative.host = segments.shift()));
      relative.host ||= '';
      relative.hostname ||= '';
      if (segments[0] !== '') segments.unshift('');
      if (segments.length < 2) segments.unshift('');
      result.pathname = segments.join('/');
    } else {
      result.pathname = relative.pathname;
    }
    result.search = relative.search;
    result.query = relative.query;
    result.host = relative.host || '';
    result.auth = relative.auth;
    result.hostname = relative.hostname || relative.host;
    result.port = relative.port;
    if (result.pathname || result.search) result.path = (result.pathname || '') + (result.search || '');
    result.slashes ||= relative.slashes;
    result.href = result.format();
    return result;
  }

  const baseIsAbsolute = Boolean(result.pathname && result.pathname[0] === '/');
  const relativeIsAbsolute = Boolean(relative.host || (relative.pathname && relative.pathname[0] === '/'));
  let mustEndAbsolute = relativeIsAbsolute || baseIsAbsolute || Boolean(result.host && relative.pathname);
  const removeAllDots = mustEndAbsolute;
  let segments = (result.pathname && result.pathname.split('/')) || [];
  const relativeSegments = (relative.pathname && relative.pathname.split('/')) || [];
  const noLeadingSlashes = Boolean(result.protocol && !slashed.has(result.protocol));

  if (noLeadingSlashes) {
    hostIntoPath(result, segments);
    result.hostname = '';
    result.port = null;
    result.host = '';
    if (relative.protocol) {
      relative.hostname = null;
      relative.port = null;
      result.auth = null;
      hostIntoPath(relative, relativeSegments);
      relative.host = null;
    }
    mustEndAbsolute &&= relativeSegments[0] === '' || segments[0] === '';
  }

  if (relativeIsAbsolute) {
    if (relative.host || relative.host === '') {
      if (result.host !== relative.host) result.auth = null;
      result.host = relative.host;
      result.port = relative.port;
    }
    if (relative.hostname || relative.hostname === '') {
      if (result.hostname !== relative.hostname) result.auth = null;
      result.hostname = relative.hostname;
    }
    result.search = relative.search;
    result.query = relative.query;
    segments = relativeSegments;
  } else if (relativeSegments.length > 0) {
    segments.pop();
    segments = segments.concat(relativeSegments);
    result.search = relative.search;
    result.query = relative.query;
  } else if (relative.search !== null && relative.search !== undefined) {
    // Only a query.
    if (noLeadingSlashes) takeHostFromPath(result, segments);
    result.search = relative.search;
    result.query = relative.query;
    if (result.pathname !== null || result.search !== null) {
      result.path = (result.pathname || '') + (result.search || '');
    }
    result.href = result.format();
    return result;
  }

  if (segments.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    result.href = result.format();
    return result;
  }

  const last = segments[segments.length - 1];
  const hasTrailingSlash =
    ((result.host || relative.host || segments.length > 1) && (last === '.' || last === '..')) || last === '';
  withoutDots(segments, removeAllDots || mustEndAbsolute);

  if (mustEndAbsolute && segments[0] !== '' && (!segments[0] || segments[0][0] !== '/')) segments.unshift('');
  if (hasTrailingSlash && !segments.join('/').endsWith('/')) segments.push('');
  const isAbsolute = segments[0] === '' || Boolean(segments[0] && segments[0][0] === '/');

  if (noLeadingSlashes) {
    result.hostname = result.host = isAbsolute ? '' : segments.length > 0 ? segments.shift() : '';
    splitAuth(result);
  }
  mustEndAbsolute ||= Boolean(result.host && segments.length > 0);
  if (mustEndAbsolute && !isAbsolute) segments.unshift('');

  if (segments.length === 0) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = segments.join('/');
  }
  if (result.pathname !== null || result.search !== null) {
    result.path = (result.pathname || '') + (result.search || '');
  }
  result.auth = relative.auth || result.auth;
  result.slashes ||= relative.slashes;
  result.href = result.format();
  return result;
};

/** 'mailto:user@host': what stood in front of the '@' is the credentials. */
function splitAuth(url) {
  const at = url.host ? url.host.indexOf('@') : -1;
  if (at > 0) {
    url.auth = url.host.slice(0, at);
    url.host = url.hostname = url.host.slice(at + 1);
  }
}

function takeHostFromPath(url, segments) {
  url.hostname = url.host = segments.shift();
  splitAuth(url);
}

module.exports = { Url, parse };

'use strict';

// class URLPattern (URL Pattern Standard): one compiled pattern per component of a URL.
const { codes } = require('shared/errors');
const { URL } = require('url/whatwg');
const { encodeQuery, isSpecial, noise, specials } = require('url/parser');
const { parseHost } = require('url/host');
const { C0, FRAGMENT, USERINFO, percentEncode } = require('url/percent');
const { invalid, parsePattern, tokenize, toPatternString, toRegExp } = require('url/pattern_parser');

const componentNames = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

const plainOptions = { delimiter: '', prefix: '' };
const hostOptions = { delimiter: '.', prefix: '' };
const pathOptions = { delimiter: '/', prefix: '/' };

// --- what fixed text of each component is turned into

function encodeProtocol(text) {
  if (text === '') return text;
  const url = URL.parse(`${text}://dummy.invalid/`);
  if (url === null || !/^[a-zA-Z][a-zA-Z0-9+.-]*$/.test(text)) throw invalid();
  return url.protocol.slice(0, -1);
}

function encodeUserinfo(text) {
  return percentEncode(text, USERINFO);
}

function encodeHostname(text) {
  if (text === '') return text;
  text = text.replace(noise, '');
  const end = text.search(/[/\\?#]/);
  if (end !== -1) text = text.slice(0, end);
  const host = text === '' ? undefined : parseHost(text, true);
  if (host === undefined) throw invalid();
  return host;
}

function encodeIPv6(text) {
  if (!/^[0-9a-fA-F:[\]]*$/.test(text)) throw invalid();
  return text.toLowerCase();
}

function encodePort(text, protocol) {
  if (text === '') return text;
  const digits = /^[0-9]+/.exec(text.replace(noise, ''))?.[0];
  if (digits === undefined || Number(digits) > 65535) throw invalid();
  const port = Number(digits);
  return protocol !== undefined && specials[protocol] === port ? '' : `${port}`;
}

/** As a URL's path; without its leading slash when the text has none. */
function encodePathname(text) {
  if (text === '') return text;
  const leading = text[0] === '/';
  const url = new URL('http://dummy.invalid/');
  url.pathname = leading ? text : `/-${text}`;
  return leading ? url.pathname : url.pathname.slice(2);
}

function encodeOpaque(text) {
  return percentEncode(text.replace(noise, ''), C0);
}

function encodeSearch(text) {
  return encodeQuery(text.replace(noise, ''), '');
}

function encodeHash(text) {
  return percentEncode(text.replace(noise, ''), FRAGMENT);
}

// --- the constructor string: a pattern for a whole URL, split into components

function splitConstructorString(input) {
  const points = Array.from(input);
  const tokens = tokenize(input, true);
  const result = {};
  let state = 'init';
  let index = 0;
  let step = 1;
  let start = 0;
  let groups = 0;
  let brackets = 0;
  let special = false;

  const isPattern = (i, value) => {
    const token = tokens[i];
    return (
      token !== undefined &&
      token.value === value &&
      (token.type === 'char' || token.type === 'escaped' || token.type === 'invalid')
    );
  };
  const isSearchPrefix = () => {
    if (isPattern(index, '?')) return true;
    if (tokens[index].value !== '?' || tokens[index].type !== 'modifier') return false;
    const before = tokens[index - 1];
    // After something that can be repeated it is a modifier.
    return before === undefined || !['name', 'regexp', 'close', 'asterisk'].includes(before.type);
  };
  const text = () => points.slice(tokens[start].index, tokens[index].index).join('');
  const change = (next, skip) => {
    if (state !== 'init' && state !== 'authority' && state !== 'done') result[state] = text();
    if (state !== 'init' && next !== 'done') {
      const order = ['protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
      const from = order.indexOf(state);
      const to = order.indexOf(next);
      if (from <= 4 && to >= 5) result.hostname ??= '';
      if (from <= 5 && to >= 7) result.pathname ??= special ? '/' : '';
      if (from <= 6 && to >= 8) result.search ??= '';
    }
    state = next;
    index += skip;
    start = index;
    step = 0;
  };
  const rewind = (next) => {
    index = start;
    step = 0;
    state = next;
  };
  const nextIsAuthoritySlashes = () => isPattern(index + 1, '/') && isPattern(index + 2, '/');

  while (index < tokens.length) {
    step = 1;
    if (tokens[index].type === 'end') {
      if (state === 'init') {
        rewind('init');
        if (isPattern(index, '#')) change('hash', 1);
        else if (isSearchPrefix()) change('search', 1);
        else change('pathname', 0);
        index += step;
        continue;
      }
      if (state === 'authority') {
        rewind('hostname');
        index += step;
        continue;
      }
      change('done', 0);
      break;
    }
    if (tokens[index].type === 'open') {
      groups++;
      index++;
      continue;
    }
    if (groups > 0) {
      if (tokens[index].type === 'close') groups--;
      else {
        index++;
        continue;
      }
    }
    switch (state) {
      case 'init':
        if (isPattern(index, ':')) rewind('protocol');
        break;
      case 'protocol':
        if (isPattern(index, ':')) {
          special = matchesSpecial(text());
          let next = 'pathname';
          let skip = 1;
          if (nextIsAuthoritySlashes()) {
            next = 'authority';
            skip = 3;
          } else if (special) {
            next = 'authority';
          }
          change(next, skip);
        }
        break;
      case 'authority':
        if (isPattern(index, '@')) rewind('username');
        else if (isPattern(index, '/') || isSearchPrefix() || isPattern(index, '#')) rewind('hostname');
        break;
      case 'username':
        if (isPattern(index, ':')) change('password', 1);
        else if (isPattern(index, '@')) change('hostname', 1);
        break;
      case 'password':
        if (isPattern(index, '@')) change('hostname', 1);
        break;
      case 'hostname':
        if (isPattern(index, '[')) brackets++;
        else if (isPattern(index, ']')) brackets--;
        else if (isPattern(index, ':') && brackets === 0) change('port', 1);
        else if (isPattern(index, '/')) change('pathname', 0);
        else if (isSearchPrefix()) change('search', 1);
        else if (isPattern(index, '#')) change('hash', 1);
        break;
      case 'port':
        if (isPattern(index, '/')) change('pathname', 0);
        else if (isSearchPrefix()) change('search', 1);
        else if (isPattern(index, '#')) change('hash', 1);
        break;
      case 'pathname':
        if (isSearchPrefix()) change('search', 1);
        else if (isPattern(index, '#')) change('hash', 1);
        break;
      case 'search':
        if (isPattern(index, '#')) change('hash', 1);
        break;
    }
    index += step;
  }
  if (result.hostname !== undefined && result.port === undefined) result.port = '';
  return result;
}

/** Whether a protocol pattern matches one of the special schemes. */
function matchesSpecial(pattern) {
  const { regexp } = compile(pattern, plainOptions, encodeProtocol, false);
  return Object.keys(specials).some((scheme) => regexp.test(scheme));
}

function compile(pattern, options, encode, ignoreCase) {
  const parts = parsePattern(pattern, options, encode);
  const [regexp, names] = toRegExp(parts, options, ignoreCase);
  return {
    pattern: toPatternString(parts, options),
    regexp,
    names,
    hasRegExpGroups: parts.some((part) => part.type === 'regexp'),
  };
}

// --- init objects

function isAbsolutePattern(path, isUrl) {
  if (path === '') return false;
  if (path[0] === '/') return true;
  return !isUrl && /^(?:\\\/|\{\/)/.test(path);
}

/** The components of a dictionary, over those of its base URL. */
function processInit(init, isUrl) {
  const given = { __proto__: null };
  for (const name of [
    'baseURL',
    'hash',
    'hostname',
    'password',
    'pathname',
    'port',
    'protocol',
    'search',
    'username',
  ]) {
    const value = init[name];
    if (value !== undefined) given[name] = `${value}`;
  }
  const out = { __proto__: null };
  let base = null;
  if (isUrl) for (const name of componentNames) out[name] = '';
  const inherit = isUrl ? (text) => text : (text) => text.replace(/[+*?:{}()\\]/g, '\\$&');
  if (given.baseURL !== undefined) {
    base = URL.parse(given.baseURL);
    if (base === null) throw invalid();
    // A component is inherited when neither it nor any that stands before it was given.
    const has = (...names) => names.some((name) => given[name] !== undefined);
    if (!has('protocol')) out.protocol = inherit(base.protocol.slice(0, -1));
    if (isUrl && !has('protocol', 'hostname', 'port', 'username')) out.username = base.username;
    if (isUrl && !has('protocol', 'hostname', 'port', 'username', 'password')) out.password = base.password;
    if (!has('protocol', 'hostname')) out.hostname = inherit(base.hostname);
    if (!has('protocol', 'hostname', 'port')) out.port = base.port;
    if (!has('protocol', 'hostname', 'port', 'pathname')) out.pathname = inherit(base.pathname);
    if (!has('protocol', 'hostname', 'port', 'pathname', 'search')) out.search = inherit(base.search.slice(1));
    if (!has('protocol', 'hostname', 'port', 'pathname', 'search', 'hash')) out.hash = inherit(base.hash.slice(1));
  }
  if (given.protocol !== undefined) {
    const protocol = given.protocol.replace(/:$/, '');
    out.protocol = isUrl ? encodeProtocol(protocol) : protocol;
  }
  const set = (name, encode) => {
    if (given[name] !== undefined) out[name] = isUrl ? encode(given[name]) : given[name];
  };
  set('username', encodeUserinfo);
  set('password', encodeUserinfo);
  set('hostname', encodeHostname);
  set('port', (text) => encodePort(text, out.protocol));
  if (given.pathname !== undefined) {
    let path = given.pathname;
    const opaqueBase = base !== null && base.host === '' && base.pathname[0] !== '/';
    if (base !== null && !opaqueBase && !isAbsolutePattern(path, isUrl)) {
      const directory = base.pathname;
      path = inherit(directory.slice(0, directory.lastIndexOf('/') + 1)) + path;
    }
    if (isUrl) path = out.protocol === '' || isSpecial(out.protocol) ? encodePathname(path) : encodeOpaque(path);
    out.pathname = path;
  }
  if (given.search !== undefined) {
    const search = given.search.replace(/^\?/, '');
    out.search = isUrl ? encodeSearch(search) : search;
  }
  if (given.hash !== undefined) {
    const hash = given.hash.replace(/^#/, '');
    out.hash = isUrl ? encodeHash(hash) : hash;
  }
  return out;
}

function illegal() {
  const error = new TypeError('Illegal invocation');
  error.code = 'ERR_ILLEGAL_INVOCATION';
  return error;
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

class URLPattern {
  #components;

  constructor(input = undefined, baseOrOptions = undefined, options = undefined) {
    let base;
    if (input !== undefined && typeof input !== 'string' && !isObject(input)) {
      throw new codes.ERR_INVALID_ARG_TYPE('input', ['Object', 'string'], input);
    }
    if (typeof baseOrOptions === 'string') {
      base = baseOrOptions;
    } else if (baseOrOptions !== undefined) {
      if (!isObject(baseOrOptions)) {
        throw new codes.ERR_INVALID_ARG_TYPE('baseURL', ['Object', 'string'], baseOrOptions);
      }
      options = baseOrOptions;
    }
    if (options !== undefined && !isObject(options)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    const ignoreCase = options?.ignoreCase ?? false;
    if (typeof ignoreCase !== 'boolean') {
      throw new codes.ERR_INVALID_ARG_TYPE('options.ignoreCase', 'boolean', ignoreCase);
    }
    let init = input ?? {};
    if (typeof init === 'string') {
      init = splitConstructorString(init);
      if (base === undefined && init.protocol === undefined) throw invalid();
      if (base !== undefined) init.baseURL = base;
    } else if (base !== undefined) {
      throw invalid();
    }

    const patterns = processInit(init, false);
    for (const name of componentNames) patterns[name] ??= '*';
    if (isSpecial(patterns.protocol) && `${specials[patterns.protocol]}` === patterns.port) patterns.port = '';

    const c = { __proto__: null };
    c.protocol = compile(patterns.protocol, plainOptions, encodeProtocol, false);
    c.username = compile(patterns.username, plainOptions, encodeUserinfo, false);
    c.password = compile(patterns.password, plainOptions, encodeUserinfo, false);
    const ipv6 = /^(?:\[|[{\\]\[)/.test(patterns.hostname);
    c.hostname = compile(patterns.hostname, hostOptions, ipv6 ? encodeIPv6 : encodeHostname, false);
    c.port = compile(patterns.port, plainOptions, (text) => encodePort(text), false);
    const special = Object.keys(specials).some((scheme) => c.protocol.regexp.test(scheme));
    c.pathname = special
      ? compile(patterns.pathname, pathOptions, encodePathname, ignoreCase)
      : compile(patterns.pathname, plainOptions, encodeOpaque, ignoreCase);
    c.search = compile(patterns.search, plainOptions, encodeSearch, ignoreCase);
    c.hash = compile(patterns.hash, plainOptions, encodeHash, ignoreCase);
    this.#components = c;
  }

  static #of(value) {
    if (!isObject(value) || !(#components in value)) throw illegal();
    return value.#components;
  }

  get protocol() {
    return URLPattern.#of(this).protocol.pattern;
  }

  get username() {
    return URLPattern.#of(this).username.pattern;
  }

  get password() {
    return URLPattern.#of(this).password.pattern;
  }

  get hostname() {
    return URLPattern.#of(this).hostname.pattern;
  }

  get port() {
    return URLPattern.#of(this).port.pattern;
  }

  get pathname() {
    return URLPattern.#of(this).pathname.pattern;
  }

  get search() {
    return URLPattern.#of(this).search.pattern;
  }

  get hash() {
    return URLPattern.#of(this).hash.pattern;
  }

  get hasRegExpGroups() {
    const components = URLPattern.#of(this);
    return componentNames.some((name) => components[name].hasRegExpGroups);
  }

  exec(input = undefined, baseURL = undefined) {
    return match(URLPattern.#of(this), input, baseURL);
  }

  test(input = undefined, baseURL = undefined) {
    return match(URLPattern.#of(this), input, baseURL) !== null;
  }
}

/** The components of what is matched, undefined when it is no URL. */
function inputComponents(input, baseURL) {
  if (isObject(input)) {
    if (baseURL !== undefined) throw invalid();
    try {
      return processInit(input, true);
    } catch {
      return undefined;
    }
  }
  const url = URL.parse(input, baseURL);
  if (url === null) return undefined;
  return {
    protocol: url.protocol.slice(0, -1),
    username: url.username,
    password: url.password,
    hostname: url.hostname,
    port: url.port,
    pathname: url.pathname,
    search: url.search.slice(1),
    hash: url.hash.slice(1),
  };
}

function match(components, input = {}, baseURL = undefined) {
  if (typeof input !== 'string' && !isObject(input)) {
    throw new codes.ERR_INVALID_ARG_TYPE('input', ['Object', 'string'], input);
  }
  if (baseURL !== undefined && typeof baseURL !== 'string') {
    throw new codes.ERR_INVALID_ARG_TYPE('baseURL', 'string', baseURL);
  }
  const values = inputComponents(input, baseURL);
  if (values === undefined) return null;
  const result = { inputs: baseURL === undefined ? [input] : [input, baseURL] };
  for (const name of componentNames) {
    const { regexp, names } = components[name];
    const found = regexp.exec(values[name]);
    if (found === null) return null;
    const groups = {};
    for (let i = 0; i < names.length; i++) groups[names[i]] = found[i + 1];
    result[name] = { input: values[name], groups };
  }
  return result;
}

for (const key of Object.getOwnPropertyNames(URLPattern.prototype)) {
  if (key !== 'constructor') Object.defineProperty(URLPattern.prototype, key, { __proto__: null, enumerable: true });
}
Object.defineProperty(URLPattern.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'URLPattern',
});

require('shared/clone').uncloneable(URLPattern);

module.exports = { URLPattern };

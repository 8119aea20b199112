'use strict';

// class URL. An object holds its href and the offsets of the components in it, as the parser leaves them; components
// are cut out when they are read. A setter takes the URL apart (parser.js, Parts), changes one part and serialises it.
const {
  Parts,
  canParse,
  encodeQuery,
  isSpecial,
  noise,
  out,
  parse,
  portColon,
  serialize,
  setPath,
  setPort,
  specials,
} = require('url/parser');
const { FRAGMENT, USERINFO, percentEncode } = require('url/percent');
const { parseHost } = require('url/host');
const { URLSearchParams, ofQuery, onQuery, resetQuery } = require('url/search_params');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** As Node shows it under showHidden. */
class URLContext {
  constructor(fields) {
    Object.assign(this, fields);
  }

  get hasPort() {
    return /** @type {any} */ (this).port !== 0xffffffff;
  }

  get hasSearch() {
    return /** @type {any} */ (this).search_start !== 0xffffffff;
  }

  get hasHash() {
    return /** @type {any} */ (this).hash_start !== 0xffffffff;
  }
}

const schemeTypes = { __proto__: null, 'http:': 0, 'https:': 2, 'ws:': 3, 'ftp:': 4, 'wss:': 5, 'file:': 6 };

function invalidUrl(input, base) {
  const error = new TypeError('Invalid URL');
  error.code = 'ERR_INVALID_URL';
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

function missingArgs(name) {
  const { ERR_MISSING_ARGS } = require('shared/errors').codes;
  return new ERR_MISSING_ARGS(name);
}

/** Set in the class's static block. */
let isURL;

/** Tells URL.parse's use of the constructor from everybody else's. */
const parsed = Symbol('parsed');

class URL {
  #href;
  #protocolEnd;
  #usernameEnd;
  #hostStart;
  #hostEnd;
  #port;
  #pathStart;
  #searchStart;
  #hashStart;
  #params;

  constructor(input, base = undefined, mark = undefined) {
    if (arguments.length === 0) throw missingArgs('url');
    if (mark !== parsed) {
      input = `${input}`;
      if (base !== undefined) base = `${base}`;
      if (!parse(input, base)) throw invalidUrl(input, base);
    }
    // All fields in one go, from the parser's record: one shape, no object between.
    this.#href = out.href;
    this.#protocolEnd = out.protocolEnd;
    this.#usernameEnd = out.usernameEnd;
    this.#hostStart = out.hostStart;
    this.#hostEnd = out.hostEnd;
    this.#port = out.port;
    this.#pathStart = out.pathStart;
    this.#searchStart = out.searchStart;
    this.#hashStart = out.hashStart;
    this.#params = undefined;
  }

  static parse(input, base = undefined) {
    if (arguments.length === 0) throw missingArgs('url');
    input = `${input}`;
    if (base !== undefined) base = `${base}`;
    return parse(input, base) ? new URL(input, base, parsed) : null;
  }

  static canParse(url, base = undefined) {
    if (arguments.length === 0) throw missingArgs('url');
    url = `${url}`;
    if (base !== undefined) base = `${base}`;
    return canParse(url, base);
  }

  static createObjectURL(obj) {
    return require('buffer/blob').createObjectURL(obj);
  }

  static revokeObjectURL(url) {
    if (arguments.length === 0) throw missingArgs('url');
    require('buffer/blob').revokeObjectURL(`${url}`);
  }

  [inspectCustom](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {
      href: this.href,
      origin: this.origin,
      protocol: this.protocol,
      username: this.username,
      password: this.password,
      host: this.host,
      hostname: this.hostname,
      port: this.port,
      pathname: this.pathname,
      search: this.search,
      searchParams: this.searchParams,
      hash: this.hash,
    };
    if (options.showHidden) {
      const none = 0xffffffff;
      shown[Symbol('context')] = new URLContext({
        href: this.#href,
        protocol_end: this.#protocolEnd,
        username_end: this.#usernameEnd,
        host_start: this.#hostStart,
        host_end: this.#hostEnd,
        pathname_start: this.#pathStart,
        search_start: this.#searchStart === -1 ? none : this.#searchStart,
        hash_start: this.#hashStart === -1 ? none : this.#hashStart,
        port: this.#port === -1 ? none : this.#port,
        scheme_type: schemeTypes[this.protocol] ?? 1,
      });
    }
    return `${(this.constructor ?? URL).name} ${inspect(shown, options)}`;
  }

  /** Takes over what the parser left in `out`. */
  #take() {
    this.#href = out.href;
    this.#protocolEnd = out.protocolEnd;
    this.#usernameEnd = out.usernameEnd;
    this.#hostStart = out.hostStart;
    this.#hostEnd = out.hostEnd;
    this.#port = out.port;
    this.#pathStart = out.pathStart;
    this.#searchStart = out.searchStart;
    this.#hashStart = out.hashStart;
  }

  #takeParts(parts) {
    serialize(parts);
    this.#take();
  }

  #toParts() {
    const parts = new Parts();
    const href = this.#href;
    parts.scheme = href.slice(0, this.#protocolEnd - 1);
    if (this.#hasAuthority()) {
      parts.username = this.username;
      parts.password = this.password;
      parts.host = this.#hostname();
    }
    parts.port = this.#port;
    parts.path = this.#path();
    parts.opaque = this.#opaque();
    if (this.#searchStart !== -1) parts.query = href.slice(this.#searchStart + 1, this.#searchEnd());
    if (this.#hashStart !== -1) parts.fragment = href.slice(this.#hashStart + 1);
    return parts;
  }

  #hasAuthority() {
    return this.#usernameEnd > this.#protocolEnd;
  }

  /** No host and a path without slash: 'mailto:x'. */
  #opaque() {
    return !this.#hasAuthority() && this.#href.charCodeAt(this.#pathStart) !== 47 /* / */;
  }

  #searchEnd() {
    return this.#hashStart === -1 ? this.#href.length : this.#hashStart;
  }

  #path() {
    const end = this.#searchStart === -1 ? this.#searchEnd() : this.#searchStart;
    return this.#href.slice(this.#pathStart, end);
  }

  #hostname() {
    let start = this.#hostStart;
    if (this.#href.charCodeAt(start) === 64 /* @ */) start++;
    return this.#href.slice(start, this.#hostEnd);
  }

  #cannotHaveCredentials() {
    return this.#hostEnd <= this.#hostStart || this.#href.startsWith('file:');
  }

  /** The query or ''. A private method, as #getHref, so that a wrong receiver gets the error that Node's gets. */
  #getSearch() {
    const start = this.#searchStart;
    if (start === -1) return '';
    const end = this.#searchEnd();
    return end - start <= 1 ? '' : this.#href.slice(start, end);
  }

  #getHref() {
    return this.#href;
  }

  /** From the URL's searchParams, which know their new state. */
  #setQuery(query) {
    this.#replaceQuery(query === '' ? null : query);
  }

  /** @param {string | null} query encoded */
  #replaceQuery(query) {
    const href = this.#href;
    const hashStart = this.#hashStart;
    const at = this.#searchStart !== -1 ? this.#searchStart : this.#searchEnd();
    const head = query === null ? href.slice(0, at) : `${href.slice(0, at)}?${query}`;
    this.#searchStart = query === null ? -1 : at;
    if (hashStart === -1) {
      this.#href = head;
    } else {
      this.#href = head + href.slice(hashStart);
      this.#hashStart = head.length;
    }
  }

  toString() {
    return this.#getHref();
  }

  get href() {
    return this.#getHref();
  }

  set href(value) {
    this.#href;
    value = `${value}`;
    if (!parse(value, undefined)) throw invalidUrl(value);
    this.#take();
    if (this.#params !== undefined) resetQuery(this.#params, this.#getSearch().slice(1));
  }

  get origin() {
    const protocol = this.#href.slice(0, this.#protocolEnd);
    switch (protocol) {
      case 'http:':
      case 'https:':
      case 'ws:':
      case 'wss:':
      case 'ftp:':
        return `${protocol}//${this.#hostAndPort()}`;
      case 'blob:': {
        const inner = this.#path();
        if (inner !== '' && parse(inner, undefined) && /^https?:/.test(out.href)) {
          return new URL(inner, undefined, parsed).origin;
        }
        return 'null';
      }
      default:
        return 'null';
    }
  }

  get protocol() {
    return this.#href.slice(0, this.#protocolEnd);
  }

  set protocol(value) {
    this.#href;
    const match = /^([a-zA-Z][a-zA-Z0-9+.-]*)(?::|$)/.exec(`${value}`.replace(noise, ''));
    if (match === null) return;
    const scheme = match[1].toLowerCase();
    const parts = this.#toParts();
    if (isSpecial(scheme) !== isSpecial(parts.scheme)) return;
    if (scheme === 'file' && (parts.username !== '' || parts.password !== '' || parts.port !== -1)) return;
    if (parts.scheme === 'file' && !parts.host) return;
    parts.scheme = scheme;
    if (parts.port === specials[scheme]) parts.port = -1;
    this.#takeParts(parts);
  }

  get username() {
    const start = this.#protocolEnd + 2;
    return this.#usernameEnd > start ? this.#href.slice(start, this.#usernameEnd) : '';
  }

  set username(value) {
    this.#href;
    value = `${value}`;
    if (this.#cannotHaveCredentials()) return;
    const parts = this.#toParts();
    parts.username = percentEncode(value, USERINFO);
    this.#takeParts(parts);
  }

  get password() {
    return this.#hostStart > this.#usernameEnd ? this.#href.slice(this.#usernameEnd + 1, this.#hostStart) : '';
  }

  set password(value) {
    this.#href;
    value = `${value}`;
    if (this.#cannotHaveCredentials()) return;
    const parts = this.#toParts();
    parts.password = percentEncode(value, USERINFO);
    this.#takeParts(parts);
  }

  #hostAndPort() {
    let start = this.#hostStart;
    if (this.#href.charCodeAt(start) === 64) start++;
    let end = this.#hostEnd;
    if (this.#port !== -1) end = this.#pathStart;
    return this.#href.slice(start, end);
  }

  get host() {
    return this.#usernameEnd > this.#protocolEnd ? this.#hostAndPort() : '';
  }

  set host(value) {
    this.#href;
    this.#setHost(`${value}`, true);
  }

  get hostname() {
    return this.#usernameEnd > this.#protocolEnd ? this.#hostname() : '';
  }

  set hostname(value) {
    this.#href;
    this.#setHost(`${value}`, false);
  }

  /** The host or hostname state as state override. */
  #setHost(value, withPort) {
    if (this.#opaque()) return;
    const parts = this.#toParts();
    const special = isSpecial(parts.scheme);
    value = value.replace(noise, '');
    const end = value.search(special ? /[/\\?#]/ : /[/?#]/);
    if (end !== -1) value = value.slice(0, end);
    if (parts.scheme === 'file') {
      const host = value === '' ? '' : parseHost(value, true);
      if (host === undefined) return;
      parts.host = host === 'localhost' ? '' : host;
      this.#takeParts(parts);
      return;
    }
    const colon = portColon(value);
    if (colon !== -1) {
      if (colon === 0 || !withPort) return;
    } else if (value === '') {
      if (special || parts.username !== '' || parts.password !== '' || parts.port !== -1) return;
    }
    const name = colon === -1 ? value : value.slice(0, colon);
    const host = name === '' ? '' : parseHost(name, special);
    if (host === undefined) return;
    parts.host = host;
    if (colon !== -1) setPort(parts, /^[0-9]*/.exec(value.slice(colon + 1))[0]);
    this.#takeParts(parts);
  }

  get port() {
    return this.#port === -1 ? '' : `${this.#port}`;
  }

  set port(value) {
    this.#href;
    value = `${value}`.replace(noise, '');
    if (this.#cannotHaveCredentials()) return;
    const parts = this.#toParts();
    if (value === '') {
      parts.port = -1;
    } else {
      const digits = /^[0-9]*/.exec(value)[0];
      if (digits === '' || !setPort(parts, digits)) return;
    }
    this.#takeParts(parts);
  }

  get pathname() {
    let end = this.#searchStart;
    if (end === -1) end = this.#searchEnd();
    return this.#href.slice(this.#pathStart, end);
  }

  set pathname(value) {
    this.#href;
    value = `${value}`.replace(noise, '');
    if (this.#opaque()) return;
    const parts = this.#toParts();
    parts.path = '';
    setPath(parts, value);
    if (value === '' && parts.host === null) parts.path = '/';
    this.#takeParts(parts);
  }

  get search() {
    return this.#getSearch();
  }

  set search(value) {
    this.#href;
    value = `${value}`.replace(noise, '').toWellFormed();
    let query = null;
    if (value !== '') {
      if (value[0] === '?') value = value.slice(1);
      query = encodeQuery(value, this.#href.slice(0, this.#protocolEnd - 1));
    }
    this.#replaceQuery(query);
    if (this.#params !== undefined) resetQuery(this.#params, query ?? '');
  }

  get searchParams() {
    let params = this.#params;
    if (params === undefined) {
      params = ofQuery(this.#getSearch().slice(1), this);
      this.#params = params;
    }
    return params;
  }

  get hash() {
    const start = this.#hashStart;
    return start === -1 || this.#href.length - start <= 1 ? '' : this.#href.slice(start);
  }

  set hash(value) {
    this.#href;
    value = `${value}`.replace(noise, '');
    const at = this.#searchEnd();
    const head = this.#href.slice(0, at);
    if (value === '') {
      this.#href = head;
      this.#hashStart = -1;
    } else {
      this.#href = `${head}#${percentEncode(value[0] === '#' ? value.slice(1) : value, FRAGMENT)}`;
      this.#hashStart = at;
    }
  }

  toJSON() {
    return this.#getHref();
  }

  static {
    onQuery((/** @type {URL} */ url, query) => url.#setQuery(query));
    isURL = (value) => typeof value === 'object' && value !== null && #href in value;
  }
}

const enumerable = { __proto__: null, enumerable: true };
Object.defineProperties(URL.prototype, {
  toString: enumerable,
  href: enumerable,
  origin: enumerable,
  protocol: enumerable,
  username: enumerable,
  password: enumerable,
  host: enumerable,
  hostname: enumerable,
  port: enumerable,
  pathname: enumerable,
  search: enumerable,
  searchParams: enumerable,
  hash: enumerable,
  toJSON: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'URL' },
});
Object.defineProperties(URL, {
  parse: enumerable,
  canParse: enumerable,
  createObjectURL: enumerable,
  revokeObjectURL: enumerable,
});

require('shared/clone').uncloneable(URL);

module.exports = { URL, URLSearchParams, isURL, invalidUrl };

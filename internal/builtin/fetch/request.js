'use strict';

// class Request of the Fetch Standard.

const { extract, mixin } = require('fetch/body');
const { Headers } = require('fetch/headers');

const token = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const usual = /^(?:delete|get|head|options|post|put)$/i;

/** Members of init and what they may be; the first is what they are without one. */
const choices = {
  __proto__: null,
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  credentials: ['same-origin', 'omit', 'include'],
  mode: ['cors', 'navigate', 'same-origin', 'no-cors'],
  redirect: ['follow', 'error', 'manual'],
  referrerPolicy: [
    '',
    'no-referrer',
    'no-referrer-when-downgrade',
    'same-origin',
    'origin',
    'strict-origin',
    'origin-when-cross-origin',
    'strict-origin-when-cross-origin',
    'unsafe-url',
  ],
};

class Request {
  #body = null;
  #headers;
  #method = 'GET';
  #signal;
  #url;
  #options = { __proto__: null };

  /** @param {string | URL | Request} input @param {any} [init] */
  constructor(input, init = undefined) {
    if (arguments.length === 0) throw new TypeError('Request constructor: 1 argument required, but only 0 present.');
    const from = typeof input === 'object' && input !== null && #url in input ? input : undefined;
    if (from === undefined) {
      let url;
      try {
        url = new URL(`${input}`);
      } catch (err) {
        throw new TypeError(`Failed to parse URL from ${input}`, { cause: err });
      }
      if (url.username !== '' || url.password !== '') {
        throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${input}`);
      }
      this.#url = url.href;
    } else {
      this.#url = from.#url;
      this.#method = from.#method;
      this.#signal = from.#signal;
      Object.assign(this.#options, from.#options);
    }
    init ??= {};
    if (init.method !== undefined) {
      const method = `${init.method}`;
      if (!token.test(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
      if (/^(?:connect|trace|track)$/i.test(method)) throw new TypeError(`'${method}' HTTP method is unsupported.`);
      this.#method = usual.test(method) ? method.toUpperCase() : method;
    }
    for (const name in choices) {
      const value = init[name];
      if (value === undefined) continue;
      if (!choices[name].includes(`${value}`)) {
        throw new TypeError(
          `Request constructor: ${value} is not an accepted type. Expected one of ${choices[name].join(', ')}.`,
        );
      }
      this.#options[name] = `${value}`;
    }
    if (init.integrity !== undefined) this.#options.integrity = `${init.integrity}`;
    if (init.keepalive !== undefined) this.#options.keepalive = Boolean(init.keepalive);
    if (init.signal !== undefined) {
      if (init.signal !== null && !(init.signal instanceof AbortSignal)) {
        throw new TypeError("Failed to construct 'Request': member signal is not of type AbortSignal.");
      }
      this.#signal = init.signal ?? undefined;
    }
    this.#headers = new Headers(init.headers ?? from?.headers);
    const given = init.body ?? null;
    if (
      (given !== null || /** @type {any} */ (from)?.body != null) &&
      (this.#method === 'GET' || this.#method === 'HEAD')
    ) {
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    }
    if (given !== null) {
      this.#body = extract(given);
      if (this.#body.source === null && init.duplex !== 'half') {
        throw new TypeError('RequestInit: duplex option is required when sending a body.');
      }
      if (this.#body.type !== null && !this.#headers.has('content-type'))
        this.#headers.set('content-type', this.#body.type);
    } else if (from !== undefined && from.#body !== null) {
      const body = from.#body;
      if (body.disturbed || body.locked)
        throw new TypeError('Cannot construct a Request with a Request object that has already been used.');
      this.#body = body.fork();
      body.used = true;
    }
  }

  get cache() {
    return this.#options.cache ?? 'default';
  }
  get credentials() {
    return this.#options.credentials ?? 'same-origin';
  }
  get destination() {
    this.#url;
    return '';
  }
  get duplex() {
    this.#url;
    return 'half';
  }
  get headers() {
    return this.#headers;
  }
  get integrity() {
    return this.#options.integrity ?? '';
  }
  get isHistoryNavigation() {
    this.#url;
    return false;
  }
  get isReloadNavigation() {
    this.#url;
    return false;
  }
  get keepalive() {
    return this.#options.keepalive ?? false;
  }
  get method() {
    return this.#method;
  }
  get mode() {
    return this.#options.mode ?? 'cors';
  }
  get redirect() {
    return this.#options.redirect ?? 'follow';
  }
  get referrer() {
    this.#url;
    return 'about:client';
  }
  get referrerPolicy() {
    return this.#options.referrerPolicy ?? '';
  }
  get signal() {
    return (this.#signal ??= new AbortController().signal);
  }
  get url() {
    return this.#url;
  }

  clone() {
    const body = this.#body;
    if (body !== null && (body.disturbed || body.locked)) throw new TypeError('unusable');
    const copy = new Request(this.#url);
    copy.#method = this.#method;
    copy.#headers = new Headers(this.#headers);
    copy.#signal = this.#signal;
    Object.assign(copy.#options, this.#options);
    if (body !== null) copy.#body = body.fork();
    return copy;
  }

  static bodyOf(req) {
    return req.#body;
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const all = {};
    for (const name of shown) all[name] = this[name];
    return `Request ${inspect(all, options)}`;
  }
}

const shown = [
  'method',
  'url',
  'headers',
  'destination',
  'referrer',
  'referrerPolicy',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'integrity',
  'keepalive',
  'isReloadNavigation',
  'isHistoryNavigation',
  'signal',
];
const { bodyOf } = Request;
delete (/** @type {any} */ (Request).bodyOf);
mixin(Request, bodyOf, (req) => req.headers);
Object.defineProperty(Request.prototype, Symbol.toStringTag, { value: 'Request', configurable: true });
for (const name of [...shown, 'duplex', 'clone']) Object.defineProperty(Request.prototype, name, { enumerable: true });

require('shared/clone').uncloneable(Request);

module.exports = { Request };

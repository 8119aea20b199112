'use strict';

// class Response of the Fetch Standard.

const { extract, mixin } = require('fetch/body');
const { freeze, Headers } = require('fetch/headers');

const noBody = new Set([101, 103, 204, 205, 304]);
const reason = /^[\t\x20-\x7e\x80-\xff]*$/;

class Response {
  #body = null;
  /** @type {InstanceType<typeof Headers> | undefined} made when first asked for */
  #headers;
  #status = 200;
  #statusText = '';
  #type = 'default';

  /** @param {any} [body] @param {{ status?: number, statusText?: string, headers?: any }} [init] */
  constructor(body = null, init = undefined) {
    if (init != null) {
      const { status, statusText, headers } = init;
      if (status !== undefined) {
        const n = Number(status);
        if (!(n >= 200 && n <= 599))
          throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
        this.#status = Math.trunc(n);
      }
      if (statusText !== undefined) {
        this.#statusText = `${statusText}`;
        if (!reason.test(this.#statusText)) throw new TypeError('Invalid statusText');
      }
      if (headers !== undefined && headers !== null) this.#headers = new Headers(headers);
    }
    if (body !== null && body !== undefined) {
      if (noBody.has(this.#status))
        throw new TypeError(`Response constructor: Invalid response status code ${this.#status}`);
      this.#body = extract(body);
      if (this.#body.type !== null && !this.headers.has('content-type'))
        this.headers.set('content-type', this.#body.type);
    }
  }

  get headers() {
    return (this.#headers ??= new Headers());
  }
  get ok() {
    return this.#status >= 200 && this.#status <= 299;
  }
  get redirected() {
    this.#status;
    return false;
  }
  get status() {
    return this.#status;
  }
  get statusText() {
    return this.#statusText;
  }
  get type() {
    return this.#type;
  }
  get url() {
    this.#status;
    return '';
  }

  clone() {
    const body = this.#body;
    if (body !== null && (body.disturbed || body.locked))
      throw new TypeError('Response.clone: Body has already been consumed.');
    const copy = new Response();
    copy.#status = this.#status;
    copy.#statusText = this.#statusText;
    copy.#type = this.#type;
    copy.#headers = new Headers(this.headers);
    if (body !== null) copy.#body = body.fork();
    return copy;
  }

  static error() {
    const res = new Response();
    res.#status = 0;
    res.#type = 'error';
    freeze(res.headers);
    return res;
  }

  static json(data, init = undefined) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Value is not JSON serializable');
    const res = new Response(text, init);
    if (init?.headers == null || !new Headers(init.headers).has('content-type'))
      res.headers.set('content-type', 'application/json');
    return res;
  }

  static redirect(url, status = 302) {
    const target = new URL(`${url}`);
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`Invalid status code ${status}`);
    const res = new Response(null, { headers: { location: target.href } });
    res.#status = status;
    freeze(res.headers);
    return res;
  }

  static bodyOf(res) {
    return res.#body;
  }

  /** @this {any} with the mixin */
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return `Response ${inspect(
      {
        status: this.status,
        statusText: this.statusText,
        headers: this.headers,
        body: this.body,
        bodyUsed: this.bodyUsed,
        ok: this.ok,
        redirected: this.redirected,
        type: this.type,
        url: this.url,
      },
      options,
    )}`;
  }
}

const { bodyOf } = Response;
delete (/** @type {any} */ (Response).bodyOf);
mixin(Response, bodyOf, (res) => res.headers);
Object.defineProperty(Response.prototype, Symbol.toStringTag, { value: 'Response', configurable: true });
for (const name of ['headers', 'ok', 'redirected', 'status', 'statusText', 'type', 'url', 'clone']) {
  Object.defineProperty(Response.prototype, name, { enumerable: true });
}

require('shared/clone').uncloneable(Response);

module.exports = { Response };

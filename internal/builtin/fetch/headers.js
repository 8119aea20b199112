'use strict';

// class Headers of the Fetch Standard: one map by lower-case name. Set-Cookie alone keeps its values apart.

const token = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const forbidden = /[\0\r\n]|[^\0-\xff]/;
const outerSpace = /^[\t\n\r ]+|[\t\n\r ]+$/g;

function checkName(name, method) {
  const text = `${name}`;
  if (!token.test(text)) throw new TypeError(`Headers.${method}: "${text}" is an invalid header name.`);
  return text.toLowerCase();
}

function checkValue(value, method) {
  const text = `${value}`.replace(outerSpace, '');
  if (forbidden.test(text)) throw new TypeError(`Headers.${method}: "${text}" is an invalid header value.`);
  return text;
}

class Headers {
  /** @type {Map<string, any>} a string; an array for set-cookie only */
  #map = new Map();
  #immutable = false;

  /** @param {any} [init] Headers, pairs of strings, or a record */
  constructor(init) {
    if (init === undefined) return;
    if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
      throw new TypeError(
        'Headers constructor: init given is not one of the types sequence<sequence<ByteString>>, record<ByteString, ByteString>.',
      );
    }
    if (#map in init && init[Symbol.iterator] === Headers.prototype[Symbol.iterator]) {
      for (const [name, value] of init.#map) this.#map.set(name, typeof value === 'string' ? value : [...value]);
    } else if (init[Symbol.iterator] != null) {
      for (const pair of init) {
        const [name, value, ...more] = pair;
        if (value === undefined || more.length > 0) {
          throw new TypeError(
            'Headers constructor: expected name/value pair to be length 2, found ' + [...pair].length + '.',
          );
        }
        this.append(name, value);
      }
    } else {
      for (const name of Reflect.ownKeys(init)) {
        const d = Reflect.getOwnPropertyDescriptor(init, name);
        if (d !== undefined && d.enumerable) this.append(/** @type {string} */ (name), init[name]);
      }
    }
  }

  #change() {
    if (this.#immutable) throw new TypeError('immutable');
  }

  append(name, value) {
    const key = checkName(name, 'append');
    const text = checkValue(value, 'append');
    this.#change();
    const old = this.#map.get(key);
    if (key === 'set-cookie') {
      if (old === undefined) this.#map.set(key, [text]);
      else old.push(text);
    } else {
      this.#map.set(key, old === undefined ? text : `${old}${key === 'cookie' ? '; ' : ', '}${text}`);
    }
  }

  delete(name) {
    const key = checkName(name, 'delete');
    this.#change();
    this.#map.delete(key);
  }

  get(name) {
    const value = this.#map.get(checkName(name, 'get'));
    if (value === undefined) return null;
    return typeof value === 'string' ? value : value.join(', ');
  }

  has(name) {
    return this.#map.has(checkName(name, 'has'));
  }

  set(name, value) {
    const key = checkName(name, 'set');
    const text = checkValue(value, 'set');
    this.#change();
    this.#map.set(key, key === 'set-cookie' ? [text] : text);
  }

  getSetCookie() {
    return [...(this.#map.get('set-cookie') ?? [])];
  }

  /** Name, value pairs sorted by name: made anew, so that changes during an iteration are seen by index. */
  #sorted() {
    const list = [];
    for (const name of [...this.#map.keys()].sort()) {
      const value = /** @type {string | string[]} */ (this.#map.get(name));
      if (typeof value === 'string') list.push([name, value]);
      else for (const v of value) list.push([name, v]);
    }
    return list;
  }

  *#iterate(pick) {
    for (let i = 0, list; i < (list = this.#sorted()).length; i++) yield pick(list[i]);
  }

  entries() {
    return this.#iterate((pair) => pair);
  }
  keys() {
    return this.#iterate((pair) => pair[0]);
  }
  values() {
    return this.#iterate((pair) => pair[1]);
  }

  forEach(callback, thisArg) {
    if (typeof callback !== 'function') {
      throw new TypeError("Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'Function'.");
    }
    for (const [name, value] of this.entries()) callback.call(thisArg, value, name, this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const all = {};
    for (const [name, value] of this.#map) all[name] = typeof value === 'string' ? value : value.join(', ');
    return `Headers ${inspect(all, options)}`;
  }

  /** No change from here on: the headers of Response.error() and of answers from the network. */
  static freeze(headers) {
    headers.#immutable = true;
    return headers;
  }
}

const { freeze } = Headers;
delete (/** @type {any} */ (Headers).freeze);
Object.defineProperty(Headers.prototype, Symbol.iterator, {
  value: Headers.prototype.entries,
  writable: true,
  enumerable: false,
  configurable: true,
});
Object.defineProperty(Headers.prototype, Symbol.toStringTag, { value: 'Headers', configurable: true });
for (const name of ['append', 'delete', 'get', 'has', 'set', 'getSetCookie', 'entries', 'keys', 'values', 'forEach']) {
  Object.defineProperty(Headers.prototype, name, { enumerable: true });
}

require('shared/clone').uncloneable(Headers);

module.exports = { Headers, freeze };

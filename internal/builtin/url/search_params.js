'use strict';

// class URLSearchParams. The pairs are one flat list [name, value, name, value ...], parsed when first needed, so that a
// URL whose searchParams nobody iterates pays for nothing. Its owner, a URL, hears of every change.
const { hex } = require('url/percent');
const { validateFunction } = require('shared/validators');
const { charCodeAt } = require('shared/text');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** Characters that application/x-www-form-urlencoded leaves alone. */
const plain = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  if (/[A-Za-z0-9*._-]/.test(String.fromCharCode(c))) plain[c] = 1;
}

function missingArgs(...names) {
  const { ERR_MISSING_ARGS } = require('shared/errors').codes;
  return new ERR_MISSING_ARGS(...names);
}

function invalidThis(name) {
  const { ERR_INVALID_THIS } = require('shared/errors').codes;
  return new ERR_INVALID_THIS(name);
}

function toUSVString(value) {
  return `${value}`.toWellFormed();
}

function hexValue(code) {
  if (code >= 48 && code <= 57) return code - 48;
  code |= 32;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/** Percent-decodes what decodeURIComponent rejects: malformed escapes stay, malformed UTF-8 becomes U+FFFD. */
function decodeLoosely(text) {
  const source = engine.encodeUtf8(text);
  const bytes = new Uint8Array(source.length);
  let n = 0;
  for (let i = 0; i < source.length; i++) {
    let byte = source[i];
    if (byte === 37 && i + 2 < source.length) {
      const high = hexValue(source[i + 1]);
      const low = hexValue(source[i + 2]);
      if (high !== -1 && low !== -1) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    bytes[n++] = byte;
  }
  return engine.utf8Slice(bytes, 0, n);
}

function decode(text, plus, percent) {
  if (plus) text = text.replaceAll('+', ' ');
  if (!percent) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return decodeLoosely(text);
  }
}

/** @param {string} text a query without its '?' */
function parsePairs(text) {
  const list = [];
  const length = text.length;
  let start = 0; // of the name, then of the value
  let plus = false;
  let percent = false;
  let name;
  for (let i = 0; i <= length; i++) {
    const c = i === length ? 38 : charCodeAt(text, i);
    if (c === 38 /* & */) {
      if (name !== undefined) {
        list.push(name, decode(text.slice(start, i), plus, percent));
      } else if (i > start) {
        list.push(decode(text.slice(start, i), plus, percent), '');
      }
      name = undefined;
    } else if (c === 61 /* = */ && name === undefined) {
      name = decode(text.slice(start, i), plus, percent);
    } else {
      if (c === 43) plus = true;
      else if (c === 37) percent = true;
      continue;
    }
    start = i + 1;
    plus = percent = false;
  }
  return list;
}

function encodePart(text) {
  const length = text.length;
  let out = '';
  let done = 0;
  for (let i = 0; i < length; i++) {
    const c = charCodeAt(text, i);
    if (c < 128) {
      if (plain[c] === 1) continue;
      out += text.slice(done, i) + (c === 32 ? '+' : hex[c]);
      done = i + 1;
      continue;
    }
    let end = i + 1;
    while (end < length && charCodeAt(text, end) >= 128) end++;
    out += text.slice(done, i) + encodeURIComponent(text.slice(i, end).toWellFormed());
    done = end;
    i = end - 1;
  }
  return done === 0 ? text : out + text.slice(done);
}

function serializePairs(list) {
  let out = '';
  for (let i = 0; i < list.length; i += 2) {
    if (i > 0) out += '&';
    out += `${encodePart(list[i])}=${encodePart(list[i + 1])}`;
  }
  return out;
}

/** The pairs of a sequence of pairs. */
function pairsOfSequence(init) {
  const list = [];
  for (const pair of init) {
    const { ERR_INVALID_TUPLE } = require('shared/errors').codes;
    if (
      (typeof pair !== 'object' && typeof pair !== 'function') ||
      pair === null ||
      typeof pair[Symbol.iterator] !== 'function'
    ) {
      throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
    }
    let count = 0;
    for (const element of pair) {
      if (++count <= 2) list.push(toUSVString(element));
    }
    if (count !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
  }
  return list;
}

function pairsOfRecord(init) {
  const list = [];
  const seen = new Map();
  for (const key of Reflect.ownKeys(init)) {
    if (!Reflect.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
    const name = toUSVString(key);
    const value = toUSVString(init[key]);
    const at = seen.get(name);
    if (at !== undefined) {
      // Two keys may become one when lone surrogates are replaced.
      list[at] = value;
    } else {
      seen.set(name, list.length + 1);
      list.push(name, value);
    }
  }
  return list;
}

/** Set from the class's static block: the way in for class URL. */
let ofQuery;
let resetQuery;
let pairsOf;

/** Class URL's: what to do when the parameters of a URL have changed. */
let tellOwner;

/** @param {(url: URL, query: string) => void} fn */
function onQuery(fn) {
  tellOwner = fn;
}

class URLSearchParams {
  /** Undefined until it is needed; then #query is of no more use. */
  #list;
  #query;
  /** The URL they belong to. */
  #owner;

  static {
    ofQuery = (query, owner) => {
      const params = new URLSearchParams();
      params.#list = undefined;
      params.#query = query;
      params.#owner = owner;
      return params;
    };
    resetQuery = (params, query) => {
      params.#list = undefined;
      params.#query = query;
    };
    pairsOf = (params) => params.#pairs();
  }

  constructor(init = undefined) {
    this.#list = undefined;
    this.#query = '';
    this.#owner = undefined;
    if (init === undefined || init === null) return;
    if (typeof init === 'object' || typeof init === 'function') {
      const method = init[Symbol.iterator];
      if (method === URLSearchParams.prototype[Symbol.iterator] && #list in init) {
        this.#list = init.#pairs().slice();
      } else if (method !== undefined && method !== null) {
        if (typeof method !== 'function') {
          const { ERR_ARG_NOT_ITERABLE } = require('shared/errors').codes;
          throw new ERR_ARG_NOT_ITERABLE('Query pairs');
        }
        this.#list = pairsOfSequence(init);
      } else {
        this.#list = pairsOfRecord(init);
      }
      return;
    }
    const text = toUSVString(init);
    this.#query = charCodeAt(text, 0) === 63 ? text.slice(1) : text;
  }

  #pairs() {
    const list = this.#list;
    if (list !== undefined) return list;
    return (this.#list = parsePairs(this.#query));
  }

  #changed() {
    if (this.#owner !== undefined) tellOwner(this.#owner, serializePairs(this.#list));
  }

  [inspectCustom](depth, options, inspect) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const list = this.#pairs();
    const inner = { ...options };
    if (options.depth !== null) inner.depth = depth === null ? null : options.depth - 1;
    const separator = options.stylize(', ', 'undefined');
    const shown = [];
    let length = 0;
    for (let i = 0; i < list.length; i += 2) {
      const text = `${inspect(list[i], inner)} => ${inspect(list[i + 1], inner)}`;
      shown.push(text);
      length += text.replace(/\u001b\[\d+m/g, '').length + separator.length;
    }
    return wrapped('URLSearchParams', shown, length, separator, options.breakLength);
  }

  get size() {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    return this.#pairs().length / 2;
  }

  append(name, value) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (arguments.length < 2) throw missingArgs('name', 'value');
    this.#pairs().push(toUSVString(name), toUSVString(value));
    this.#changed();
  }

  delete(name, value = undefined) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (arguments.length < 1) throw missingArgs('name');
    const list = this.#pairs();
    name = toUSVString(name);
    if (value !== undefined) value = toUSVString(value);
    let kept = 0;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) continue;
      list[kept++] = list[i];
      list[kept++] = list[i + 1];
    }
    list.length = kept;
    this.#changed();
  }

  get(name) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (arguments.length < 1) throw missingArgs('name');
    const list = this.#pairs();
    if (typeof name !== 'string' || !name.isWellFormed()) name = toUSVString(name);
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name) return list[i + 1];
    }
    return null;
  }

  getAll(name) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (arguments.length < 1) throw missingArgs('name');
    const list = this.#pairs();
    name = toUSVString(name);
    const values = [];
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name) values.push(list[i + 1]);
    }
    return values;
  }

  has(name, value = undefined) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (arguments.length < 1) throw missingArgs('name');
    const list = this.#pairs();
    name = toUSVString(name);
    if (value !== undefined) value = toUSVString(value);
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) return true;
    }
    return false;
  }

  set(name, value) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    if (arguments.length < 2) throw missingArgs('name', 'value');
    const list = this.#pairs();
    name = toUSVString(name);
    value = toUSVString(value);
    let kept = 0;
    let found = false;
    for (let i = 0; i < list.length; i += 2) {
      let current = list[i + 1];
      if (list[i] === name) {
        if (found) continue;
        found = true;
        current = value;
      }
      list[kept++] = list[i];
      list[kept++] = current;
    }
    list.length = kept;
    if (!found) list.push(name, value);
    this.#changed();
  }

  sort() {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    const list = this.#pairs();
    const pairs = [];
    for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
    pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    for (let i = 0; i < pairs.length; i++) {
      list[2 * i] = pairs[i][0];
      list[2 * i + 1] = pairs[i][1];
    }
    this.#changed();
  }

  entries() {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    return new URLSearchParamsIterator(this, 'entries');
  }

  forEach(callback, thisArg = undefined) {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    validateFunction(callback, 'callback');
    // The callback may change the list.
    for (let i = 0; i < this.#pairs().length; i += 2) {
      callback.call(thisArg, this.#pairs()[i + 1], this.#pairs()[i], this);
    }
  }

  keys() {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    return new URLSearchParamsIterator(this, 'keys');
  }

  values() {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    return new URLSearchParamsIterator(this, 'values');
  }

  toString() {
    if (typeof this !== 'object' || this === null || !(#list in this)) throw invalidThis('URLSearchParams');
    return serializePairs(this.#pairs());
  }
}

/** `Name { a, b }` on one line or on several. */
function wrapped(name, shown, length, separator, breakLength) {
  if (shown.length === 0) return `${name} {}`;
  if (length <= breakLength) return `${name} { ${shown.join(separator)} }`;
  return `${name} {\n  ${shown.join(',\n  ')} }`;
}

const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

class URLSearchParamsIterator {
  #params;
  #kind;
  #index = 0;

  constructor(params, kind) {
    this.#params = params;
    this.#kind = kind;
  }

  #entry(list, i) {
    if (this.#kind === 'keys') return list[i];
    return this.#kind === 'values' ? list[i + 1] : [list[i], list[i + 1]];
  }

  next() {
    if (typeof this !== 'object' || this === null || !(#params in this)) throw invalidThis('URLSearchParamsIterator');
    const list = pairsOf(this.#params);
    const i = this.#index;
    if (i >= list.length) return { value: undefined, done: true };
    this.#index = i + 2;
    return { value: this.#entry(list, i), done: false };
  }

  [inspectCustom](depth, options, inspect) {
    if (typeof this !== 'object' || this === null || !(#params in this)) throw invalidThis('URLSearchParamsIterator');
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const list = pairsOf(this.#params);
    const inner = { ...options };
    if (options.depth !== null) inner.depth = depth === null ? null : options.depth - 1;
    const shown = [];
    let long = false;
    let length = 0;
    for (let i = this.#index; i < list.length; i += 2) {
      const text = inspect(this.#entry(list, i), inner);
      if (text.includes('\n')) long = true;
      length += text.replace(/\u001b\[\d+m/g, '').length + 2;
      shown.push(text);
    }
    const name = this[Symbol.toStringTag];
    if (long || length > options.breakLength) return `${name} {\n  ${shown.join(',\n  ')} }`;
    return `${name} { ${shown.join(', ')} }`;
  }
}

delete URLSearchParamsIterator.prototype.constructor;
Object.setPrototypeOf(URLSearchParamsIterator.prototype, iteratorPrototype);
Object.defineProperties(URLSearchParamsIterator.prototype, {
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'URLSearchParams Iterator' },
  next: { __proto__: null, enumerable: true },
});

const enumerable = { __proto__: null, enumerable: true };
Object.defineProperties(URLSearchParams.prototype, {
  size: enumerable,
  append: enumerable,
  delete: enumerable,
  get: enumerable,
  getAll: enumerable,
  has: enumerable,
  set: enumerable,
  sort: enumerable,
  entries: enumerable,
  forEach: enumerable,
  keys: enumerable,
  values: enumerable,
  toString: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'URLSearchParams' },
  [Symbol.iterator]: {
    __proto__: null,
    configurable: true,
    writable: true,
    value: URLSearchParams.prototype.entries,
  },
});

require('shared/clone').uncloneable(URLSearchParams);

module.exports = { URLSearchParams, ofQuery, onQuery, resetQuery };

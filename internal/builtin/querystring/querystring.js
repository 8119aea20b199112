'use strict';

// node:querystring. What most queries need, no escapes and no arrays, is done with slices of the input; escapes go
// through decodeURIComponent, and through Buffer only where that refuses.

const { charCodeAt } = require('shared/text');

/** Characters that escape() leaves alone: those of encodeURIComponent. */
const plain = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  if (/[A-Za-z0-9!'()*._~-]/.test(String.fromCharCode(c))) plain[c] = 1;
}

/** '%00' to '%FF' */
const hex = new Array(256);
for (let c = 0; c < 256; c++) hex[c] = `%${c < 16 ? '0' : ''}${c.toString(16).toUpperCase()}`;

function hexValue(code) {
  if (code >= 48 && code <= 57) return code - 48;
  code |= 32;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/**
 * Percent-decodes to bytes; malformed escapes stay.
 * @param {string} s
 * @param {boolean} [decodeSpaces] whether '+' is a space
 * @returns {Buffer}
 */
function unescapeBuffer(s, decodeSpaces) {
  const { Buffer } = require('buffer');
  const out = Buffer.allocUnsafe(s.length);
  let n = 0;
  for (let i = 0; i < s.length; i++) {
    let c = charCodeAt(s, i);
    if (c === 43 && decodeSpaces) {
      c = 32;
    } else if (c === 37 && i + 2 < s.length) {
      const high = hexValue(charCodeAt(s, i + 1));
      const low = hexValue(charCodeAt(s, i + 2));
      if (high !== -1 && low !== -1) {
        c = high * 16 + low;
        i += 2;
      }
    }
    out[n++] = c;
  }
  return out.subarray(0, n);
}

/** @param {string} s */
function unescape(s, decodeSpaces) {
  try {
    return decodeURIComponent(s);
  } catch {
    return exported.unescapeBuffer(s, decodeSpaces).toString();
  }
}

/** @param {any} value */
function escape(value) {
  if (typeof value !== 'string') value = typeof value === 'object' ? String(value) : `${value}`;
  const length = value.length;
  let out = '';
  let done = 0;
  for (let i = 0; i < length; i++) {
    const c = charCodeAt(value, i);
    if (c < 128) {
      if (plain[c] === 1) continue;
      out += value.slice(done, i) + hex[c];
      done = i + 1;
      continue;
    }
    out += value.slice(done, i);
    let point = c;
    if (c >= 0xd800 && c < 0xe000) {
      if (++i >= length) {
        const { ERR_INVALID_URI } = require('shared/errors').codes;
        throw new ERR_INVALID_URI();
      }
      // Whatever follows is taken for the second half.
      point = 0x10000 + (((c & 0x3ff) << 10) | (charCodeAt(value, i) & 0x3ff));
    }
    if (point < 0x800) {
      out += hex[0xc0 | (point >> 6)];
    } else {
      if (point < 0x10000) out += hex[0xe0 | (point >> 12)];
      else out += hex[0xf0 | (point >> 18)] + hex[0x80 | ((point >> 12) & 63)];
      out += hex[0x80 | ((point >> 6) & 63)];
    }
    out += hex[0x80 | (point & 63)];
    done = i + 1;
  }
  return done === 0 ? value : out + value.slice(done);
}

function primitiveToString(value) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return Number.isFinite(value) ? `${value}` : '';
    case 'bigint':
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return '';
  }
}

/**
 * @param {object} obj
 * @param {string} [sep]
 * @param {string} [eq]
 * @param {{ encodeURIComponent?: (text: string) => string }} [options]
 */
function stringify(obj, sep, eq, options) {
  sep ||= '&';
  eq ||= '=';
  if (obj === null || typeof obj !== 'object') return '';
  const own = options?.encodeURIComponent;
  const encode = typeof own === 'function' ? own : exported.escape;
  let out = '';
  const keys = Object.keys(obj);
  for (let k = 0; k < keys.length; k++) {
    const key = keys[k];
    const value = obj[key];
    const name = encode(key) + eq;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (out !== '') out += sep;
        out += name + encode(primitiveToString(value[i]));
      }
    } else {
      if (out !== '') out += sep;
      out += name + encode(primitiveToString(value));
    }
  }
  return out;
}

/** What a user's decoder throws is no reason to fail. */
function decodeWith(decode, text) {
  try {
    return decode(text);
  } catch {
    return exported.unescape(text, true);
  }
}

function add(out, name, value) {
  const old = out[name];
  if (old === undefined) out[name] = value;
  else if (typeof old === 'object') old.push(value);
  else out[name] = [old, value];
}

/**
 * @param {string} qs
 * @param {string} [sep]
 * @param {string} [eq]
 * @param {{ maxKeys?: number, decodeURIComponent?: (text: string) => string }} [options]
 */
function parse(qs, sep, eq, options) {
  const out = { __proto__: null };
  if (typeof qs !== 'string' || qs.length === 0) return out;
  sep = sep ? `${sep}` : '&';
  eq = eq ? `${eq}` : '=';
  let left = 1000;
  const maxKeys = options?.maxKeys;
  if (typeof maxKeys === 'number') left = maxKeys > 0 ? maxKeys : -1;
  let decode = exported.unescape;
  if (typeof options?.decodeURIComponent === 'function') decode = options.decodeURIComponent;
  const isOwn = decode !== unescape; // a decoder that must see every part

  if (sep.length === 1 && eq.length === 1 && !isOwn) {
    parseSimple(out, qs, charCodeAt(sep, 0), charCodeAt(eq, 0), left);
    return out;
  }
  for (let start = 0; start <= qs.length; ) {
    let end = sep === '' ? -1 : qs.indexOf(sep, start);
    if (end === -1) end = qs.length;
    if (end > start) {
      const part = qs.slice(start, end);
      const at = part.indexOf(eq);
      const name = at === -1 ? part : part.slice(0, at);
      const value = at === -1 ? '' : part.slice(at + eq.length);
      add(out, decoded(decode, isOwn, name), decoded(decode, isOwn, value));
    }
    // An empty part counts too.
    if (left > 0 && --left === 0) break;
    start = end + Math.max(sep.length, 1);
  }
  return out;
}

const escapes = /%[0-9a-fA-F]{2}/;

function decoded(decode, isOwn, text) {
  if (text === '') return '';
  // A user's decoder sees everything, and spaces escaped.
  if (text.includes('+')) text = text.replaceAll('+', isOwn ? '%20' : ' ');
  return isOwn || escapes.test(text) ? decodeWith(decode, text) : text;
}

/** With separators of one character and the decoder of this module: one pass. */
function parseSimple(out, qs, sep, eq, left) {
  const length = qs.length;
  let start = 0; // of the part
  let equals = -1;
  let special = false; // whether the name or value at hand has a '%' or '+'
  let name = '';
  for (let i = 0; i <= length; i++) {
    const c = i === length ? sep : charCodeAt(qs, i);
    if (c === sep) {
      if (i > start) {
        const from = equals === -1 ? start : equals + 1;
        let text = qs.slice(from, i);
        if (special) text = decoded(unescape, false, text);
        if (equals === -1) add(out, text, '');
        else add(out, name, text);
      }
      if (left > 0 && --left === 0) return;
      start = i + 1;
      equals = -1;
      special = false;
    } else if (c === eq && equals === -1) {
      name = qs.slice(start, i);
      if (special) name = decoded(unescape, false, name);
      equals = i;
      special = false;
    } else if (c === 37 || c === 43) {
      special = true;
    }
  }
}

const exported = {
  unescapeBuffer,
  unescape,
  escape,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};

module.exports = exported;

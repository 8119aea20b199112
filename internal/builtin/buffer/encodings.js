'use strict';

// The encodings of Buffer: names and aliases, and for each what writes it, reads it and measures it.

const {
  asciiSlice,
  base64Slice,
  base64Write,
  base64urlSlice,
  byteLengthUtf8,
  hexSlice,
  hexWrite,
  latin1Slice,
  latin1Write,
  ucs2Slice,
  ucs2Write,
  utf8Slice,
  utf8Write,
} = engine;

/**
 * `byteLength` of text in the encoding (an upper bound for base64 and hex); `write` and `slice` are natives;
 * `search` is the number by which natives know it, -1 when text has to be decoded to bytes first.
 */
class Encoding {
  constructor(name, byteLength, write, slice, search) {
    this.name = name;
    this.byteLength = byteLength;
    this.write = write;
    this.slice = slice;
    this.search = search;
  }
}

const one = (string) => string.length;
const base64Length = (string) => {
  let length = string.length;
  if (string.charCodeAt(length - 1) === 0x3d) length--;
  if (length > 1 && string.charCodeAt(length - 1) === 0x3d) length--;
  return Math.floor((length * 3) / 4);
};

const utf8 = new Encoding('utf8', byteLengthUtf8, utf8Write, utf8Slice, 0);
const utf16le = new Encoding('utf16le', (string) => string.length * 2, ucs2Write, ucs2Slice, 2);
const latin1 = new Encoding('latin1', one, latin1Write, latin1Slice, 1);
const ascii = new Encoding('ascii', one, latin1Write, asciiSlice, -1);
const base64 = new Encoding('base64', base64Length, base64Write, base64Slice, -1);
const base64url = new Encoding('base64url', base64Length, base64Write, base64urlSlice, -1);
const hex = new Encoding('hex', (string) => string.length >>> 1, hexWrite, hexSlice, -1);

function exactly(name) {
  switch (name) {
    case 'utf8':
    case 'utf-8':
      return utf8;
    case 'hex':
      return hex;
    case 'base64':
      return base64;
    case 'latin1':
    case 'binary':
      return latin1;
    case 'base64url':
      return base64url;
    case 'ascii':
      return ascii;
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le':
      return utf16le;
  }
  return undefined;
}

/**
 * @param {any} name a string in any case
 * @returns {Encoding | undefined}
 */
function encodingOf(name) {
  if (typeof name !== 'string') {
    // Objects that say a name when asked have always been taken.
    if (typeof name !== 'object' || name === null) return undefined;
    name = `${name}`;
  }
  return exactly(name) ?? (name.length > 9 ? undefined : exactly(name.toLowerCase()));
}

/**
 * @param {unknown} name
 * @returns {boolean}
 */
function isEncoding(name) {
  return typeof name === 'string' && encodingOf(name) !== undefined;
}

module.exports = { encodingOf, isEncoding, utf8 };

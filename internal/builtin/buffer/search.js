'use strict';

// Comparing, searching and filling Buffers.

const { compare, compareRange, copy, fill, fillString, indexOf, indexOfByte, indexOfString } = engine;
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_ENCODING } =
  require('shared/errors').codes;
const { validateBuffer, validateInteger, validateString } = require('shared/validators');
const { encodingOf, utf8 } = require('buffer/encodings');
const { bytesOf } = require('buffer/from');

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/**
 * Of any realm; nothing that only inherits from one.
 * @param {unknown} value
 */
function isUint8Array(value) {
  return Reflect.apply(tagOf, value, []) === 'Uint8Array';
}

function mustBeBytes(value, name) {
  if (!isUint8Array(value)) throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'Uint8Array'], value);
}

/** Buffer.compare. */
function compareBuffers(buf1, buf2) {
  mustBeBytes(buf1, 'buf1');
  mustBeBytes(buf2, 'buf2');
  return buf1 === buf2 ? 0 : compare(buf1, buf2);
}

function equals(otherBuffer) {
  mustBeBytes(otherBuffer, 'otherBuffer');
  if (this === otherBuffer) return true;
  return this.byteLength === otherBuffer.byteLength && compare(this, otherBuffer) === 0;
}

function compareTo(target, targetStart, targetEnd, sourceStart, sourceEnd) {
  mustBeBytes(target, 'target');
  if (arguments.length === 1) return compare(this, target);
  if (targetStart === undefined) targetStart = 0;
  else validateInteger(targetStart, 'targetStart', 0);
  if (targetEnd === undefined) targetEnd = target.length;
  else validateInteger(targetEnd, 'targetEnd', 0, target.length);
  if (sourceStart === undefined) sourceStart = 0;
  else validateInteger(sourceStart, 'sourceStart', 0);
  if (sourceEnd === undefined) sourceEnd = this.length;
  else validateInteger(sourceEnd, 'sourceEnd', 0, this.length);
  if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return compareRange(this, sourceStart, sourceEnd - sourceStart, target, targetStart, targetEnd - targetStart);
}

// An integer, downwards; anything that is no number is `otherwise`.
function floor(value, otherwise) {
  const n = Math.floor(+value);
  return Number.isNaN(n) ? otherwise : n;
}

function copyTo(target, targetStart, sourceStart, sourceEnd) {
  mustBeBytes(this, 'source');
  if (!ArrayBuffer.isView(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  const size = this.length;
  if (targetStart === undefined) {
    targetStart = 0;
  } else {
    targetStart = floor(targetStart, 0);
    if (targetStart < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
  }
  if (sourceStart === undefined) {
    sourceStart = 0;
  } else {
    sourceStart = floor(sourceStart, 0);
    if (sourceStart < 0 || sourceStart > size) {
      throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${size}`, sourceStart);
    }
  }
  if (sourceEnd === undefined) {
    sourceEnd = size;
  } else {
    sourceEnd = floor(sourceEnd, 0);
    if (sourceEnd < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
    if (sourceEnd > size) sourceEnd = size;
  }
  const n = Math.min(sourceEnd - sourceStart, target.byteLength - targetStart);
  if (!(n > 0)) return 0;
  copy(this, target, targetStart, sourceStart, n);
  return n;
}

// Where a search begins: negative offsets count from the end. -1: nowhere.
function startOf(byteOffset, length, forward) {
  byteOffset = +byteOffset;
  if (Number.isNaN(byteOffset)) return forward ? 0 : length;
  byteOffset = Math.trunc(byteOffset);
  if (byteOffset < 0) {
    byteOffset += length;
    if (byteOffset < 0) return forward ? 0 : -1;
  }
  return byteOffset > length ? length : byteOffset;
}

function find(buffer, value, byteOffset, encoding, forward) {
  if (!ArrayBuffer.isView(buffer)) validateBuffer(buffer);
  const length = buffer.length;
  if (typeof byteOffset === 'string') {
    encoding = byteOffset;
    byteOffset = undefined;
  }
  const at = byteOffset === undefined ? (forward ? 0 : length) : startOf(byteOffset, length, forward);
  if (typeof value === 'number') return at < 0 ? -1 : indexOfByte(buffer, value & 0xff, at, forward);
  const known = encoding === undefined ? utf8 : encodingOf(encoding);
  if (typeof value === 'string') {
    if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    if (known.search >= 0) {
      if (value.length === 0 || at < 0) return at;
      return indexOfString(buffer, value, at, forward, known.search);
    }
    value = bytesOf(value, known);
  } else if (!isUint8Array(value)) {
    throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
  }
  if (value.length === 0 || at < 0) return at;
  return indexOf(buffer, value, at, forward, known?.search === 2 ? 2 : 1);
}

function fillWith(value, offset, end, encoding) {
  const size = this.length;
  if (typeof value === 'string') {
    if (typeof offset === 'string') {
      encoding = offset;
      offset = undefined;
      end = undefined;
    } else if (typeof end === 'string') {
      encoding = end;
      end = undefined;
    }
    if (encoding !== undefined) validateString(encoding, 'encoding');
  }
  if (offset === undefined) offset = 0;
  else validateInteger(offset, 'offset', 0);
  if (end === undefined) end = size;
  else validateInteger(end, 'end', 0, size);

  if (typeof value === 'string') {
    const known = encoding ? encodingOf(encoding) : utf8;
    if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
    if (value.length === 0) {
      value = 0;
    } else if (value.length === 1 && known.search >= 0 && known.search < 2 && value.charCodeAt(0) < 0x80) {
      value = value.charCodeAt(0);
    } else {
      if (known.search >= 0) {
        if (offset < end) fillString(this, value, offset, end, known.search);
        return this;
      }
      const bytes = bytesOf(value, known);
      if (bytes.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
      value = bytes;
    }
  } else if (ArrayBuffer.isView(value)) {
    if (value.byteLength === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
  } else {
    value = +value;
  }
  if (offset >= end) return this;
  if (typeof value === 'number') Reflect.apply(Uint8Array.prototype.fill, this, [value & 0xff, offset, end]);
  else fill(this, value, offset, end);
  return this;
}

/** @param {any} proto Buffer.prototype */
function addSearch(proto) {
  proto.copy = copyTo;
  proto.equals = equals;
  proto.compare = compareTo;
  proto.indexOf = function indexOf(value, byteOffset, encoding) {
    return find(this, value, byteOffset, encoding, true);
  };
  proto.lastIndexOf = function lastIndexOf(value, byteOffset, encoding) {
    return find(this, value, byteOffset, encoding, false);
  };
  proto.includes = function includes(value, byteOffset, encoding) {
    return find(this, value, byteOffset, encoding, true) !== -1;
  };
  proto.fill = fillWith;
}

module.exports = { addSearch, compareBuffers, isUint8Array, mustBeBytes };

'use strict';

// Buffer.from: strings, memory, arrays and what looks like them.

const { byteLengthUtf8, copy, isAnyArrayBuffer, utf8Write } = engine;
const { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_ENCODING } = require('shared/errors').codes;
const { FastBuffer, allocate, allocateFrom, allocateFromAscii, kLoopUnits, rawMemory } = require('buffer/alloc');
const { encodingOf, utf8 } = require('buffer/encodings');

// Under this many bytes a loop beats a call.
const kLoopBytes = 32;
// Up to this many code units the pool is asked for the worst case instead of measuring the string first.
const kUnmeasured = 2048;

/** @param {string} string */
function fromUtf8(string) {
  const length = string.length;
  if (length <= kLoopUnits) {
    if (length === 0) return new FastBuffer();
    const buffer = allocateFromAscii(string);
    if (buffer !== undefined) return buffer;
  }
  return allocateFrom(string, length <= kUnmeasured ? length * 3 : byteLengthUtf8(string), utf8Write);
}

/**
 * @param {string} string
 * @param {unknown} encoding anything but a name is UTF-8
 */
function fromString(string, encoding) {
  if (typeof encoding !== 'string' || encoding.length === 0 || encoding === 'utf8') return fromUtf8(string);
  const known = encodingOf(encoding);
  if (known === utf8) return fromUtf8(string);
  if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  const most = known.byteLength(string);
  return most === 0 ? new FastBuffer() : allocateFrom(string, most, known.write);
}

function fromArrayBuffer(memory, byteOffset, length) {
  if (byteOffset === undefined) {
    byteOffset = 0;
  } else {
    byteOffset = +byteOffset;
    if (Number.isNaN(byteOffset)) byteOffset = 0;
  }
  const room = memory.byteLength - byteOffset;
  if (room < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  // Without a length a view on resizable memory follows its size.
  if (length === undefined) return new FastBuffer(memory, byteOffset);
  length = +length;
  if (!(length > 0)) length = 0;
  else if (length > room) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new FastBuffer(memory, byteOffset, length);
}

/** @param {ArrayLike<number>} list */
function fromArrayLike(list) {
  const length = Math.trunc(list.length);
  if (!(length > 0)) return new FastBuffer();
  const buffer = allocate(length);
  if (length > kLoopBytes && list instanceof Uint8Array && ArrayBuffer.isView(list)) {
    copy(list, buffer, 0, 0, length);
  } else if (length <= kLoopBytes) {
    for (let i = 0; i < length; i++) buffer[i] = list[i];
  } else {
    buffer.set(list);
  }
  return buffer;
}

function fromObject(object) {
  if (object.length !== undefined || isAnyArrayBuffer(object.buffer)) {
    return typeof object.length === 'number' ? fromArrayLike(object) : new FastBuffer();
  }
  if (object.type === 'Buffer' && Array.isArray(object.data)) return fromArrayLike(object.data);
  return undefined;
}

/**
 * Buffer.from.
 * @param {unknown} value
 * @param {unknown} [encodingOrOffset]
 * @param {unknown} [length]
 * @returns {InstanceType<typeof FastBuffer>}
 */
function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return fromString(value, encodingOrOffset);
  if (typeof value === 'object' && value !== null) {
    if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const primitive = value.valueOf?.();
    if (primitive != null && primitive !== value && (typeof primitive === 'string' || typeof primitive === 'object')) {
      return from(primitive, encodingOrOffset, length);
    }
    const buffer = fromObject(value);
    if (buffer !== undefined) return buffer;
    if (typeof value[Symbol.toPrimitive] === 'function') {
      const string = value[Symbol.toPrimitive]('string');
      if (typeof string === 'string') return fromString(string, encodingOrOffset);
    }
  }
  throw new ERR_INVALID_ARG_TYPE(
    'first argument',
    ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'],
    value,
  );
}

/**
 * The bytes of `string`, memory of their own.
 * @param {string} string
 * @param {any} encoding an Encoding of buffer/encodings
 * @returns {Uint8Array}
 */
function bytesOf(string, encoding) {
  const memory = rawMemory(encoding.byteLength(string));
  return new Uint8Array(memory, 0, encoding.write(memory, string, 0, memory.byteLength));
}

module.exports = { bytesOf, from, fromString };

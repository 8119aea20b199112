'use strict';

// Buffers to and from text: toString, write, and the xSlice and xWrite methods that libraries call directly.

const {
  asciiSlice,
  base64Slice,
  base64Write,
  base64urlSlice,
  hexSlice,
  hexWrite,
  latin1Slice,
  latin1Write,
  ucs2Slice,
  ucs2Write,
  utf8Slice,
  utf8Write,
} = engine;
const { ERR_BUFFER_OUT_OF_BOUNDS, ERR_STRING_TOO_LONG, ERR_UNKNOWN_ENCODING } = require('shared/errors').codes;
const { validateInteger } = require('shared/validators');
const { encodingOf } = require('buffer/encodings');

function tooLong() {
  throw new ERR_STRING_TOO_LONG();
}

// These messages are older than the coded ones and have always been different.
function plainError(Base, code, message) {
  const error = new Base(message);
  error.code = code;
  return error;
}

function toString(encoding, start, end) {
  const length = this.length;
  if (arguments.length === 0) {
    return length === 0 ? '' : (utf8Slice(this, 0, length) ?? tooLong());
  }
  if (start === undefined || start <= 0) start = 0;
  else if (start >= length) return '';
  else start = Math.trunc(start) || 0;
  if (end === undefined || end > length) end = length;
  else end = Math.trunc(end) || 0;
  if (end <= start) return '';
  if (encoding === undefined || encoding === 'utf8') return utf8Slice(this, start, end) ?? tooLong();
  const known = encodingOf(encoding);
  if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return known.slice(this, start, end) ?? tooLong();
}

function write(string, offset, length, encoding) {
  if (typeof string !== 'string') throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
  const size = this.length;
  if (offset === undefined) return utf8Write(this, string, 0, size);
  let max;
  if (length === undefined && typeof offset === 'string') {
    encoding = offset;
    offset = 0;
    max = size;
  } else {
    validateInteger(offset, 'offset', 0, size);
    max = size - offset;
    if (typeof length === 'string') {
      encoding = length;
    } else if (length !== undefined) {
      validateInteger(length, 'length', 0, size);
      if (length < max) max = length;
    }
  }
  if (!encoding || encoding === 'utf8') return utf8Write(this, string, offset, max);
  const known = encodingOf(encoding);
  if (known === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return known.write(this, string, offset, max);
}

function sliceWith(slice, buffer, start, end) {
  if (!ArrayBuffer.isView(buffer)) throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a buffer');
  const length = buffer.byteLength;
  start = start === undefined ? 0 : Math.trunc(start) || 0;
  end = end === undefined ? length : Math.trunc(end) || 0;
  if (start < 0 || end < 0) throw plainError(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
  if (end < start) end = start;
  if (end === start) return '';
  if (end > length) throw plainError(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
  return slice(buffer, start, end) ?? tooLong();
}

function writeWith(write, buffer, string, offset, length) {
  if (!ArrayBuffer.isView(buffer)) throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a buffer');
  if (typeof string !== 'string') throw plainError(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
  const size = buffer.byteLength;
  offset = offset === undefined ? 0 : Math.trunc(offset) || 0;
  if (offset < 0 || offset > size) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  const room = size - offset;
  length = length === undefined ? room : Math.trunc(length) || 0;
  if (length < 0 || length > room) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return write(buffer, string, offset, length);
}

/** @param {object} proto Buffer.prototype */
function addText(proto) {
  Object.assign(proto, {
    asciiSlice(start, end) {
      return sliceWith(asciiSlice, this, start, end);
    },
    base64Slice(start, end) {
      return sliceWith(base64Slice, this, start, end);
    },
    base64urlSlice(start, end) {
      return sliceWith(base64urlSlice, this, start, end);
    },
    latin1Slice(start, end) {
      return sliceWith(latin1Slice, this, start, end);
    },
    hexSlice(start, end) {
      return sliceWith(hexSlice, this, start, end);
    },
    ucs2Slice(start, end) {
      return sliceWith(ucs2Slice, this, start, end);
    },
    utf8Slice(start, end) {
      return sliceWith(utf8Slice, this, start, end);
    },
    asciiWrite(string, offset, length) {
      return writeWith(latin1Write, this, string, offset, length);
    },
    base64Write(string, offset, length) {
      return writeWith(base64Write, this, string, offset, length);
    },
    base64urlWrite(string, offset, length) {
      return writeWith(base64Write, this, string, offset, length);
    },
    latin1Write(string, offset, length) {
      return writeWith(latin1Write, this, string, offset, length);
    },
    hexWrite(string, offset, length) {
      return writeWith(hexWrite, this, string, offset, length);
    },
    ucs2Write(string, offset, length) {
      return writeWith(ucs2Write, this, string, offset, length);
    },
    utf8Write(string, offset, length) {
      return writeWith(utf8Write, this, string, offset, length);
    },
    toString,
    toLocaleString: toString,
    write,
  });
}

module.exports = { addText };

'use strict';

// Arguments of crypto's functions that are bytes in one form or another.

const { ERR_INVALID_ARG_TYPE } = require('shared/errors').codes;
const { validateEncoding } = require('shared/validators');

const bufferTypes = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

/**
 * @param {any} value
 * @param {string} name for the error
 * @param {string} [encoding] of a string
 * @returns {ArrayBufferView}
 */
function bytesOf(value, name, encoding) {
  if (ArrayBuffer.isView(value)) return value;
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? 'utf8' : encoding);
  if (engine.isAnyArrayBuffer(value)) return new Uint8Array(value);
  throw new ERR_INVALID_ARG_TYPE(name, ['string', ...bufferTypes], value);
}

/** Bytes of a view or ArrayBuffer as a Buffer over the same memory. */
function bufferOver(value) {
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value);
}

/** `bytes` as the encoding asks: a Buffer without one, or with one that is unknown. */
function encoded(bytes, encoding) {
  if (encoding === undefined || encoding === null || encoding === 'buffer') return bytes;
  return Buffer.isEncoding(encoding) ? bytes.toString(encoding) : bytes;
}

/** Input of update(): a string or a view. */
function updateData(data, encoding) {
  if (typeof data === 'string') {
    validateEncoding(data, encoding);
    return Buffer.from(data, encoding === 'buffer' || !Buffer.isEncoding(encoding) ? 'utf8' : encoding);
  }
  if (!ArrayBuffer.isView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  return data;
}

module.exports = { bufferOver, bufferTypes, bytesOf, encoded, updateData };

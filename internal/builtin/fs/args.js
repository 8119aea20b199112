'use strict';

// What the functions of fs have in common in reading their arguments: paths, descriptors, flags, encodings, times,
// buffers and positions.

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE },
  stackFrom,
} = require('shared/errors');
const { validateAbortSignal, validateInt32, validateInteger, validateFunction } = require('shared/validators');
const { constants } = require('fs/constants');

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants;

const noNull = 'must be a string, Uint8Array, or URL without null bytes';

function isFileURL(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

/**
 * A path as the natives take it.
 * @param {any} value string, Uint8Array or file URL
 * @param {string} [name] for the error
 * @returns {string | Uint8Array}
 */
function toPath(value, name = 'path') {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw stackFrom(new ERR_INVALID_ARG_VALUE(name, value, noNull), toPath);
    return value;
  }
  if (value instanceof Uint8Array) {
    if (value.includes(0)) throw stackFrom(new ERR_INVALID_ARG_VALUE(name, value, noNull), toPath);
    return value;
  }
  if (value !== null && typeof value === 'object' && isFileURL(value)) {
    const path = require('url/file').fileURLToPath(value);
    if (path.includes('\0')) throw stackFrom(new ERR_INVALID_ARG_VALUE(name, path, noNull), toPath);
    return path;
  }
  if (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]') {
    return /** @type {Uint8Array} */ (value); // another context's
  }
  throw stackFrom(new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value), toPath);
}

/** @returns {number} */
function toFd(value, name = 'fd') {
  if (typeof value === 'number' && (value | 0) === value && value >= 0) return value | 0;
  validateInt32(value, name, 0);
  return value;
}

function isFd(value) {
  return typeof value === 'number' && (value | 0) === value && value >= 0;
}

const flagWords = {
  __proto__: null,
  r: O_RDONLY,
  rs: O_RDONLY | O_SYNC,
  sr: O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  'sr+': O_RDWR | O_SYNC,
  w: O_TRUNC | O_CREAT | O_WRONLY,
  wx: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  xw: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'w+': O_TRUNC | O_CREAT | O_RDWR,
  'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  'xw+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  a: O_APPEND | O_CREAT | O_WRONLY,
  ax: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  xa: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  as: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  sa: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'a+': O_APPEND | O_CREAT | O_RDWR,
  'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'xa+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
  'sa+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};

/** Flags of open as a number. */
function toFlags(flags, name = 'flags') {
  if (typeof flags === 'number') {
    validateInt32(flags, name);
    return flags;
  }
  if (flags == null) return O_RDONLY;
  const bits = typeof flags === 'string' ? flagWords[flags] : undefined;
  if (bits === undefined) throw new ERR_INVALID_ARG_VALUE(name, flags);
  return bits;
}

function checkEncoding(encoding) {
  if (encoding && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
}

/**
 * Options as an object with defaults; a string is the encoding, a function was meant as the callback.
 * @template T
 * @param {any} options
 * @param {T} defaults
 * @returns {T & Record<string, any>}
 */
function toOptions(options, defaults) {
  if (options == null || typeof options === 'function') return defaults;
  if (typeof options === 'string') {
    options = { ...defaults, encoding: options };
  } else if (typeof options !== 'object') {
    throw stackFrom(new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options), toOptions);
  }
  if (options.encoding !== 'buffer') checkEncoding(options.encoding);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return options;
}

/** The callback, when it is a function. */
function toCallback(callback) {
  validateFunction(callback, 'cb');
  return callback;
}

/**
 * A time in seconds since 1970.
 * @param {any} time
 * @param {string} [name]
 */
function toUnixTimestamp(time, name = 'time') {
  if (typeof time === 'string' && +time == /** @type {any} */ (time)) return +time;
  if (Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (engine.isDate(time)) return Date.prototype.getTime.call(time) / 1000;
  throw new ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
}

/** -1 for "where the descriptor stands". */
function toPosition(position) {
  return typeof position === 'number' || typeof position === 'bigint' ? position : -1;
}

/** The position argument of read: checked, then as toPosition. */
function checkReadPosition(position, length) {
  if (position == null) return -1;
  if (typeof position === 'number') {
    validateInteger(position, 'position', -1);
  } else if (typeof position === 'bigint') {
    const max = 2n ** 63n - 1n - BigInt(length);
    if (position < -1n || position > max) throw new ERR_OUT_OF_RANGE('position', `>= -1 && <= ${max}`, position);
  } else {
    throw new ERR_INVALID_ARG_TYPE('position', ['integer', 'bigint'], position);
  }
  return position;
}

function checkRange(offset, length, byteLength) {
  if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
  if (offset + length > byteLength) throw new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length);
}

/** The ranges that write checks. */
function checkWriteRange(offset, length, byteLength) {
  if (offset > byteLength) throw new ERR_OUT_OF_RANGE('offset', `<= ${byteLength}`, offset);
  if (length > byteLength - offset) throw new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length);
  if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
  validateInt32(length, 'length', 0);
}

function checkBuffers(buffers) {
  if (!Array.isArray(buffers)) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  for (let i = 0; i < buffers.length; i++) {
    if (!ArrayBuffer.isView(buffers[i])) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  }
  return buffers;
}

function isUtf8(encoding) {
  return encoding === 'utf8' || encoding === 'utf-8';
}

/**
 * Data to be written as the natives take it: a string that is to be UTF-8 stays one.
 * @param {any} data
 * @param {string} [encoding]
 * @param {string} [name]
 */
function toData(data, encoding, name = 'data') {
  if (typeof data === 'string') {
    return encoding == null || isUtf8(encoding) || encoding === 'buffer' ? data : Buffer.from(data, encoding);
  }
  if (ArrayBuffer.isView(data)) return data;
  throw stackFrom(new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'], data), toData);
}

/** Whether a native must answer with bytes: for a Buffer, or for an encoding that it can't decode. */
function wantsBytes(encoding) {
  return encoding != null && !isUtf8(encoding);
}

/** A name that a native answered with, in the encoding that was asked for. */
function decodeName(name, encoding) {
  return typeof name === 'string' || encoding === 'buffer' ? name : name.toString(encoding);
}

/** The mode argument of access and copyFile. */
function checkMode(mode, max, fallback) {
  if (mode == null) return fallback;
  if (typeof mode !== 'number' || (mode | 0) !== mode) {
    if (typeof mode === 'number' && Number.isFinite(mode)) validateInteger(mode, 'mode', 0, max);
    const error = new ERR_INVALID_ARG_TYPE('mode', 'integer', mode);
    error.message = 'mode must be int32 or null/undefined';
    throw error;
  }
  if (mode < 0 || mode > max) {
    const error = new ERR_OUT_OF_RANGE('mode', `>= 0 && <= ${max}`, mode);
    error.message = `mode is out of range: >= 0 && <= ${max}`;
    throw error;
  }
  return mode;
}

/** Whether writeFile writes what iterating `data` brings, and not `data` itself. */
function isIterable(data) {
  return (
    data !== null &&
    typeof data === 'object' &&
    !ArrayBuffer.isView(data) &&
    (typeof data[Symbol.asyncIterator] === 'function' || typeof data[Symbol.iterator] === 'function')
  );
}

module.exports = {
  checkBuffers,
  checkEncoding,
  checkMode,
  checkRange,
  checkReadPosition,
  checkWriteRange,
  decodeName,
  isFd,
  isIterable,
  isUtf8,
  toCallback,
  toData,
  toFd,
  toFlags,
  toOptions,
  toPath,
  toPosition,
  toUnixTimestamp,
  wantsBytes,
};

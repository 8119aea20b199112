'use strict';

// Options of zlib streams and functions: the checks and the defaults.

const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = require('shared/errors').codes;
const { validateBoolean } = require('shared/validators');
const { constants } = require('zlib/constants');
// Read when the module loads: whoever lowers buffer.kMaxLength before gets a lower limit here, too.
const { kMaxLength } = require('buffer');

const {
  GZIP,
  GUNZIP,
  INFLATE,
  UNZIP,
  Z_NO_FLUSH,
  Z_BLOCK,
  Z_FINISH,
  Z_MIN_CHUNK,
  Z_DEFAULT_CHUNK,
  Z_MIN_LEVEL,
  Z_MAX_LEVEL,
  Z_DEFAULT_COMPRESSION,
  Z_MIN_MEMLEVEL,
  Z_MAX_MEMLEVEL,
  Z_DEFAULT_MEMLEVEL,
  Z_DEFAULT_STRATEGY,
  Z_FIXED,
  Z_MAX_WINDOWBITS,
  Z_DEFAULT_WINDOWBITS,
} = constants;

/** Whether a number is given. NaN counts as not given. */
function isGiven(value, name) {
  if (value === undefined || Number.isNaN(value)) return false;
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (!Number.isFinite(value)) throw new ERR_OUT_OF_RANGE(name, 'a finite number', value);
  return true;
}

/**
 * @param {any} value
 * @param {string} name
 * @param {number} min
 * @param {number} max
 * @param {number} fallback when it is not given
 * @returns {number}
 */
function inRange(value, name, min, max, fallback) {
  if (value === undefined || !isGiven(value, name)) return fallback;
  if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} and <= ${max}`, value);
  return value;
}

/**
 * What every stream has, whatever its format.
 * @param {any} opts
 * @param {{ flush: number, finish: number, first: number, last: number }} flushes the format's flush flags
 */
function commonOptions(opts, flushes) {
  const { flush, finish, first, last } = flushes;
  const o = {
    chunkSize: Z_DEFAULT_CHUNK,
    flush,
    finishFlush: finish,
    maxOutputLength: kMaxLength,
    info: false,
    rejectGarbageAfterEnd: false,
    dictionary: undefined,
  };
  if (!opts) return o;
  const { chunkSize } = opts;
  if (isGiven(chunkSize, 'options.chunkSize')) {
    if (chunkSize < Z_MIN_CHUNK) throw new ERR_OUT_OF_RANGE('options.chunkSize', `>= ${Z_MIN_CHUNK}`, chunkSize);
    o.chunkSize = chunkSize;
  }
  o.flush = inRange(opts.flush, 'options.flush', first, last, flush);
  o.finishFlush = inRange(opts.finishFlush, 'options.finishFlush', first, last, finish);
  o.maxOutputLength = inRange(opts.maxOutputLength, 'options.maxOutputLength', 1, kMaxLength, kMaxLength);
  o.info = Boolean(opts.info);
  if (opts.rejectGarbageAfterEnd !== undefined) {
    validateBoolean(opts.rejectGarbageAfterEnd, 'options.rejectGarbageAfterEnd');
    o.rejectGarbageAfterEnd = opts.rejectGarbageAfterEnd;
  }
  return o;
}

const zlibFlushes = { flush: Z_NO_FLUSH, finish: Z_FINISH, first: Z_NO_FLUSH, last: Z_BLOCK };

/**
 * Options of the deflate family.
 * @param {any} opts
 * @param {number} mode
 */
function zlibOptions(opts, mode) {
  const o = commonOptions(opts, zlibFlushes);
  o.windowBits = Z_DEFAULT_WINDOWBITS;
  o.level = Z_DEFAULT_COMPRESSION;
  o.memLevel = Z_DEFAULT_MEMLEVEL;
  o.strategy = Z_DEFAULT_STRATEGY;
  if (!opts) return o;
  const { windowBits } = opts;
  if ((windowBits == null || windowBits === 0) && (mode === INFLATE || mode === GUNZIP || mode === UNZIP)) {
    // What the stream's header says.
    o.windowBits = 0;
  } else {
    // zlib has no gzip header for a window of 256 bytes.
    o.windowBits = inRange(
      windowBits,
      'options.windowBits',
      mode === GZIP ? 9 : 8,
      Z_MAX_WINDOWBITS,
      Z_DEFAULT_WINDOWBITS,
    );
  }
  o.level = inRange(opts.level, 'options.level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_COMPRESSION);
  o.memLevel = inRange(opts.memLevel, 'options.memLevel', Z_MIN_MEMLEVEL, Z_MAX_MEMLEVEL, Z_DEFAULT_MEMLEVEL);
  o.strategy = inRange(opts.strategy, 'options.strategy', Z_DEFAULT_STRATEGY, Z_FIXED, Z_DEFAULT_STRATEGY);
  const dictionary = dictionaryOf(opts);
  if (dictionary !== undefined) {
    if (mode !== GZIP && mode !== GUNZIP) o.dictionary = dictionary;
  }
  return o;
}

/**
 * Bytes to be worked on.
 * @param {any} data
 * @returns {ArrayBufferView}
 */
function inputBytes(data) {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return data;
  if (engine.isAnyArrayBuffer(data)) return Buffer.from(data);
  throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], data);
}

/** The dictionary option, bytes when it is given. */
function dictionaryOf({ dictionary }) {
  if (dictionary !== undefined && !ArrayBuffer.isView(dictionary) && !engine.isAnyArrayBuffer(dictionary)) {
    throw new ERR_INVALID_ARG_TYPE(
      'options.dictionary',
      ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'],
      dictionary,
    );
  }
  return dictionary;
}

module.exports = { commonOptions, dictionaryOf, inRange, inputBytes, zlibOptions };

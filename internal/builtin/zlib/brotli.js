'use strict';

// Brotli streams. The parameters that change what can be read or how well it packs are quality and window; the others
// are hints that the Go library decides about by itself.

const { ZlibBase, withoutNew } = require('zlib/base');
const { commonOptions } = require('zlib/options');
const { constants } = require('zlib/constants');
const { later } = require('shared/later');
const {
  codes: { ERR_BROTLI_INVALID_PARAM, ERR_INVALID_ARG_TYPE, ERR_ZLIB_INITIALIZATION_FAILED },
} = require('shared/errors');

const { open } = native;
const {
  BROTLI_DECODE,
  BROTLI_ENCODE,
  BROTLI_OPERATION_PROCESS,
  BROTLI_OPERATION_FLUSH,
  BROTLI_OPERATION_FINISH,
  BROTLI_OPERATION_EMIT_METADATA,
  BROTLI_PARAM_QUALITY,
  BROTLI_PARAM_LGWIN,
  BROTLI_PARAM_LARGE_WINDOW,
  BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING,
  BROTLI_PARAM_NDIRECT,
  BROTLI_DEFAULT_QUALITY,
  BROTLI_DEFAULT_WINDOW,
} = constants;

const flushes = {
  flush: BROTLI_OPERATION_PROCESS,
  finish: BROTLI_OPERATION_FINISH,
  first: BROTLI_OPERATION_PROCESS,
  last: BROTLI_OPERATION_EMIT_METADATA,
};

/**
 * @param {any} opts
 * @param {number} mode
 */
function brotliOptions(opts, mode) {
  const o = commonOptions(opts, flushes);
  // The places of the deflate family's parameters: level, windowBits.
  o.level = BROTLI_DEFAULT_QUALITY;
  o.windowBits = BROTLI_DEFAULT_WINDOW;
  o.memLevel = 0;
  o.strategy = 0;
  if (!opts?.params) return o;
  for (const [text, value] of Object.entries(opts.params)) {
    const key = Number(text);
    if (!(key >= 0 && key <= BROTLI_PARAM_NDIRECT) || `${key}` !== text) throw new ERR_BROTLI_INVALID_PARAM(text);
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    }
    const n = Number(value);
    if (mode === BROTLI_DECODE) {
      // The decoder's parameter 1 is the large window, its parameter 0 a matter of memory.
      if (key === 1 && n !== 0) later('zlib.constants.BROTLI_DECODER_PARAM_LARGE_WINDOW')();
      continue;
    }
    if ((key === BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING || key === BROTLI_PARAM_LARGE_WINDOW) && n > 1) {
      throw new ERR_ZLIB_INITIALIZATION_FAILED();
    }
    if (key === BROTLI_PARAM_LARGE_WINDOW && n === 1) later('zlib.constants.BROTLI_PARAM_LARGE_WINDOW')();
    if (key === BROTLI_PARAM_QUALITY) o.level = Math.min(Math.max(n, 0), 11);
    if (key === BROTLI_PARAM_LGWIN) o.windowBits = Math.min(Math.max(n, 10), 24);
  }
  return o;
}

/**
 * @constructor
 * @param {any} opts
 * @param {number} mode
 */
function Brotli(opts, mode) {
  const o = brotliOptions(opts, mode);
  ZlibBase.call(this, opts, mode, o, BROTLI_OPERATION_FLUSH, () => open(mode, o.level, o.windowBits, 0, 0, undefined));
}
Object.setPrototypeOf(Brotli.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Brotli, ZlibBase);
Brotli.prototype._lastFlush = BROTLI_OPERATION_EMIT_METADATA;

/**
 * @constructor
 * @param {any} [opts]
 */
function BrotliCompress(opts) {
  if (!(this instanceof BrotliCompress)) return withoutNew(BrotliCompress, opts);
  Brotli.call(this, opts, BROTLI_ENCODE);
}
Object.setPrototypeOf(BrotliCompress.prototype, Brotli.prototype);
Object.setPrototypeOf(BrotliCompress, Brotli);

/**
 * @constructor
 * @param {any} [opts]
 */
function BrotliDecompress(opts) {
  if (!(this instanceof BrotliDecompress)) return withoutNew(BrotliDecompress, opts);
  Brotli.call(this, opts, BROTLI_DECODE);
}
Object.setPrototypeOf(BrotliDecompress.prototype, Brotli.prototype);
Object.setPrototypeOf(BrotliDecompress, Brotli);

module.exports = { BrotliCompress, BrotliDecompress, brotliOptions };

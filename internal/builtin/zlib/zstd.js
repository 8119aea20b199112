'use strict';

// Zstandard streams. Level, window, checksum, dictionary and pledged size are what the Go library lets us choose; other
// parameters fine-tune its C cousin and are checked only.

const { ZlibBase, withoutNew } = require('zlib/base');
const { commonOptions, dictionaryOf } = require('zlib/options');
const { constants } = require('zlib/constants');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_ZLIB_INITIALIZATION_FAILED, ERR_ZSTD_INVALID_PARAM },
} = require('shared/errors');
const { validateInteger } = require('shared/validators');

const { open } = native;
const {
  ZSTD_COMPRESS,
  ZSTD_DECOMPRESS,
  ZSTD_e_continue,
  ZSTD_e_flush,
  ZSTD_e_end,
  ZSTD_c_compressionLevel,
  ZSTD_c_windowLog,
  ZSTD_c_strategy,
  ZSTD_c_checksumFlag,
  ZSTD_d_windowLogMax,
  ZSTD_CLEVEL_DEFAULT,
  ZSTD_btultra2,
} = constants;

const flushes = { flush: ZSTD_e_continue, finish: ZSTD_e_end, first: ZSTD_e_continue, last: ZSTD_e_end };

const encoderKeys = new Set();
const decoderKeys = new Set();
for (const [name, key] of Object.entries(constants)) {
  if (name.startsWith('ZSTD_c_')) encoderKeys.add(`${key}`);
  if (name.startsWith('ZSTD_d_')) decoderKeys.add(`${key}`);
}

function failed() {
  const error = new ERR_ZLIB_INITIALIZATION_FAILED();
  error.message = 'Setting parameter failed';
  return error;
}

/**
 * @param {any} opts
 * @param {number} mode
 */
function zstdOptions(opts, mode) {
  const o = commonOptions(opts, flushes);
  // The places of the deflate family's parameters; see zstd.go.
  o.level = ZSTD_CLEVEL_DEFAULT;
  o.windowBits = 0;
  o.memLevel = 0;
  o.strategy = -1;
  if (!opts) return o;
  const known = mode === ZSTD_COMPRESS ? encoderKeys : decoderKeys;
  const lastKey = mode === ZSTD_COMPRESS ? constants.ZSTD_c_overlapLog : ZSTD_d_windowLogMax;
  for (const [key, value] of Object.entries(opts.params ?? {})) {
    if (!(Number(key) >= 0 && Number(key) <= lastKey) || `${Number(key)}` !== key) {
      throw new ERR_ZSTD_INVALID_PARAM(key);
    }
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    }
    const n = Number(value);
    if (mode === ZSTD_DECOMPRESS) {
      if (Number(key) === ZSTD_d_windowLogMax && n !== 0 && (n < 10 || n > 31)) throw failed();
      continue;
    }
    switch (Number(key)) {
      case ZSTD_c_compressionLevel:
        o.level = Math.min(Math.max(n || ZSTD_CLEVEL_DEFAULT, 1), 22);
        break;
      case ZSTD_c_windowLog:
        if (n !== 0 && (n < 10 || n > 31)) throw failed();
        o.windowBits = Math.min(n, 29);
        break;
      case ZSTD_c_strategy:
        if (n < 0 || n > ZSTD_btultra2) throw failed();
        break;
      case ZSTD_c_checksumFlag:
        o.memLevel = n === 0 ? 0 : 1;
        break;
    }
  }
  for (const key of Object.keys(opts.params ?? {})) {
    if (!known.has(key)) throw failed();
  }
  if (opts.pledgedSrcSize !== undefined && mode === ZSTD_COMPRESS) {
    validateInteger(opts.pledgedSrcSize, 'options.pledgedSrcSize', 0);
    o.strategy = opts.pledgedSrcSize;
  }
  const dictionary = dictionaryOf(opts);
  if (dictionary !== undefined) {
    o.dictionary = dictionary;
  }
  return o;
}

/**
 * @constructor
 * @param {any} opts
 * @param {number} mode
 */
function Zstd(opts, mode) {
  const o = zstdOptions(opts, mode);
  ZlibBase.call(this, opts, mode, o, ZSTD_e_flush, () =>
    open(mode, o.level, o.windowBits, o.memLevel, o.strategy, o.dictionary),
  );
}
Object.setPrototypeOf(Zstd.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Zstd, ZlibBase);
Zstd.prototype._lastFlush = ZSTD_e_end;

/**
 * @constructor
 * @param {any} [opts]
 */
function ZstdCompress(opts) {
  if (!(this instanceof ZstdCompress)) return withoutNew(ZstdCompress, opts);
  Zstd.call(this, opts, ZSTD_COMPRESS);
}
Object.setPrototypeOf(ZstdCompress.prototype, Zstd.prototype);
Object.setPrototypeOf(ZstdCompress, Zstd);

/**
 * @constructor
 * @param {any} [opts]
 */
function ZstdDecompress(opts) {
  if (!(this instanceof ZstdDecompress)) return withoutNew(ZstdDecompress, opts);
  Zstd.call(this, opts, ZSTD_DECOMPRESS);
}
Object.setPrototypeOf(ZstdDecompress.prototype, Zstd.prototype);
Object.setPrototypeOf(ZstdDecompress, Zstd);

module.exports = { ZstdCompress, ZstdDecompress, zstdOptions };

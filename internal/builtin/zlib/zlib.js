'use strict';

// node:zlib. The one-shot functions don't make a stream: the whole input is one call into Go, or one job of the pool.

const { constants, codes } = require('zlib/constants');
const { closeHandle, processSync } = require('zlib/base');
const { inputBytes, zlibOptions } = require('zlib/options');
const deflate = require('zlib/deflate');
const brotli = require('zlib/brotli');
const zstd = require('zlib/zstd');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateFunction, validateUint32 } = require('shared/validators');

const { oneShot, crc32: continueCrc32 } = native;

/**
 * @param {string | ArrayBufferView} data
 * @param {number} [value] the checksum of what came before
 * @returns {number}
 */
function crc32(data, value = 0) {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
  }
  validateUint32(value, 'value');
  return continueCrc32(data, value);
}

function call(mode, o, data, callback) {
  return oneShot(
    mode,
    o.level,
    o.windowBits,
    o.memLevel,
    o.strategy,
    o.dictionary,
    data,
    o.finishFlush,
    o.maxOutputLength,
    o.rejectGarbageAfterEnd,
    o.chunkSize,
    callback,
  );
}

/** The pair of functions of a class: with a callback, and at once. */
function functionsOf(Class, name, mode, optionsOf) {
  return {
    [name](buffer, opts, callback) {
      if (typeof opts === 'function') {
        callback = opts;
        opts = {};
      }
      const o = optionsOf(opts, mode);
      validateFunction(callback, 'callback');
      const data = inputBytes(buffer);
      if (!o.info) {
        call(mode, o, data, callback);
        return;
      }
      const engine = new Class(opts);
      call(mode, o, data, (error, out) => {
        closeHandle(engine);
        if (error) {
          callback(error);
          return;
        }
        engine.bytesWritten = data.byteLength;
        callback(null, { buffer: out, engine });
      });
    },
    [`${name}Sync`](buffer, opts) {
      const data = inputBytes(buffer);
      const o = optionsOf(opts, mode);
      if (!o.info) return call(mode, o, data, undefined);
      const engine = new Class(opts);
      return { buffer: processSync(engine, data, o.finishFlush), engine };
    },
  };
}

const names = [
  ['deflate', 'Deflate', 'DEFLATE'],
  ['gzip', 'Gzip', 'GZIP'],
  ['deflateRaw', 'DeflateRaw', 'DEFLATERAW'],
  ['unzip', 'Unzip', 'UNZIP'],
  ['inflate', 'Inflate', 'INFLATE'],
  ['gunzip', 'Gunzip', 'GUNZIP'],
  ['inflateRaw', 'InflateRaw', 'INFLATERAW'],
];
const brotliNames = ['BrotliCompress', 'BrotliDecompress'];
const zstdNames = ['ZstdCompress', 'ZstdDecompress'];

const functions = {};
for (const [name, Class, mode] of names) {
  Object.assign(functions, functionsOf(deflate[Class], name, constants[mode], zlibOptions));
}
for (const name of brotliNames) {
  const mode = name === 'BrotliCompress' ? constants.BROTLI_ENCODE : constants.BROTLI_DECODE;
  Object.assign(functions, functionsOf(brotli[name], `b${name.slice(1)}`, mode, brotli.brotliOptions));
}
for (const name of zstdNames) {
  const mode = name === 'ZstdCompress' ? constants.ZSTD_COMPRESS : constants.ZSTD_DECOMPRESS;
  Object.assign(functions, functionsOf(zstd[name], `z${name.slice(1)}`, mode, zstd.zstdOptions));
}
const classes = {
  ...deflate,
  BrotliCompress: brotli.BrotliCompress,
  BrotliDecompress: brotli.BrotliDecompress,
  ZstdCompress: zstd.ZstdCompress,
  ZstdDecompress: zstd.ZstdDecompress,
};
module.exports = { crc32, ...classes, ...functions };

for (const name of [
  'Deflate',
  'Inflate',
  'DeflateRaw',
  'InflateRaw',
  'Gzip',
  'Gunzip',
  'Unzip',
  ...brotliNames,
  ...zstdNames,
]) {
  const Class = classes[name];
  Object.defineProperty(module.exports, `create${name}`, {
    __proto__: null,
    value: {
      [`create${name}`]: function (options) {
        return new Class(options);
      },
    }[`create${name}`],
    enumerable: true,
    configurable: true,
  });
}
Object.defineProperties(module.exports, {
  constants: { __proto__: null, value: constants, enumerable: true },
  codes: { __proto__: null, value: codes, enumerable: true },
});
// The old place of the deflate family's constants.
for (const [name, value] of Object.entries(constants)) {
  if (name.startsWith('BROTLI') || name.startsWith('ZSTD')) continue;
  Object.defineProperty(module.exports, name, { __proto__: null, value, enumerable: false });
}

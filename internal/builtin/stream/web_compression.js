'use strict';

// CompressionStream and DecompressionStream: zlib's transforms with the face of web streams. zlib is loaded by the
// constructors, not before.

const { ERR_INVALID_ARG_VALUE } = require('shared/errors').codes;
const { finishClass, inspectAs, kInspect } = require('stream/web_shared');

const formats = ['deflate', 'deflate-raw', 'gzip', 'brotli'];

function checkFormat(format, name) {
  format = `${format}`;
  if (formats.includes(format)) return format;
  const err = new ERR_INVALID_ARG_VALUE('format', format);
  err.message =
    `Failed to construct '${name}': 1st argument '${format}' is not a valid enum value of type ` + 'CompressionFormat.';
  throw err;
}

function pairOf(transform) {
  return require('stream/adapters').duplexToWeb(transform);
}

class CompressionStream {
  #pair;

  /** @param {'deflate' | 'deflate-raw' | 'gzip' | 'brotli'} format */
  constructor(format) {
    format = checkFormat(format, 'CompressionStream');
    const zlib = require('zlib');
    switch (format) {
      case 'deflate':
        this.#pair = pairOf(zlib.createDeflate());
        break;
      case 'deflate-raw':
        this.#pair = pairOf(zlib.createDeflateRaw());
        break;
      case 'gzip':
        this.#pair = pairOf(zlib.createGzip());
        break;
      default:
        this.#pair = pairOf(zlib.createBrotliCompress());
    }
  }

  get readable() {
    return this.#pair.readable;
  }

  get writable() {
    return this.#pair.writable;
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'CompressionStream', { readable: this.readable, writable: this.writable }, depth, options);
  }
}
finishClass(CompressionStream, ['readable', 'writable']);

class DecompressionStream {
  #pair;

  /** @param {'deflate' | 'deflate-raw' | 'gzip' | 'brotli'} format */
  constructor(format) {
    format = checkFormat(format, 'DecompressionStream');
    const zlib = require('zlib');
    // The standard calls bytes behind the end an error.
    const strict = { rejectGarbageAfterEnd: true };
    switch (format) {
      case 'deflate':
        this.#pair = pairOf(zlib.createInflate(strict));
        break;
      case 'deflate-raw':
        this.#pair = pairOf(zlib.createInflateRaw());
        break;
      case 'gzip':
        this.#pair = pairOf(zlib.createGunzip(strict));
        break;
      default:
        this.#pair = pairOf(zlib.createBrotliDecompress());
    }
  }

  get readable() {
    return this.#pair.readable;
  }

  get writable() {
    return this.#pair.writable;
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'DecompressionStream', { readable: this.readable, writable: this.writable }, depth, options);
  }
}
finishClass(DecompressionStream, ['readable', 'writable']);

module.exports = { CompressionStream, DecompressionStream };

'use strict';

// fs.ReadStream. Unless a program brings its own `read`, chunks are read on the pool into fresh memory, which becomes the
// chunk's Buffer without a copy.

const { readChunk } = native;
const { Buffer } = require('buffer');
const { Readable, finished } = require('stream');
const {
  codes: { ERR_OUT_OF_RANGE },
} = require('shared/errors');
const { validateFunction, validateInteger } = require('shared/validators');
const { read: ownRead } = require('fs/descriptors');
const { toFlags, toOptions } = require('fs/args');
const {
  adoptFile,
  construct,
  defineAutoClose,
  destroyFile,
  kFs,
  kHandle,
  kIoDone,
  kIsPerformingIO,
  ownOptions,
  streamPath,
} = require('fs/stream_file');
const { parseFileMode } = require('shared/validators');

const none = Object.freeze({ __proto__: null });

/**
 * @param {string | Buffer | URL} path
 * @param {any} [options]
 * @returns {void}
 */
function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  options = ownOptions(toOptions(options, none));
  if (options.highWaterMark === undefined) options.highWaterMark = 64 * 1024;
  if (options.autoDestroy === undefined) options.autoDestroy = false;
  this.fd = adoptFile(this, options);
  if (this.fd === null) {
    this.path = streamPath(path);
    if (typeof this.path !== 'string' && !(this.path instanceof Uint8Array)) require('fs/args').toPath(this.path);
    this.flags = options.flags === undefined ? 'r' : options.flags;
    this.mode = options.mode === undefined ? 0o666 : parseFileMode(options.mode, 'mode', 0o666);
    toFlags(this.flags);
  }
  options.autoDestroy = options.autoClose === undefined ? true : options.autoClose;
  if (options.autoDestroy) validateFunction(this[kFs].close, 'options.fs.close');
  validateFunction(this[kFs].read, 'options.fs.read');

  this.start = options.start;
  this.end = options.end ?? Infinity;
  this.pos = undefined;
  this.bytesRead = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }
  if (this.end !== Infinity) {
    validateInteger(this.end, 'end', 0);
    if (this.start !== undefined && this.start > this.end) {
      throw new ERR_OUT_OF_RANGE('start', `<= "end" (here: ${this.end})`, this.start);
    }
  }

  Reflect.apply(Readable, this, [options]);
  if (options.encoding) this.setEncoding(options.encoding);
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

defineAutoClose(ReadStream, 'ReadStream', '_readableState');

Object.defineProperty(ReadStream.prototype, 'pending', {
  __proto__: null,
  get() {
    return this.fd === null;
  },
  configurable: true,
});

let warnedOpen = false;
const openReadStream = function open() {
  if (!warnedOpen) {
    warnedOpen = true;
    process.emitWarning('ReadStream.prototype.open() is deprecated', 'DeprecationWarning', 'DEP0135');
  }
};
ReadStream.prototype.open = openReadStream;

ReadStream.prototype._construct = function (callback) {
  construct(this, openReadStream, callback);
};

/** Whether chunks may be read past `fs.read` and `handle.read`. */
function readsNatively(stream) {
  const handle = stream[kHandle];
  return handle === undefined ? stream[kFs].read === ownRead : require('fs/file_handle').readsPlainly(handle);
}

ReadStream.prototype._read = function (n) {
  n = this.pos !== undefined ? Math.min(this.end - this.pos + 1, n) : Math.min(this.end - this.bytesRead + 1, n);
  if (n <= 0) {
    this.push(null);
    return;
  }
  this[kIsPerformingIO] = true;
  const position = this.pos ?? -1;
  if (readsNatively(this) && this.fd >= 0) {
    readChunk(this.fd, n, position, (error, chunk) => chunkRead(this, error, chunk));
    return;
  }
  const buffer = Buffer.allocUnsafeSlow(n);
  this[kFs].read(this.fd, buffer, 0, n, this.pos ?? null, (error, bytesRead, filled = buffer) => {
    if (error || bytesRead === 0) {
      chunkRead(this, error, null);
      return;
    }
    if (bytesRead === filled.length) {
      chunkRead(this, null, filled);
      return;
    }
    // What a short read filled does not keep the whole buffer alive.
    const own = Buffer.allocUnsafeSlow(bytesRead);
    filled.copy(own, 0, 0, bytesRead);
    chunkRead(this, null, own);
  });
};

function chunkRead(stream, error, chunk) {
  stream[kIsPerformingIO] = false;
  if (stream.destroyed) {
    stream.emit(kIoDone, error);
    return;
  }
  if (error) {
    require('stream/destroy').errorOrDestroy(stream, error);
    return;
  }
  if (chunk === null) {
    stream.push(null);
    return;
  }
  if (stream.pos !== undefined) stream.pos += chunk.length;
  stream.bytesRead += chunk.length;
  stream.push(chunk);
}

ReadStream.prototype._destroy = function (error, callback) {
  destroyFile(this, error, callback);
};

ReadStream.prototype.close = function (callback) {
  if (typeof callback === 'function') finished(this, callback);
  this.destroy();
};

module.exports = { ReadStream };

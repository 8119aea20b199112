'use strict';

// fs.WriteStream. What is buffered while a write is under way goes out with one writev.

const { Writable } = require('stream');
const { parseFileMode, validateBoolean, validateFunction, validateInteger } = require('shared/validators');
const { toFlags, toOptions } = require('fs/args');
const { adoptFile, construct, defineAutoClose, destroyFile, kFs, kIoDone, kIsPerformingIO, ownOptions, streamPath } =
  require('fs/stream_file');

const none = Object.freeze({ __proto__: null });
/** How often a write that could not go on at all is tried again. */
const maxRetries = 5;

/**
 * @param {string | Buffer | URL} path
 * @param {any} [options]
 * @returns {void}
 */
function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  options = ownOptions(toOptions(options, none));
  options.decodeStrings = true;
  this.fd = adoptFile(this, options);
  if (this.fd === null) {
    this.path = streamPath(path);
    if (typeof this.path !== 'string' && !(this.path instanceof Uint8Array)) require('fs/args').toPath(this.path);
    this.flags = options.flags === undefined ? 'w' : options.flags;
    this.mode = options.mode === undefined ? 0o666 : parseFileMode(options.mode, 'mode', 0o666);
    toFlags(this.flags);
  }
  options.autoDestroy = options.autoClose === undefined ? true : options.autoClose;
  if (options.autoDestroy) validateFunction(this[kFs].close, 'options.fs.close');
  const { write, writev } = this[kFs];
  if (!write && !writev) validateFunction(write, 'options.fs.write');
  if (write) validateFunction(write, 'options.fs.write');
  else this._write = null;
  if (writev) validateFunction(writev, 'options.fs.writev');
  else this._writev = null;
  this.flush = options.flush ?? false;
  validateBoolean(this.flush, 'options.flush');
  if (this.flush) validateFunction(this[kFs].fsync, 'options.fs.fsync');

  this.start = options.start;
  this.pos = undefined;
  this.bytesWritten = 0;
  this[kIsPerformingIO] = false;
  if (this.start !== undefined) {
    validateInteger(this.start, 'start', 0);
    this.pos = this.start;
  }

  Reflect.apply(Writable, this, [options]);
  if (options.encoding) this.setDefaultEncoding(options.encoding);
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);

defineAutoClose(WriteStream, 'WriteStream', '_writableState');

Object.defineProperty(WriteStream.prototype, 'pending', {
  __proto__: null,
  get() {
    return this.fd === null;
  },
  configurable: true,
});

let warnedOpen = false;
const openWriteStream = function open() {
  if (!warnedOpen) {
    warnedOpen = true;
    process.emitWarning('WriteStream.prototype.open() is deprecated', 'DeprecationWarning', 'DEP0135');
  }
};
WriteStream.prototype.open = openWriteStream;

WriteStream.prototype._construct = function (callback) {
  construct(this, openWriteStream, callback);
};

/** The end of a write: destroy may be waiting for it. */
function finishWrite(stream, error, callback) {
  stream[kIsPerformingIO] = false;
  if (stream.destroyed) {
    callback(error);
    stream.emit(kIoDone, error);
    return;
  }
  callback(error);
}

/** Writes until nothing is left. The kernel may take a part, or have no room for now. */
function writeAll(stream, data, pos, retries, callback) {
  stream[kFs].write(stream.fd, data, 0, data.length, pos ?? null, (error, written) => {
    if (error?.code === 'EAGAIN') {
      error = null;
      written = 0;
    }
    if (error || stream.destroyed) {
      callback(error ?? destroyedError('write'));
      return;
    }
    stream.bytesWritten += written;
    retries = written > 0 ? 0 : retries + 1;
    const rest = data.length - written;
    if (rest === 0) callback();
    else if (retries > maxRetries) callback(new Error('writev failed'));
    else writeAll(stream, data.subarray(written), pos === undefined ? undefined : pos + written, retries, callback);
  });
}

function destroyedError(name) {
  const { ERR_STREAM_DESTROYED } = require('shared/errors').codes;
  return new ERR_STREAM_DESTROYED(name);
}

WriteStream.prototype._write = function (data, encoding, callback) {
  this[kIsPerformingIO] = true;
  const { pos } = this;
  writeAll(this, data, pos, 0, (error) => finishWrite(this, error, callback));
  if (pos !== undefined) this.pos = pos + data.length;
};

function writevAll(stream, chunks, size, pos, retries, callback) {
  stream[kFs].writev(stream.fd, chunks, pos ?? null, (error, written) => {
    if (error?.code === 'EAGAIN') {
      error = null;
      written = 0;
    }
    if (error || stream.destroyed) {
      callback(error ?? destroyedError('writev'));
      return;
    }
    stream.bytesWritten += written;
    retries = written > 0 ? 0 : retries + 1;
    if (written === size) {
      callback();
    } else if (retries > maxRetries) {
      callback(new Error('writev failed'));
    } else {
      writevAll(
        stream,
        behind(chunks, written),
        size - written,
        pos === undefined ? undefined : pos + written,
        retries,
        callback,
      );
    }
  });
}

/** What is left of `chunks` behind their first n bytes. */
function behind(chunks, n) {
  let i = 0;
  while (n >= chunks[i].length) n -= chunks[i++].length;
  const rest = chunks.slice(i);
  if (n > 0) rest[0] = rest[0].subarray(n);
  return rest;
}

WriteStream.prototype._writev = function (data, callback) {
  const chunks = new Array(data.length);
  let size = 0;
  for (let i = 0; i < data.length; i++) {
    chunks[i] = data[i].chunk;
    size += chunks[i].length;
  }
  this[kIsPerformingIO] = true;
  const { pos } = this;
  writevAll(this, chunks, size, pos, 0, (error) => finishWrite(this, error, callback));
  if (pos !== undefined) this.pos = pos + size;
};

WriteStream.prototype._destroy = function (error, callback) {
  destroyFile(this, error, callback);
};

WriteStream.prototype.close = function (callback) {
  if (typeof callback === 'function') {
    if (this.closed) {
      process.nextTick(callback);
      return;
    }
    this.on('close', callback);
  }
  // Without autoClose nobody else destroys the stream once it is done.
  if (!this.autoClose) this.on('finish', this.destroy);
  this.end();
};

// There is no half-closed file.
WriteStream.prototype.destroySoon = WriteStream.prototype.end;

module.exports = { WriteStream };

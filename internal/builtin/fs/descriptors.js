'use strict';

// Open files by their descriptors: open, close, read, write, readv, writev, fsync, fdatasync, ftruncate.

const {
  close: closeNative,
  fdatasync: fdatasyncNative,
  fsync: fsyncNative,
  ftruncate: ftruncateNative,
  open: openNative,
  read: readNative,
  readv: readvNative,
  write: writeNative,
  writev: writevNative,
} = native;
const { fileClose, fileOpen, fileRead, fileWrite } = engine;
const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('shared/errors');
const {
  parseFileMode,
  validateBuffer,
  validateEncoding,
  validateInteger,
  validateObject,
} = require('shared/validators');
const { customPromisifyArgs: kCustomArgs } = require('util/functions');
const {
  checkBuffers,
  checkRange,
  checkReadPosition,
  checkWriteRange,
  toCallback,
  toData,
  toFd,
  toFlags,
  toPath,
  toPosition,
} = require('fs/args');
const { fileError, messageOf } = require('fs/failure');

const none = Object.freeze({ __proto__: null });

function open(path, flags, mode, callback) {
  path = toPath(path);
  if (arguments.length < 3) {
    callback = flags;
    flags = 'r';
    mode = 0o666;
  } else if (typeof mode === 'function') {
    callback = mode;
    mode = 0o666;
  } else {
    mode = parseFileMode(mode, 'mode', 0o666);
  }
  const bits = toFlags(flags);
  openNative(path, bits, mode, toCallback(callback));
}

function openSync(path, flags, mode) {
  path = toPath(path);
  const fd = fileOpen(path, toFlags(flags), parseFileMode(mode, 'mode', 0o666));
  if (fd < 0) throw fileError(new Error(messageOf(fd, 'open', path)), fd, 'open', path);
  return fd;
}

function rethrow(error) {
  if (error) throw error;
}

function close(fd, callback = rethrow) {
  fd = toFd(fd);
  if (callback !== rethrow) toCallback(callback);
  closeNative(fd, callback);
}

function closeSync(fd) {
  const errno = fileClose(toFd(fd));
  if (errno < 0) throw fileError(new Error(messageOf(errno, 'close')), errno, 'close');
}

/** Throws for a buffer that nothing fits in. */
function checkNotEmpty(buffer) {
  if (buffer.byteLength === 0) {
    throw new ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  }
}

/**
 * fs.read(fd, buffer, offset, length, position, callback), fs.read(fd, buffer, options, callback),
 * fs.read(fd, options, callback), fs.read(fd, callback).
 */
function read(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = toFd(fd);
  let offset = offsetOrOptions;
  let params = null;
  if (arguments.length <= 4) {
    if (arguments.length === 4) {
      validateObject(offsetOrOptions, 'options', { nullable: true });
      callback = length;
      params = offsetOrOptions;
    } else if (arguments.length === 3) {
      if (!ArrayBuffer.isView(buffer)) {
        params = buffer;
        ({ buffer = Buffer.alloc(16384) } = params ?? none);
      }
      callback = offsetOrOptions;
    } else {
      callback = buffer;
      buffer = Buffer.alloc(16384);
    }
    if (params != null) validateObject(params, 'options', { allowArray: true, allowFunction: true });
    ({ offset = 0, length = buffer?.byteLength - offset, position = null } = params ?? none);
  }
  validateBuffer(buffer);
  toCallback(callback);
  if (offset == null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length |= 0;
  if (length === 0) {
    process.nextTick(callback, null, 0, buffer);
    return;
  }
  checkNotEmpty(buffer);
  checkRange(offset, length, buffer.byteLength);
  position = checkReadPosition(position, length);
  readNative(fd, buffer, offset, length, position, (error, bytesRead) => {
    // As with write, what was read is told with an error, too.
    callback(error, bytesRead || 0, buffer);
  });
}

Object.defineProperty(read, kCustomArgs, { __proto__: null, value: ['bytesRead', 'buffer'] });

function readSync(fd, buffer, offsetOrOptions, length, position) {
  fd = toFd(fd);
  validateBuffer(buffer);
  let offset = offsetOrOptions;
  if (arguments.length <= 3 || (offset !== null && typeof offset === 'object')) {
    if (offset !== undefined) validateObject(offset, 'options', { nullable: true });
    ({ offset = 0, length = buffer.byteLength - offset, position = null } = offsetOrOptions ?? none);
  }
  if (offset === undefined || offset === null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length |= 0;
  if (length === 0) return 0;
  checkNotEmpty(buffer);
  checkRange(offset, length, buffer.byteLength);
  const bytesRead = fileRead(fd, buffer, offset, length, checkReadPosition(position, length));
  if (bytesRead < 0) throw fileError(new Error(messageOf(bytesRead, 'read')), bytesRead, 'read');
  return bytesRead;
}

/** fs.write(fd, buffer[, offset[, length[, position]]], callback), with options, or with a string. */
function write(fd, buffer, offsetOrOptions, length, position, callback) {
  fd = toFd(fd);
  let offset = offsetOrOptions;
  if (ArrayBuffer.isView(buffer)) {
    callback = toCallback(callback || position || length || offset);
    if (offset !== null && typeof offset === 'object') {
      ({ offset = 0, length = buffer.byteLength - offset, position = null } = offsetOrOptions ?? none);
    }
    if (offset == null || typeof offset === 'function') offset = 0;
    else validateInteger(offset, 'offset', 0);
    if (typeof length !== 'number') length = buffer.byteLength - offset;
    if (typeof position !== 'number') position = -1;
    checkWriteRange(offset, length, buffer.byteLength);
    writeNative(fd, buffer, offset, length, position, (error, written) => callback(error, written || 0, buffer));
    return;
  }
  toData(buffer, undefined, 'buffer');
  if (typeof position !== 'function') {
    if (typeof offset === 'function') {
      position = offset;
      offset = null;
    } else {
      position = length;
    }
    length = 'utf8';
  }
  const text = buffer;
  validateEncoding(text, length);
  callback = toCallback(position);
  writeNative(
    fd,
    toData(text, length),
    0,
    byteLengthOf(text, length),
    typeof offset === 'number' ? offset : -1,
    (error, written) => callback(error, written || 0, text),
  );
}

/** Natives take a string that is to be UTF-8 whole and need no length. */
function byteLengthOf(text, encoding) {
  return encoding === 'utf8' || encoding === 'utf-8' || encoding == null || encoding === 'buffer'
    ? 0
    : Buffer.byteLength(text, encoding);
}

Object.defineProperty(write, kCustomArgs, { __proto__: null, value: ['bytesWritten', 'buffer'] });

function writeSync(fd, buffer, offsetOrOptions, length, position) {
  fd = toFd(fd);
  let offset = offsetOrOptions;
  if (ArrayBuffer.isView(buffer)) {
    if (position === undefined) position = null;
    if (offset !== null && typeof offset === 'object') {
      ({ offset = 0, length = buffer.byteLength - offset, position = null } = offsetOrOptions ?? none);
    }
    if (offset == null) offset = 0;
    else validateInteger(offset, 'offset', 0);
    if (typeof length !== 'number') length = buffer.byteLength - offset;
    checkWriteRange(offset, length, buffer.byteLength);
    return writeNow(fd, buffer, offset, length, position);
  }
  toData(buffer, undefined, 'buffer');
  validateEncoding(buffer, length);
  if (length !== undefined && !Buffer.isEncoding(length)) length = 'utf8';
  const data = toData(buffer, length);
  return writeNow(fd, data, 0, data.byteLength ?? 0, offset);
}

function writeNow(fd, data, offset, length, position) {
  const written = fileWrite(fd, data, offset, length, typeof position === 'number' ? position : -1);
  if (written < 0) throw fileError(new Error(messageOf(written, 'write')), written, 'write');
  return written;
}

function readv(fd, buffers, position, callback) {
  fd = toFd(fd);
  checkBuffers(buffers);
  callback = toCallback(callback || position);
  readvNative(fd, toPosition(position), (error, bytesRead) => callback(error, bytesRead || 0, buffers), ...buffers);
}

Object.defineProperty(readv, kCustomArgs, { __proto__: null, value: ['bytesRead', 'buffers'] });

function readvSync(fd, buffers, position) {
  fd = toFd(fd);
  checkBuffers(buffers);
  return readvNative(fd, toPosition(position), undefined, ...buffers);
}

function writev(fd, buffers, position, callback) {
  fd = toFd(fd);
  checkBuffers(buffers);
  callback = toCallback(callback || position);
  if (buffers.length === 0) {
    process.nextTick(callback, null, 0, buffers);
    return;
  }
  writevNative(
    fd,
    typeof position === 'number' ? position : -1,
    (error, written) => callback(error, written || 0, buffers),
    ...buffers,
  );
}

Object.defineProperty(writev, kCustomArgs, { __proto__: null, value: ['bytesWritten', 'buffers'] });

function writevSync(fd, buffers, position) {
  fd = toFd(fd);
  checkBuffers(buffers);
  if (buffers.length === 0) return 0;
  return writevNative(fd, typeof position === 'number' ? position : -1, undefined, ...buffers);
}

function fsync(fd, callback) {
  fd = toFd(fd);
  fsyncNative(fd, toCallback(callback));
}

function fsyncSync(fd) {
  fsyncNative(toFd(fd));
}

function fdatasync(fd, callback) {
  fd = toFd(fd);
  fdatasyncNative(fd, toCallback(callback));
}

function fdatasyncSync(fd) {
  fdatasyncNative(toFd(fd));
}

function ftruncate(fd, len = 0, callback = undefined) {
  if (typeof len === 'function') {
    callback = len;
    len = 0;
  }
  fd = toFd(fd);
  validateInteger(len, 'len');
  toCallback(callback);
  ftruncateNative(fd, Math.max(0, len), callback);
}

function ftruncateSync(fd, len = 0) {
  fd = toFd(fd);
  validateInteger(len, 'len');
  ftruncateNative(fd, Math.max(0, len));
}

module.exports = {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsync,
  fsyncSync,
  ftruncate,
  ftruncateSync,
  open,
  openSync,
  read,
  readSync,
  readv,
  readvSync,
  write,
  writeSync,
  writev,
  writevSync,
};

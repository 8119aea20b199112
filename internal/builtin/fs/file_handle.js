'use strict';

// FileHandle, what fs.promises.open gives: a descriptor that counts the operations and streams that use it, so that
// close() waits for them.

const {
  close: closeNative,
  fchmod: fchmodNative,
  fchown: fchownNative,
  fdatasync: fdatasyncNative,
  fsync: fsyncNative,
  ftruncate: ftruncateNative,
  futimes: futimesNative,
  open: openNative,
  read: readNative,
  readv: readvNative,
  write: writeNative,
  writeFile: writeFileNative,
  writev: writevNative,
} = native;
const { Buffer } = require('buffer');
const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_METHOD_NOT_IMPLEMENTED },
  stackFrom,
} = require('shared/errors');
const { parseFileMode, validateBoolean, validateBuffer, validateEncoding, validateInteger, validateObject } =
  require('shared/validators');
const {
  checkBuffers,
  checkRange,
  checkReadPosition,
  checkWriteRange,
  isIterable,
  isUtf8,
  toData,
  toOptions,
  toPosition,
  toUnixTimestamp,
} = require('fs/args');
const { BY_FD, checkIds, statOf } = require('fs/attributes');
const { abortError, checkFlush, readContent, readDefaults, writeDefaults } = require('fs/files');

const kFd = Symbol('kFd');
const kRefs = Symbol('kRefs');
const kClosePromise = Symbol('kClosePromise');
const kCloseResolve = Symbol('kCloseResolve');
const kCloseReject = Symbol('kCloseReject');
const kLocked = Symbol('kLocked');
const kRef = Symbol('kRef');
const kUnref = Symbol('kUnref');
const kToken = Symbol('kToken');

const none = Object.freeze({ __proto__: null });

/** @type {FinalizationRegistry<number> | undefined} */
let forgotten;
let warnedForgotten = false;

/** A handle that nobody closed has been collected: its descriptor is closed, and the program told. */
function collected(fd) {
  closeNative(fd, () => {});
  process.emitWarning(`Closing file descriptor ${fd} on garbage collection`);
  if (warnedForgotten) return;
  warnedForgotten = true;
  process.emitWarning(
    'Closing a FileHandle object on garbage collection is deprecated. Please close FileHandle objects ' +
      'explicitly using FileHandle.prototype.close(). In the future, an error will be thrown if a file descriptor is ' +
      'closed during garbage collection.',
    'DeprecationWarning',
    'DEP0137',
  );
}

function closedError(syscall) {
  const error = new Error('file closed');
  error.code = 'EBADF';
  error.syscall = syscall;
  return error;
}

/**
 * An operation on an open handle as one promise: `start(fd, done)` begins it, done(error, result) ends it.
 * @param {FileHandle} handle
 * @param {string} syscall
 * @param {(fd: number, done: (error: any, result?: any) => void) => void} start
 */
function operate(handle, syscall, start) {
  const settled = new Promise((resolve, reject) => {
    checkHandle(handle);
    const fd = handle[kFd];
    if (fd === -1) throw closedError(syscall);
    handle[kRefs]++;
    try {
      start(fd, (error, result) => {
        if (error) reject(error);
        else resolve(result);
        handle[kUnref]();
      });
    } catch (error) {
      handle[kUnref]();
      throw error;
    }
  });
  return settled.then(undefined, retraced);
}

/** Gives a system error, which comes from the pool without a stack, the stack of those who await. */
function retraced(error) {
  if (error?.errno !== undefined) Error.captureStackTrace(error, retraced);
  throw error;
}

function checkHandle(handle) {
  if (handle?.[kFd] === undefined) {
    const { ERR_INTERNAL_ASSERTION } = require('shared/errors').codes;
    throw stackFrom(new ERR_INTERNAL_ASSERTION('handle must be an instance of FileHandle'), checkHandle);
  }
}

class FileHandle extends EventEmitter {
  /** @param {number} fd */
  constructor(fd) {
    super();
    this[kFd] = fd;
    this[kRefs] = 1;
    this[kClosePromise] = null;
    forgotten ??= new FinalizationRegistry(collected);
    const token = {};
    Object.defineProperty(this, kToken, { __proto__: null, value: token });
    forgotten.register(this, fd, token);
  }

  getAsyncId() {
    return -1;
  }

  get fd() {
    return this[kFd];
  }

  appendFile(data, options) {
    return writeHandle(this, data, options, 'appendFile');
  }

  writeFile(data, options) {
    return writeHandle(this, data, options, 'writeFile');
  }

  chmod(mode) {
    return operate(this, 'fchmod', (fd, done) => fchmodNative(fd, parseFileMode(mode, 'mode'), done));
  }

  chown(uid, gid) {
    return operate(this, 'fchown', (fd, done) => {
      checkIds(uid, gid);
      fchownNative(fd, uid, gid, done);
    });
  }

  datasync() {
    return operate(this, 'fdatasync', fdatasyncNative);
  }

  sync() {
    return operate(this, 'fsync', fsyncNative);
  }

  read(buffer, offset, length, position) {
    return operate(this, 'read', (fd, done) => readHandle(fd, buffer, offset, length, position, done));
  }

  readv(buffers, position) {
    return operate(this, 'readv', (fd, done) => {
      checkBuffers(buffers);
      readvNative(
        fd,
        toPosition(position),
        (error, n) => {
          done(error, { __proto__: null, bytesRead: n || 0, buffers });
        },
        ...buffers,
      );
    });
  }

  readFile(options) {
    return operate(this, 'readFile', (fd, done) => {
      options = toOptions(options, readDefaults);
      if (options.signal?.aborted) throw abortError(options.signal);
      readContent(fd, options, done);
    });
  }

  readLines(options = undefined) {
    return require('readline').createInterface({
      input: this.createReadStream(options),
      crlfDelay: Infinity,
    });
  }

  stat(options) {
    return operate(this, 'fstat', (fd, done) => statOf(fd, BY_FD, options?.bigint === true, done));
  }

  truncate(len = 0) {
    return operate(this, 'ftruncate', (fd, done) => {
      validateInteger(len, 'len');
      ftruncateNative(fd, Math.max(0, len), done);
    });
  }

  utimes(atime, mtime) {
    return operate(this, 'futimes', (fd, done) => {
      futimesNative(fd, toUnixTimestamp(atime, 'atime'), toUnixTimestamp(mtime, 'mtime'), done);
    });
  }

  write(buffer, offset, length, position) {
    return operate(this, 'write', (fd, done) => writeToHandle(fd, buffer, offset, length, position, done));
  }

  writev(buffers, position) {
    return operate(this, 'writev', (fd, done) => {
      checkBuffers(buffers);
      if (buffers.length === 0) {
        done(null, { __proto__: null, bytesWritten: 0, buffers });
        return;
      }
      writevNative(
        fd,
        typeof position === 'number' ? position : -1,
        (error, n) => {
          done(error, { __proto__: null, bytesWritten: n || 0, buffers });
        },
        ...buffers,
      );
    });
  }

  close = () => {
    if (this[kFd] === -1) return this[kClosePromise] ?? Promise.resolve();
    if (this[kClosePromise]) return this[kClosePromise];
    this[kRefs]--;
    if (this[kRefs] === 0) {
      this[kClosePromise] = closeHandle(this);
    } else {
      this[kClosePromise] = new Promise((resolve, reject) => {
        this[kCloseResolve] = resolve;
        this[kCloseReject] = reject;
      }).finally(() => {
        this[kClosePromise] = null;
        this[kCloseResolve] = undefined;
        this[kCloseReject] = undefined;
      });
    }
    this.emit('close');
    return this[kClosePromise];
  };

  async [Symbol.asyncDispose]() {
    return this.close();
  }

  /**
   * A byte stream over what is left of the file. One per handle.
   * @param {Options & { autoClose?: boolean, type?: 'bytes' }} [options]
   * @returns {ReadableStream} of Uint8Arrays
   */
  readableWebStream(options = none) {
    if (this[kFd] === -1) throw new ERR_INVALID_STATE('The FileHandle is closed');
    if (this[kClosePromise]) throw new ERR_INVALID_STATE('The FileHandle is closing');
    if (this[kLocked]) throw new ERR_INVALID_STATE('The FileHandle is locked');
    validateObject(options, 'options');
    const { type = 'bytes', autoClose = false } = options;
    validateBoolean(autoClose, 'options.autoClose');
    if (type !== 'bytes') {
      process.emitWarning(
        'A non-"bytes" options.type has no effect. A byte-oriented steam is always created.',
        'ExperimentalWarning',
      );
    }
    this[kLocked] = true;
    return webStreamOf(this, autoClose);
  }

  createReadStream(options = undefined) {
    const { ReadStream } = require('fs/read_stream');
    return new ReadStream(undefined, { ...options, fd: this });
  }

  createWriteStream(options = undefined) {
    const { WriteStream } = require('fs/write_stream');
    return new WriteStream(undefined, { ...options, fd: this });
  }

  [kRef]() {
    this[kRefs]++;
  }

  [kUnref]() {
    if (--this[kRefs] === 0) closeHandle(this).then(this[kCloseResolve], this[kCloseReject]);
  }
}

function closeHandle(handle) {
  const fd = handle[kFd];
  handle[kFd] = -1;
  forgotten.unregister(handle[kToken]);
  return new Promise((resolve, reject) => {
    closeNative(fd, (error) => {
      handle[kClosePromise] = null;
      if (error) reject(error);
      else resolve();
    });
  });
}

function readHandle(fd, bufferOrParams, offset, length, position, done) {
  let buffer = bufferOrParams;
  if (!ArrayBuffer.isView(buffer)) {
    // read(options)
    if (bufferOrParams != null) validateObject(bufferOrParams, 'options');
    ({
      buffer = Buffer.alloc(16384),
      offset = 0,
      length = buffer.byteLength - offset,
      position = null,
    } = bufferOrParams ?? none);
    validateBuffer(buffer);
  } else if (offset !== null && typeof offset === 'object') {
    ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
  }
  if (offset == null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length ??= buffer.byteLength - offset;
  length |= 0;
  if (length === 0) {
    done(null, { __proto__: null, bytesRead: length, buffer });
    return;
  }
  if (buffer.byteLength === 0) {
    throw new ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  }
  checkRange(offset, length, buffer.byteLength);
  position = checkReadPosition(position, length);
  readNative(fd, buffer, offset, length, position, (error, n) => {
    if (error) done(error);
    else done(null, { __proto__: null, bytesRead: n, buffer });
  });
}

function writeToHandle(fd, buffer, offset, length, position, done) {
  const finish = (error, n) => {
    if (error) done(error);
    else done(null, { __proto__: null, bytesWritten: n, buffer });
  };
  if (ArrayBuffer.isView(buffer)) {
    if (buffer.byteLength === 0) {
      finish(null, 0);
      return;
    }
    if (offset !== null && typeof offset === 'object') {
      ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
    }
    if (offset == null) offset = 0;
    else validateInteger(offset, 'offset', 0);
    if (typeof length !== 'number') length = buffer.byteLength - offset;
    checkWriteRange(offset, length, buffer.byteLength);
    writeNative(fd, buffer, offset, length, typeof position === 'number' ? position : -1, finish);
    return;
  }
  toData(buffer, undefined, 'buffer');
  validateEncoding(buffer, length);
  if (length != null && !Buffer.isEncoding(length)) length = 'utf8';
  const data = toData(buffer, length);
  writeNative(fd, data, 0, data.byteLength ?? 0, typeof offset === 'number' ? offset : -1, finish);
}

/** writeFile and appendFile of a handle. */
function writeHandle(handle, data, options, syscall) {
  return operate(handle, syscall, (fd, done) => {
    options = toOptions(options, writeDefaults);
    writeSource(fd, data, options, done);
  });
}

/** Writes all of `data`, which may be an iterable, where the descriptor stands. */
function writeSource(fd, data, options, done) {
  const { signal } = options;
  const flush = checkFlush(options.flush);
  if (signal?.aborted) throw abortError(signal);
  const finish = (error) => {
    if (signal?.aborted) done(abortError(signal));
    else if (error) done(error);
    else if (flush) fsyncNative(fd, done);
    else done(null);
  };
  if (isIterable(data)) {
    writeIterable(fd, data, options).then(() => finish(null), finish);
    return;
  }
  writeFileNative(fd, toData(data, options.encoding || 'utf8'), 0, 0, finish);
}

async function writeIterable(fd, data, { encoding, signal }) {
  for await (const chunk of data) {
    if (signal?.aborted) throw abortError(signal);
    const bytes = ArrayBuffer.isView(chunk)
      ? chunk
      : isUtf8(encoding) && typeof chunk === 'string'
        ? chunk
        : Buffer.from(chunk, encoding || 'utf8');
    await new Promise((resolve, reject) => {
      writeFileNative(fd, bytes, 0, 0, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function webStreamOf(handle, autoClose) {
  const end = async () => {
    handle[kUnref]();
    if (autoClose) await handle.close();
  };
  handle[kRef]();
  let open = true;
  let controllerOf;
  const stream = new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: 16384,
    start(controller) {
      controllerOf = controller;
    },
    async pull(controller) {
      const { view } = controller.byobRequest;
      const { bytesRead } = await handle.read(view, 0, view.byteLength);
      if (!open) {
        controller.byobRequest?.respond(0);
        return;
      }
      if (bytesRead === 0) {
        open = false;
        controller.close();
        controller.byobRequest?.respond(0);
        await end();
        return;
      }
      controller.byobRequest.respond(bytesRead);
    },
    async cancel() {
      if (!open) return;
      open = false;
      await end();
    },
  });
  handle.once('close', () => {
    if (!open) return;
    open = false;
    controllerOf.close();
    controllerOf.byobRequest?.respond(0);
    handle[kUnref]();
  });
  return stream;
}

/** As fs.promises.open. */
function openHandle(path, flags, mode, resolve, reject) {
  openNative(path, flags, mode, (error, fd) => {
    if (error) reject(error);
    else resolve(new FileHandle(fd));
  });
}

/** What a stream needs as its `fs` to work on a handle. */
function streamFunctions(handle) {
  return {
    open: () => {
      throw new ERR_METHOD_NOT_IMPLEMENTED('open()');
    },
    close: (fd, callback) => {
      handle[kUnref]();
      handle.close().then(() => callback(), callback);
    },
    fsync: (fd, callback) => {
      handle.sync().then(() => callback(), callback);
    },
    read: (fd, buffer, offset, length, position, callback) => {
      handle.read(buffer, offset, length, position).then(
        (r) => callback(null, r.bytesRead, r.buffer),
        (error) => callback(error, 0, buffer),
      );
    },
    write: (fd, buffer, offset, length, position, callback) => {
      handle.write(buffer, offset, length, position).then(
        (r) => callback(null, r.bytesWritten, r.buffer),
        (error) => callback(error, 0, buffer),
      );
    },
    writev: (fd, buffers, position, callback) => {
      handle.writev(buffers, position).then(
        (r) => callback(null, r.bytesWritten, r.buffers),
        (error) => callback(error, 0, buffers),
      );
    },
  };
}

/** Whether a handle reads as it was made to, so that a stream may read past it. */
function readsPlainly(handle) {
  return handle.read === plainRead;
}
const plainRead = FileHandle.prototype.read;

module.exports = { FileHandle, kRef, openHandle, readsPlainly, retraced, streamFunctions };

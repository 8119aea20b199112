'use strict';

// What ReadStream and WriteStream have in common: where their descriptor comes from and how it is closed.

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED },
} = require('shared/errors');
const { validateFunction, validateInt32 } = require('shared/validators');

const kFs = Symbol('kFs');
const kHandle = Symbol('kHandle');
const kIsPerformingIO = Symbol('kIsPerformingIO');
const kIoDone = Symbol('kIoDone');

/** The options of a stream as an object of its own. What they inherit counts, too. */
function ownOptions(options) {
  const copy = {};
  for (const key in options) copy[key] = options[key];
  return copy;
}

/**
 * Sets the stream's functions and its descriptor, null when it is still to be opened.
 * @param {any} stream
 * @param {any} options
 */
function adoptFile(stream, options) {
  const { fd } = options;
  stream[kHandle] = undefined;
  if (fd == null) {
    stream[kFs] = options.fs || require('fs');
    validateFunction(stream[kFs].open, 'options.fs.open');
    return null;
  }
  if (typeof fd === 'number') {
    validateInt32(fd, 'fd', 0);
    stream[kFs] = options.fs || require('fs');
    return fd;
  }
  const { FileHandle, kRef, streamFunctions } = require('fs/file_handle');
  if (typeof fd === 'object' && fd instanceof FileHandle) {
    if (options.fs) throw new ERR_METHOD_NOT_IMPLEMENTED('FileHandle with fs');
    stream[kHandle] = fd;
    stream[kFs] = streamFunctions(fd);
    fd[kRef]();
    fd.on('close', stream.close.bind(stream));
    return fd.fd;
  }
  throw new ERR_INVALID_ARG_TYPE('options.fd', ['number', 'FileHandle'], fd);
}

/** The getter and setter `autoClose`, which is the state's autoDestroy. */
function defineAutoClose(Class, name, stateName) {
  const stateOf = (stream) => {
    const state = stream[stateName];
    if (state === undefined) throw new ERR_INVALID_THIS(name);
    return state;
  };
  Object.defineProperty(Class.prototype, 'autoClose', {
    __proto__: null,
    get() {
      return stateOf(this).autoDestroy;
    },
    set(value) {
      stateOf(this).autoDestroy = value;
    },
    configurable: true,
  });
}

/** The path as it was given, file URLs apart. */
function streamPath(path) {
  return typeof path === 'object' && path !== null && !(path instanceof Uint8Array)
    ? require('fs/args').toPath(path)
    : path;
}

function opened(stream, fd, callback) {
  stream.fd = fd;
  callback();
  stream.emit('open', fd);
  stream.emit('ready');
}

/**
 * _construct of both: opens the file, by a replaced open() method where a program has one.
 * @param {any} stream
 * @param {Function} ownOpen the open() that is no replacement
 * @param {(error?: any) => void} callback
 */
function construct(stream, ownOpen, callback) {
  if (typeof stream.fd === 'number') {
    callback();
    return;
  }
  if (stream.open !== ownOpen) {
    // Programs of old replaced open(); it says with events how it went.
    const emit = stream.emit;
    stream.emit = function (...args) {
      if (args[0] === 'open') {
        stream.emit = emit;
        callback();
        return Reflect.apply(emit, stream, args);
      }
      if (args[0] === 'error') {
        stream.emit = emit;
        callback(args[1]);
        return false;
      }
      return Reflect.apply(emit, stream, args);
    };
    stream.open();
    return;
  }
  stream[kFs].open(stream.path, stream.flags, stream.mode, (error, fd) => {
    if (error) callback(error);
    else opened(stream, fd, callback);
  });
}

function closeFile(stream, error, callback) {
  stream[kFs].close(stream.fd, (failure) => {
    callback(failure || error);
  });
  stream.fd = null;
}

/** Closes the file unless there is none, once what is going on in the pool is over. */
function destroyFile(stream, error, callback) {
  if (stream[kIsPerformingIO]) {
    stream.once(kIoDone, (failure) => release(stream, error || failure, callback));
  } else {
    release(stream, error, callback);
  }
}

function release(stream, error, callback) {
  if (!stream.fd && stream.fd !== 0) {
    callback(error);
    return;
  }
  if (stream.flush) {
    stream[kFs].fsync(stream.fd, (failure) => closeFile(stream, error || failure, callback));
    return;
  }
  closeFile(stream, error, callback);
}

module.exports = {
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
};

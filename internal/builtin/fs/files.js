'use strict';

// Whole files: readFile, writeFile, appendFile, truncate, copyFile. Each is one job of the pool: open, read or write,
// close.

const { copyFile: copyFileNative, readFile: readFileNative, writeFile: writeFileNative } = native;
const { fileClose, fileReadWhole, fileWriteWhole } = engine;
const { AbortError } = require('shared/errors');
const { parseFileMode, validateBoolean, validateInteger } = require('shared/validators');
const { checkMode, isFd, isUtf8, toCallback, toData, toFlags, toOptions, toPath } = require('fs/args');
const { LATER, fileError, messageOf } = require('fs/failure');
const {
  constants: { O_RDONLY, O_RDWR },
} = require('fs/constants');

const readDefaults = Object.freeze({ __proto__: null, flag: 'r' });
const writeDefaults = Object.freeze({ __proto__: null, encoding: 'utf8', mode: 0o666, flag: 'w' });
const appendDefaults = Object.freeze({ __proto__: null, encoding: 'utf8', mode: 0o666, flag: 'a' });

function fileOf(path) {
  return isFd(path) ? path : toPath(path);
}

function abortError(signal) {
  return new AbortError(undefined, { cause: signal.reason });
}

/** A file's content in the encoding that was asked for. */
function decodeContent(content, encoding) {
  return typeof content === 'string' || !encoding || encoding === 'buffer' ? content : content.toString(encoding);
}

/** The work of readFile, for callbacks and promises. */
function readContent(file, options, callback) {
  const { encoding, signal } = options;
  readFileNative(file, toFlags(options.flag ?? 'r'), isUtf8(encoding), (error, content) => {
    if (signal?.aborted) {
      callback(abortError(signal));
      return;
    }
    if (error) {
      callback(error);
      return;
    }
    try {
      content = decodeContent(content, encoding);
    } catch (failure) {
      callback(failure);
      return;
    }
    callback(null, content);
  });
}

function readFile(path, options, callback) {
  callback = toCallback(callback || options);
  options = toOptions(options, readDefaults);
  if (options.signal?.aborted) {
    callback(abortError(options.signal));
    return;
  }
  const file = fileOf(path);
  readContent(file, options, callback);
}

function readFileSync(path, options) {
  options = toOptions(options, readDefaults);
  const { encoding, flag } = options;
  const flags = flag === 'r' || flag === undefined ? O_RDONLY : toFlags(flag);
  const file = fileOf(path);
  return decodeContent(readNow(file, flags, isUtf8(encoding)), encoding);
}

/** A file's content: a Buffer, or a string if it is short and asText. */
function readNow(file, flags, asText) {
  if (typeof file === 'number') return readFileNative(file, flags, asText);
  const content = fileReadWhole(file, flags, asText);
  if (typeof content !== 'number') return content;
  if (content < LATER) throw fileError(new Error(messageOf(content - LATER, 'read')), content - LATER, 'read');
  if (content < 0) throw fileError(new Error(messageOf(content, 'open', file)), content, 'open', file);
  // Open, but it has no size, or too much.
  try {
    return readFileNative(content, flags, asText);
  } finally {
    fileClose(content);
  }
}

function checkFlush(flush) {
  if (flush != null) validateBoolean(flush, 'options.flush');
  return flush === true;
}

/** The work of writeFile, for callbacks and promises. */
function writeContent(file, data, options, callback) {
  const mode = parseFileMode(options.mode, 'mode', 0o666);
  const flags = toFlags(options.flag || 'w');
  const { signal } = options;
  const done = signal === undefined ? callback : (error) => callback(signal.aborted ? abortError(signal) : error);
  if (!options.flush) {
    writeFileNative(file, data, flags, mode, done);
    return;
  }
  // Flushing goes through the public functions, which programs wrap.
  const fs = require('fs');
  const withFd = (fd) =>
    writeFileNative(fd, data, 0, 0, (error) => {
      if (error) finish(fd, error);
      else fs.fsync(fd, (failure) => finish(fd, failure));
    });
  const finish = (fd, error) => {
    if (fd === file) done(error ?? null);
    else fs.close(fd, (failure) => done(error ?? failure ?? null));
  };
  if (isFd(file)) withFd(file);
  else fs.open(file, flags, mode, (error, fd) => (error ? done(error) : withFd(fd)));
}

function writeFile(path, data, options, callback) {
  callback = toCallback(callback || options);
  options = toOptions(options, writeDefaults);
  checkFlush(options.flush);
  data = toData(data, options.encoding || 'utf8');
  const file = fileOf(path);
  if (options.signal?.aborted) {
    callback(abortError(options.signal));
    return;
  }
  writeContent(file, data, options, callback);
}

function writeFileSync(path, data, options) {
  options = toOptions(options, writeDefaults);
  const flush = checkFlush(options.flush);
  data = toData(data, options.encoding || 'utf8');
  const mode = parseFileMode(options.mode, 'mode', 0o666);
  const flags = toFlags(options.flag || 'w');
  const file = fileOf(path);
  if (!flush) {
    if (typeof file === 'number') {
      writeFileNative(file, data, flags, mode);
      return;
    }
    const errno = fileWriteWhole(file, data, flags, mode);
    if (errno < LATER) throw fileError(new Error(messageOf(errno - LATER, 'write')), errno - LATER, 'write');
    if (errno < 0) throw fileError(new Error(messageOf(errno, 'open', file)), errno, 'open', file);
    return;
  }
  const fs = require('fs');
  const fd = isFd(file) ? file : fs.openSync(file, flags, mode);
  try {
    writeFileNative(fd, data, 0, 0);
    fs.fsyncSync(fd);
  } finally {
    if (fd !== file) fs.closeSync(fd);
  }
}

/** appendFile's options: a flag of its own by default, and none of the caller's objects changed. */
function appendOptions(path, options) {
  options = toOptions(options, appendDefaults);
  if (options === appendDefaults) return options;
  return { ...options, flag: options.flag && !isFd(path) ? options.flag : 'a' };
}

function appendFile(path, data, options, callback) {
  callback = toCallback(callback || options);
  options = appendOptions(path, options);
  require('fs').writeFile(path, data, options, callback);
}

function appendFileSync(path, data, options) {
  require('fs').writeFileSync(path, data, appendOptions(path, options));
}

function truncate(path, len, callback) {
  if (typeof len === 'function') {
    callback = len;
    len = 0;
  } else if (len === undefined) {
    len = 0;
  }
  validateInteger(len, 'len');
  len = Math.max(0, len);
  toCallback(callback);
  const fs = require('fs');
  fs.open(path, O_RDWR, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    fs.ftruncate(fd, len, (failure) => fs.close(fd, (second) => callback(failure ?? second ?? null)));
  });
}

function truncateSync(path, len) {
  const fs = require('fs');
  const fd = fs.openSync(path, 'r+');
  try {
    fs.ftruncateSync(fd, len ?? 0);
  } finally {
    fs.closeSync(fd);
  }
}

function copyFile(src, dest, mode, callback) {
  if (typeof mode === 'function') {
    callback = mode;
    mode = 0;
  }
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  toCallback(callback);
  copyFileNative(src, dest, checkMode(mode, 7, 0), callback);
}

function copyFileSync(src, dest, mode) {
  copyFileNative(toPath(src, 'src'), toPath(dest, 'dest'), checkMode(mode, 7, 0));
}

module.exports = {
  abortError,
  appendFile,
  appendFileSync,
  appendOptions,
  checkFlush,
  copyFile,
  copyFileSync,
  readContent,
  readDefaults,
  readFile,
  readFileSync,
  truncate,
  truncateSync,
  writeContent,
  writeDefaults,
  writeFile,
  writeFileSync,
};

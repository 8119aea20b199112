'use strict';

// Directories: mkdir, mkdtemp, readdir, rmdir, rm.

const {
  mkdir: mkdirNative,
  mkdirp: mkdirpNative,
  mkdtemp: mkdtempNative,
  readdir: readdirNative,
  rm: rmNative,
  rmdir: rmdirNative,
} = native;
const {
  codes: { ERR_FS_EISDIR },
} = require('shared/errors');
const { parseFileMode, validateBoolean, validateInt32, validateObject, validateUint32 } = require('shared/validators');
const { decodeName, toCallback, toOptions, toPath, wantsBytes } = require('fs/args');
const { Dirent } = require('fs/dirent');
const { named } = require('fs/links');

const none = Object.freeze({ __proto__: null });

/** @returns {[recursive: boolean, mode: number]} */
function mkdirOptions(options) {
  if (typeof options === 'number' || typeof options === 'string') return [false, parseFileMode(options, 'mode')];
  if (options == null) return [false, 0o777];
  const { recursive = false, mode } = options;
  validateBoolean(recursive, 'options.recursive');
  return [recursive, mode === undefined ? 0o777 : parseFileMode(mode, 'options.mode')];
}

function mkdir(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  const [recursive, mode] = mkdirOptions(options);
  toCallback(callback);
  (recursive ? mkdirpNative : mkdirNative)(path, mode, callback);
}

function mkdirSync(path, options) {
  path = toPath(path);
  const [recursive, mode] = mkdirOptions(options);
  return (recursive ? mkdirpNative : mkdirNative)(path, mode);
}

let warnedTemplate = false;

/** The prefix of mkdtemp, as the natives take it. */
function toPrefix(prefix) {
  prefix = toPath(prefix, 'prefix');
  if (!warnedTemplate && (typeof prefix === 'string' ? prefix.endsWith('X') : prefix[prefix.length - 1] === 88)) {
    warnedTemplate = true;
    process.emitWarning(
      'mkdtemp() templates ending with X are not portable. ' + 'For details see: https://nodejs.org/api/fs.html',
    );
  }
  return prefix;
}

function mkdtemp(prefix, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const { encoding } = toOptions(options, none);
  prefix = toPrefix(prefix);
  mkdtempNative(prefix, wantsBytes(encoding), named(encoding, callback));
}

function mkdtempSync(prefix, options) {
  const { encoding } = toOptions(options, none);
  prefix = toPrefix(prefix);
  return decodeName(mkdtempNative(prefix, wantsBytes(encoding)), encoding);
}

/** A temporary folder that `using` removes. */
function mkdtempDisposableSync(prefix, options) {
  const { resolve } = require('path');
  const path = mkdtempSync(prefix, options);
  const fullPath = typeof path === 'string' ? resolve(path) : path;
  const remove = () => rmNative(fullPath, true, true, 0, 100);
  return {
    path,
    remove,
    [Symbol.dispose]() {
      remove();
    },
  };
}

/** Node does not accept an encoding that can't be decoded here; everything else is what toOptions says. */
function readdirOptions(options) {
  options = toOptions(options, none);
  if (options.recursive != null) validateBoolean(options.recursive, 'options.recursive');
  return options;
}

/** The names of a listing (dir.go). */
function namesOf(names, encoding) {
  if (typeof names === 'string') return names === '' ? [] : names.split('\0');
  if (encoding !== 'buffer') {
    for (let i = 0; i < names.length; i++) names[i] = names[i].toString(encoding);
  }
  return names;
}

function addDirents(list, [names, kinds], path, encoding) {
  names = namesOf(names, encoding);
  for (let i = 0; i < names.length; i++) list.push(new Dirent(names[i], kinds.charCodeAt(i), path));
}

function direntsOf(values, path, options) {
  const { encoding } = options;
  const list = [];
  if (!options.recursive) {
    addDirents(list, values, path, encoding);
    return list;
  }
  for (let i = 0; i < values.length; i += 2) addDirents(list, values[i + 1], decodeName(values[i], encoding), encoding);
  return list;
}

/** What readdir answers with, made of what its native answers with. */
function entriesOf(values, path, options) {
  if (options.withFileTypes) return direntsOf(values, path, options);
  return namesOf(values, options.encoding);
}

function readdir(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  options = readdirOptions(options);
  path = toPath(path);
  readdirNative(
    path,
    wantsBytes(options.encoding),
    !!options.withFileTypes,
    !!options.recursive,
    true,
    (error, values) => {
      if (error) callback(error);
      else callback(null, entriesOf(values, path, options));
    },
  );
}

function readdirSync(path, options) {
  options = readdirOptions(options);
  path = toPath(path);
  const values = readdirNative(path, wantsBytes(options.encoding), !!options.withFileTypes, !!options.recursive, true);
  return entriesOf(values, path, options);
}

/**
 * @param {any} options
 * @param {{ recursive: boolean, force: boolean, retryDelay: number, maxRetries: number }} [options]
 */
function rmOptions(options) {
  if (options === undefined) return { force: false, recursive: false, retryDelay: 100, maxRetries: 0 };
  validateObject(options, 'options');
  options = { force: false, recursive: false, retryDelay: 100, maxRetries: 0, ...options };
  validateBoolean(options.recursive, 'options.recursive');
  validateBoolean(options.force, 'options.force');
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

function isDirectoryError(path) {
  return new ERR_FS_EISDIR({ code: 'EISDIR', message: 'is a directory', path, syscall: 'rm', errno: 21 });
}

function rm(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  const { force, recursive, maxRetries, retryDelay } = rmOptions(options);
  toCallback(callback);
  rmNative(path, force, recursive, maxRetries, retryDelay, (error, isFolder) => {
    if (error) callback(error);
    else if (isFolder) callback(isDirectoryError(path));
    else callback(null);
  });
}

function rmSync(path, options) {
  path = toPath(path);
  const { force, recursive, maxRetries, retryDelay } = rmOptions(options);
  if (rmNative(path, force, recursive, maxRetries, retryDelay)) throw isDirectoryError(path);
}

let warnedRecursive = false;

/** rmdir's option `recursive`, which rm has replaced. */
function rmdirOptions(options) {
  if (options === undefined) return { retryDelay: 100, maxRetries: 0, recursive: false };
  validateObject(options, 'options');
  options = { retryDelay: 100, maxRetries: 0, recursive: false, ...options };
  validateBoolean(options.recursive, 'options.recursive');
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

function warnRecursive() {
  if (warnedRecursive) return;
  warnedRecursive = true;
  process.emitWarning(
    'In future versions of Node.js, fs.rmdir(path, { recursive: true }) will be removed. ' +
      'Use fs.rm(path, { recursive: true }) instead',
    'DeprecationWarning',
    'DEP0147',
  );
}

function rmdir(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  if (!options?.recursive) {
    rmdirOptions(options);
    rmdirNative(path, toCallback(callback));
    return;
  }
  toCallback(callback);
  warnRecursive();
  const { maxRetries, retryDelay } = rmdirOptions(options);
  require('fs/attributes').lstat(path, (error, stats) => {
    if (error) callback(error);
    else if (!stats.isDirectory()) rmdirNative(path, callback);
    else rmNative(path, false, true, maxRetries, retryDelay, (failure) => callback(failure ?? null));
  });
}

function rmdirSync(path, options) {
  path = toPath(path);
  if (!options?.recursive) {
    rmdirOptions(options);
    rmdirNative(path);
    return;
  }
  warnRecursive();
  const { maxRetries, retryDelay } = rmdirOptions(options);
  if (!require('fs/attributes').lstatSync(path).isDirectory()) rmdirNative(path);
  else rmNative(path, false, true, maxRetries, retryDelay);
}

module.exports = {
  entriesOf,
  isDirectoryError,
  mkdir,
  mkdirOptions,
  mkdirSync,
  mkdtemp,
  mkdtempDisposableSync,
  mkdtempSync,
  readdir,
  readdirOptions,
  readdirSync,
  rm,
  rmOptions,
  rmSync,
  rmdir,
  rmdirOptions,
  rmdirSync,
  toPrefix,
  warnRecursive,
};

'use strict';

// Names of files: link, symlink, readlink, realpath, rename, unlink.

const {
  link: linkNative,
  readlink: readlinkNative,
  realpath: realpathNative,
  rename: renameNative,
  symlink: symlinkNative,
  unlink: unlinkNative,
} = native;
const { fileRealPath } = engine;
const { validateOneOf } = require('shared/validators');
const { decodeName, toCallback, toOptions, toPath, wantsBytes } = require('fs/args');
const { fileError, messageOf } = require('fs/failure');

const none = Object.freeze({ __proto__: null });

/** A callback for natives that answer with a name. */
function named(encoding, callback) {
  if (!wantsBytes(encoding)) return callback;
  return (error, name) => {
    if (error) callback(error);
    else callback(null, decodeName(name, encoding));
  };
}

function rename(oldPath, newPath, callback) {
  toCallback(callback);
  renameNative(toPath(oldPath, 'oldPath'), toPath(newPath, 'newPath'), callback);
}

function renameSync(oldPath, newPath) {
  renameNative(toPath(oldPath, 'oldPath'), toPath(newPath, 'newPath'));
}

function link(existingPath, newPath, callback) {
  toCallback(callback);
  linkNative(toPath(existingPath, 'existingPath'), toPath(newPath, 'newPath'), callback);
}

function linkSync(existingPath, newPath) {
  linkNative(toPath(existingPath, 'existingPath'), toPath(newPath, 'newPath'));
}

/** The kind of link matters on Windows only; it is checked everywhere. */
function checkLinkType(type) {
  validateOneOf(type, 'type', ['dir', 'file', 'junction', null, undefined]);
}

function symlink(target, path, type, callback) {
  if (callback === undefined) {
    callback = toCallback(type);
    type = undefined;
  } else {
    checkLinkType(type);
  }
  toCallback(callback);
  symlinkNative(toPath(target, 'target'), toPath(path), callback);
}

function symlinkSync(target, path, type) {
  checkLinkType(type);
  symlinkNative(toPath(target, 'target'), toPath(path));
}

function readlink(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const { encoding } = toOptions(options, none);
  readlinkNative(toPath(path), wantsBytes(encoding), named(encoding, callback));
}

function readlinkSync(path, options) {
  const { encoding } = toOptions(options, none);
  return decodeName(readlinkNative(toPath(path), wantsBytes(encoding)), encoding);
}

function unlink(path, callback) {
  path = toPath(path);
  unlinkNative(path, toCallback(callback));
}

function unlinkSync(path) {
  unlinkNative(toPath(path));
}

/** realpath also takes what is no path and makes it one. */
function anyPath(path) {
  return toPath(typeof path === 'object' || typeof path === 'string' ? path : `${path}`);
}

function realpath(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const { encoding } = toOptions(options, none);
  realpathNative(toPath(path), false, wantsBytes(encoding), named(encoding, callback));
}

function realpathSync(path, options) {
  const { encoding } = toOptions(options, none);
  return decodeName(realpathNative(anyPath(path), false, wantsBytes(encoding)), encoding);
}

realpath.native = (path, options, callback) => {
  callback = toCallback(callback || options);
  const { encoding } = toOptions(options, none);
  realpathNative(toPath(path), true, wantsBytes(encoding), named(encoding, callback));
};

realpathSync.native = (path, options) => {
  const { encoding } = toOptions(options, none);
  path = toPath(path);
  if (!wantsBytes(encoding)) {
    const found = fileRealPath(path);
    if (typeof found === 'string') return found;
    if (found < 0) throw fileError(new Error(messageOf(found, 'realpath', path)), found, 'realpath', path);
  }
  return decodeName(realpathNative(path, true, wantsBytes(encoding)), encoding);
};

module.exports = {
  checkLinkType,
  link,
  linkSync,
  named,
  readlink,
  readlinkSync,
  realpath,
  realpathSync,
  rename,
  renameSync,
  symlink,
  symlinkSync,
  unlink,
  unlinkSync,
};

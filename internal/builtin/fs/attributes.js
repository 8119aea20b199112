'use strict';

// What is known about a file, and changing it: stat, access, exists, statfs, chmod, chown, utimes in all variants.

const {
  access: accessNative,
  chmod: chmodNative,
  chown: chownNative,
  fchmod: fchmodNative,
  fchown: fchownNative,
  futimes: futimesNative,
  lchown: lchownNative,
  lutimes: lutimesNative,
  stat: statNative,
  statfs: statfsNative,
  utimes: utimesNative,
} = native;
const { fileAccess, fileExists, fileStat } = engine;
const { parseFileMode, validateInteger } = require('shared/validators');
const { checkMode, toCallback, toFd, toPath, toUnixTimestamp } = require('fs/args');
const { fileError, messageOf } = require('fs/failure');
const { StatFs, bigIntStatsOf, statsOf } = require('fs/stats');
const {
  constants: { F_OK },
} = require('fs/constants');

// Which file a stat native is asked about, as in stat.go.
const BY_PATH = 0;
const LINK = 1;
const BY_FD = 2;

const ENOENT = -2;
const ENOTDIR = -20;

/** @type {Float64Array | undefined} what the last synchronous stat has found */
let numbers;

/** The file's Stats, or a negative errno. */
function statNow(file, kind, bigint) {
  numbers ??= new Float64Array(18);
  const errno = fileStat(file, kind, numbers);
  if (errno !== 0) return errno;
  return bigint ? bigIntStatsOf(statNative(file, kind, true)) : statsOf(numbers);
}

function statOf(file, kind, bigint, callback) {
  statNative(file, kind, bigint, (error, values) => {
    if (error) callback(error);
    else callback(null, bigint ? bigIntStatsOf(values) : statsOf(values));
  });
}

function statSync(path, options = undefined) {
  path = toPath(path);
  const found = statNow(path, BY_PATH, options?.bigint === true);
  if (typeof found !== 'number') return found;
  if ((found === ENOENT || found === ENOTDIR) && options?.throwIfNoEntry === false) return undefined;
  throw fileError(new Error(messageOf(found, 'stat', path)), found, 'stat', path);
}

function lstatSync(path, options = undefined) {
  path = toPath(path);
  const found = statNow(path, LINK, options?.bigint === true);
  if (typeof found !== 'number') return found;
  // As in Node, a path that leads through a file is an error here.
  if (found === ENOENT && options?.throwIfNoEntry === false) return undefined;
  throw fileError(new Error(messageOf(found, 'lstat', path)), found, 'lstat', path);
}

function fstatSync(fd, options = undefined) {
  const found = statNow(toFd(fd), BY_FD, options?.bigint === true);
  if (typeof found === 'number') throw fileError(new Error(messageOf(found, 'fstat')), found, 'fstat');
  return found;
}

function stat(path, options = undefined, callback = undefined) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  toCallback(callback);
  statOf(toPath(path), BY_PATH, options?.bigint === true, callback);
}

function lstat(path, options = undefined, callback = undefined) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  toCallback(callback);
  statOf(toPath(path), LINK, options?.bigint === true, callback);
}

function fstat(fd, options = undefined, callback = undefined) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  toCallback(callback);
  statOf(toFd(fd), BY_FD, options?.bigint === true, callback);
}

function statfs(path, options = undefined, callback = undefined) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  toCallback(callback);
  statfsNative(toPath(path), options?.bigint === true, (error, values) => {
    if (error) callback(error);
    else callback(null, new StatFs(values));
  });
}

function statfsSync(path, options = undefined) {
  return new StatFs(statfsNative(toPath(path), options?.bigint === true));
}

function access(path, mode, callback) {
  if (typeof mode === 'function') {
    callback = mode;
    mode = F_OK;
  }
  path = toPath(path);
  mode = checkMode(mode, 7, F_OK);
  accessNative(path, mode, toCallback(callback));
}

function accessSync(path, mode) {
  path = toPath(path);
  const errno = fileAccess(path, checkMode(mode, 7, F_OK));
  if (errno < 0) throw fileError(new Error(messageOf(errno, 'access', path)), errno, 'access', path);
}

function exists(path, callback) {
  toCallback(callback);
  try {
    path = toPath(path);
  } catch {
    callback(false);
    return;
  }
  accessNative(path, F_OK, (error) => callback(!error));
}

Object.defineProperty(exists, Symbol.for('nodejs.util.promisify.custom'), {
  __proto__: null,
  value: function exists(path) {
    return new Promise((resolve) => module.exports.exists(path, resolve));
  },
});

let warnedExists = false;

function existsSync(path) {
  try {
    path = toPath(path);
  } catch (error) {
    if (!warnedExists && error?.code === 'ERR_INVALID_ARG_TYPE') {
      warnedExists = true;
      process.emitWarning(
        'Passing invalid argument types to fs.existsSync is deprecated',
        'DeprecationWarning',
        'DEP0187',
      );
    }
    return false;
  }
  return fileExists(path);
}

function chmod(path, mode, callback) {
  path = toPath(path);
  mode = parseFileMode(mode, 'mode');
  chmodNative(path, mode, toCallback(callback));
}

function chmodSync(path, mode) {
  path = toPath(path);
  chmodNative(path, parseFileMode(mode, 'mode'));
}

function fchmod(fd, mode, callback) {
  fd = toFd(fd);
  mode = parseFileMode(mode, 'mode');
  fchmodNative(fd, mode, toCallback(callback));
}

function fchmodSync(fd, mode) {
  fd = toFd(fd);
  fchmodNative(fd, parseFileMode(mode, 'mode'));
}

/** Ids of users and groups; -1 leaves as it is. */
function checkIds(uid, gid) {
  validateInteger(uid, 'uid', -1, 4294967295);
  validateInteger(gid, 'gid', -1, 4294967295);
}

function chown(path, uid, gid, callback) {
  toCallback(callback);
  path = toPath(path);
  checkIds(uid, gid);
  chownNative(path, uid, gid, callback);
}

function chownSync(path, uid, gid) {
  path = toPath(path);
  checkIds(uid, gid);
  chownNative(path, uid, gid);
}

function lchown(path, uid, gid, callback) {
  toCallback(callback);
  path = toPath(path);
  checkIds(uid, gid);
  lchownNative(path, uid, gid, callback);
}

function lchownSync(path, uid, gid) {
  path = toPath(path);
  checkIds(uid, gid);
  lchownNative(path, uid, gid);
}

function fchown(fd, uid, gid, callback) {
  fd = toFd(fd);
  checkIds(uid, gid);
  fchownNative(fd, uid, gid, toCallback(callback));
}

function fchownSync(fd, uid, gid) {
  fd = toFd(fd);
  checkIds(uid, gid);
  fchownNative(fd, uid, gid);
}

function utimes(path, atime, mtime, callback) {
  toCallback(callback);
  utimesNative(toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime), callback);
}

function utimesSync(path, atime, mtime) {
  utimesNative(toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime));
}

function lutimes(path, atime, mtime, callback) {
  toCallback(callback);
  lutimesNative(toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime), callback);
}

function lutimesSync(path, atime, mtime) {
  lutimesNative(toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime));
}

function futimes(fd, atime, mtime, callback) {
  fd = toFd(fd);
  atime = toUnixTimestamp(atime, 'atime');
  mtime = toUnixTimestamp(mtime, 'mtime');
  futimesNative(fd, atime, mtime, toCallback(callback));
}

function futimesSync(fd, atime, mtime) {
  futimesNative(toFd(fd), toUnixTimestamp(atime, 'atime'), toUnixTimestamp(mtime, 'mtime'));
}

module.exports = {
  BY_FD,
  BY_PATH,
  LINK,
  access,
  accessSync,
  checkIds,
  chmod,
  chmodSync,
  chown,
  chownSync,
  exists,
  existsSync,
  fchmod,
  fchmodSync,
  fchown,
  fchownSync,
  fstat,
  fstatSync,
  futimes,
  futimesSync,
  lchown,
  lchownSync,
  lstat,
  lstatSync,
  lutimes,
  lutimesSync,
  stat,
  statOf,
  statSync,
  statfs,
  statfsSync,
  utimes,
  utimesSync,
};

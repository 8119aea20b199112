'use strict';

// What is known about a file, and changing it: stat, access, exists, statfs, chmod, chown, utimes in all variants.

const {
  access: accessNative,
  chmod: chmodNative,
  chown: chownNative,
  exists: existsNative,
  fchmod: fchmodNative,
  fchown: fchownNative,
  futimes: futimesNative,
  lchown: lchownNative,
  lutimes: lutimesNative,
  stat: statNative,
  statSync: statSyncNative,
  statfs: statfsNative,
  utimes: utimesNative,
} = native;
const { parseFileMode, validateInteger } = require('shared/validators');
const { checkMode, toCallback, toFd, toPath, toUnixTimestamp } = require('fs/args');
const { StatFs, bigIntStatsOf, prepareShared, sharedStats, statsOf } = require('fs/stats');
const {
  constants: { F_OK },
} = require('fs/constants');

// Which file a stat native is asked about, as in stat.go.
const BY_PATH = 0;
const LINK = 1;
const BY_FD = 2;

function statSyncOf(file, kind, options) {
  prepareShared();
  const found = statSyncNative(file, kind, options?.bigint === true, options?.throwIfNoEntry === false);
  return found === true ? sharedStats() : found === undefined ? undefined : bigIntStatsOf(found);
}

function statOf(file, kind, bigint, callback) {
  statNative(file, kind, bigint, (error, values) => {
    if (error) callback(error);
    else callback(null, bigint ? bigIntStatsOf(values) : statsOf(values));
  });
}

function statSync(path, options = undefined) {
  return statSyncOf(toPath(path), BY_PATH, options);
}

function lstatSync(path, options = undefined) {
  return statSyncOf(toPath(path), LINK, options);
}

function fstatSync(fd, options = undefined) {
  return statSyncOf(toFd(fd), BY_FD, { bigint: options?.bigint });
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
  accessNative(toPath(path), checkMode(mode, 7, F_OK));
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
    // eslint-disable-line no-shadow
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
  return existsNative(path);
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

'use strict';

// node:fs/promises. Each function is one promise whose executor checks the arguments and hands the promise's functions to
// the native's callback: as quick as the callback form.

const {
  access: accessNative,
  chmod: chmodNative,
  chown: chownNative,
  copyFile: copyFileNative,
  lchown: lchownNative,
  link: linkNative,
  lutimes: lutimesNative,
  mkdir: mkdirNative,
  mkdirp: mkdirpNative,
  mkdtemp: mkdtempNative,
  readdir: readdirNative,
  readlink: readlinkNative,
  realpath: realpathNative,
  rename: renameNative,
  rm: rmNative,
  rmdir: rmdirNative,
  statfs: statfsNative,
  symlink: symlinkNative,
  unlink: unlinkNative,
  utimes: utimesNative,
} = native;
const {
  codes: { ERR_METHOD_NOT_IMPLEMENTED },
} = require('shared/errors');
const { parseFileMode } = require('shared/validators');
const {
  checkMode,
  decodeName,
  isIterable,
  toData,
  toFlags,
  toOptions,
  toPath,
  toUnixTimestamp,
  wantsBytes,
} = require('fs/args');
const { BY_PATH, LINK, checkIds, statOf } = require('fs/attributes');
const { constants } = require('fs/constants');
const { FileHandle, openHandle, retraced } = require('fs/file_handle');
const {
  abortError,
  appendOptions,
  checkFlush,
  readContent,
  readDefaults,
  writeContent,
  writeDefaults,
} = require('fs/files');
const { entriesOf, isDirectoryError, mkdirOptions, readdirOptions, rmOptions, rmdirOptions, toPrefix, warnRecursive } =
  require('fs/folders');
const { checkLinkType } = require('fs/links');
const { StatFs } = require('fs/stats');

const none = Object.freeze({ __proto__: null });

/** A promise as it is handed out. The reaction is what lets V8 see who awaits. */
function promise(executor) {
  return new Promise(executor).then(undefined, retraced);
}

/** A native's callback out of a promise's functions. */
function settle(resolve, reject) {
  return (error, result) => {
    if (error) reject(error);
    else resolve(result);
  };
}

function settleName(resolve, reject, encoding) {
  return (error, name) => {
    if (error) reject(error);
    else resolve(decodeName(name, encoding));
  };
}

function access(path, mode) {
  return promise((resolve, reject) => {
    accessNative(toPath(path), checkMode(mode, 7, 0), settle(resolve, reject));
  });
}

function copyFile(src, dest, mode) {
  return promise((resolve, reject) => {
    copyFileNative(toPath(src, 'src'), toPath(dest, 'dest'), checkMode(mode, 7, 0), settle(resolve, reject));
  });
}

async function cp(src, dest, options) {
  return require('fs/cp').cpPromise(src, dest, options);
}

function glob(pattern, options) {
  return require('fs/glob').globIterator(pattern, options);
}

function open(path, flags, mode) {
  return promise((resolve, reject) => {
    path = toPath(path);
    openHandle(path, toFlags(flags), parseFileMode(mode, 'mode', 0o666), resolve, reject);
  });
}

function opendir(path, options) {
  return promise((resolve, reject) => {
    require('fs/dir').opendir(path, options, settle(resolve, reject));
  });
}

function rename(oldPath, newPath) {
  return promise((resolve, reject) => {
    renameNative(toPath(oldPath, 'oldPath'), toPath(newPath, 'newPath'), settle(resolve, reject));
  });
}

async function truncate(path, len = 0) {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(len);
  } finally {
    await handle.close();
  }
}

function rm(path, options) {
  return promise((resolve, reject) => {
    path = toPath(path);
    const { force, recursive, maxRetries, retryDelay } = rmOptions(options);
    rmNative(path, force, recursive, maxRetries, retryDelay, (error, isFolder) => {
      if (error) reject(error);
      else if (isFolder) reject(isDirectoryError(path));
      else resolve();
    });
  });
}

function rmdir(path, options) {
  return promise((resolve, reject) => {
    path = toPath(path);
    if (!options?.recursive) {
      rmdirOptions(options);
      rmdirNative(path, settle(resolve, reject));
      return;
    }
    warnRecursive();
    const { maxRetries, retryDelay } = rmdirOptions(options);
    lstat(path).then((stats) => {
      if (stats.isDirectory()) rmNative(path, false, true, maxRetries, retryDelay, settle(resolve, reject));
      else rmdirNative(path, settle(resolve, reject));
    }, reject);
  });
}

function mkdir(path, options) {
  return promise((resolve, reject) => {
    path = toPath(path);
    const [recursive, mode] = mkdirOptions(options);
    (recursive ? mkdirpNative : mkdirNative)(path, mode, settle(resolve, reject));
  });
}

function readdir(path, options) {
  return promise((resolve, reject) => {
    options = readdirOptions(options);
    path = toPath(path);
    const bytes = wantsBytes(options.encoding);
    readdirNative(
      path,
      bytes,
      !!options.withFileTypes,
      !!options.recursive,
      !options.withFileTypes,
      (error, values) => {
        if (error) reject(error);
        else resolve(entriesOf(values, path, options));
      },
    );
  });
}

function readlink(path, options) {
  return promise((resolve, reject) => {
    const { encoding } = toOptions(options, none);
    readlinkNative(toPath(path), wantsBytes(encoding), settleName(resolve, reject, encoding));
  });
}

function symlink(target, path, type) {
  return promise((resolve, reject) => {
    checkLinkType(type);
    symlinkNative(toPath(target, 'target'), toPath(path), settle(resolve, reject));
  });
}

function lstat(path, options = undefined) {
  return promise((resolve, reject) => {
    statOf(toPath(path), LINK, options?.bigint === true, settle(resolve, reject));
  });
}

function stat(path, options = undefined) {
  return promise((resolve, reject) => {
    statOf(toPath(path), BY_PATH, options?.bigint === true, settle(resolve, reject));
  });
}

function statfs(path, options = undefined) {
  return promise((resolve, reject) => {
    statfsNative(toPath(path), options?.bigint === true, (error, values) => {
      if (error) reject(error);
      else resolve(new StatFs(values));
    });
  });
}

function link(existingPath, newPath) {
  return promise((resolve, reject) => {
    linkNative(toPath(existingPath, 'existingPath'), toPath(newPath, 'newPath'), settle(resolve, reject));
  });
}

function unlink(path) {
  return promise((resolve, reject) => {
    unlinkNative(toPath(path), settle(resolve, reject));
  });
}

function chmod(path, mode) {
  return promise((resolve, reject) => {
    path = toPath(path);
    chmodNative(path, parseFileMode(mode, 'mode'), settle(resolve, reject));
  });
}

/** Only macOS can change a link's own mode. */
async function lchmod() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('lchmod()');
}

function lchown(path, uid, gid) {
  return promise((resolve, reject) => {
    path = toPath(path);
    checkIds(uid, gid);
    lchownNative(path, uid, gid, settle(resolve, reject));
  });
}

function chown(path, uid, gid) {
  return promise((resolve, reject) => {
    path = toPath(path);
    checkIds(uid, gid);
    chownNative(path, uid, gid, settle(resolve, reject));
  });
}

function utimes(path, atime, mtime) {
  return promise((resolve, reject) => {
    utimesNative(toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime), settle(resolve, reject));
  });
}

function lutimes(path, atime, mtime) {
  return promise((resolve, reject) => {
    lutimesNative(toPath(path), toUnixTimestamp(atime), toUnixTimestamp(mtime), settle(resolve, reject));
  });
}

function realpath(path, options) {
  return promise((resolve, reject) => {
    const { encoding } = toOptions(options, none);
    realpathNative(toPath(path), true, wantsBytes(encoding), settleName(resolve, reject, encoding));
  });
}

function mkdtemp(prefix, options) {
  return promise((resolve, reject) => {
    const { encoding } = toOptions(options, none);
    prefix = toPrefix(prefix);
    mkdtempNative(prefix, wantsBytes(encoding), settleName(resolve, reject, encoding));
  });
}

/** A temporary folder that `await using` removes. */
async function mkdtempDisposable(prefix, options) {
  const { resolve } = require('path');
  const path = await mkdtemp(prefix, options);
  // The working directory may be another one when it is removed.
  const fullPath = typeof path === 'string' ? resolve(path) : path;
  const remove = async () => {
    await rm(fullPath, { maxRetries: 0, recursive: true, force: true, retryDelay: 0 });
  };
  return {
    __proto__: null,
    path,
    remove,
    async [Symbol.asyncDispose]() {
      await remove();
    },
  };
}

function writeFile(path, data, options) {
  return promise((resolve, reject) => {
    options = toOptions(options, writeDefaults);
    const flush = checkFlush(options.flush);
    const { encoding, signal } = options;
    const iterable = isIterable(data);
    if (!iterable) data = toData(data, encoding || 'utf8');
    if (signal?.aborted) throw abortError(signal);
    if (path instanceof FileHandle) {
      path.writeFile(data, options).then(resolve, reject);
    } else if (iterable || flush) {
      writeThroughHandle(path, data, options).then(resolve, reject);
    } else {
      writeContent(toPath(path), data, options, settle(resolve, reject));
    }
  });
}

async function writeThroughHandle(path, data, options) {
  const handle = await open(path, options.flag || 'w', options.mode);
  try {
    const { flush, ...rest } = options;
    await handle.writeFile(data, { ...rest, flag: undefined });
    if (flush) await handle.sync();
  } finally {
    await handle.close();
  }
}

function appendFile(path, data, options) {
  return promise((resolve, reject) => {
    options = appendOptions(path, options);
    writeFile(path, data, options).then(resolve, reject);
  });
}

function readFile(path, options) {
  return promise((resolve, reject) => {
    options = toOptions(options, readDefaults);
    if (path instanceof FileHandle) {
      path.readFile(options).then(resolve, reject);
      return;
    }
    if (options.signal?.aborted) throw abortError(options.signal);
    readContent(toPath(path), options, settle(resolve, reject));
  });
}

function watch(filename, options) {
  return require('fs/watch').watchIterator(filename, options);
}

module.exports = {
  access,
  copyFile,
  cp,
  glob,
  open,
  opendir,
  rename,
  truncate,
  rm,
  rmdir,
  mkdir,
  readdir,
  readlink,
  symlink,
  lstat,
  stat,
  statfs,
  link,
  unlink,
  chmod,
  lchmod,
  lchown,
  chown,
  utimes,
  lutimes,
  realpath,
  mkdtemp,
  mkdtempDisposable,
  writeFile,
  appendFile,
  readFile,
  watch,
  constants,
};

'use strict';

// node:fs. The functions live in files by subject; what few programs use is loaded when first touched.

const attributes = require('fs/attributes');
const descriptors = require('fs/descriptors');
const files = require('fs/files');
const folders = require('fs/folders');
const links = require('fs/links');
const { PublicStats } = require('fs/stats');
const { Dirent } = require('fs/dirent');
const { constants } = require('fs/constants');
const { toUnixTimestamp } = require('fs/args');

const {
  access,
  accessSync,
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
  statSync,
  statfs,
  statfsSync,
  utimes,
  utimesSync,
} = attributes;
const {
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
} = descriptors;
const {
  appendFile,
  appendFileSync,
  copyFile,
  copyFileSync,
  readFile,
  readFileSync,
  truncate,
  truncateSync,
  writeFile,
  writeFileSync,
} = files;
const {
  mkdir,
  mkdirSync,
  mkdtemp,
  mkdtempDisposableSync,
  mkdtempSync,
  readdir,
  readdirSync,
  rm,
  rmSync,
  rmdir,
  rmdirSync,
} = folders;
const {
  link,
  linkSync,
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
} = links;

function cp(src, dest, options, callback) {
  require('fs/cp').cp(src, dest, options, callback);
}

function cpSync(src, dest, options) {
  require('fs/cp').cpSync(src, dest, options);
}

function createReadStream(path, options) {
  return new (require('fs/read_stream').ReadStream)(path, options);
}

function createWriteStream(path, options) {
  return new (require('fs/write_stream').WriteStream)(path, options);
}

function glob(pattern, options, callback) {
  require('fs/glob').glob(pattern, options, callback);
}

function globSync(pattern, options) {
  return require('fs/glob').globSync(pattern, options);
}

function openAsBlob(path, options) {
  return require('fs/open_as_blob').openAsBlob(path, options);
}

function opendir(path, options, callback) {
  require('fs/dir').opendir(path, options, callback);
}

function opendirSync(path, options) {
  return require('fs/dir').opendirSync(path, options);
}

function watch(filename, options, listener) {
  return require('fs/watch').watch(filename, options, listener);
}

function watchFile(filename, options, listener) {
  return require('fs/watch_file').watchFile(filename, options, listener);
}

function unwatchFile(filename, listener) {
  require('fs/watch_file').unwatchFile(filename, listener);
}

const fs = {
  appendFile,
  appendFileSync,
  access,
  accessSync,
  chown,
  chownSync,
  chmod,
  chmodSync,
  close,
  closeSync,
  copyFile,
  copyFileSync,
  cp,
  cpSync,
  createReadStream,
  createWriteStream,
  exists,
  existsSync,
  fchown,
  fchownSync,
  fchmod,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fstat,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncate,
  ftruncateSync,
  futimes,
  futimesSync,
  glob,
  globSync,
  lchown,
  lchownSync,
  // Only macOS can change a link's own mode.
  lchmod: undefined,
  lchmodSync: undefined,
  link,
  linkSync,
  lstat,
  lstatSync,
  lutimes,
  lutimesSync,
  mkdir,
  mkdirSync,
  mkdtemp,
  mkdtempSync,
  mkdtempDisposableSync,
  open,
  openSync,
  openAsBlob,
  readdir,
  readdirSync,
  read,
  readSync,
  readv,
  readvSync,
  readFile,
  readFileSync,
  readlink,
  readlinkSync,
  realpath,
  realpathSync,
  rename,
  renameSync,
  rm,
  rmSync,
  rmdir,
  rmdirSync,
  stat,
  statfs,
  statSync,
  statfsSync,
  symlink,
  symlinkSync,
  truncate,
  truncateSync,
  unwatchFile,
  unlink,
  unlinkSync,
  utimes,
  utimesSync,
  watch,
  watchFile,
  writeFile,
  writeFileSync,
  write,
  writeSync,
  writev,
  writevSync,
  Dirent,
  Stats: PublicStats,
};
module.exports = fs;

/** A class that is loaded when first asked for and may be replaced. */
function lazyClass(name, load) {
  let value;
  Object.defineProperty(fs, name, {
    __proto__: null,
    get: { [name]: () => (value ??= load()) }[name],
    set: {
      [name]: (replacement) => {
        value = replacement;
      },
    }[name],
    enumerable: true,
    configurable: true,
  });
}

lazyClass('ReadStream', () => require('fs/read_stream').ReadStream);
lazyClass('WriteStream', () => require('fs/write_stream').WriteStream);
lazyClass('FileReadStream', () => require('fs/read_stream').ReadStream);
lazyClass('FileWriteStream', () => require('fs/write_stream').WriteStream);
lazyClass('Utf8Stream', () => require('fs/utf8_stream').Utf8Stream);
fs._toUnixTimestamp = toUnixTimestamp;
lazyClass('Dir', () => require('fs/dir').Dir);
fs.opendir = opendir;
fs.opendirSync = opendirSync;

let warnedModes = false;
for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) {
  Object.defineProperty(fs, name, {
    __proto__: null,
    get() {
      if (!warnedModes) {
        warnedModes = true;
        process.emitWarning(
          `fs.${name} is deprecated, use fs.constants.${name} instead`,
          'DeprecationWarning',
          'DEP0176',
        );
      }
      return constants[name];
    },
    enumerable: false,
    configurable: false,
  });
}

Object.defineProperties(fs, {
  constants: { __proto__: null, value: constants, enumerable: true },
  promises: {
    __proto__: null,
    get() {
      return require('fs/promises');
    },
    enumerable: true,
    configurable: true,
  },
});

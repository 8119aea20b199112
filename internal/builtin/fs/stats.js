'use strict';

// What stat and statfs answer with. The numbers cross as one array; dates are made when they are first asked for.

const { constants } = require('fs/constants');

const { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } = constants;

/** What Stats and BigIntStats have in common. */
function StatsBase(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
}

StatsBase.prototype.isDirectory = function () {
  return this._checkModeProperty(S_IFDIR);
};
StatsBase.prototype.isFile = function () {
  return this._checkModeProperty(S_IFREG);
};
StatsBase.prototype.isBlockDevice = function () {
  return this._checkModeProperty(S_IFBLK);
};
StatsBase.prototype.isCharacterDevice = function () {
  return this._checkModeProperty(S_IFCHR);
};
StatsBase.prototype.isSymbolicLink = function () {
  return this._checkModeProperty(S_IFLNK);
};
StatsBase.prototype.isFIFO = function () {
  return this._checkModeProperty(S_IFIFO);
};
StatsBase.prototype.isSocket = function () {
  return this._checkModeProperty(S_IFSOCK);
};

/** Of numbers, times in ms. */
function Stats(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeMs, mtimeMs, ctimeMs, birthtimeMs) {
  this.dev = dev;
  this.mode = mode;
  this.nlink = nlink;
  this.uid = uid;
  this.gid = gid;
  this.rdev = rdev;
  this.blksize = blksize;
  this.ino = ino;
  this.size = size;
  this.blocks = blocks;
  this.atimeMs = atimeMs;
  this.mtimeMs = mtimeMs;
  this.ctimeMs = ctimeMs;
  this.birthtimeMs = birthtimeMs;
}

function BigIntStats(
  dev,
  mode,
  nlink,
  uid,
  gid,
  rdev,
  blksize,
  ino,
  size,
  blocks,
  atimeNs,
  mtimeNs,
  ctimeNs,
  birthtimeNs,
) {
  StatsBase.call(this, dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks);
  this.atimeMs = atimeNs / 1000000n;
  this.mtimeMs = mtimeNs / 1000000n;
  this.ctimeMs = ctimeNs / 1000000n;
  this.birthtimeMs = birthtimeNs / 1000000n;
  this.atimeNs = atimeNs;
  this.mtimeNs = mtimeNs;
  this.ctimeNs = ctimeNs;
  this.birthtimeNs = birthtimeNs;
}

for (const Class of [Stats, BigIntStats]) {
  Object.setPrototypeOf(Class.prototype, StatsBase.prototype);
  Object.setPrototypeOf(Class, StatsBase);
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
    const ms = `${name}Ms`;
    const define = (stats, value) =>
      Object.defineProperty(stats, name, {
        __proto__: null,
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    Object.defineProperty(Class.prototype, name, {
      __proto__: null,
      get() {
        const date = new Date(Math.round(Number(this[ms])));
        define(this, date);
        return date;
      },
      set(value) {
        define(this, value);
      },
      enumerable: true,
      configurable: true,
    });
  }
}

Stats.prototype._checkModeProperty = function (kind) {
  return (this.mode & S_IFMT) === kind;
};
BigIntStats.prototype._checkModeProperty = function (kind) {
  return (this.mode & BigInt(S_IFMT)) === BigInt(kind);
};

/** @param {Float64Array} v what the native gave: ten numbers, then seconds and nanoseconds of four times */
function statsOf(v) {
  return new Stats(
    v[0],
    v[1],
    v[2],
    v[3],
    v[4],
    v[5],
    v[6],
    v[7],
    v[8],
    v[9],
    v[10] * 1e3 + v[11] / 1e6,
    v[12] * 1e3 + v[13] / 1e6,
    v[14] * 1e3 + v[15] / 1e6,
    v[16] * 1e3 + v[17] / 1e6,
  );
}

/** @param {bigint[]} v */
function bigIntStatsOf(v) {
  return new BigIntStats(
    v[0],
    v[1],
    v[2],
    v[3],
    v[4],
    v[5],
    v[6],
    v[7],
    v[8],
    v[9],
    v[10] * 1000000000n + v[11],
    v[12] * 1000000000n + v[13],
    v[14] * 1000000000n + v[15],
    v[16] * 1000000000n + v[17],
  );
}

/** Of a file that does not exist, as watchFile reports it. */
function emptyStats(bigint) {
  return bigint ? bigIntStatsOf(new Array(18).fill(0n)) : statsOf(new Float64Array(18));
}

class StatFs {
  constructor(v) {
    this.type = v[0];
    this.bsize = v[1];
    this.frsize = v[2];
    this.blocks = v[3];
    this.bfree = v[4];
    this.bavail = v[5];
    this.files = v[6];
    this.ffree = v[7];
  }
}

let warned = false;

/** fs.Stats: programs are not meant to make any. */
const PublicStats = function Stats(...args) {
  if (!warned) {
    warned = true;
    process.emitWarning('fs.Stats constructor is deprecated.', 'DeprecationWarning', 'DEP0180');
  }
  return Reflect.construct(StatsOwn, args, new.target ?? StatsOwn);
};
const StatsOwn = Stats;
PublicStats.prototype = Stats.prototype;
Object.defineProperty(PublicStats, 'length', { __proto__: null, value: 14, configurable: true });

module.exports = { PublicStats, StatFs, Stats, bigIntStatsOf, emptyStats, statsOf };

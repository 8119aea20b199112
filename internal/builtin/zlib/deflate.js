'use strict';

// The seven streams of the deflate family. They are functions, not classes: programs call them without `new` and
// inherit from them in the old way.

const { ZlibBase, withoutNew } = require('zlib/base');
const { inRange, zlibOptions } = require('zlib/options');
const { constants } = require('zlib/constants');

const { open } = native;
const {
  DEFLATE,
  INFLATE,
  GZIP,
  GUNZIP,
  DEFLATERAW,
  INFLATERAW,
  UNZIP,
  Z_FULL_FLUSH,
  Z_SYNC_FLUSH,
  Z_MIN_LEVEL,
  Z_MAX_LEVEL,
  Z_DEFAULT_STRATEGY,
  Z_FIXED,
} = constants;

/**
 * @constructor
 * @param {any} opts
 * @param {number} mode
 */
function Zlib(opts, mode) {
  const o = zlibOptions(opts, mode);
  ZlibBase.call(this, opts, mode, o, Z_FULL_FLUSH, () =>
    open(mode, this._level, o.windowBits, o.memLevel, this._strategy, o.dictionary),
  );
  this._level = o.level;
  this._strategy = o.strategy;
}
Object.setPrototypeOf(Zlib.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Zlib, ZlibBase);

/**
 * @param {number} level
 * @param {number} strategy
 * @param {() => void} [callback]
 */
Zlib.prototype.params = function (level, strategy, callback) {
  level = inRange(level, 'level', Z_MIN_LEVEL, Z_MAX_LEVEL, constants.Z_DEFAULT_LEVEL);
  strategy = inRange(strategy, 'strategy', Z_DEFAULT_STRATEGY, Z_FIXED, Z_DEFAULT_STRATEGY);
  if (this._level === level && this._strategy === strategy) {
    if (callback) process.nextTick(callback);
    return;
  }
  this.flush(Z_SYNC_FLUSH, () => {
    if (this.destroyed) return;
    if (!this._handle) require('assert')(false, 'zlib binding closed');
    try {
      this._handle.params(level, strategy);
    } catch (error) {
      this.destroy(error);
      return;
    }
    this._level = level;
    this._strategy = strategy;
    callback?.();
  });
};

function define(name, mode) {
  const Class = {
    [name]: function (opts) {
      if (!(this instanceof Class)) return withoutNew(Class, opts);
      Zlib.call(this, opts, mode);
    },
  }[name];
  Object.setPrototypeOf(Class.prototype, Zlib.prototype);
  Object.setPrototypeOf(Class, Zlib);
  return Class;
}

module.exports = {
  Deflate: define('Deflate', DEFLATE),
  Inflate: define('Inflate', INFLATE),
  Gzip: define('Gzip', GZIP),
  Gunzip: define('Gunzip', GUNZIP),
  DeflateRaw: define('DeflateRaw', DEFLATERAW),
  InflateRaw: define('InflateRaw', INFLATERAW),
  Unzip: define('Unzip', UNZIP),
};

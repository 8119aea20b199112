'use strict';

// What the readable and the writable side keep in common: one bit field per side instead of two dozen booleans, the
// names under which those bits are visible on `_readableState` and `_writableState`, and the high-water marks.
// The two sides share the low bits, so that destroy.js and friends need to know only one set of names.

const { ERR_INVALID_ARG_VALUE } = require('shared/errors').codes;
const { validateInteger } = require('shared/validators');

/** Bits that mean the same on both sides. A bit field stays below 2^30 to be a small integer for V8. */
const common = {
  objectMode: 1 << 0,
  ended: 1 << 1,
  constructed: 1 << 2,
  sync: 1 << 3,
  errorEmitted: 1 << 4,
  emitClose: 1 << 5,
  autoDestroy: 1 << 6,
  destroyed: 1 << 7,
  closed: 1 << 8,
  closeEmitted: 1 << 9,
};

/** First bit that a side may use for itself. */
const firstOwnBit = 10;

/**
 * Makes each bit of `table` a property of `prototype` that reads and writes `this.bits`.
 * @param {object} prototype
 * @param {Record<string, number>} table
 */
function defineFlags(prototype, table) {
  for (const name of Object.keys(table)) {
    const bit = table[name];
    Object.defineProperty(prototype, name, {
      __proto__: null,
      enumerable: false,
      configurable: true,
      get() {
        return (this.bits & bit) !== 0;
      },
      set(value) {
        if (value) this.bits |= bit;
        else this.bits &= ~bit;
      },
    });
  }
}

let bytesMark = 64 * 1024;
let objectsMark = 16;

/** @param {boolean} objectMode */
function getDefaultHighWaterMark(objectMode) {
  return objectMode ? objectsMark : bytesMark;
}

/**
 * @param {boolean} objectMode
 * @param {number} value
 */
function setDefaultHighWaterMark(objectMode, value) {
  validateInteger(value, 'value', 0);
  if (objectMode) objectsMark = value;
  else bytesMark = value;
}

/**
 * The mark that a stream starts with: the common option, the option of this side of a duplex, or the default.
 * @param {Options | undefined} options
 * @param {string} sideKey 'readableHighWaterMark' or 'writableHighWaterMark'
 * @param {boolean} isDuplex
 * @param {boolean} objectMode
 */
function highWaterMarkOf(options, sideKey, isDuplex, objectMode) {
  if (options) {
    const mark = options.highWaterMark ?? (isDuplex ? options[sideKey] : undefined);
    if (mark !== undefined && mark !== null) {
      if (!Number.isInteger(mark) || mark < 0) {
        throw new ERR_INVALID_ARG_VALUE(isDuplex ? `options.${sideKey}` : 'options.highWaterMark', mark);
      }
      return mark;
    }
  }
  return objectMode ? objectsMark : bytesMark;
}

module.exports = {
  common,
  firstOwnBit,
  defineFlags,
  getDefaultHighWaterMark,
  setDefaultHighWaterMark,
  highWaterMarkOf,
};

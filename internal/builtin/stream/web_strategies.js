'use strict';

// ByteLengthQueuingStrategy and CountQueuingStrategy.

const { codes } = require('shared/errors');
const { ERR_INVALID_ARG_TYPE, ERR_MISSING_OPTION } = codes;
const { finishClass, inspectAs, kInspect, wrongThis } = require('stream/web_shared');

// One function for all instances, with the name that the standard gives it.
const byteLengthSize = Object.defineProperty((chunk) => chunk.byteLength, 'name', { __proto__: null, value: 'size' });
const countSize = Object.defineProperty(() => 1, 'name', { __proto__: null, value: 'size' });

function markOf(init) {
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
    throw new ERR_INVALID_ARG_TYPE('init', 'Object', init);
  }
  if (init.highWaterMark === undefined) throw new ERR_MISSING_OPTION('init.highWaterMark');
  return +init.highWaterMark;
}

class ByteLengthQueuingStrategy {
  #highWaterMark;

  /** @param {{ highWaterMark: number }} init */
  constructor(init) {
    this.#highWaterMark = markOf(init);
  }

  get highWaterMark() {
    if (!(#highWaterMark in this)) throw wrongThis('ByteLengthQueuingStrategy');
    return this.#highWaterMark;
  }

  get size() {
    if (!(#highWaterMark in this)) throw wrongThis('ByteLengthQueuingStrategy');
    return byteLengthSize;
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'ByteLengthQueuingStrategy', { highWaterMark: this.highWaterMark }, depth, options);
  }
}
finishClass(ByteLengthQueuingStrategy, ['highWaterMark', 'size']);

class CountQueuingStrategy {
  #highWaterMark;

  /** @param {{ highWaterMark: number }} init */
  constructor(init) {
    this.#highWaterMark = markOf(init);
  }

  get highWaterMark() {
    if (!(#highWaterMark in this)) throw wrongThis('CountQueuingStrategy');
    return this.#highWaterMark;
  }

  get size() {
    if (!(#highWaterMark in this)) throw wrongThis('CountQueuingStrategy');
    return countSize;
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'CountQueuingStrategy', { highWaterMark: this.highWaterMark }, depth, options);
  }
}
finishClass(CountQueuingStrategy, ['highWaterMark', 'size']);

module.exports = { ByteLengthQueuingStrategy, CountQueuingStrategy };

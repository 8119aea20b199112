'use strict';

// structuredClone.

const { structuredClone: cloneNative } = engine;
const {
  codes: { ERR_MISSING_ARGS },
  fromNative,
} = require('shared/errors');

/**
 * Classes that can be cloned carry this on their prototype: a function called on the object, which returns the clone.
 */
const kClone = Symbol('kClone');

/** What worker_threads.markAsUntransferable marked. */
const untransferable = new WeakSet();

const host = {
  symbol: kClone,
  clone: (object) => {
    const make = object[kClone];
    if (typeof make !== 'function') throw host.error(`${Object.prototype.toString.call(object)} could not be cloned.`);
    return make.call(object);
  },
  error(message) {
    const { DOMException } = require('shared/domexception');
    return new DOMException(message, 'DataCloneError');
  },
};

function wrongType(message) {
  return fromNative(1, 'ERR_INVALID_ARG_TYPE', `Failed to execute 'structuredClone': ${message}`);
}

function refuse() {
  throw host.error('Cannot clone object of unsupported type.');
}

/**
 * worker_threads.markAsUncloneable. Memory stays cloneable.
 * @param {object} object
 * @returns {boolean} whether it could be marked
 */
function refuseClone(object) {
  if (engine.isArrayBuffer(object) || ArrayBuffer.isView(object)) return true;
  return Reflect.defineProperty(object, kClone, { __proto__: null, value: refuse });
}

/**
 * @param {any} value
 * @param {{transfer?: Iterable<object>}} [options]
 */
function structuredClone(value, options) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('The value argument');
  if (options !== undefined && options !== null && typeof options !== 'object' && typeof options !== 'function') {
    throw wrongType('Options cannot be converted to a dictionary');
  }
  const list = options?.transfer;
  let transfer;
  if (list !== undefined) {
    if (list === null || typeof list !== 'object' || typeof list[Symbol.iterator] !== 'function') {
      throw wrongType('transfer in Options can not be converted to sequence.');
    }
    transfer = [...list];
    const seen = new Set();
    for (const t of transfer) {
      if (t === null || (typeof t !== 'object' && typeof t !== 'function')) {
        throw wrongType(`transfer in Options[${transfer.indexOf(t)}] is not an object.`);
      }
      if (untransferable.has(t)) throw host.error('Cannot transfer object of unsupported type.');
      if (!engine.isArrayBuffer(t)) throw host.error('Found invalid value in transferList.');
      if (seen.has(t)) throw host.error('Transfer list contains duplicate ArrayBuffer');
      seen.add(t);
    }
  }
  return cloneNative(value, transfer, host);
}

module.exports = { structuredClone, kClone, host, untransferable, refuseClone };

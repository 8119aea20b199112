'use strict';

// structuredClone.

const { structuredClone: cloneNative } = engine;
const {
  codes: { ERR_MISSING_ARGS },
  fromNative,
} = require('shared/errors');
const { kClone, kTransfer, dataCloneError, refuse } = require('shared/clone');

/** What worker_threads.markAsUntransferable marked. */
const untransferable = new WeakSet();

const host = {
  symbol: kClone,
  clone: (object) => {
    const make = object[kClone];
    if (typeof make !== 'function')
      throw dataCloneError(`${Object.prototype.toString.call(object)} could not be cloned.`);
    return make.call(object);
  },
  error: dataCloneError,
};

function wrongType(message) {
  return fromNative(1, 'ERR_INVALID_ARG_TYPE', `Failed to execute 'structuredClone': ${message}`);
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

function isDOMException(value) {
  return typeof value === 'object' && value !== null && require('shared/domexception').isDOMException(value);
}

/** @param {Error} error */
function cloneDOMException(error) {
  const { DOMException } = require('shared/domexception');
  const copy = new DOMException(error.message, error.name);
  Object.defineProperty(copy, 'stack', {
    __proto__: null,
    configurable: true,
    writable: true,
    value: error.stack,
  });
  return copy;
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
  /** What has been moved, by what it was. @type {Map<object, object> | undefined} */
  let moved;
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
      if (untransferable.has(t)) throw dataCloneError('Cannot transfer object of unsupported type.');
      const buffer = engine.isArrayBuffer(t);
      if (!buffer && typeof t[kTransfer] !== 'function') throw dataCloneError('Found invalid value in transferList.');
      if (seen.has(t))
        throw dataCloneError(`Transfer list contains duplicate ${buffer ? 'ArrayBuffer' : t.constructor.name}`);
      seen.add(t);
    }
    for (const t of transfer) {
      if (engine.isArrayBuffer(t)) continue;
      moved ??= new Map();
      moved.set(t, t[kTransfer]());
    }
  }
  // An Error to V8, which asks nobody what to make of those.
  if (isDOMException(value)) {
    if (transfer !== undefined) cloneNative(undefined, transfer, host);
    return cloneDOMException(value);
  }
  if (moved === undefined) return cloneNative(value, transfer, host);
  return cloneNative(value, transfer, { __proto__: host, clone: (object) => moved.get(object) ?? host.clone(object) });
}

module.exports = { structuredClone, host, untransferable, refuseClone };

'use strict';

// AsyncLocalStorage on V8's continuation data, which promises carry from where a reaction was added to where it runs;
// timers, ticks and host callbacks do the same centrally.
//
// The data is a frame: undefined, or an array of storage, value, storage, value and so on. A program has few storages, so a
// scan beats a map, and a run() costs one small array. A frame is never written to, except by disable().

const { validateObject } = require('shared/validators');

const { getContinuationData, setContinuationData } = engine;

/** A copy of `frame` in which `storage` has `value`. */
function frameWith(frame, storage, value) {
  if (frame === undefined) return [storage, value];
  const copy = frame.slice();
  for (let i = 0; i < copy.length; i += 2) {
    if (copy[i] === storage) {
      copy[i + 1] = value;
      return copy;
    }
  }
  copy.push(storage, value);
  return copy;
}

/** A copy of `frame` in which `storage` is as it is in `model`. */
function frameLike(frame, model, storage) {
  for (let i = 0; model !== undefined && i < model.length; i += 2) {
    if (model[i] === storage) return frameWith(frame, storage, model[i + 1]);
  }
  if (frame === undefined) return undefined;
  const copy = [];
  for (let i = 0; i < frame.length; i += 2) {
    if (frame[i] !== storage) copy.push(frame[i], frame[i + 1]);
  }
  return copy.length === 0 ? undefined : copy;
}

/** @template T */
class AsyncLocalStorage {
  #defaultValue = undefined;
  #name = undefined;

  /** @param {{ defaultValue?: T, name?: string }} [options] */
  constructor(options = undefined) {
    if (options !== undefined) {
      validateObject(options, 'options');
      this.#defaultValue = options.defaultValue;
      if (options.name !== undefined) this.#name = `${options.name}`;
    }
  }

  get name() {
    return this.#name || '';
  }

  /**
   * @template {Function} F
   * @param {F} fn
   * @returns {F} runs in the context of now
   */
  static bind(fn) {
    return require('async_hooks').AsyncResource.bind(fn);
  }

  /** @returns {(fn: Function, ...args: any[]) => any} calls `fn` in the context of now */
  static snapshot() {
    return require('async_hooks').AsyncResource.bind((fn, ...args) => fn(...args));
  }

  /** Takes the store from the current context, also for what was started in it before. */
  disable() {
    const frame = getContinuationData();
    if (frame === undefined) return;
    for (let i = 0; i < frame.length; i += 2) {
      if (frame[i] === this) {
        frame.splice(i, 2);
        // A run() under way shall see that the context is another one.
        setContinuationData(frame.slice());
        return;
      }
    }
  }

  /** @param {T} store */
  enterWith(store) {
    setContinuationData(frameWith(getContinuationData(), this, store));
  }

  /**
   * @param {T} store
   * @param {Function} fn
   * @param {...any} args
   */
  run(store, fn, ...args) {
    const before = getContinuationData();
    const frame = frameWith(before, this, store);
    setContinuationData(frame);
    try {
      return Reflect.apply(fn, null, args);
    } finally {
      const after = getContinuationData();
      // What `fn` entered for other storages stays.
      setContinuationData(after === frame ? before : frameLike(after, before, this));
    }
  }

  exit(fn, ...args) {
    return this.run(undefined, fn, ...args);
  }

  /** @returns {T | undefined} */
  getStore() {
    const frame = getContinuationData();
    if (frame !== undefined) {
      for (let i = 0; i < frame.length; i += 2) {
        if (frame[i] === this) return frame[i + 1];
      }
    }
    return this.#defaultValue;
  }
}

module.exports = { AsyncLocalStorage };

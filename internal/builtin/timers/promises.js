'use strict';

// node:timers/promises: timers to await, each of which an AbortSignal can end early.
const { Timeout, Immediate, start, clearTimeout, clearImmediate } = require('timers/lists');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('shared/validators');

/** Checks { signal, ref } and throws the AbortError of a signal that has fired already. */
function checkOptions(options) {
  validateObject(options, 'options');
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) validateBoolean(options.ref, 'options.ref');
}

function abortError(signal) {
  const { AbortError } = require('shared/errors');
  return new AbortError(undefined, { cause: signal.reason });
}

/** The promise of what `begin` starts: it gets `resolve` and returns a function that stops it. */
function cancellable(signal, begin) {
  if (signal === undefined) return new Promise(begin);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stop();
      reject(abortError(signal));
    };
    const stop = begin((value) => {
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * @param {number} [delay] in ms
 * @param {any} [value] what the promise is fulfilled with
 * @param {Options & { signal?: AbortSignal, ref?: boolean }} [options]
 */
function setTimeout(delay, value, options = { __proto__: null }) {
  try {
    if (delay !== undefined) validateNumber(delay, 'delay');
    checkOptions(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { signal, ref = true } = options;
  if (signal?.aborted) return Promise.reject(abortError(signal));
  return cancellable(signal, (resolve) => {
    const timer = new Timeout(resolve, delay, [value], false, ref);
    start(timer);
    return () => clearTimeout(timer);
  });
}

/**
 * @param {any} [value] what the promise is fulfilled with
 * @param {Options & { signal?: AbortSignal, ref?: boolean }} [options]
 */
function setImmediate(value, options = { __proto__: null }) {
  try {
    checkOptions(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { signal, ref = true } = options;
  if (signal?.aborted) return Promise.reject(abortError(signal));
  return cancellable(signal, (resolve) => {
    const immediate = new Immediate(resolve, [value]);
    if (!ref) immediate.unref();
    return () => clearImmediate(immediate);
  });
}

/**
 * Yields `value` every `delay` ms. Ticks that nobody awaited are not lost: they are yielded at once.
 * @param {number} [delay]
 * @param {any} [value]
 * @param {Options & { signal?: AbortSignal, ref?: boolean }} [options]
 */
async function* setInterval(delay, value, options = { __proto__: null }) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  checkOptions(options);
  const { signal, ref = true } = options;
  if (signal?.aborted) throw abortError(signal);

  let due = 0;
  let wake; // settles the await below
  const settle = () => {
    wake?.();
    wake = undefined;
  };
  const timer = new Timeout(
    () => {
      due++;
      settle();
    },
    delay,
    undefined,
    true,
    ref,
  );
  start(timer);
  const onAbort = () => {
    clearTimeout(timer);
    settle();
  };
  signal?.addEventListener('abort', onAbort, { once: true });

  try {
    while (!signal?.aborted) {
      if (due === 0)
        await new Promise((resolve) => {
          wake = resolve;
        });
      for (; due > 0; due--) yield value;
    }
    throw abortError(signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

const kScheduler = Symbol('kScheduler');

/** https://github.com/WICG/scheduling-apis, the two methods of it that make sense outside of a page. */
class Scheduler {
  constructor() {
    const { ERR_ILLEGAL_CONSTRUCTOR } = require('shared/errors').codes;
    throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  yield() {
    checkScheduler(this);
    return setImmediate();
  }

  wait(delay, options) {
    checkScheduler(this);
    return setTimeout(delay, undefined, options);
  }
}

function checkScheduler(value) {
  if (!value?.[kScheduler]) {
    const { ERR_INVALID_THIS } = require('shared/errors').codes;
    throw new ERR_INVALID_THIS('Scheduler');
  }
}

const scheduler = Object.create(Scheduler.prototype, {
  [kScheduler]: { __proto__: null, configurable: true, enumerable: true, writable: true, value: true },
});

module.exports = { setTimeout, setImmediate, setInterval, scheduler };

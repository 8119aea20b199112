'use strict';

// Events as promises: events.once() and events.on().

const { AbortError, codes } = require('shared/errors');
const { validateAbortSignal, validateInteger, validateObject } = require('shared/validators');

const { ERR_INVALID_ARG_TYPE } = codes;

function listen(emitter, name, listener, once) {
  if (typeof emitter.on === 'function') {
    if (once) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === 'function') {
    emitter.addEventListener(name, listener, { __proto__: null, once });
  } else {
    throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

function unlisten(emitter, name, listener) {
  if (typeof emitter.removeListener === 'function') {
    emitter.removeListener(name, listener);
  } else if (typeof emitter.removeEventListener === 'function') {
    emitter.removeEventListener(name, listener);
  } else {
    throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

function onAbort(signal, listener) {
  const { resistStopPropagation } = require('events/target');
  signal.addEventListener('abort', listener, { __proto__: null, once: true, [resistStopPropagation]: true });
}

function once(emitter, name, options) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new Promise((resolve, reject) => {
    function onError(error) {
      emitter.removeListener(name, onEvent);
      signal?.removeEventListener('abort', aborted);
      reject(error);
    }
    function onEvent(...args) {
      if (watchesErrors) emitter.removeListener('error', onError);
      signal?.removeEventListener('abort', aborted);
      resolve(args);
    }
    function aborted() {
      unlisten(emitter, name, onEvent);
      unlisten(emitter, 'error', onError);
      reject(new AbortError(undefined, { cause: signal?.reason }));
    }
    // An EventTarget has no errors, and who waits for 'error' gets it as the event.
    const watchesErrors = name !== 'error' && typeof emitter.once === 'function';
    listen(emitter, name, onEvent, true);
    if (watchesErrors) emitter.once('error', onError);
    if (signal) onAbort(signal, aborted);
  });
}

const asyncIteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf(async function* generator() {
    /* only its prototype is wanted */
  }).prototype,
);

const iteratorState = Symbol.for('nodejs.watermarkData');

/** Past this many read items at the head of the queue they are cut off. */
const compactAt = 1024;

/** An option of on() for our own use: the values are the first arguments of the events. */
const firstOnly = Symbol('first argument only');

class EventIterator {
  #emitter;
  #event;
  #closeEvents;
  #signal;
  #high;
  #low;
  #queue = [];
  #head = 0;
  #waiting = [];
  #paused = false;
  #error = null;
  #finished = false;
  #onEvent;
  #onError;
  #onClose;
  #onAbort;

  constructor(emitter, event, options) {
    this.#emitter = emitter;
    this.#event = event;
    const { signal } = options;
    this.#signal = signal;
    this.#high = options.highWaterMark ?? options.highWatermark ?? Number.MAX_SAFE_INTEGER;
    this.#low = options.lowWaterMark ?? options.lowWatermark ?? 1;
    validateInteger(this.#high, 'options.highWaterMark', 1);
    validateInteger(this.#low, 'options.lowWaterMark', 1);
    this.#closeEvents = options.close;

    this.#onEvent = options[firstOnly] ? (arg) => this.#push(arg) : (...args) => this.#push(args);
    this.#onError = (error) => this.#fail(error);
    this.#onClose = () => this.#close();
    listen(emitter, event, this.#onEvent, false);
    if (event !== 'error' && typeof emitter.on === 'function') emitter.on('error', this.#onError);
    if (this.#closeEvents?.length) {
      for (const name of this.#closeEvents) listen(emitter, name, this.#onClose, false);
    }
    if (signal) {
      this.#onAbort = () => this.#fail(new AbortError(undefined, { cause: signal.reason }));
      onAbort(signal, this.#onAbort);
    }
  }

  #size() {
    return this.#queue.length - this.#head;
  }

  #push(args) {
    if (this.#waiting.length > 0) {
      this.#waiting.shift().resolve({ value: args, done: false });
      return;
    }
    this.#queue.push(args);
    if (!this.#paused && this.#size() > this.#high && typeof this.#emitter.pause === 'function') {
      this.#paused = true;
      this.#emitter.pause();
    }
  }

  #fail(error) {
    if (this.#waiting.length > 0) this.#waiting.shift().reject(error);
    else this.#error = error;
    this.#close();
  }

  #close() {
    this.#unlisten();
    this.#finished = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve({ value: undefined, done: true });
  }

  #unlisten() {
    unlisten(this.#emitter, this.#event, this.#onEvent);
    if (this.#event !== 'error' && typeof this.#emitter.on === 'function') {
      unlisten(this.#emitter, 'error', this.#onError);
    }
    if (this.#closeEvents?.length) {
      for (const name of this.#closeEvents) unlisten(this.#emitter, name, this.#onClose);
    }
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  next() {
    if (this.#size() > 0) {
      const value = this.#queue[this.#head];
      this.#queue[this.#head++] = undefined;
      if (this.#head === this.#queue.length) {
        this.#queue.length = this.#head = 0;
      } else if (this.#head >= compactAt) {
        this.#queue.splice(0, this.#head);
        this.#head = 0;
      }
      if (this.#paused && this.#size() < this.#low) {
        this.#paused = false;
        if (!this.#finished) this.#emitter.resume();
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.#error) {
      const error = this.#error;
      this.#error = null;
      return Promise.reject(error);
    }
    if (this.#finished) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return() {
    this.#close();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error) {
    if (!(error instanceof Error)) {
      throw new ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', error);
    }
    this.#fail(error);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** What is queued at any time, and where pausing begins and ends. */
  get [iteratorState]() {
    const size = () => this.#size();
    const isPaused = () => this.#paused;
    return {
      low: this.#low,
      high: this.#high,
      get size() {
        return size();
      },
      get isPaused() {
        return isPaused();
      },
    };
  }
}
Object.setPrototypeOf(EventIterator.prototype, asyncIteratorPrototype);

function on(emitter, event, options) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new EventIterator(emitter, event, options);
}

module.exports = { firstOnly, on, once };

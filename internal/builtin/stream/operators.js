'use strict';

// The array-like methods of Readable. Those that give a stream are async generators here; readable.js makes streams of
// them.

const { AbortError, codes } = require('shared/errors');
const { validateAbortSignal, validateInteger, validateObject } = require('shared/validators');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS, ERR_OUT_OF_RANGE } = codes;
const { eos } = require('stream/finished');
const { isNodeStream, isWritable } = require('stream/predicates');

/** A mapper returns it for "no value". */
const kNothing = Symbol('nothing');

function checkFunction(fn, name) {
  if (typeof fn !== 'function') throw new ERR_INVALID_ARG_TYPE(name, ['Function', 'AsyncFunction'], fn);
}

function checkOptions(options) {
  if (options !== undefined && options !== null) validateObject(options, 'options');
  if (options?.signal !== undefined && options.signal !== null) validateAbortSignal(options.signal, 'options.signal');
}

function throwIfAborted(signal) {
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
}

function compose(stream, options) {
  checkOptions(options);
  if (isNodeStream(stream) && !isWritable(stream)) {
    throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be writable');
  }
  const composed = require('stream/compose')(this, stream);
  if (options?.signal) require('stream/add_abort_signal').attach(options.signal, composed);
  return composed;
}

function map(fn, options) {
  checkFunction(fn, 'fn');
  checkOptions(options);
  let concurrency = 1;
  if (options?.concurrency !== undefined && options.concurrency !== null) {
    concurrency = Math.floor(options.concurrency);
  }
  let highWaterMark = concurrency - 1;
  if (options?.highWaterMark !== undefined && options.highWaterMark !== null) {
    highWaterMark = Math.floor(options.highWaterMark);
  }
  validateInteger(concurrency, 'options.concurrency', 1);
  validateInteger(highWaterMark, 'options.highWaterMark', 0);
  return new Mapper(this, fn, options?.signal, concurrency, concurrency + highWaterMark).results();
}

/** Calls `fn` for several chunks at a time and hands out the results in the order of the chunks. */
class Mapper {
  constructor(source, fn, signal, concurrency, mark) {
    this.source = source;
    this.fn = fn;
    this.signal = AbortSignal.any(signal ? [signal] : []);
    this.concurrency = concurrency;
    this.mark = mark;
    /** Promises of results, oldest first. */
    this.queue = [];
    this.running = 0;
    this.done = false;
    this.wakeConsumer = null;
    this.wakeProducer = null;
    this.onSettled = () => {
      this.running--;
      this.goOn();
    };
    this.onFailed = () => {
      this.done = true;
      this.onSettled();
    };
  }

  goOn() {
    if (this.wakeProducer !== null && !this.done && this.running < this.concurrency && this.queue.length < this.mark) {
      const wake = this.wakeProducer;
      this.wakeProducer = null;
      wake();
    }
  }

  add(promise) {
    promise.then(this.onSettled, this.onFailed);
    this.queue.push(promise);
    this.notify();
  }

  notify() {
    if (this.wakeConsumer !== null) {
      const wake = this.wakeConsumer;
      this.wakeConsumer = null;
      wake();
    }
  }

  async produce() {
    const { fn, signal } = this;
    const options = { signal };
    try {
      for await (const chunk of this.source) {
        if (this.done) return;
        throwIfAborted(signal);
        let result;
        try {
          result = fn(chunk, options);
          if (result === kNothing) continue;
          result = Promise.resolve(result);
        } catch (err) {
          result = Promise.reject(err);
        }
        this.running++;
        this.add(result);
        if (!this.done && (this.queue.length >= this.mark || this.running >= this.concurrency)) {
          await new Promise((resolve) => {
            this.wakeProducer = resolve;
          });
        }
      }
      this.queue.push(null);
    } catch (err) {
      this.add(Promise.reject(err));
    } finally {
      this.done = true;
      this.notify();
    }
  }

  async *results() {
    this.produce();
    try {
      for (;;) {
        while (this.queue.length > 0) {
          if (this.queue[0] === null) return;
          const result = await this.queue[0];
          throwIfAborted(this.signal);
          if (result !== kNothing) yield result;
          this.queue.shift();
          this.goOn();
        }
        await new Promise((resolve) => {
          this.wakeConsumer = resolve;
        });
      }
    } finally {
      this.done = true;
      if (this.wakeProducer !== null) {
        this.wakeProducer();
        this.wakeProducer = null;
      }
    }
  }
}

function filter(fn, options) {
  checkFunction(fn, 'fn');
  return map.call(
    this,
    async function (value, opts) {
      return (await fn(value, opts)) ? value : kNothing;
    },
    options,
  );
}

function flatMap(fn, options) {
  const values = map.call(this, fn, options);
  return async function* flatMap() {
    for await (const value of values) yield* value;
  }.call(this);
}

function toCount(number) {
  number = Number(number);
  if (Number.isNaN(number)) return 0;
  if (number < 0) throw new ERR_OUT_OF_RANGE('number', '>= 0', number);
  return number;
}

function drop(number, options) {
  checkOptions(options);
  number = toCount(number);
  return async function* drop() {
    throwIfAborted(options?.signal);
    for await (const value of this) {
      throwIfAborted(options?.signal);
      if (number-- <= 0) yield value;
    }
  }.call(this);
}

function take(number, options) {
  checkOptions(options);
  number = toCount(number);
  return async function* take() {
    throwIfAborted(options?.signal);
    for await (const value of this) {
      throwIfAborted(options?.signal);
      if (number-- > 0) yield value;
      // Not one chunk more than was asked for.
      if (number <= 0) return;
    }
  }.call(this);
}

async function some(fn, options) {
  for await (const _ of filter.call(this, fn, options)) return true;
  return false;
}

async function every(fn, options) {
  checkFunction(fn, 'fn');
  return !(await some.call(this, async (...args) => !(await fn(...args)), options));
}

async function find(fn, options) {
  for await (const value of filter.call(this, fn, options)) return value;
  return undefined;
}

async function forEach(fn, options) {
  checkFunction(fn, 'fn');
  async function run(value, opts) {
    await fn(value, opts);
    return kNothing;
  }
  for await (const _ of map.call(this, run, options));
}

async function toArray(options) {
  checkOptions(options);
  const values = [];
  for await (const value of this) {
    if (options?.signal?.aborted) throw new AbortError(undefined, { cause: options.signal.reason });
    values.push(value);
  }
  return values;
}

async function reduce(reducer, initialValue, options) {
  checkFunction(reducer, 'reducer');
  checkOptions(options);
  let hasValue = arguments.length > 1;
  if (options?.signal?.aborted) {
    const err = new AbortError(undefined, { cause: options.signal.reason });
    this.once('error', () => {}); // the rejection tells it
    await new Promise((resolve) => eos(this.destroy(err), () => resolve()));
    throw err;
  }
  const controller = new AbortController();
  const { signal } = controller;
  if (options?.signal) {
    options.signal.addEventListener('abort', () => controller.abort(), { once: true });
  }
  let accumulator = initialValue;
  let gotAny = false;
  try {
    for await (const value of this) {
      gotAny = true;
      if (options?.signal?.aborted) throw new AbortError();
      if (hasValue) {
        accumulator = await reducer(accumulator, value, { signal });
      } else {
        accumulator = value;
        hasValue = true;
      }
    }
    if (!gotAny && !hasValue) {
      const err = new ERR_MISSING_ARGS('reduce');
      err.message = 'Reduce of an empty stream requires an initial value';
      throw err;
    }
  } finally {
    controller.abort();
  }
  return accumulator;
}

module.exports = { compose, drop, every, filter, find, flatMap, forEach, map, reduce, some, take, toArray };

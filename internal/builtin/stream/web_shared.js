'use strict';

// What all web streams are built on. Each public object (a stream, reader, writer, controller) is a thin face that
// checks its arguments; the algorithms of the Streams Standard are methods of the "core" behind it. This file has the
// queue of chunks with sizes, queuing strategies as options, calls into user code, and the look in console.log().

const { codes } = require('shared/errors');
const { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS } = codes;

const kInspect = Symbol.for('nodejs.util.inspect.custom');

/** The key that lets our own code call constructors that are illegal for users. */
const kInternal = Symbol('internal');

const { apply } = Reflect;

function nop() {}

/** Marks a rejected promise as handled. */
function silence(promise) {
  promise.then(undefined, nop);
}

/** A promise that can be settled from outside and knows whether it was. */
class Settleable {
  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.promise = promise;
    this.pending = true;
    this.settle = resolve;
    this.fail = reject;
  }

  resolve(value) {
    this.pending = false;
    this.settle(value);
  }

  /** Nobody has to handle the rejection. */
  reject(reason) {
    this.pending = false;
    this.fail(reason);
    silence(this.promise);
  }

  /** Rejected, whatever it was before: what is settled already is replaced. */
  rejected(reason) {
    const target = this.pending ? this : new Settleable();
    target.reject(reason);
    return target;
  }
}

/** Chunks with their sizes, first in first out: an array with a read index. */
class SizedQueue {
  constructor() {
    this.items = [];
    this.head = 0;
    this.total = 0;
  }

  get length() {
    return this.items.length - this.head;
  }

  push(value, size) {
    if (typeof size !== 'number' || !(size >= 0) || size === Infinity) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('size', size);
    }
    this.items.push(value, size);
    this.total += size;
  }

  peek() {
    return this.items[this.head];
  }

  shift() {
    const { items, head } = this;
    const value = items[head];
    // Sums of floating point sizes may end up a little below zero.
    this.total = Math.max(0, this.total - items[head + 1]);
    if (head + 2 === items.length) {
      items.length = 0;
      this.head = 0;
    } else {
      items[head] = undefined;
      this.head = head + 2;
      if (this.head > 1024) {
        items.splice(0, this.head);
        this.head = 0;
      }
    }
    return value;
  }

  clear() {
    this.items.length = 0;
    this.head = 0;
    this.total = 0;
  }
}

/** A strategy, source, sink or transformer is any object, or left out. */
function checkDictionary(value, name) {
  if (value === undefined) return;
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
  }
}

/** Options may also be null. */
function checkOptions(value, name) {
  if (value !== null) checkDictionary(value, name);
}

/**
 * @param {any} value strategy.highWaterMark
 * @param {number} fallback
 */
function highWaterMarkOf(value, fallback) {
  if (value === undefined) return fallback;
  value = +value;
  if (typeof value !== 'number' || Number.isNaN(value) || value < 0) {
    throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.highWaterMark', value);
  }
  return value;
}

/**
 * @param {any} size strategy.size
 * @returns {((chunk: any) => number) | undefined} undefined: each chunk counts as one
 */
function sizeOf(size) {
  if (size === undefined) return undefined;
  if (typeof size !== 'function') throw new ERR_INVALID_ARG_TYPE('strategy.size', 'Function', size);
  return size;
}

/** A method of a source, sink or transformer, or undefined. */
function methodOf(object, key, name) {
  const fn = object[key];
  if (fn !== undefined && typeof fn !== 'function') {
    throw new ERR_INVALID_ARG_TYPE(`${name}.${key}`, 'Function', fn);
  }
  return fn;
}

/** Calls a user's method; the result is always a promise. */
function callAsync(fn, self, ...args) {
  try {
    // Not fn.call(): the function's own property `call` is the user's business.
    return Promise.resolve(apply(fn, self, args));
  } catch (err) {
    return Promise.reject(err);
  }
}

/** "A promise resolved with": a new promise, also when given one. How many ticks that takes can be observed. */
function promiseFor(value) {
  return new Promise((resolve) => resolve(value));
}

/** Thrown or rejected with when a method is called on something else. */
function wrongThis(name) {
  return new ERR_INVALID_THIS(name);
}

function checkKey(key) {
  if (key !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
}

/** What console.log shows of a face. */
function inspectAs(self, name, data, depth, options) {
  if (depth < 0) return self;
  const { inspect } = require('util');
  return `${name} ${inspect(data, { ...options, depth: options.depth == null ? null : options.depth - 1 })}`;
}

/** Members that WebIDL makes enumerable, and the class's tag. */
function finishClass(Class, enumerable) {
  const { prototype } = Class;
  for (const key of enumerable) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    descriptor.enumerable = true;
    Object.defineProperty(prototype, key, descriptor);
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { __proto__: null, value: Class.name, configurable: true });
}

module.exports = {
  Settleable,
  SizedQueue,
  kInspect,
  kInternal,
  callAsync,
  checkDictionary,
  checkKey,
  checkOptions,
  finishClass,
  highWaterMarkOf,
  inspectAs,
  methodOf,
  nop,
  promiseFor,
  silence,
  sizeOf,
  wrongThis,
};

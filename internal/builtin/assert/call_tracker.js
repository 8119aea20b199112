'use strict';

// assert.CallTracker (deprecated): counts the calls of functions.

const { codes } = require('shared/errors');
const { validateUint32 } = require('shared/validators');
const { AssertionError } = require('assert/assertion_error');

const { ERR_INVALID_ARG_VALUE, ERR_UNAVAILABLE_DURING_EXIT } = codes;

function noop() {}

class Tracked {
  #expected;
  #calls = [];
  #name;
  #trace = new Error();

  constructor(expected, name) {
    this.#expected = expected;
    this.#name = name;
  }

  track(thisArg, args) {
    this.#calls.push(Object.freeze({ thisArg, arguments: Object.freeze(args.slice()) }));
  }

  get calls() {
    return Object.freeze(this.#calls.slice());
  }

  reset() {
    this.#calls = [];
  }

  report() {
    const actual = this.#calls.length;
    if (actual === this.#expected) return undefined;
    return {
      message:
        `Expected the ${this.#name} function to be executed ${this.#expected} time(s) but was executed ` +
        `${actual} time(s).`,
      actual,
      expected: this.#expected,
      operator: this.#name,
      stack: this.#trace,
    };
  }
}

class CallTracker {
  /** @type {Set<Tracked>} */
  #all = new Set();
  /** @type {WeakMap<Function, Tracked>} */
  #byFunction = new WeakMap();

  #trackedOf(fn) {
    const tracked = this.#byFunction.get(fn);
    if (tracked === undefined) throw new ERR_INVALID_ARG_VALUE('tracked', fn, 'is not a tracked function');
    return tracked;
  }

  reset(fn) {
    if (fn === undefined) for (const tracked of this.#all) tracked.reset();
    else this.#trackedOf(fn).reset();
  }

  getCalls(fn) {
    return this.#trackedOf(fn).calls;
  }

  calls(fn, expected = 1) {
    if (process._exiting) throw new ERR_UNAVAILABLE_DURING_EXIT();
    if (typeof fn === 'number') {
      expected = fn;
      fn = noop;
    } else if (fn === undefined) {
      fn = noop;
    }
    validateUint32(expected, 'expected', true);
    const tracked = new Tracked(expected, fn.name || 'calls');
    this.#all.add(tracked);
    const proxy = new Proxy(fn, {
      __proto__: null,
      apply(target, thisArg, args) {
        tracked.track(thisArg, args);
        return Reflect.apply(target, thisArg, args);
      },
    });
    this.#byFunction.set(proxy, tracked);
    return proxy;
  }

  report() {
    const errors = [];
    for (const tracked of this.#all) {
      const failure = tracked.report();
      if (failure !== undefined) errors.push(failure);
    }
    return errors;
  }

  verify() {
    const errors = this.report();
    if (errors.length === 0) return;
    const message = errors.length === 1 ? errors[0].message : 'Functions were not called the expected number of times';
    throw new AssertionError({ message, details: errors });
  }
}

module.exports = { CallTracker };

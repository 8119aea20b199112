'use strict';

// Mocks: functions, methods, accessors and properties that tell how they were used and can be put back.

const { codes } = require('shared/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('shared/validators');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED } = codes;

let nextImplementation;
let record;

/** What a mock function knows of itself. */
class MockFunctionContext {
  #calls = [];
  #original;
  #implementation;
  #once = new Map();
  #restore;
  #times;

  constructor(original, implementation, restore, times) {
    this.#original = original;
    this.#implementation = implementation;
    this.#restore = restore;
    this.#times = times;
  }

  get calls() {
    return this.#calls.slice();
  }

  callCount() {
    return this.#calls.length;
  }

  mockImplementation(implementation) {
    validateFunction(implementation, 'implementation');
    this.#implementation = implementation;
  }

  mockImplementationOnce(implementation, onCall) {
    validateFunction(implementation, 'implementation');
    const next = this.#calls.length;
    const call = onCall ?? next;
    validateInteger(call, 'onCall', next);
    this.#once.set(call, implementation);
  }

  restore() {
    const restore = this.#restore;
    if (restore !== undefined) {
      const { object, name, descriptor } = restore;
      Object.defineProperty(object, name, descriptor);
    }
    this.#implementation = this.#original;
  }

  resetCalls() {
    this.#calls = [];
  }

  static {
    // The two sides of a call, for the proxy in this file only.
    nextImplementation = (/** @type {MockFunctionContext} */ context) => {
      const call = context.#calls.length;
      let implementation = context.#implementation;
      const once = context.#once.get(call);
      if (once !== undefined) {
        context.#once.delete(call);
        implementation = once;
      }
      if (call + 1 === context.#times) context.restore();
      return implementation;
    };
    record = (context, call) => context.#calls.push(call);
  }
}

/** What a mocked property knows of itself. */
class MockPropertyContext {
  #object;
  #name;
  #original;
  #descriptor;
  #value;
  #once = new Map();
  #accesses = [];

  constructor(object, name, given, value) {
    this.#object = object;
    this.#name = name;
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    this.#descriptor = descriptor;
    if (descriptor === undefined) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'is not a property of the object');
    }
    this.#original = descriptor.value;
    this.#value = given ? value : this.#original;
    const { enumerable, writable } = descriptor;
    Object.defineProperty(object, name, {
      __proto__: null,
      configurable: true,
      enumerable,
      get: () => {
        const result = this.#next(this.#value);
        this.#record('get', result);
        return result;
      },
      set: (newValue) => {
        if (!writable) throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'cannot be set');
        const result = this.#next(newValue);
        this.#record('set', result);
        this.#value = result;
      },
    });
  }

  #next(value) {
    const access = this.#accesses.length;
    if (!this.#once.has(access)) return value;
    const once = this.#once.get(access);
    this.#once.delete(access);
    return once;
  }

  #record(type, value) {
    this.#accesses.push({ __proto__: null, type, value, stack: new Error() });
  }

  get accesses() {
    return this.#accesses.slice();
  }

  accessCount() {
    return this.#accesses.length;
  }

  mockImplementation(value) {
    if (!this.#descriptor.writable) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', this.#name, 'cannot be set');
    }
    this.#object[this.#name] = value;
  }

  mockImplementationOnce(value, onAccess) {
    const next = this.#accesses.length;
    const access = onAccess ?? next;
    validateInteger(access, 'onAccess', next);
    this.#once.set(access, value);
  }

  resetAccesses() {
    this.#accesses = [];
  }

  restore() {
    Object.defineProperty(this.#object, this.#name, { __proto__: null, ...this.#descriptor, value: this.#original });
  }
}

class MockTracker {
  #mocks = [];
  #timers;

  get timers() {
    return (this.#timers ??= new (require('test/mock_timers').MockTimers)());
  }

  fn(original = function () {}, implementation = original, options = { __proto__: null }) {
    if (original !== null && typeof original === 'object') {
      options = original;
      original = function () {};
      implementation = original;
    } else if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = original;
    }
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    const { times = Infinity } = options;
    checkTimes(times);
    return this.#mock(original, new MockFunctionContext(original, implementation, undefined, times));
  }

  method(object, name, implementation = undefined, options = { __proto__: null }) {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
      validateObject(object, 'object');
    }
    checkName(name, 'methodName');
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    }
    validateObject(options, 'options');
    const { getter = false, setter = false, times = Infinity } = options;
    validateBoolean(getter, 'options.getter');
    validateBoolean(setter, 'options.setter');
    checkTimes(times);
    if (getter && setter) {
      throw new ERR_INVALID_ARG_VALUE('options.setter', setter, "cannot be used with 'options.getter'");
    }
    const descriptor = find(object, name);
    const original = getter ? descriptor?.get : setter ? descriptor?.set : descriptor?.value;
    if (typeof original !== 'function') {
      throw new ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
    }
    if (implementation === undefined) implementation = original;
    else validateFunction(implementation, 'implementation');
    const own = Object.getOwnPropertyDescriptor(object, name);
    const restore = { object, name, descriptor: { __proto__: null, ...(own ?? descriptor) } };
    const mock = this.#mock(original, new MockFunctionContext(original, implementation, restore, times));
    const { configurable, enumerable } = descriptor;
    const replacement = { __proto__: null, configurable, enumerable };
    if (getter) {
      replacement.get = mock;
      replacement.set = descriptor.set;
    } else if (setter) {
      replacement.get = descriptor.get;
      replacement.set = mock;
    } else {
      replacement.writable = descriptor.writable;
      replacement.value = mock;
    }
    Object.defineProperty(object, name, replacement);
    return mock;
  }

  getter(object, name, implementation = undefined, options = { __proto__: null }) {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    } else {
      validateObject(options, 'options');
    }
    const { getter = true } = options;
    if (getter === false) throw new ERR_INVALID_ARG_VALUE('options.getter', getter, 'cannot be false');
    return this.method(object, name, implementation, { __proto__: null, ...options, getter });
  }

  setter(object, name, implementation = undefined, options = { __proto__: null }) {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    } else {
      validateObject(options, 'options');
    }
    const { setter = true } = options;
    if (setter === false) throw new ERR_INVALID_ARG_VALUE('options.setter', setter, 'cannot be false');
    return this.method(object, name, implementation, { __proto__: null, ...options, setter });
  }

  property(object, name, value) {
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
      validateObject(object, 'object');
    }
    checkName(name, 'propertyName');
    const context = new MockPropertyContext(object, name, arguments.length > 2, value);
    this.#mocks.push(context);
    return new Proxy(object, {
      __proto__: null,
      get(target, property, receiver) {
        return property === 'mock' ? context : Reflect.get(target, property, receiver);
      },
    });
  }

  /** Mocking modules needs hooks in the loader that are not there. */
  module() {
    throw new ERR_METHOD_NOT_IMPLEMENTED('mock.module()');
  }

  reset() {
    this.restoreAll();
    this.#timers?.reset();
    this.#mocks = [];
  }

  restoreAll() {
    for (const mock of this.#mocks) mock.restore();
  }

  #mock(original, context) {
    const mock = new Proxy(original, {
      __proto__: null,
      apply(fn, self, args) {
        const implementation = nextImplementation(context);
        let result;
        let error;
        try {
          result = Reflect.apply(implementation, self, args);
        } catch (thrown) {
          error = thrown;
          throw thrown;
        } finally {
          record(context, { arguments: args, error, result, stack: new Error(), target: undefined, this: self });
        }
        return result;
      },
      construct(target, args, newTarget) {
        const implementation = nextImplementation(context);
        const realTarget = newTarget === mock ? target : newTarget;
        let result;
        let error;
        try {
          result = Reflect.construct(implementation, args, realTarget);
        } catch (thrown) {
          error = thrown;
          throw thrown;
        } finally {
          record(context, { arguments: args, error, result, stack: new Error(), target, this: result });
        }
        return result;
      },
      get(target, property, receiver) {
        return property === 'mock' ? context : Reflect.get(target, property, receiver);
      },
    });
    this.#mocks.push(context);
    return mock;
  }
}

function checkTimes(times) {
  if (times === Infinity) return;
  validateInteger(times, 'options.times', 1);
}

function checkName(name, what) {
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE(what, ['string', 'symbol'], name);
  }
}

function find(object, name) {
  for (let at = object; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

module.exports = { MockTracker };

'use strict';

// Functions that make functions of others: promisify, callbackify, deprecate; and the inheritance of old.

const {
  codes: { ERR_FALSY_VALUE_REJECTION, ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateFunction, validateString } = require('shared/validators');

const { isPromise } = engine;
const { getOwnPropertyDescriptors, setPrototypeOf, defineProperties } = Object;

const kCustom = Symbol.for('nodejs.util.promisify.custom');
// On a function whose callback takes several results: their names in the object that the promise gives.
const customPromisifyArgs = Symbol('customPromisifyArgs');

// The wrapper looks like the function, but a subclass's descriptors must not run its setters.
function dress(wrapper, descriptors) {
  for (const key of Reflect.ownKeys(descriptors)) setPrototypeOf(descriptors[key], null);
  return defineProperties(wrapper, descriptors);
}

/**
 * @param {Function} original takes a callback (err, value) as its last argument
 * @returns {Function}
 */
function promisify(original) {
  validateFunction(original, 'original');
  const custom = original[kCustom];
  if (custom) {
    validateFunction(custom, 'util.promisify.custom');
    return Object.defineProperty(custom, kCustom, {
      __proto__: null,
      value: custom,
      enumerable: false,
      writable: false,
      configurable: true,
    });
  }
  const names = original[customPromisifyArgs];

  function promisified(...args) {
    return new Promise((resolve, reject) => {
      const result = Reflect.apply(original, this, [
        ...args,
        (error, ...values) => {
          if (error) return reject(error);
          if (names === undefined || values.length < 2) return resolve(values[0]);
          const object = {};
          for (let i = 0; i < names.length; i++) object[names[i]] = values[i];
          resolve(object);
        },
      ]);
      if (isPromise(result)) {
        process.emitWarning(
          'Calling promisify on a function that returns a Promise is likely a mistake.',
          'DeprecationWarning',
          'DEP0174',
        );
      }
    });
  }

  setPrototypeOf(promisified, Object.getPrototypeOf(original));
  Object.defineProperty(promisified, kCustom, {
    __proto__: null,
    value: promisified,
    enumerable: false,
    writable: false,
    configurable: true,
  });
  return dress(promisified, getOwnPropertyDescriptors(original));
}
promisify.custom = kCustom;

function rejected(reason, callback) {
  // A callback must be able to tell that there was an error.
  if (!reason) {
    const error = new ERR_FALSY_VALUE_REJECTION(reason);
    Error.captureStackTrace(error, rejected);
    reason = error;
  }
  return callback(reason);
}

/**
 * @param {(...args: any[]) => Promise<any>} original
 * @returns {(...args: any[]) => void} takes a callback (err, value) as its last argument
 */
function callbackify(original) {
  validateFunction(original, 'original');

  function callbackified(...args) {
    const last = args.pop();
    if (typeof last !== 'function') throw new ERR_INVALID_ARG_TYPE('last argument', 'Function', last);
    const callback = last.bind(this);
    // Out of the promise's chain: what the callback throws is an uncaught exception, not a rejection.
    Reflect.apply(original, this, args).then(
      (value) => process.nextTick(callback, null, value),
      (reason) => process.nextTick(rejected, reason, callback),
    );
  }

  const descriptors = getOwnPropertyDescriptors(original);
  if (typeof descriptors.length.value === 'number') descriptors.length.value++;
  if (typeof descriptors.name.value === 'string') descriptors.name.value += 'Callbackified';
  return dress(callbackified, descriptors);
}

const warned = new Set();

/**
 * @param {Function} fn
 * @param {string} message
 * @param {string} [code] warns once for each code, not for each function
 * @param {{ modifyPrototype?: boolean }} [options]
 */
function deprecate(fn, message, code, options) {
  if (process.noDeprecation === true) return fn;
  if (code !== undefined) validateString(code, 'code');
  const modifyPrototype = options?.modifyPrototype ?? true;

  let done = false;
  function deprecated(...args) {
    if (!done && process.noDeprecation !== true) {
      done = true;
      if (code === undefined) {
        process.emitWarning(message, 'DeprecationWarning', undefined, deprecated);
      } else if (!warned.has(code)) {
        warned.add(code);
        process.emitWarning(message, 'DeprecationWarning', code, deprecated);
      }
    }
    return new.target ? Reflect.construct(fn, args, new.target) : Reflect.apply(fn, this, args);
  }

  if (modifyPrototype) {
    // Statics are inherited, and `instanceof` and `new` behave as with the function itself.
    setPrototypeOf(deprecated, fn);
    if (fn.prototype) deprecated.prototype = fn.prototype;
  }
  Object.defineProperty(deprecated, 'length', { __proto__: null, ...Object.getOwnPropertyDescriptor(fn, 'length') });
  return deprecated;
}

/**
 * @param {Function} ctor
 * @param {Function} superCtor
 */
function inherits(ctor, superCtor) {
  if (ctor === undefined || ctor === null) throw new ERR_INVALID_ARG_TYPE('ctor', 'Function', ctor);
  if (superCtor === undefined || superCtor === null) throw new ERR_INVALID_ARG_TYPE('superCtor', 'Function', superCtor);
  if (superCtor.prototype === undefined) {
    throw new ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', superCtor.prototype);
  }
  Object.defineProperty(ctor, 'super_', { __proto__: null, value: superCtor, writable: true, configurable: true });
  setPrototypeOf(ctor.prototype, superCtor.prototype);
}

function extend(target, source) {
  if (source === null || typeof source !== 'object') return target;
  for (const key of Object.keys(source)) target[key] = source[key];
  return target;
}

module.exports = { promisify, callbackify, deprecate, inherits, extend, customPromisifyArgs };

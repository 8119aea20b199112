'use strict';

// node:timers, and the globals of the same names.
const { Timeout, Immediate, start, clearTimeout, clearImmediate } = require('timers/lists');
const { validateFunction } = require('shared/validators');

const promisifyCustom = Symbol.for('nodejs.util.promisify.custom');

/**
 * @param {Function} callback
 * @param {number} [delay] in ms
 * @param {...any} args for the callback
 */
function setTimeout(callback, delay, ...args) {
  validateFunction(callback, 'callback');
  const timer = new Timeout(callback, delay, args.length === 0 ? undefined : args, false, true);
  start(timer);
  return timer;
}

/** As setTimeout, over and over. */
function setInterval(callback, delay, ...args) {
  validateFunction(callback, 'callback');
  const timer = new Timeout(callback, delay, args.length === 0 ? undefined : args, true, true);
  start(timer);
  return timer;
}

/**
 * @param {Function} callback
 * @param {...any} args for the callback
 */
function setImmediate(callback, ...args) {
  validateFunction(callback, 'callback');
  return new Immediate(callback, args.length === 0 ? undefined : args);
}

function clearInterval(timer) {
  clearTimeout(timer);
}

function customPromisified(fn) {
  const { name } = fn;
  Object.defineProperty(fn, promisifyCustom, {
    __proto__: null,
    enumerable: true,
    get() {
      return require('timers/promises')[name];
    },
  });
}

customPromisified(setTimeout);
customPromisified(setImmediate);

const timers = { setTimeout, clearTimeout, setImmediate, clearImmediate, setInterval, clearInterval };

Object.defineProperty(timers, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return require('timers/promises');
  },
});

module.exports = timers;

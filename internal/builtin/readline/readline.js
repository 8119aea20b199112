'use strict';

// node:readline: lines from streams, and editing them in a terminal.

const { validateAbortSignal } = require('shared/validators');
const { InterfaceBase } = require('readline/interface');
const { clearLine, clearScreenDown, cursorTo, moveCursor } = require('readline/ansi');
const { emitKeypressEvents } = require('readline/keys');

const promisifyCustom = Symbol.for('nodejs.util.promisify.custom');

/**
 * @constructor
 * @param {object} input a stream, or options
 * @returns {void}
 */
function Interface(input, output, completer, terminal) {
  if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);
  const self = Reflect.construct(InterfaceBase, [input, output, completer, terminal], new.target ?? Interface);
  return self;
}
Object.setPrototypeOf(Interface.prototype, InterfaceBase.prototype);
Object.setPrototypeOf(Interface, InterfaceBase);

Interface.prototype.question = function question(query, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  const signal = options?.signal;
  if (signal) {
    validateAbortSignal(signal, 'options.signal');
    if (signal.aborted) return;
    const onAbort = () => this.cancelQuestion();
    signal.addEventListener('abort', onAbort, { once: true });
    const answered = callback;
    callback =
      typeof answered !== 'function'
        ? answered
        : (answer) => {
            signal.removeEventListener('abort', onAbort);
            return answered(answer);
          };
  }
  if (typeof callback === 'function') this.ask(query, callback);
};

Interface.prototype.question[promisifyCustom] = function question(query, options) {
  const signal = options?.signal;
  return new Promise((resolve, reject) => {
    let settle = resolve;
    if (signal) {
      if (signal.aborted) {
        reject(new (require('shared/errors').AbortError)(undefined, { cause: signal.reason }));
        return;
      }
      const onAbort = () => {
        reject(new (require('shared/errors').AbortError)(undefined, { cause: signal.reason }));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      settle = (answer) => {
        signal.removeEventListener('abort', onAbort);
        resolve(answer);
      };
    }
    this.question(query, options, settle);
  });
};

function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

const readline = { Interface, clearLine, clearScreenDown, createInterface, cursorTo, emitKeypressEvents, moveCursor };

Object.defineProperty(readline, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('readline/promises'),
});

module.exports = readline;

'use strict';

// node:readline/promises.

const { AbortError, codes } = require('shared/errors');
const { validateAbortSignal, validateBoolean, validateInteger } = require('shared/validators');
const { InterfaceBase } = require('readline/interface');
const { escape, moves } = require('readline/ansi');

const { ERR_INVALID_ARG_TYPE } = codes;

class Interface extends InterfaceBase {
  /**
   * @param {string} query
   * @param {Options & { signal?: AbortSignal }} [options]
   * @returns {Promise<string>}
   */
  question(query, options = { __proto__: null }) {
    return new Promise((resolve, reject) => {
      let settle = resolve;
      const signal = options?.signal;
      if (signal) {
        validateAbortSignal(signal, 'options.signal');
        if (signal.aborted) {
          reject(new AbortError(undefined, { cause: signal.reason }));
          return;
        }
        const onAbort = () => {
          this.cancelQuestion();
          reject(new AbortError(undefined, { cause: signal.reason }));
        };
        signal.addEventListener('abort', onAbort, { once: true });
        settle = (answer) => {
          signal.removeEventListener('abort', onAbort);
          resolve(answer);
        };
      }
      this.rejectQuestion = reject;
      this.ask(query, settle);
    });
  }
}

/** Gathers moves and clearings until they are committed. */
class Readline {
  #stream;
  #todo = [];
  #autoCommit = false;

  constructor(stream, options = undefined) {
    if (typeof stream?.write !== 'function' || typeof stream?.on !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
    }
    this.#stream = stream;
    if (options?.autoCommit != null) {
      validateBoolean(options.autoCommit, 'options.autoCommit');
      this.#autoCommit = options.autoCommit;
    }
  }

  #add(data) {
    if (this.#autoCommit) process.nextTick(() => this.#stream.write(data));
    else this.#todo.push(data);
    return this;
  }

  cursorTo(x, y = undefined) {
    validateInteger(x, 'x');
    if (y != null) validateInteger(y, 'y');
    return this.#add(y == null ? `${escape}${x + 1}G` : `${escape}${y + 1};${x + 1}H`);
  }

  moveCursor(dx, dy) {
    if (dx || dy) {
      validateInteger(dx, 'dx');
      validateInteger(dy, 'dy');
      this.#add(moves(dx, dy));
    }
    return this;
  }

  clearLine(dir) {
    validateInteger(dir, 'dir', -1, 1);
    return this.#add(`${escape}${dir < 0 ? 1 : dir > 0 ? 0 : 2}K`);
  }

  clearScreenDown() {
    return this.#add(`${escape}0J`);
  }

  commit() {
    return new Promise((resolve) => {
      this.#stream.write(this.#todo.join(''), resolve);
      this.#todo = [];
    });
  }

  rollback() {
    this.#todo = [];
    return this;
  }
}

function createInterface(input, output, completer, terminal) {
  return new Interface(input, output, completer, terminal);
}

module.exports = { Interface, Readline, createInterface };

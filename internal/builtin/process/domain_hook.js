'use strict';

// Where node:domain, once loaded, takes errors before 'uncaughtException' does.

let handler;

module.exports = {
  /** @param {(error: unknown, origin: string) => boolean} fn */
  set(fn) {
    handler = fn;
  },
  handle(error, origin) {
    return handler === undefined ? false : handler(error, origin);
  },
};

'use strict';

// Where node:domain, once loaded, takes errors before 'uncaughtException' does.

let handler;
let anybody;

module.exports = {
  /**
   * @param {(error: unknown, origin: string) => boolean} fn
   * @param {() => boolean} asks whether fn would find somebody to handle an error of now
   */
  set(fn, asks) {
    handler = fn;
    anybody = asks;
  },
  handle(error, origin) {
    return handler === undefined ? false : handler(error, origin);
  },
  takes() {
    return anybody === undefined ? false : anybody();
  },
};

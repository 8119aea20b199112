'use strict';

// globalThis.console. Its streams are the process's, looked up when something is printed: a program that prints nothing
// makes none.

const { Console, State, bindMethod, methods, prepare } = require('console/methods');

const groupIndentation = 2;

/** @type {any} */
const console = Object.create({});

for (const name of Object.keys(methods)) bindMethod(console, name, methods[name]);

function defineStream(name, streamName) {
  let replaced;
  Object.defineProperty(console, name, {
    __proto__: null,
    get() {
      return replaced ?? process[streamName];
    },
    set(stream) {
      replaced = stream;
    },
    enumerable: false,
    configurable: true,
  });
}
defineStream('_stdout', 'stdout');
defineStream('_stderr', 'stderr');
prepare(console, true, new State('auto', groupIndentation, undefined));

console.Console = Console;

// What follows is for DevTools and shows nothing here.
Object.assign(console, {
  profile() {},
  profileEnd() {},
  timeStamp() {},

  /** @param {string} name */
  context(name) {
    const context = {};
    for (const method of [
      'dir',
      'dirXml',
      'table',
      'groupEnd',
      'clear',
      'count',
      'countReset',
      'profile',
      'profileEnd',
      'debug',
      'error',
      'info',
      'log',
      'warn',
      'trace',
      'group',
      'groupCollapsed',
      'assert',
      'time',
      'timeLog',
      'timeEnd',
      'timeStamp',
    ])
      context[method] = () => {};
    return context;
  },

  /** @param {string} name */
  createTask(name) {
    if (typeof name !== 'string' || name === '') throw new Error('First argument must be a non-empty string.');
    return {
      run(fn) {
        if (typeof fn !== 'function') throw new Error('First argument must be a function.');
        return fn();
      },
    };
  },
});

module.exports = { console };

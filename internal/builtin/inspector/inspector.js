'use strict';

// node:inspector: a later version's.

const { laterModule } = require('shared/later');

module.exports = {
  ...laterModule('inspector', ['Session', 'open', 'waitForDebugger']),
  close() {},
  url() {
    return undefined;
  },
  // Sends to the inspector's console; it is not the program's.
  console: laterModule('inspector.console', [
    'log',
    'warn',
    'error',
    'dir',
    'dirxml',
    'table',
    'trace',
    'group',
    'groupCollapsed',
    'groupEnd',
    'clear',
    'count',
    'countReset',
    'assert',
    'profile',
    'profileEnd',
    'info',
    'debug',
    'time',
    'timeLog',
    'timeEnd',
    'timeStamp',
    'context',
  ]),
};

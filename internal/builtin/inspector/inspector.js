'use strict';

// node:inspector: a later version's.

const { laterModule } = require('shared/later');

module.exports = {
  ...laterModule('inspector', ['Session', 'open', 'waitForDebugger']),
  close() {},
  url() { return undefined; },
  console: globalThis.console,
};

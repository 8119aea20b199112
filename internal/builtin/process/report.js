'use strict';

// process.report: the diagnostic report is not there yet.

const {
  codes: { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM },
} = require('shared/errors');

function unavailable() {
  throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('process.report');
}

module.exports = {
  writeReport: unavailable,
  getReport: unavailable,
  compact: false,
  directory: '',
  filename: '',
  signal: 'SIGUSR2',
  excludeNetwork: false,
  excludeEnv: false,
};
for (const name of ['reportOnFatalError', 'reportOnSignal', 'reportOnUncaughtException']) {
  Object.defineProperty(module.exports, name, {
    get() {
      return false;
    },
    set(on) {
      require('shared/validators').validateBoolean(on, 'trigger');
      if (on) unavailable();
    },
    enumerable: true,
    configurable: true,
  });
}

'use strict';

// process.report: the diagnostic report is not there yet.

const { codes: { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM } } = require('shared/errors');

function unavailable() {
  throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('process.report');
}

module.exports = { writeReport: unavailable, getReport: unavailable, compact: false, directory: '', filename: '', signal: 'SIGUSR2',
  reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false, excludeNetwork: false, excludeEnv: false };

'use strict';

// Why code was stopped before its end: its time was up, or Ctrl-C.

const { sigintStart, sigintStop } = native;
const {
  codes: { ERR_SCRIPT_EXECUTION_INTERRUPTED, ERR_SCRIPT_EXECUTION_TIMEOUT },
} = require('shared/errors');

/**
 * Called by the engine when a call that may be stopped was.
 * @param {number} ms its time limit when that was reached, else 0
 * @returns {Error | undefined} undefined: somebody else stopped it
 */
function why(ms) {
  return ms > 0 ? new ERR_SCRIPT_EXECUTION_TIMEOUT(ms) : undefined;
}

/**
 * Runs fn(why), which Ctrl-C stops.
 * @param {(why: (ms: number) => Error | undefined) => any} fn
 */
function withSigint(fn) {
  sigintStart();
  let stopped = false;
  try {
    return fn((ms) => {
      if (ms > 0) return new ERR_SCRIPT_EXECUTION_TIMEOUT(ms);
      stopped = true;
      return sigintStop() ? new ERR_SCRIPT_EXECUTION_INTERRUPTED() : undefined;
    });
  } finally {
    if (!stopped) sigintStop();
  }
}

module.exports = { why, withSigint };

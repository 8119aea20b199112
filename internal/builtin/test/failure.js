'use strict';

// Why a test failed: the kinds that reporters and programs see as error.failureType.

const { codes } = require('shared/errors');

const { ERR_TEST_FAILURE } = codes;

const kinds = {
  callbackAndPromise: 'callbackAndPromisePresent',
  cancelled: 'cancelledByParent',
  aborted: 'testAborted',
  parentFinished: 'parentAlreadyFinished',
  subtestsFailed: 'subtestsFailed',
  code: 'testCodeFailure',
  timeout: 'testTimeoutFailure',
  hook: 'hookFailed',
  uncaught: 'uncaughtException',
  rejection: 'unhandledRejection',
  multipleCallbacks: 'multipleCallbackInvocations',
};

/** @param {any} error */
function isFailure(error) {
  return error?.code === 'ERR_TEST_FAILURE' && error.failureType !== undefined;
}

/**
 * @param {any} cause an error, or a message
 * @param {string} kind one of `kinds`
 */
function failure(cause, kind) {
  // A failure is made per failing test, deep inside the runner: its own stack tells nothing.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new ERR_TEST_FAILURE(cause, kind);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

module.exports = { kinds, failure, isFailure };

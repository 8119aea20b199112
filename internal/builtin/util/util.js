'use strict';

// node:util. The parts that few programs use load when they are first touched.

const {
  codes: { ERR_OUT_OF_RANGE },
  errnoException,
  exceptionWithHostPort,
  getSystemErrorName: nameOfError,
  getSystemErrorMessage: messageOfError,
  getSystemErrorMap,
} = require('shared/errors');
const { inspect } = require('util/inspect');
const { format, formatWithOptions } = require('util/format');
const { stripVTControlCharacters } = require('util/width');
const { callbackify, deprecate, extend, inherits, promisify } = require('util/functions');
const { debuglog } = require('util/debuglog');
const types = require('util/types');

function systemErrorNumber(err) {
  require('shared/validators').validateNumber(err, 'err');
  if (err >= 0 || !Number.isSafeInteger(err)) throw new ERR_OUT_OF_RANGE('err', 'a negative integer', err);
}

/** @param {number} err */
function getSystemErrorName(err) {
  systemErrorNumber(err);
  return nameOfError(err);
}

/** @param {number} err */
function getSystemErrorMessage(err) {
  systemErrorNumber(err);
  return messageOfError(err);
}

/** @param {string} signalCode @returns {number} */
function convertProcessSignalToExitCode(signalCode) {
  const { signals } = require('os').constants;
  if (typeof signalCode !== 'string' || !Object.hasOwn(signals, signalCode)) {
    require('shared/validators').validateOneOf(signalCode, 'signalCode', Object.keys(signals));
  }
  return 128 + signals[signalCode];
}

/** @param {any} a @param {any} b @param {{ skipPrototype?: boolean } | boolean} [options] */
function isDeepStrictEqual(a, b, options) {
  return require('assert/deep_equal').isDeepStrictEqual(a, b, options);
}

/** @param {string} input */
function toUSVString(input) {
  return `${input}`.toWellFormed();
}

/** @param {string} content */
function parseEnv(content) {
  require('shared/validators').validateString(content, 'content');
  return require('process/parse_env').parse(content);
}

/** Prints a stack trace on SIGINT. */
function setTraceSigInt(enable) {
  const { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM } = require('shared/errors').codes;
  if (enable) throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('util.setTraceSigInt()');
}

module.exports = {
  _errnoException(...args) {
    return errnoException(...args);
  },
  _exceptionWithHostPort(...args) {
    return exceptionWithHostPort(...args);
  },
  _extend: deprecate(extend, 'The `util._extend` API is deprecated. Please use Object.assign() instead.', 'DEP0060'),
  callbackify,
  convertProcessSignalToExitCode,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  styleText: undefined,
  formatWithOptions,
  getCallSites: undefined,
  getSystemErrorMap,
  getSystemErrorName,
  getSystemErrorMessage,
  inherits,
  inspect,
  isArray: deprecate(
    Array.isArray,
    'The `util.isArray` API is deprecated. Please use `Array.isArray()` instead.',
    'DEP0044',
  ),
  isDeepStrictEqual,
  promisify,
  stripVTControlCharacters,
  toUSVString,
  transferableAbortSignal: undefined,
  transferableAbortController: undefined,
  aborted: undefined,
  types,
  parseEnv,
  parseArgs: undefined,
  TextDecoder: undefined,
  TextEncoder: undefined,
  MIMEType: undefined,
  MIMEParams: undefined,
  diff: undefined,
  setTraceSigInt,
};

function later(name, load) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    get() {
      const value = load()[name];
      this[name] = value;
      return value;
    },
    set(value) {
      Object.defineProperty(this, name, {
        __proto__: null,
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    enumerable: true,
    configurable: true,
  });
}

later('styleText', () => require('util/styletext'));
later('getCallSites', () => require('util/call_sites'));
later('transferableAbortSignal', () => require('util/abort'));
later('transferableAbortController', () => require('util/abort'));
later('aborted', () => require('util/abort'));
later('parseArgs', () => require('util/parseargs'));
later('TextDecoder', () => globalThis);
later('TextEncoder', () => globalThis);
later('MIMEType', () => require('util/mime'));
later('MIMEParams', () => require('util/mime'));
later('diff', () => require('util/diff'));

'use strict';

// What spawn and its relatives are given, checked and brought into one form.

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_SIGNAL },
} = require('shared/errors');
const { isInt32, validateBoolean, validateObject, validateString } = require('shared/validators');
const { signals } = require('process/signals');

const process = require('process');

/** Strings go to the system as C strings. */
function refuseNul(value, name) {
  if (typeof value === 'string' && value.includes('\0')) {
    throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes');
  }
}

function given(value) {
  return value !== undefined && value !== null;
}

/**
 * A signal by name (in any case) or number, as its number.
 * @param {string | number} signal
 */
function signalNumber(signal) {
  if (typeof signal === 'number') {
    for (const name in signals) {
      if (signals[name] === signal) return signal;
    }
  } else if (typeof signal === 'string') {
    const number = signals[signal.toUpperCase()];
    if (number !== undefined) return number;
  }
  throw new ERR_UNKNOWN_SIGNAL(signal);
}

/** @param {number} number @returns {string | null} the first name that it has */
function signalName(number) {
  for (const name in signals) {
    if (signals[name] === number) return name;
  }
  return null;
}

/** The killSignal option: its number, or undefined. */
function killSignalOf(value) {
  if (!given(value)) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], value);
  }
  return signalNumber(value);
}

function checkTimeout(value) {
  if (given(value) && !(Number.isInteger(value) && value >= 0))
    throw new ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', value);
}

function checkMaxBuffer(value) {
  if (given(value) && !(typeof value === 'number' && value >= 0)) {
    throw new ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', value);
  }
}

function checkFlag(options, name) {
  if (given(options[name])) validateBoolean(options[name], `options.${name}`);
}

function checkId(options, name) {
  if (given(options[name]) && !isInt32(options[name]))
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, 'int32', options[name]);
}

let warnedOfShell = false;

function warnOfShell() {
  if (warnedOfShell) return;
  warnedOfShell = true;
  process.emitWarning(
    'Passing args to a child process with shell option true can lead to security vulnerabilities, as the ' +
      'arguments are not escaped, only concatenated.',
    'DeprecationWarning',
    'DEP0190',
  );
}

/** The environment as KEY=value lines. What a prototype holds counts too, as for any object. */
function environment(env) {
  const pairs = [];
  for (const key in env) {
    const value = env[key];
    if (value === undefined) continue;
    refuseNul(key, `options.env['${key}']`);
    refuseNul(value, `options.env['${key}']`);
    pairs.push(`${key}=${value}`);
  }
  return pairs;
}

/**
 * @param {string} file
 * @param {any} [args] string[], or the options
 * @param {Options} [options]
 */
function normalise(file, args, options) {
  validateString(file, 'file');
  refuseNul(file, 'file');
  if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty');
  if (Array.isArray(args)) {
    args = args.slice();
  } else if (!given(args)) {
    args = [];
  } else if (typeof args !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('args', 'object', args);
  } else {
    options = args;
    args = [];
  }
  for (let i = 0; i < args.length; i++) {
    args[i] = `${args[i]}`;
    refuseNul(args[i], `args[${i}]`);
  }
  if (options === undefined) options = {};
  else validateObject(options, 'options');
  // Nothing that somebody has put on Object.prototype counts.
  options = { __proto__: null, ...options };

  let { cwd } = options;
  if (given(cwd)) {
    cwd = require('fs/args').toPath(cwd, 'options.cwd');
    if (typeof cwd !== 'string') cwd = cwd.toString();
  }
  checkFlag(options, 'detached');
  checkId(options, 'uid');
  checkId(options, 'gid');
  const { shell, argv0 } = options;
  if (given(shell) && typeof shell !== 'boolean' && typeof shell !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], shell);
  }
  if (given(argv0)) {
    validateString(argv0, 'options.argv0');
    refuseNul(argv0, 'options.argv0');
  }
  checkFlag(options, 'windowsHide');
  checkFlag(options, 'windowsVerbatimArguments');
  if (shell) {
    refuseNul(shell, 'options.shell');
    const command = args.length > 0 ? `${file} ${args.join(' ')}` : file;
    if (args.length > 0) warnOfShell();
    file = typeof shell === 'string' ? shell : '/bin/sh';
    args = ['-c', command];
  }
  args.unshift(typeof argv0 === 'string' ? argv0 : file);
  const env = options.env || process.env;
  return {
    __proto__: null,
    ...options,
    args,
    cwd,
    detached: Boolean(options.detached),
    envPairs: environment(env),
    file,
    windowsHide: Boolean(options.windowsHide),
    windowsVerbatimArguments: Boolean(options.windowsVerbatimArguments),
  };
}

module.exports = {
  checkMaxBuffer,
  checkTimeout,
  given,
  killSignalOf,
  normalise,
  refuseNul,
  signalName,
  signalNumber,
};

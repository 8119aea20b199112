'use strict';

// process.execve: another program in the place of this one.

const { execve } = native;
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('shared/errors');
const { validateArray, validateObject, validateString } = require('shared/validators');
const process = require('process/object');

let warned = false;

/**
 * @param {string} execPath
 * @param {string[]} [args]
 * @param {Record<string, string>} [env]
 */
module.exports = function replace(execPath, args = [], env = process.env) {
  if (!warned) {
    warned = true;
    process.emitWarning(
      'process.execve is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
  }
  validateString(execPath, 'execPath');
  validateArray(args, 'args');
  for (let i = 0; i < args.length; i++) {
    if (typeof args[i] !== 'string' || args[i].includes('\0')) {
      throw new ERR_INVALID_ARG_VALUE(`args[${i}]`, args[i], 'must be a string without null bytes');
    }
  }
  validateObject(env, 'env');
  const lines = [];
  for (const key of Object.keys(env)) {
    const value = env[key];
    if (typeof value !== 'string' || key.includes('\0') || value.includes('\0')) {
      throw new ERR_INVALID_ARG_VALUE('env', env, 'must be an object with string keys and values without null bytes');
    }
    lines.push(`${key}=${value}\0`);
  }
  const code = execve(execPath, args.map((a) => `${a}\0`).join(''), lines.join(''));
  // It is too late to go on: what belongs to this program has been given up.
  const error = new Error(`process.execve failed with error code ${code}`);
  require('process/stdio').writeSync(2, `${error.stack}\n`);
  process.abort();
};

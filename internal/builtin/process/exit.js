'use strict';

// How a program ends.

const process = require('process/object');
const { exit: endProcess, abort } = native;
const { getCallSites } = engine;
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');

let exitCode;

function checkCode(value, name) {
  if (value === undefined || value === null) return undefined;
  let n = value;
  if (typeof value === 'string' && value !== '') n = Number(value);
  if (typeof n !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'integer', value);
  if (!Number.isInteger(n)) {
    if (typeof value === 'string') throw new ERR_INVALID_ARG_TYPE(name, 'integer', value);
    require('shared/validators').validateInteger(n, name);
  }
  return n;
}

/** Defines process.exitCode on the process object. */
function defineExitCode(process) {
  Object.defineProperty(process, 'exitCode', {
    __proto__: null,
    get() {
      return exitCode;
    },
    set(value) {
      checkCode(value, 'code');
      exitCode = value ?? undefined;
    },
    enumerable: true,
    configurable: false,
  });
}

/** The loop is done: emits 'exit' and says with which code to leave. */
function emitExit() {
  const { unsettledMain } = require('module/esm');
  const stalled = exitCode === undefined ? unsettledMain() : undefined;
  if (stalled !== undefined) {
    for (const [file, line, source, column] of stalled) {
      require('process/stdio').writeSync(
        2,
        `Warning: Detected unsettled top-level await at ${file}:${line}\n${source}\n${' '.repeat(column)}^\n\n\n`,
      );
    }
    exitCode = 13;
  }
  process._exiting = true;
  process.emit('exit', Number(exitCode ?? 0));
  return Number(exitCode ?? 0);
}

function beforeExit() {
  process.emit('beforeExit', Number(exitCode ?? 0));
}

/** @param {number | string | null} [code] */
function exit(code) {
  if (arguments.length > 0 && code !== undefined && code !== null) {
    checkCode(code, 'code');
    exitCode = code;
  }
  if (!process._exiting) {
    process._exiting = true;
    process.emit('exit', Number(exitCode ?? 0));
  }
  // Tests and tools replace it to see the code.
  process.reallyExit(Number(exitCode ?? 0));
}

/** process.reallyExit: ends the program, without 'exit'. */
function reallyExit(code) {
  if (traced()) tell(code, getCallSites(11).slice(1));
  endProcess(code);
}

/**
 * Ends the program from within: nothing of it is on the stack.
 * @param {number} code
 */
function leave(code) {
  if (traced()) tell(code, []);
  endProcess(code);
}

function traced() {
  return require('process/options').flag('--trace-exit') === true;
}

function tell(code, sites) {
  let text = `(node:${process.pid}) WARNING: Exited the environment with code ${code}\n`;
  for (const [name, file, line, column] of sites) {
    text += name ? `    at ${name} (${file}:${line}:${column})\n` : `    at ${file}:${line}:${column}\n`;
  }
  require('process/stdio').writeSync(2, `${text}\n`);
}

module.exports = { leave, emitExit, beforeExit, exit, defineExitCode, reallyExit, abort };

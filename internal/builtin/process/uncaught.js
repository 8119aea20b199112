'use strict';

// An exception that nothing caught: 'uncaughtException', or the end, with the error printed as Node prints it.

const process = require('process/object');
const { abort } = native;
const { leave } = require('process/exit');
const { getErrorSource } = engine;

let capture = null;
/** node:domain, once loaded, is the only one that captures: makes the error for others. */
let forbidden;

function setCapture(fn) {
  if (forbidden !== undefined) throw forbidden();
  const {
    codes: { ERR_INVALID_ARG_TYPE, ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET },
  } = require('shared/errors');
  if (fn === null) {
    capture = null;
    return;
  }
  if (typeof fn !== 'function') throw new ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], fn);
  if (capture !== null) throw new ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  capture = fn;
}

/** @param {() => Error} makeError */
function forbidCapture(makeError) {
  forbidden = makeError;
}

/** async_hooks', once it follows what runs: ends what the exception ended. */
let unwind;

/** @param {() => void} fn */
function setUnwind(fn) {
  unwind = fn;
}

function hasCapture() {
  return capture !== null;
}

/**
 * @param {unknown} error
 * @param {{file: string, line: number, column: number, endColumn: number, source: string} | undefined} where
 * @param {boolean} [fromPromise]
 * @returns {boolean} whether the program goes on
 */
function handle(error, where, fromPromise = false) {
  if (typeof process._fatalException !== 'function') {
    // Somebody has taken the last resort away.
    report(error, where);
    leave(6);
    return false;
  }
  const { flag } = require('process/options');
  const abortive = flag('--abort-on-uncaught-exception');
  if (abortive && !fromPromise && capture === null && !require('process/domain_hook').takes()) {
    // 'uncaughtException' is not asked: the core is to show the program as it was.
    report(error, where);
    abort();
  }
  const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
  try {
    if (offer(error, origin)) {
      unwind?.();
      return true;
    }
  } catch (second) {
    // A handler threw: that is the end, and it is the second error that is told.
    report(second, undefined);
    if (abortive) abort();
    leave(7);
    return false;
  }
  if (abortive) {
    report(error, where);
    abort();
  }
  let code = 1;
  try {
    if (!process._exiting) {
      process._exiting = true;
      process.exitCode = 1;
      process.emit('exit', 1);
    }
    code = process.exitCode ?? 1;
  } catch {
    /* nothing more can be done for it */
  }
  report(error, where, fromPromise);
  leave(Number(code));
  return false;
}

/** Whether somebody takes the error. */
function offer(error, origin) {
  process.emit('uncaughtExceptionMonitor', error, origin);
  if (capture !== null) {
    capture(error);
    return true;
  }
  return require('process/domain_hook').handle(error, origin) || process.emit('uncaughtException', error, origin);
}

/** The main ES module failed. */
function fromMain(error) {
  handle(error, undefined);
}

/** Where it was thrown, or where it was made if builtin files (the module loader) only passed it on. */
function place(error, where) {
  if (where?.source && !`${where.file}`.startsWith('node:')) return mapped(where);
  const found = getErrorSource(error);
  if (found === undefined) return where?.source ? where : undefined;
  const [file, line, source, column, endColumn] = found;
  if (file === 'node:process/uncaught') return undefined; // here: nothing is known
  return mapped({ file: `${file}`, line, source, column, endColumn });
}

/** The place in the source, when what ran was transpiled. */
function mapped(at) {
  const origin = require('module/source_map').originOf(at.file, at.line, at.column);
  return origin === undefined ? at : { ...origin, endColumn: origin.column + 1 };
}

/** The text of what goes to stderr. */
function describe(error, where) {
  const { inspect } = require('util/inspect');
  const isError = engine.isNativeError(error);
  let text = '';
  const at = place(error, where);
  if (at !== undefined && at.source && at.file) {
    const pad = at.source.slice(0, at.column).replace(/[^\t]/g, ' ');
    text += `${at.file}:${at.line}\n${at.source}\n${pad}${'^'.repeat(Math.max(1, at.endColumn - at.column))}\n`;
  }
  const body = isError ? bodyOf(error, inspect) : thrown(error, inspect);
  // A stack that begins with the place (node:vm, the loader) is not told it twice.
  if (isError && /^\S.*:\d+\n(?:.*\n)?\s*\^+/.test(body)) text = '';
  return { head: text, body, isError };
}

function bodyOf(error, inspect) {
  let plain;
  try {
    plain = error.stack;
  } catch {
    /* a getter of the user's */
  }
  if (typeof plain !== 'string') return inspect(error);
  require('events/unhandled').tell(error);
  return inspect(error, { colors: false });
}

function thrown(value, inspect) {
  if (
    value !== null &&
    typeof value === 'object' &&
    typeof value.stack === 'string' &&
    typeof value.message === 'string'
  )
    return value.stack;
  return typeof value === 'string' ? value : inspect(value);
}

/** What --trace-uncaught adds. V8 keeps the place of the throw; the frames above it are gone when it is asked. */
function thrownAt(where) {
  if (!where?.file) return '';
  return `Thrown at:\n    at ${where.file}:${where.line}:${where.column + 1}\n\n`;
}

function report(error, where, fromPromise) {
  const { writeSync } = require('process/stdio');
  const { flag } = require('process/options');
  const trace = flag('--trace-uncaught');
  let text;
  try {
    const { head, body, isError } = describe(error, where);
    if (isError) {
      // node:vm has put the place before the stack already.
      text = head && body.startsWith(head) ? `${body}\n` : `${head}${head ? '\n' : ''}${body}\n`;
    } else {
      const primitive = error === null || (typeof error !== 'object' && typeof error !== 'function');
      const hint =
        primitive && !trace ? '(Use `node --trace-uncaught ...` to show where the exception was thrown)\n' : '';
      text = head ? `\n${head}${body}\n${hint}` : `Uncaught:\n${body}\n${hint}`;
    }
  } catch {
    text = 'Uncaught exception that could not be printed\n';
  }
  if (trace) text += thrownAt(where);
  writeSync(2, flag('--extra-info-on-fatal-exception') === false ? text : `${text}\nNode.js ${process.version}\n`);
}

module.exports = { handle, forbidCapture, fromMain, setCapture, setUnwind, hasCapture, report };

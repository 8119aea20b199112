'use strict';

// process.emitWarning and how warnings are printed.

const process = require('process/object');
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateString } = require('shared/validators');

const once = new Set();
let hinted = false;

/**
 * @param {string | Error} warning
 * @param {string | Function | {type?: string, code?: string, detail?: string, ctor?: Function}} [type]
 * @param {string | Function} [code]
 * @param {Function} [ctor]
 */
function emitWarning(warning, type, code, ctor) {
  let detail;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ctor = type.ctor;
    code = type.code;
    if (typeof type.detail === 'string') detail = type.detail;
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    ctor = type;
    code = '';
    type = 'Warning';
  }
  if (type !== undefined) validateString(type, 'type');
  if (typeof code === 'function') {
    ctor = code;
    code = '';
  } else if (code !== undefined) {
    validateString(code, 'code');
  }
  if (typeof warning === 'string') {
    const text = warning;
    warning = make(text, type ?? 'Warning', code, ctor ?? emitWarning, detail);
  } else if (!(warning instanceof Error)) {
    throw new ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation) return;
    if (process.throwDeprecation) {
      process.nextTick(() => {
        throw warning;
      });
      return;
    }
  }
  process.nextTick(emit, warning);
}

function make(text, name, code, ctor, detail) {
  const limit = Error.stackTraceLimit;
  if (name === 'DeprecationWarning' && !process.traceDeprecation && !process.traceProcessWarnings)
    Error.stackTraceLimit = 0;
  const w = new Error(text);
  Error.stackTraceLimit = limit;
  w.name = String(name);
  if (code) w.code = code;
  if (detail) w.detail = detail;
  if (Error.stackTraceLimit > 0 || limit > 0) Error.captureStackTrace(w, ctor);
  return w;
}

function emit(warning) {
  process.emit('warning', warning);
}

function textOf(warning) {
  try {
    if (typeof warning.toString === 'function') return `${warning.toString()}`;
  } catch {
    /* the warning is told all the same */
  }
  return Error.prototype.toString.call(warning);
}

/** The 'warning' listener that prints. */
function print(warning) {
  if (!(warning instanceof Error)) return;
  const deprecation = warning.name === 'DeprecationWarning';
  if (deprecation && process.noDeprecation) return;
  const { flag } = require('process/options');
  const disabled = flag('--disable-warning');
  if (disabled !== undefined && [].concat(disabled).some((d) => d === warning.code || d === warning.name)) return;
  const trace = process.traceProcessWarnings || (deprecation && process.traceDeprecation);
  let msg = `(node:${process.pid}) `;
  if (warning.code) msg += `[${warning.code}] `;
  if (trace && warning.stack) {
    msg += `${warning.stack}`;
  } else {
    msg += textOf(warning);
  }
  if (typeof warning.detail === 'string') msg += `\n${warning.detail}`;
  if (!trace && !hinted) {
    const option = deprecation ? '--trace-deprecation' : '--trace-warnings';
    const argv0 = require('path').basename(process.argv0 || 'node', '.exe');
    msg += `\n(Use \`${argv0} ${option} ...\` to show where the warning was created)`;
    hinted = true;
  }
  const file = flag('--redirect-warnings');
  if (file !== undefined) {
    try {
      require('fs').appendFileSync(file, `${msg}\n`);
      return;
    } catch {
      /* to standard error then */
    }
  }
  require('process/stdio').writeSync(2, `${msg}\n`);
}

module.exports = { emitWarning, print, once };

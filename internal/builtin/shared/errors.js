'use strict';

// Errors as users of Node meet them: coded classes, made from the tables in error_codes*.js the first time a module
// asks for a code, and system errors, whose codes come from errno.js. `stack` starts with `TypeError [ERR_X]: message`
// although `name` stays `TypeError`: shared/stack_trace.js words it when the stack is first read, so that construction
// is as cheap as a plain Error's.

const { errnoMap } = require('shared/errno');
const { codedError, formatsStacks } = require('shared/stack_trace');

const captureStackTrace = Error.captureStackTrace;

/** @type {Map<Function, any>} the coded variant of each base class */
const codedBases = new Map();

function codedBase(Base) {
  let Coded = codedBases.get(Base);
  if (Coded === undefined) {
    Coded = class extends Base {
      toString() {
        return `${this.name} [${this.code}]: ${this.message}`;
      }
    };
    Object.defineProperty(Coded.prototype, codedError, { __proto__: null, value: true });
    hideClass(Coded, Base);
    codedBases.set(Base, Coded);
  }
  return Coded;
}

/** Without a formatter in the engine the header is fixed by reading the stack while the name carries the code. */
function wordStackNow(error, code) {
  const { name } = error;
  Object.defineProperty(error, 'name', { __proto__: null, value: `${name} [${code}]`, configurable: true });
  error.stack;
  delete error.name;
}

/** As %s of util.format, for what error messages contain. */
function word(value) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'bigint':
      return `${value}n`;
    case 'object':
    case 'function':
      return value === null ? 'null' : require('util/inspect').format('%s', value);
    default:
      return String(value);
  }
}

/**
 * Makes the message function of a template: 'Cannot call {0} after {1}'.
 * @param {string} template
 */
function templateFunction(template) {
  const parts = template.split(/\{(\d)\}/);
  if (parts.length === 1) return () => template;
  if (parts.length === 3 && parts[1] === '0') {
    const [before, , after] = parts;
    return (value) => before + word(value) + after;
  }
  return (a, b, c) => {
    const args = [a, b, c];
    let text = parts[0];
    for (let i = 1; i < parts.length; i += 2) text += word(args[parts[i]]) + parts[i + 1];
    return text;
  };
}

/** To its users an error of `Class` is simply a TypeError (or whatever `Base` is). */
function hideClass(Class, Base) {
  Object.defineProperty(Class.prototype, 'constructor', {
    __proto__: null,
    value: Base,
    writable: true,
    configurable: true,
  });
}

/**
 * @param {string} code
 * @param {Function} Base
 * @param {Function} message
 * @param {(error: Error, a: any, b: any, c: any, d: any, e: any) => void} [fill] adds the error's properties
 */
function makeClass(code, Base, message, fill) {
  const Coded = codedBase(Base);
  const Class = class extends Coded {
    constructor(a, b, c, d, e) {
      super(message(a, b, c, d, e));
      this.code = code;
      if (fill !== undefined) fill(/** @type {any} */ (this), a, b, c, d, e);
      if (!formatsStacks.now) wordStackNow(this, code);
    }
  };
  Object.defineProperty(Class, 'name', { __proto__: null, value: code });
  hideClass(Class, Base);
  // A few codes exist with another base, too: codes.ERR_INVALID_STATE.TypeError.
  for (const Other of [Error, TypeError, RangeError]) {
    let made;
    Object.defineProperty(Class, Other.name, {
      __proto__: null,
      configurable: true,
      get: () => (made ??= Other === Base ? Class : makeClass(code, Other, message, fill)),
    });
  }
  return Class;
}

/**
 * System errors that have a code of their own: `ERR_FS_EISDIR`. Their message says what the system said.
 * @param {string} code
 * @param {string} prefix
 */
function makeSystemClass(code, prefix) {
  const Coded = codedBase(Error);
  return class SystemError extends Coded {
    /** @param {{ errno: number, code: string, message: string, syscall: string, path?: any, dest?: any }} context */
    constructor(context) {
      let message = `${prefix}: ${context.syscall} returned ${context.code} (${context.message})`;
      if (context.path !== undefined) message += ` ${context.path}`;
      if (context.dest !== undefined) message += ` => ${context.dest}`;
      super(message);
      this.code = code;
      Object.defineProperty(this, 'name', {
        __proto__: null,
        value: 'SystemError',
        enumerable: false,
        writable: true,
        configurable: true,
      });
      Object.defineProperty(this, 'info', { __proto__: null, value: context, enumerable: true, configurable: true });
      mirror(this, context, 'errno');
      mirror(this, context, 'syscall');
      if (context.path !== undefined) mirrorText(this, context, 'path');
      if (context.dest !== undefined) mirrorText(this, context, 'dest');
      if (!formatsStacks.now) {
        this.name = `SystemError [${code}]`;
        this.stack;
        this.name = 'SystemError';
      }
    }
  };
}

function mirror(error, context, key) {
  Object.defineProperty(error, key, {
    __proto__: null,
    get: () => context[key],
    set: (value) => {
      context[key] = value;
    },
    enumerable: true,
    configurable: true,
  });
}

function mirrorText(error, context, key) {
  Object.defineProperty(error, key, {
    __proto__: null,
    get: () => context[key]?.toString(),
    set: (value) => {
      context[key] = value ? Buffer.from(value.toString()) : undefined;
    },
    enumerable: true,
    configurable: true,
  });
}

const tables = ['shared/error_codes', 'shared/error_codes_net', 'shared/error_codes_module'];

function build(code) {
  for (const id of tables) {
    const row = require(id)[code];
    if (row === undefined) continue;
    if (row[0] === 'system') return makeSystemClass(code, row[1]);
    return makeClass(code, row[0], typeof row[1] === 'string' ? templateFunction(row[1]) : row[1], row[2]);
  }
  throw new Error(`No such error code: ${code}`);
}

/**
 * Classes of coded errors by code; a class is made when it is first asked for.
 * @type {Record<string, new (...args: any[]) => Error & { code: string }>}
 */
const codes = new Proxy(
  { __proto__: null },
  {
    get(made, code) {
      return (made[code] ??= typeof code === 'string' ? build(code) : undefined);
    },
  },
);

/**
 * Cuts the stack so that it begins at the caller of `above`.
 * @template {Error} E
 * @param {E} error
 * @param {Function} above
 * @returns {E}
 */
function stackFrom(error, above) {
  captureStackTrace(error, above);
  if (!formatsStacks.now && error[codedError]) wordStackNow(error, error.code);
  return error;
}

/**
 * A coded error whose stack begins at the caller of `above`. Capturing it is what an error costs, so it is done once.
 * @param {new (a: any, b?: any, c?: any) => Error} Class
 * @param {Function} above
 * @param {any} a
 * @param {any} [b]
 * @param {any} [c]
 */
function errorFrom(Class, above, a, b, c) {
  const limit = Error.stackTraceLimit;
  if (!setStackLimit(0)) return stackFrom(new Class(a, b, c), above);
  let error;
  try {
    error = new Class(a, b, c);
  } finally {
    Error.stackTraceLimit = limit;
  }
  return stackFrom(error, above);
}

/** Whether it could be set: a program may have frozen Error. */
function setStackLimit(limit) {
  try {
    Error.stackTraceLimit = limit;
    return true;
  } catch {
    return false;
  }
}

/** A plain Error like that. */
function plainErrorFrom(above, message) {
  return errorFrom(Error, above, message);
}

class AbortError extends Error {
  constructor(message = 'The operation was aborted', options = undefined) {
    if (options !== undefined && (typeof options !== 'object' || options === null)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

function getSystemErrorName(errno) {
  const entry = errnoMap().get(errno);
  return entry === undefined ? `Unknown system error ${errno}` : entry[0];
}

function getSystemErrorMessage(errno) {
  const entry = errnoMap().get(errno);
  return entry === undefined ? `Unknown system error ${errno}` : entry[1];
}

function getSystemErrorMap() {
  return errnoMap();
}

/**
 * `connect ECONNREFUSED`: an error of a call that names no file.
 * @param {number} errno negative
 * @param {string} syscall
 * @param {string} [original] words to add
 */
function errnoException(errno, syscall, original) {
  const code = getSystemErrorName(errno);
  const error = plainErrorFrom(errnoException, original ? `${syscall} ${code} ${original}` : `${syscall} ${code}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  return error;
}

/**
 * `connect ECONNREFUSED 127.0.0.1:80 - Local (...)`.
 * @param {number} errno negative
 * @param {string} syscall
 * @param {string} [address]
 * @param {number} [port]
 * @param {string} [additional] the local end
 */
function exceptionWithHostPort(errno, syscall, address, port, additional) {
  const code = getSystemErrorName(errno);
  let details = '';
  if (port && port > 0) details = ` ${address}:${port}`;
  else if (address) details = ` ${address}`;
  if (additional) details += ` - Local (${additional})`;
  const error = plainErrorFrom(exceptionWithHostPort, `${syscall} ${code}${details}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  error.address = address;
  if (port) error.port = port;
  return error;
}

/**
 * An error of a name look-up.
 * @param {number | string} code a libuv number or a name such as 'ENOTFOUND'
 * @param {string} syscall
 * @param {string} [hostname]
 */
function dnsException(code, syscall, hostname) {
  let errno;
  if (typeof code === 'number') {
    errno = code;
    const name = getSystemErrorName(code);
    // Callers have always met these two under one name.
    code = name === 'EAI_NODATA' || name === 'EAI_NONAME' ? 'ENOTFOUND' : name;
  }
  const error = plainErrorFrom(dnsException, `${syscall} ${code}${hostname ? ` ${hostname}` : ''}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (hostname) error.hostname = hostname;
  return error;
}

/**
 * One error out of two: the later one leads.
 * @param {Error | null | undefined} inner
 * @param {Error | null | undefined} outer
 */
function aggregateTwoErrors(inner, outer) {
  if (!inner || !outer || inner === outer) return inner || outer;
  if (Array.isArray(outer.errors)) {
    outer.errors.push(inner);
    return outer;
  }
  const error = new AggregateError([outer, inner], outer.message);
  error.code = outer.code;
  return stackFrom(error, aggregateTwoErrors);
}

/**
 * An AggregateError whose code is the first error's.
 * @param {Error[]} errors
 * @param {string} [message]
 */
function aggregateErrors(errors, message = '') {
  const error = new AggregateError(errors, message);
  error.code = errors[0]?.code;
  return stackFrom(error, aggregateErrors);
}

/** A plain Error with properties. */
function genericError(message, properties) {
  return Object.assign(plainErrorFrom(genericError, message), properties);
}

const nativeBases = [Error, TypeError, RangeError, SyntaxError];

/**
 * An error that native code raised, as data. System errors have their errno among the properties and look like those
 * of file operations; other codes are coded errors.
 * @param {number} kind 0 Error, 1 TypeError, 2 RangeError, 3 SyntaxError
 * @param {string} code
 * @param {string} message
 * @param {Record<string, any>} [properties]
 */
function fromNative(kind, code, message, properties) {
  const Base = nativeBases[kind] ?? Error;
  const coded = code.startsWith('ERR_');
  const error = errorFrom(coded ? codedBase(Base) : Base, fromNative, message);
  if (properties?.errno !== undefined) error.errno = properties.errno;
  if (code) error.code = code;
  if (properties) {
    // Defined, not assigned: Error.prototype may have a setter of the program's.
    for (const key of Object.keys(properties)) {
      Object.defineProperty(error, key, {
        __proto__: null,
        value: properties[key],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
  if (coded && !formatsStacks.now) wordStackNow(error, code);
  return error;
}

function isErrorLike(value) {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'stack');
}

module.exports = {
  codes,
  AbortError,
  aggregateErrors,
  aggregateTwoErrors,
  dnsException,
  errnoException,
  errorFrom,
  exceptionWithHostPort,
  fromNative,
  genericError,
  getSystemErrorMap,
  getSystemErrorMessage,
  getSystemErrorName,
  isErrorLike,
  stackFrom,
};

'use strict';

// node:assert. The methods live on Assert.prototype and are the functions of the module as well; what they need of an
// instance (its kind of diff) they read from `this`, and do without when they are called alone.

const { codes } = require('shared/errors');
const { validateFunction, validateOneOf } = require('shared/validators');
const { AssertionError } = require('assert/assertion_error');

const {
  ERR_AMBIGUOUS_ARGUMENT,
  ERR_CONSTRUCT_CALL_REQUIRED,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_RETURN_VALUE,
  ERR_MISSING_ARGS,
} = codes;

const { isNativeError, isPromise, isRegExp } = engine;

/** What Assert instances keep: { diff, skipPrototype }. */
const settings = Symbol('options');

/** Stands for: nothing was thrown. */
const nothing = {};

let equality;

function deep() {
  return (equality ??= require('assert/deep_equal'));
}

function inspect(value, options) {
  return require('util/inspect').inspect(value, options);
}

function isError(value) {
  return isNativeError(value) || value instanceof Error;
}

function diffOf(self) {
  return self?.[settings]?.diff ?? 'simple';
}

function skipsPrototype(self) {
  return self?.[settings]?.skipPrototype ?? false;
}

function fail(options) {
  if (isError(options.message)) throw options.message;
  throw new AssertionError(options);
}

function requireTwo(count) {
  if (count < 2) throw new ERR_MISSING_ARGS('actual', 'expected');
}

/**
 * Assertions that are configured on their own.
 * @constructor
 * @param {{ diff?: 'simple' | 'full', strict?: boolean, skipPrototype?: boolean }} [options]
 */
function Assert(options) {
  if (!new.target) throw new ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  const { diff, strict, skipPrototype } = { diff: 'simple', strict: true, skipPrototype: false, ...options };
  if (diff !== undefined) validateOneOf(diff, 'options.diff', ['simple', 'full']);
  this.AssertionError = AssertionError;
  Object.defineProperty(this, settings, {
    __proto__: null,
    value: { __proto__: null, diff, skipPrototype },
    enumerable: false,
  });
  if (strict) {
    this.equal = this.strictEqual;
    this.deepEqual = this.deepStrictEqual;
    this.notEqual = this.notStrictEqual;
    this.notDeepEqual = this.notDeepStrictEqual;
  }
}

let warnedOfFail = false;

Assert.prototype.fail = function (actual, expected, message, operator, stackStartFn) {
  const count = arguments.length;
  let internal = false;
  if (actual == null && count <= 1) {
    internal = true;
    message = 'Failed';
  } else if (count === 1) {
    message = actual;
    actual = undefined;
  } else {
    if (!warnedOfFail) {
      warnedOfFail = true;
      process.emitWarning(
        'assert.fail() with more than one argument is deprecated. ' +
          'Please use assert.strictEqual() instead or only pass a message.',
        'DeprecationWarning',
        'DEP0094',
      );
    }
    if (count === 2) operator = '!=';
  }
  if (isError(message)) throw message;
  const options = {
    actual,
    expected,
    operator: operator === undefined ? 'fail' : operator,
    stackStartFn: stackStartFn || methods.fail,
    message,
    diff: diffOf(this),
  };
  const error = new AssertionError(options);
  if (internal) error.generatedMessage = true;
  throw error;
};

function checkOk(above, count, value, message, diff) {
  if (value) return;
  let generated = false;
  if (count === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message == null) {
    generated = true;
    const source = require('assert/call_source').callSource(above);
    message = source === undefined ? undefined : `The expression evaluated to a falsy value:\n\n  ${source}\n`;
  } else if (isError(message)) {
    throw message;
  }
  const error = new AssertionError({
    actual: value,
    expected: true,
    message,
    operator: '==',
    stackStartFn: above,
    diff,
  });
  error.generatedMessage = generated;
  throw error;
}

Assert.prototype.ok = function (...args) {
  if (args[0]) return;
  checkOk(methods.ok, args.length, args[0], args[1], diffOf(this));
};

Assert.prototype.equal = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (actual == expected || (actual !== actual && expected !== expected)) return;
  fail({ actual, expected, message, operator: '==', stackStartFn: methods.equal, diff: diffOf(this) });
};

Assert.prototype.notEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (actual != expected && !(actual !== actual && expected !== expected)) return;
  fail({ actual, expected, message, operator: '!=', stackStartFn: methods.notEqual, diff: diffOf(this) });
};

Assert.prototype.deepEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (deep().isDeepEqual(actual, expected)) return;
  fail({ actual, expected, message, operator: 'deepEqual', stackStartFn: methods.deepEqual, diff: diffOf(this) });
};

Assert.prototype.notDeepEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (!deep().isDeepEqual(actual, expected)) return;
  fail({ actual, expected, message, operator: 'notDeepEqual', stackStartFn: methods.notDeepEqual, diff: diffOf(this) });
};

Assert.prototype.deepStrictEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (deep().isDeepStrictEqual(actual, expected, skipsPrototype(this))) return;
  fail({
    actual,
    expected,
    message,
    operator: 'deepStrictEqual',
    stackStartFn: methods.deepStrictEqual,
    diff: diffOf(this),
  });
};

Assert.prototype.notDeepStrictEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (!deep().isDeepStrictEqual(actual, expected, skipsPrototype(this))) return;
  fail({
    actual,
    expected,
    message,
    operator: 'notDeepStrictEqual',
    stackStartFn: methods.notDeepStrictEqual,
    diff: diffOf(this),
  });
};

Assert.prototype.strictEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (Object.is(actual, expected)) return;
  fail({ actual, expected, message, operator: 'strictEqual', stackStartFn: methods.strictEqual, diff: diffOf(this) });
};

Assert.prototype.notStrictEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (!Object.is(actual, expected)) return;
  fail({
    actual,
    expected,
    message,
    operator: 'notStrictEqual',
    stackStartFn: methods.notStrictEqual,
    diff: diffOf(this),
  });
};

Assert.prototype.partialDeepStrictEqual = function (actual, expected, message) {
  requireTwo(arguments.length);
  if (deep().isPartialStrictEqual(actual, expected)) return;
  fail({
    actual,
    expected,
    message,
    operator: 'partialDeepStrictEqual',
    stackStartFn: methods.partialDeepStrictEqual,
    diff: diffOf(this),
  });
};

/** The properties of an error that an assertion is about, for the diff. */
class Comparison {
  constructor(value, keys, other) {
    for (const key of keys) {
      if (!(key in value)) continue;
      // Where the other side has a matching regular expression, it stands for the text.
      const text = value[key];
      this[key] =
        other !== undefined &&
        typeof other[key] === 'string' &&
        isRegExp(text) &&
        RegExp.prototype.exec.call(text, other[key]) !== null
          ? other[key]
          : text;
    }
  }
}

function compareKey(actual, expected, key, message, keys, above, diff) {
  if (key in actual && deep().isDeepStrictEqual(actual[key], expected[key])) return;
  if (!message) {
    const error = new AssertionError({
      actual: new Comparison(actual, keys),
      expected: new Comparison(expected, keys, actual),
      operator: 'deepStrictEqual',
      stackStartFn: above,
      diff,
    });
    error.actual = actual;
    error.expected = expected;
    error.operator = above.name;
    throw error;
  }
  fail({ actual, expected, message, operator: above.name, stackStartFn: above, diff });
}

function compareWithObject(actual, expected, message, above, diff) {
  const keys = Object.keys(expected);
  if (expected instanceof Error) {
    keys.push('name', 'message');
  } else if (keys.length === 0) {
    throw new ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  }
  for (const key of keys) {
    if (
      typeof actual[key] === 'string' &&
      isRegExp(expected[key]) &&
      RegExp.prototype.exec.call(expected[key], actual[key]) !== null
    )
      continue;
    compareKey(actual, expected, key, message, keys, above, diff);
  }
}

/** Why a thrown value is not of the class, in words. */
function wrongClassMessage(actual, expected) {
  let text = `The error is expected to be an instance of "${expected.name}". Received `;
  if (!isError(actual)) return `${text}"${inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor?.name || actual.name;
  text += expected.name === name ? 'an error with identical name but a different prototype.' : `"${name}"`;
  return actual.message ? `${text}\n\nError message:\n\n${actual.message}` : text;
}

/** Checks what was thrown against what was expected of it. */
function checkThrown(actual, expected, message, above, diff) {
  let generated = false;
  if (typeof expected !== 'function') {
    if (!isRegExp(expected)) {
      if (typeof actual === 'object' && actual !== null) {
        compareWithObject(actual, expected, message, above, diff);
        return;
      }
      const error = new AssertionError({
        actual,
        expected,
        message,
        operator: 'deepStrictEqual',
        stackStartFn: above,
        diff,
      });
      error.operator = above.name;
      throw error;
    }
    const text = String(actual);
    if (RegExp.prototype.exec.call(expected, text) !== null) return;
    if (!message) {
      generated = true;
      message = `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`;
    }
  } else if (expected.prototype !== undefined && actual instanceof expected) {
    return;
  } else if (Object.prototype.isPrototypeOf.call(Error, expected)) {
    if (!message) {
      generated = true;
      message = wrongClassMessage(actual, expected);
    }
  } else {
    const result = Reflect.apply(expected, {}, [actual]);
    if (result === true) return;
    if (!message) {
      generated = true;
      const name = expected.name ? `"${expected.name}" ` : '';
      message = `The ${name}validation function is expected to return "true". Received ${inspect(result)}`;
      if (isError(actual)) message += `\n\nCaught error:\n\n${actual}`;
    }
  }
  if (isError(message)) throw message;
  failAs(above, actual, expected, message, generated, diff);
}

/** The failure of the assertion `above`: the operator is its name, and the stack begins above it. */
function failAs(above, actual, expected, message, generated, diff) {
  const error = new AssertionError({ actual, expected, message, operator: above.name, stackStartFn: above, diff });
  error.generatedMessage = generated;
  throw error;
}

function thrownBy(fn) {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return nothing;
}

function isThenable(value) {
  return (
    isPromise(value) ||
    (value !== null &&
      typeof value === 'object' &&
      typeof value.then === 'function' &&
      typeof value.catch === 'function')
  );
}

async function rejectionOf(promiseFn) {
  let promise = promiseFn;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isThenable(promise)) throw new ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
  } else if (!isThenable(promiseFn)) {
    throw new ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return nothing;
}

function expectThrown(above, diff, actual, ...args) {
  let [expected, message] = args;
  if (typeof expected === 'string') {
    if (args.length === 2) {
      throw new ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], expected);
    }
    if (typeof actual === 'object' && actual !== null) {
      if (actual.message === expected) {
        throw new ERR_AMBIGUOUS_ARGUMENT(
          'error/message',
          `The error message "${actual.message}" is identical to the message.`,
        );
      }
    } else if (actual === expected) {
      throw new ERR_AMBIGUOUS_ARGUMENT('error/message', `The error "${actual}" is identical to the message.`);
    }
    message = expected;
    expected = undefined;
  } else if (expected != null && typeof expected !== 'object' && typeof expected !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], expected);
  }
  if (actual === nothing) {
    const details = `${expected?.name ? ` (${expected.name})` : ''}${message ? `: ${message}` : '.'}`;
    const kind = above === methods.rejects ? 'rejection' : 'exception';
    fail({
      actual: undefined,
      expected,
      operator: above.name,
      message: `Missing expected ${kind}${details}`,
      stackStartFn: above,
      diff,
    });
  }
  if (expected) checkThrown(actual, expected, message, above, diff);
}

function isOfExpected(actual, expected) {
  if (typeof expected === 'function') {
    if (expected.prototype !== undefined && actual instanceof expected) return true;
    if (Object.prototype.isPrototypeOf.call(Error, expected)) return false;
    return Reflect.apply(expected, {}, [actual]) === true;
  }
  if (isRegExp(expected)) return RegExp.prototype.exec.call(expected, String(actual)) !== null;
  throw new ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
}

function expectNothing(above, diff, actual, expected, message) {
  if (actual === nothing) return;
  if (typeof expected === 'string') {
    message = expected;
    expected = undefined;
  }
  if (!expected || isOfExpected(actual, expected)) {
    const kind = above === methods.doesNotReject ? 'rejection' : 'exception';
    fail({
      actual,
      expected,
      operator: above.name,
      message: `Got unwanted ${kind}${message ? `: ${message}` : '.'}\nActual message: "${actual?.message}"`,
      stackStartFn: above,
      diff,
    });
  }
  throw actual;
}

Assert.prototype.throws = function (fn, ...args) {
  expectThrown(methods.throws, diffOf(this), thrownBy(fn), ...args);
};

Assert.prototype.rejects = async function (promiseFn, ...args) {
  expectThrown(methods.rejects, diffOf(this), await rejectionOf(promiseFn), ...args);
};

Assert.prototype.doesNotThrow = function (fn, ...args) {
  expectNothing(methods.doesNotThrow, diffOf(this), thrownBy(fn), ...args);
};

Assert.prototype.doesNotReject = async function (promiseFn, ...args) {
  expectNothing(methods.doesNotReject, diffOf(this), await rejectionOf(promiseFn), ...args);
};

Assert.prototype.ifError = function (error) {
  if (error === null || error === undefined) return;
  let message = 'ifError got unwanted exception: ';
  if (typeof error === 'object' && typeof error.message === 'string') {
    message += error.message.length === 0 && error.constructor ? error.constructor.name : error.message;
  } else {
    message += inspect(error);
  }
  const failure = new AssertionError({
    actual: error,
    expected: null,
    operator: 'ifError',
    message,
    stackStartFn: methods.ifError,
    diff: diffOf(this),
  });
  // Both stacks are of interest: where the error was made, then where it was met.
  const { stack } = error;
  const at = typeof stack === 'string' ? stack.indexOf('\n    at') : -1;
  if (at !== -1) {
    const frames = stack.slice(at + 1).split('\n');
    let lines = failure.stack.split('\n');
    for (const frame of frames) {
      const common = lines.indexOf(frame);
      if (common !== -1) {
        lines = lines.slice(0, common);
        break;
      }
    }
    failure.stack = `${lines.join('\n')}\n${frames.join('\n')}`;
  }
  throw failure;
};

function checkMatch(string, regexp, message, above, wanted, diff) {
  if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  if (typeof string === 'string' && (RegExp.prototype.exec.call(regexp, string) !== null) === wanted) return;
  if (isError(message)) throw message;
  const generated = !message;
  if (generated) {
    message =
      typeof string !== 'string'
        ? `The "string" argument must be of type string. Received type ${typeof string} (${inspect(string)})`
        : `${wanted ? 'The input did not match' : 'The input was expected to not match'} the regular expression ` +
          `${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
  }
  failAs(above, string, regexp, message, generated, diff);
}

Assert.prototype.match = function (string, regexp, message) {
  checkMatch(string, regexp, message, methods.match, true, diffOf(this));
};

Assert.prototype.doesNotMatch = function (string, regexp, message) {
  checkMatch(string, regexp, message, methods.doesNotMatch, false, diffOf(this));
};

/** The methods by name, as they were made: stacks begin at their callers whatever a program puts in their place. */
const methods = { __proto__: null };
for (const name of Object.keys(Assert.prototype)) {
  methods[name] = Assert.prototype[name];
  Object.defineProperty(methods[name], 'name', { __proto__: null, value: name, configurable: true });
}

/** @param {...any} args a value, and a message (or an Error) */
function ok(...args) {
  if (args[0]) return;
  checkOk(ok, args.length, args[0], args[1], 'simple');
}
/** @type {any} the function's name, ok, shows in stacks */
const assert = ok;

function strict(...args) {
  if (args[0]) return;
  checkOk(strict, args.length, args[0], args[1], 'simple');
}

let warnedOfTracker = false;
let TrackerClass;

assert.AssertionError = AssertionError;
Object.defineProperty(assert, 'CallTracker', {
  __proto__: null,
  get() {
    return (TrackerClass ??= class CallTracker extends require('assert/call_tracker').CallTracker {
      constructor() {
        super();
        if (warnedOfTracker) return;
        warnedOfTracker = true;
        process.emitWarning('assert.CallTracker is deprecated.', 'DeprecationWarning', 'DEP0173');
      }
    });
  },
  configurable: true,
  enumerable: true,
});
for (const name of [
  'ok',
  'fail',
  'equal',
  'notEqual',
  'deepEqual',
  'notDeepEqual',
  'deepStrictEqual',
  'notDeepStrictEqual',
  'strictEqual',
  'notStrictEqual',
  'partialDeepStrictEqual',
  'match',
  'doesNotMatch',
  'throws',
  'rejects',
  'doesNotThrow',
  'doesNotReject',
  'ifError',
])
  assert[name] = methods[name];

for (const name of Object.keys(assert)) {
  Object.defineProperty(strict, name, Object.getOwnPropertyDescriptor(assert, name));
}
strict.equal = methods.strictEqual;
strict.deepEqual = methods.deepStrictEqual;
strict.notEqual = methods.notStrictEqual;
strict.notDeepEqual = methods.notDeepStrictEqual;
strict.Assert = Assert;
strict.strict = strict;

assert.strict = strict;
assert.Assert = Assert;

module.exports = assert;

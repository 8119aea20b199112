'use strict';

// t.assert: the functions of node:assert and those that programs register, each counting for the test's plan.

const { validateFunction, validateString } = require('shared/validators');

/** Not assertions. */
const left = new Set(['AssertionError', 'CallTracker', 'strict', 'Assert', 'options']);

let table;

function assertions() {
  if (table !== undefined) return table;
  table = new Map();
  const assert = require('assert');
  for (const name of Object.keys(assert)) {
    if (!left.has(name) && typeof assert[name] === 'function') table.set(name, assert[name]);
  }
  return table;
}

/**
 * @param {string} name
 * @param {Function} fn called with the TestContext as `this`
 */
function register(name, fn) {
  validateString(name, 'name');
  validateFunction(fn, 'fn');
  assertions().set(name, fn);
}

/**
 * @param {object} context the TestContext
 * @param {Record<string, any>} test
 */
function assertionsFor(context, test) {
  const result = { __proto__: null };
  const { ok } = require('assert');
  const table = assertions();
  for (const [name, fn] of table) {
    if (fn === ok) continue;
    result[name] = function (...args) {
      test.plan?.count();
      return Reflect.apply(fn, context, args);
    };
  }
  result.snapshot ??= function (value, options) {
    test.plan?.count();
    return require('test/snapshot').snapshot(test, value, options);
  };
  result.fileSnapshot ??= function (value, path, options) {
    test.plan?.count();
    return require('test/snapshot').fileSnapshot(test, value, path, options);
  };
  if (table.get('ok') === ok) {
    result.ok = function okay(...args) {
      test.plan?.count();
      if (!args[0]) failOk(okay, args);
    };
  }
  return result;
}

/** The text of a failure is found by looking who called, so node:assert's own ok would see this file. */
function failOk(above, args) {
  let message = args[1];
  let generated = false;
  if (args.length === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message == null) {
    generated = true;
    const source = require('assert/call_source').callSource(above);
    if (source !== undefined) message = `The expression evaluated to a falsy value:\n\n  ${source}\n`;
  } else if (engine.isNativeError(message)) {
    throw message;
  }
  const { AssertionError } = require('assert/assertion_error');
  const error = new AssertionError({
    actual: args[0],
    expected: true,
    message,
    operator: '==',
    stackStartFn: above,
  });
  error.generatedMessage = generated;
  throw error;
}

module.exports = { register, assertionsFor };

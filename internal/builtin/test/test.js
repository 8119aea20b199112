'use strict';

// node:test: what programs write tests with. Everything behind it is loaded when first used.

const { Test, current } = require('test/case');
const { callerLocation } = require('test/location');
const { mainHarness } = require('test/harness');

function parentTest() {
  return current.getStore() ?? mainHarness().root;
}

/** Makes a test or suite where the program is now, and starts it unless its suite will. */
function make(Class, name, options, fn, extra) {
  const parent = parentTest();
  const child = parent.createSubtest(Class, name, options, fn, extra, callerLocation());
  const { parent: owner } = child;
  if (owner.reportedType === 'suite') {
    return owner.ran ? child.start() : Promise.resolve();
  }
  if (owner.parent !== null) {
    if (owner.hookType === undefined) owner.subtestsDone ??= Promise.withResolvers();
    return child.start();
  }
  return owner.harness.start(child);
}

function Suite() {
  return require('test/suite').Suite;
}

/**
 * @param {string} [name]
 * @param {Options} [options]
 * @param {Function} [fn]
 * @returns {Promise<undefined>}
 */
function test(name, options, fn) {
  return make(Test, name, options, fn, undefined);
}

function suite(name, options, fn) {
  return make(Suite(), name, options, fn, undefined);
}

for (const key of ['skip', 'todo', 'only']) {
  const extra = { [key]: true };
  test[key] = function (name, options, fn) {
    return make(Test, name, options, fn, extra);
  };
  suite[key] = function (name, options, fn) {
    return make(Suite(), name, options, fn, extra);
  };
}

function hook(type) {
  return function (fn, options) {
    parentTest().createHook(type, fn, options, callerLocation());
  };
}

test.after = hook('after');
test.afterEach = hook('afterEach');
test.before = hook('before');
test.beforeEach = hook('beforeEach');
test.describe = suite;
test.it = test;
test.run = function run(options) {
  return require('test/run').run(options);
};
test.suite = suite;
test.test = test;

function lazy(name, get) {
  let value;
  Object.defineProperty(test, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return (value ??= get());
    },
  });
}

lazy('mock', () => new (require('test/mock').MockTracker)());
lazy('snapshot', () => {
  const { setDefaultSnapshotSerializers, setResolveSnapshotPath } = require('test/snapshot');
  return { __proto__: null, setDefaultSnapshotSerializers, setResolveSnapshotPath };
});
lazy('assert', () => ({ __proto__: null, register: require('test/assertions').register }));

module.exports = test;

'use strict';

// What the functions of tests and suites are given.

const { validateFunction, validateNumber, validateObject } = require('shared/validators');
const { failure, kinds } = require('test/failure');
const { callerLocation } = require('test/location');

class TestContext {
  #test;
  #assert;

  constructor(test) {
    this.#test = test;
  }

  get signal() {
    return this.#test.signal;
  }

  get name() {
    return this.#test.name;
  }

  get filePath() {
    return this.#test.root.harness.entryFile;
  }

  get fullName() {
    return this.#test.fullName;
  }

  get error() {
    return this.#test.error;
  }

  get passed() {
    return this.#test.passed;
  }

  get attempt() {
    return this.#test.attempt;
  }

  diagnostic(message) {
    this.#test.diagnostic(message);
  }

  plan(count, options = undefined) {
    if (this.#test.plan !== null) throw failure('cannot set plan more than once', kinds.code);
    this.#test.plan = new (require('test/plan').Plan)(count, options);
  }

  get assert() {
    return (this.#assert ??= require('test/assertions').assertionsFor(this, this.#test));
  }

  get mock() {
    return (this.#test.mock ??= new (require('test/mock').MockTracker)());
  }

  runOnly(value) {
    this.#test.runOnly = !!value;
  }

  skip(message) {
    this.#test.skip(message);
  }

  todo(message) {
    this.#test.todo(message);
  }

  test(name, options, fn) {
    const test = this.#test;
    test.plan?.count();
    const subtest = test.createSubtest(require('test/case').Test, name, options, fn, undefined, callerLocation());
    test.subtestsDone ??= Promise.withResolvers();
    return subtest.start();
  }

  before(fn, options) {
    this.#test.createHook('before', fn, options, callerLocation());
  }

  after(fn, options) {
    this.#test.createHook('after', fn, options, callerLocation());
  }

  beforeEach(fn, options) {
    this.#test.createHook('beforeEach', fn, options, callerLocation());
  }

  afterEach(fn, options) {
    this.#test.createHook('afterEach', fn, options, callerLocation());
  }

  waitFor(condition, options = { __proto__: null }) {
    validateFunction(condition, 'condition');
    validateObject(options, 'options');
    const { interval = 50, timeout = 1000 } = options;
    validateNumber(interval, 'options.interval', 0, 2 ** 31 - 1);
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    return poll(condition, interval, timeout);
  }
}

const none = Symbol('none');

function poll(condition, interval, timeout) {
  const { promise, resolve, reject } = Promise.withResolvers();
  let next;
  let lastFailure = none;
  const deadline = setTimeout(() => {
    clearTimeout(next);
    const error = new Error('waitFor() timed out');
    if (lastFailure !== none) error.cause = lastFailure;
    next = null;
    reject(error);
  }, timeout);
  const attempt = async () => {
    try {
      const result = await condition();
      if (next === null) return;
      clearTimeout(deadline);
      resolve(result);
    } catch (error) {
      lastFailure = error;
      if (next !== null) next = setTimeout(attempt, interval);
    }
  };
  attempt();
  return promise;
}

class SuiteContext {
  #suite;

  constructor(suite) {
    this.#suite = suite;
  }

  get signal() {
    return this.#suite.signal;
  }

  get name() {
    return this.#suite.name;
  }

  get filePath() {
    return this.#suite.root.harness.entryFile;
  }

  get fullName() {
    return this.#suite.fullName;
  }

  get passed() {
    return this.#suite.passed;
  }

  get attempt() {
    return this.#suite.attempt;
  }

  diagnostic(message) {
    this.#suite.diagnostic(message);
  }
}

module.exports = { TestContext, SuiteContext };

'use strict';

// A hook runs like a test, with the context of the test or suite it runs for. Those of before and after run once.

const { Test } = require('test/case');
const { isFailure, kinds } = require('test/failure');

class TestHook extends Test {
  constructor(owner, type, fn, options, location) {
    const { timeout, signal } = options;
    super(null, { name: `${type} hook`, fn, options: { timeout, signal }, location });
    if (timeout == null && owner.timeout !== Infinity) this.timeout = owner.timeout;
    this.owner = owner;
    this.root = owner.root;
    this.hookType = type;
    this.given = undefined;
    this.running = undefined;
  }

  run(given) {
    if (this.hookType === 'before' || this.hookType === 'after') {
      if (this.running === undefined) {
        this.given = given;
        this.running = super.run();
      }
      return this.running;
    }
    if (this.startTime !== 0) this.again();
    this.given = given;
    return super.run();
  }

  /** Prepares another run. */
  again() {
    this.startTime = this.endTime = 0;
    this.passed = this.cancelled = this.aborted = false;
    this.error = null;
    this.stop = this.controller = undefined;
  }

  runArguments() {
    return this.given;
  }

  get signal() {
    return super.signal;
  }

  postRun() {
    super.postRun();
    const { owner, error } = this;
    if (error !== null && this.hookType === 'after' && owner === this.root) {
      if (isFailure(error)) error.failureType = kinds.hook;
      owner.harness.success = false;
      this.reporter.tell('test:fail', {
        __proto__: null,
        name: this.location?.file ?? 'after',
        nesting: 0,
        testNumber: owner.subtests.length + 1,
        details: { __proto__: null, duration_ms: this.duration, type: 'test', error },
        line: this.location?.line,
        column: this.location?.column,
        file: this.location?.file,
      });
    }
  }
}

module.exports = { TestHook };

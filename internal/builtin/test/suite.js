'use strict';

// A suite: its function runs at once and only makes tests; they run when the suite's turn comes.

const { Test, current } = require('test/case');
const { failure, isFailure, kinds } = require('test/failure');
const { monotonicNow } = engine;

class Suite extends Test {
  constructor(parent, what) {
    super(parent, what);
    this.building = undefined;
    this.ran = false;
  }

  get reportedType() {
    return 'suite';
  }

  get noMoreSubtests() {
    return this.ran;
  }

  /** Runs the function. */
  built() {
    try {
      if (this.timeout === 0) this.timeout = Infinity;
      const { context, args } = this.runArguments();
      const result = current.run(this, () => Reflect.apply(this.fn, context, args));
      if (typeof result?.then === 'function') {
        this.building = result.then(
          () => {
            this.root.harness.suiteBuilt(this);
          },
          (error) => {
            this.failBuild(error);
          },
        );
        return;
      }
      this.root.harness.suiteBuilt(this);
    } catch (error) {
      this.failBuild(error);
    }
  }

  failBuild(error) {
    this.fail(isFailure(error) ? error : failure(error, kinds.code));
  }

  getContext() {
    return (this.context ??= new (require('test/context').SuiteContext)(this));
  }

  async run() {
    const { parent } = this;
    parent.active++;
    this.startTime = monotonicNow();
    try {
      if (this.building !== undefined) await this.building;
      if (this.skipped || this.error !== null) this.subtests = [];
      if (this.shouldAbort()) {
        this.subtests = [];
        this.postRun();
        return;
      }
      if (this.error !== null) {
        this.postRun();
        return;
      }
      if (this.timeout !== Infinity) this.stop = new (require('test/case').Stop)(this.timeout);
      if (parent.hooks !== undefined && parent.hooks.before.length > 0) {
        await parent.runHooks('before', parent.runArguments());
      }
      if (this.hooks !== undefined && this.hooks.before.length > 0) {
        await this.runHooks('before', this.runArguments());
      }
      if (this.subtests.length > 0) {
        await this.race(Promise.all(this.subtests.map((test) => test.start())));
      }
      this.ran = true;
      if (this.hooks !== undefined && this.hooks.after.length > 0) {
        await this.runHooks('after', this.runArguments());
      }
      this.pass();
    } catch (error) {
      try {
        if (
          this.hooks !== undefined &&
          this.hooks.after.length > 0 &&
          !(isFailure(error) && error.message === 'failed running after hook')
        ) {
          await this.runHooks('after', this.runArguments());
        }
      } catch {
        // The suite has failed already.
      }
      if (isFailure(error) && error.failureType === kinds.timeout) this.cancel(error);
      else this.fail(error);
    } finally {
      this.stop?.end();
      this.controller?.abort();
    }
    this.ran = true;
    this.postRun();
  }
}

module.exports = { Suite };

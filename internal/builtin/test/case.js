'use strict';

// A test: what it is made of, and how it runs. Suites and hooks are kinds of it.
//
// Tests make a tree. Each takes part in two orders: it runs when its parent has room (concurrency), and it is reported
// when those made before it have been.

const { AsyncLocalStorage } = require('async_hooks');
const { codes } = require('shared/errors');
const { validateAbortSignal, validateNumber, validateOneOf } = require('shared/validators');
const { failure, isFailure, kinds } = require('test/failure');
const { monotonicNow } = engine;

const { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = codes;

/** The test whose function is running. */
const current = new AsyncLocalStorage();

const longestTimeout = 2 ** 31 - 1;

const noop = () => {};

/** Ends waiting for what a test does: when its time is up (rejects) or it was cancelled (resolves). */
class Stop {
  constructor(timeout) {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.promise = promise;
    this.resolve = resolve;
    this.timer = undefined;
    if (timeout !== Infinity) {
      promise.catch(noop);
      this.timer = setTimeout(() => {
        reject(failure(`test timed out after ${timeout}ms`, kinds.timeout));
      }, timeout);
      this.timer.unref();
    }
  }

  end() {
    if (this.timer !== undefined) clearTimeout(this.timer);
  }
}

class Test {
  /**
   * @param {Test | null} parent
   * @param {{ name?: string, fn?: Function, options: Options, location?: object, root?: object }} what
   */
  constructor(parent, { name, fn, options, location }) {
    const { concurrency, only, timeout, signal, skip, todo, plan } = options;
    if (typeof fn !== 'function') fn = noop;
    if (typeof name !== 'string' || name === '') name = fn.name || '<anonymous>';
    this.name = name;
    this.parent = parent;
    this.location = location;
    /** @type {any} the root's: the Harness */
    this.harness = undefined;
    this.root = parent === null ? this : parent.root;
    /** @type {number} */
    this.nesting = parent === null || parent.parent === null ? 0 : parent.nesting + 1;
    this.concurrency = 1;
    this.timeout = parent === null ? Infinity : parent.timeout;
    this.only = only ?? (parent !== null && parent.only && parent.runOnly !== true ? parent.only : false);
    this.setConcurrency(concurrency);
    this.setTimeout(timeout);
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');

    this.skipped = skip !== undefined && skip !== false;
    this.isTodo = (todo !== undefined && todo !== false) || parent?.isTodo === true;
    this.message = typeof skip === 'string' ? skip : typeof todo === 'string' ? todo : undefined;
    this.fn = this.skipped ? noop : fn;
    this.plan = plan === undefined ? null : new (require('test/plan').Plan)(plan);

    this.passed = false;
    this.cancelled = false;
    this.aborted = false;
    this.error = null;
    this.startTime = 0;
    this.endTime = 0;
    this.attempt = 0;
    this.hookType = undefined;
    this.runOnly = false;
    this.context = undefined;
    this.mock = undefined;
    this.stop = undefined;
    this.controller = undefined;
    this.outerSignal = signal;
    this.onOuterAbort = undefined;

    this.subtests = [];
    this.waiting = [];
    this.active = 0;
    this.number = 0;
    this.testNumber = 0;
    this.shown = 0;
    this.nextReport = 0;
    this.ready = undefined;
    this.hooks = undefined;
    this.ownAfterEach = 0;
    this.subtestsDone = undefined;
    this.diagnostics = undefined;
    this.startReported = false;
    this.filtered = false;
    if (signal !== undefined) {
      this.onOuterAbort = () => this.abortByOuter();
      signal.addEventListener('abort', this.onOuterAbort, { once: true });
    }
  }

  get reportedType() {
    return 'test';
  }

  /** Whether others have been reported in its place: files that ran in a process of their own. */
  get isCovered() {
    return false;
  }

  get reporter() {
    return this.root.harness.reporter;
  }

  setConcurrency(value) {
    switch (typeof value) {
      case 'number':
        if (!Number.isInteger(value)) throw new ERR_OUT_OF_RANGE('options.concurrency', 'an integer', value);
        if (value < 1 || value > 4294967295) {
          throw new ERR_OUT_OF_RANGE('options.concurrency', '>= 1 && <= 4294967295', value);
        }
        this.concurrency = value;
        break;
      case 'boolean':
        this.concurrency = !value
          ? 1
          : this.parent !== null
            ? Infinity
            : Math.max(1, require('os').availableParallelism() - 1);
        break;
      default:
        if (value != null) throw new ERR_INVALID_ARG_TYPE('options.concurrency', ['boolean', 'number'], value);
    }
  }

  setTimeout(value) {
    if (value == null || value === Infinity) return;
    validateNumber(value, 'options.timeout', 0, longestTimeout);
    this.timeout = value;
  }

  get fullName() {
    const { parent } = this;
    if (parent === null) return '<root>';
    return parent.parent === null ? this.name : `${parent.fullName} > ${this.name}`;
  }

  /** The names that patterns are matched against. */
  get patternName() {
    const { parent } = this;
    return parent === null || parent.parent === null ? this.name : `${parent.patternName} ${this.name}`;
  }

  get signal() {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted || this.endTime !== 0 || this.outerSignal?.aborted) this.controller.abort();
    }
    return this.controller.signal;
  }

  // --- making children

  /**
   * @param {typeof Test} Class
   * @param {any} name
   * @param {any} options
   * @param {any} fn
   * @param {object} extra options that win
   * @param {object} location
   */
  createSubtest(Class, name, options, fn, extra, location) {
    if (typeof name === 'function') {
      fn = name;
    } else if (name !== null && typeof name === 'object') {
      fn = options;
      options = name;
    } else if (typeof options === 'function') {
      fn = options;
    }
    if (options === null || typeof options !== 'object') options = {};
    /** @type {Test} */
    let parent = this;
    // Without --test-only a suite is done when it has run: what is added later belongs to whoever is still running.
    if (this.noMoreSubtests) {
      while (parent.noMoreSubtests) parent = parent.parent;
    }
    const test = new Class(parent, {
      name: typeof name === 'string' ? name : options.name,
      fn,
      options: extra === undefined ? options : { ...options, ...extra },
      location,
    });
    test.number = parent.subtests.push(test);
    parent.root.harness.filter(test);
    if (parent.endTime !== 0 && parent.parent !== null) {
      test.fail(failure('test could not be started because its parent finished', kinds.parentFinished));
    }
    if (!test.filtered) test.reporter.enqueue(test);
    /** @type {any} */ (test).built?.();
    return test;
  }

  get noMoreSubtests() {
    return false;
  }

  /** Runs now or when there is room. */
  start() {
    const { parent } = this;
    if (parent.active >= parent.concurrency) {
      const turn = Promise.withResolvers();
      parent.waiting.push({ test: this, turn });
      return turn.promise;
    }
    return this.begin();
  }

  begin() {
    if (this.filtered) {
      this.passed = true;
      this.finish();
      return Promise.resolve();
    }
    this.reporter.dequeue(this);
    return this.run();
  }

  startWaiting() {
    while (this.waiting.length > 0 && this.active < this.concurrency) {
      const { test, turn } = this.waiting.shift();
      turn.resolve(test.begin());
    }
  }

  // --- running

  getContext() {
    return (this.context ??= new (require('test/context').TestContext)(this));
  }

  /** `this` and the arguments of the function. */
  runArguments() {
    const context = this.getContext();
    return { context, args: [context] };
  }

  /** What was given to the running test fn, and a wait for it. */
  async run() {
    const { parent } = this;
    if (parent !== null) parent.active++;
    this.startTime = monotonicNow();
    if (this.shouldAbort() || this.error !== null) {
      this.postRun();
      return;
    }
    const { context, args } = this.runArguments();
    if (this.timeout !== Infinity) this.stop = new Stop(this.timeout);
    let afterEachRan = false;
    let afterRan = false;
    const afterEach = async () => {
      if (afterEachRan || parent === null || this.skipped) return;
      afterEachRan = true;
      if (parent.hooks !== undefined && parent.hooks.afterEach.length > 0) {
        await parent.runHooks('afterEach', { context, args: [context] });
      }
    };
    const after = async () => {
      if (afterRan) return;
      afterRan = true;
      if (this.hooks !== undefined && this.hooks.after.length > 0) {
        await this.runHooks('after', { context, args: [context] });
      }
    };
    try {
      if (parent?.hooks !== undefined) {
        if (parent.hooks.before.length > 0) await parent.runHooks('before', parent.runArguments());
        if (parent.hooks.beforeEach.length > 0 && !this.skipped) {
          await parent.runHooks('beforeEach', { context, args: [context] });
        }
      }
      const running = this.call(context, args);
      if (running !== undefined) await this.race(running);
      if (this.shouldAbort()) {
        this.postRun();
        return;
      }
      while (this.subtestsDone !== undefined && !this.aborted) await this.race(this.subtestsDone.promise);
      const planned = this.plan?.check();
      if (planned !== undefined) await this.race(planned);
      this.pass();
      await afterEach();
      await after();
    } catch (error) {
      if (isFailure(error) && error.failureType === kinds.timeout && this.stop?.timer !== undefined) {
        this.cancel(error);
      } else {
        this.fail(error);
      }
      try {
        await afterEach();
      } catch {
        // The test has failed already.
      }
      try {
        await after();
      } catch {
        // The same.
      }
    } finally {
      this.stop?.end();
      if (parent !== null || this.hookType !== undefined) this.controller?.abort();
    }
    if (parent !== null || this.hookType !== undefined) this.postRun();
  }

  /** Calls the function; returns what to wait for, if anything. */
  call(context, args) {
    const { fn } = this;
    if (fn.length !== args.length + 1) {
      const result = current.run(this, () => Reflect.apply(fn, context, args));
      return typeof result?.then === 'function' ? result : undefined;
    }
    const done = Promise.withResolvers();
    let calls = 0;
    const callback = (error) => {
      calls++;
      if (calls > 1) {
        if (calls === 2) throw failure('callback invoked multiple times', kinds.multipleCallbacks);
        return;
      }
      if (error) done.reject(error);
      else done.resolve();
    };
    const result = current.run(this, () => Reflect.apply(fn, context, [...args, callback]));
    if (engine.isPromise(result)) {
      this.fail(failure('passed a callback but also returned a Promise', kinds.callbackAndPromise));
      return result;
    }
    return done.promise;
  }

  race(promise) {
    this.stop ??= new Stop(Infinity);
    return Promise.race([promise, this.stop.promise]);
  }

  shouldAbort() {
    if (!this.aborted && this.outerSignal?.aborted) this.abortByOuter();
    return this.aborted;
  }

  abortByOuter() {
    const error = this.outerSignal.reason ?? new (require('shared/errors').AbortError)('The test was aborted');
    if (typeof error === 'object') {
      try {
        error.failureType = kinds.aborted;
      } catch {
        // A frozen reason.
      }
    }
    this.cancel(error);
  }

  cancel(error) {
    if (this.endTime !== 0 || this.error !== null) return;
    this.fail(error ?? failure('test did not finish before its parent and was cancelled', kinds.cancelled));
    this.cancelled = true;
    this.abort();
  }

  abort() {
    this.aborted = true;
    this.stop?.resolve();
    this.controller?.abort();
  }

  fail(error) {
    if (this.error !== null) return;
    this.passed = false;
    this.error = isFailure(error) || error?.failureType !== undefined ? error : failure(error, kinds.code);
  }

  pass() {
    if (this.error !== null) return;
    this.passed = true;
  }

  skip(message) {
    this.skipped = true;
    this.message = message;
  }

  todo(message) {
    this.isTodo = true;
    this.message = message;
  }

  diagnostic(message) {
    (this.diagnostics ??= []).push(message);
  }

  // --- hooks

  createHook(type, fn, options, location) {
    validateOneOf(type, 'hook name', ['before', 'after', 'beforeEach', 'afterEach']);
    const { TestHook } = require('test/hook');
    const hook = new TestHook(this, type, fn, options ?? {}, location);
    const hooks = this.ownHooks();
    if (type === 'before' && this.startTime !== 0 && this.parent !== null) {
      // The test is running already.
      hook.run(this.runArguments()).then(() => {
        if (hook.error !== null) this.fail(hook.error);
      });
    }
    if (type === 'afterEach') hooks.afterEach.splice(this.ownAfterEach++, 0, hook);
    else hooks[type].push(hook);
    return hook;
  }

  ownHooks() {
    if (this.hooks !== undefined) return this.hooks;
    const inherited = this.inheritedHooks();
    return (this.hooks = {
      before: [],
      after: [],
      beforeEach: inherited === undefined ? [] : inherited.beforeEach.slice(),
      afterEach: inherited === undefined ? [] : inherited.afterEach.slice(),
    });
  }

  inheritedHooks() {
    for (let test = this.parent; test !== null; test = test.parent) {
      if (test.hooks !== undefined) return test.hooks;
    }
    return undefined;
  }

  async runHooks(type, given) {
    try {
      for (const hook of this.hooks[type]) {
        await hook.run(given);
        if (hook.error !== null) throw hook.error;
      }
    } catch (error) {
      const wrapped = failure(`failed running ${type} hook`, kinds.hook);
      wrapped.cause = isFailure(error) ? error.cause : error;
      throw wrapped;
    }
  }

  // --- being done

  get finished() {
    return this.endTime !== 0;
  }

  /** In ms, to the nanosecond. */
  get duration() {
    if (this.startTime === 0) return 0;
    return Math.round(((this.endTime || monotonicNow()) - this.startTime) * 1e6) / 1e6;
  }

  /** @param {Error} [pendingError] for subtests that have not ended */
  postRun(pendingError) {
    if (this.startTime === 0) this.startTime = monotonicNow();
    if (this.endTime === 0) this.endTime = monotonicNow();
    let failed = 0;
    this.waiting = [];
    for (const test of this.subtests) {
      if (!test.finished) {
        test.cancel(pendingError);
        test.postRun(pendingError);
      }
      if (!test.passed && !test.isTodo) failed++;
    }
    if ((this.passed || this.parent === null) && failed > 0) {
      this.fail(failure(`${failed} subtest${failed > 1 ? 's' : ''} failed`, kinds.subtestsFailed));
    }
    if (this.onOuterAbort !== undefined) this.outerSignal.removeEventListener('abort', this.onOuterAbort);
    this.mock?.reset();
    if (this.parent !== null) {
      this.parent.active--;
      this.finish();
    }
  }

  /** Hands the result to the parent. */
  finish() {
    const { parent } = this;
    if (this.endTime === 0) this.endTime = monotonicNow();
    if (!this.filtered && !this.isCovered) {
      this.testNumber ||= ++parent.shown;
      const { details, directive } = this.report();
      this.reporter.complete(this, { ...details, passed: this.passed }, directive);
    }
    (parent.ready ??= new Map()).set(this.number, this);
    parent.reportReady();
    parent.startWaiting();
    if (parent.subtestsDone !== undefined && parent.subtests.every((test) => test.finished)) {
      parent.subtestsDone.resolve();
      parent.subtestsDone = undefined;
    }
    if (parent.parent === null) this.root.harness.childDone();
  }

  /** Whether what happens in it may be reported. */
  get isNext() {
    const { parent } = this;
    return parent === null || (parent.nextReport === this.number - 1 && parent.isNext);
  }

  reportReady() {
    if (this.ready === undefined || !this.isNext) return;
    for (let test; (test = this.ready.get(this.nextReport + 1)) !== undefined; ) {
      this.ready.delete(test.number);
      test.reportReady();
      if (!test.filtered && !test.isCovered) {
        test.root.harness.count(test);
        test.reportResult();
      }
      this.nextReport++;
      const next = this.subtests[this.nextReport];
      if (next !== undefined && !this.ready.has(next.number)) next.reportReady();
    }
  }

  reportStart() {
    if (this.startReported || this.parent === null) return;
    this.parent.reportStart();
    this.startReported = true;
    this.reporter.start(this);
  }

  report() {
    const details = { __proto__: null, duration_ms: this.duration };
    details.type = this.reportedType;
    if (!this.passed) details.error = this.error;
    if (this.attempt !== 0) details.attempt = this.attempt;
    let directive;
    if (this.skipped) directive = { __proto__: null, skip: this.message ?? true };
    else if (this.isTodo) directive = { __proto__: null, todo: this.message ?? true };
    return { details, directive };
  }

  reportResult() {
    this.reportStart();
    if (this.shown > 0) this.reporter.plan(this, this.nesting + 1, this.shown);
    const { details, directive } = this.report();
    this.reporter.result(this, this.passed, details, directive);
    if (this.diagnostics !== undefined) {
      for (const message of this.diagnostics) this.reporter.diagnostic(this, this.nesting, message);
    }
  }
}

module.exports = { Test, Stop, current };

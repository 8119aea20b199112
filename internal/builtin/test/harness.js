'use strict';

// The root of all tests, and what ties it to the process: the reporter, the exit code, errors that nobody caught, and
// the end, which is when the event loop has nothing left to do.

const { Test, current } = require('test/case');
const { TestsStream } = require('test/events');
const { failure, kinds } = require('test/failure');
const { commandLine, toPattern } = require('test/options');

class Harness {
  /** @param {Record<string, any>} [settings] those of the command line unless run() made others */
  constructor(settings = commandLine()) {
    this.settings = settings;
    this.counters = {
      __proto__: null,
      tests: 0,
      failed: 0,
      passed: 0,
      cancelled: 0,
      skipped: 0,
      todo: 0,
      topLevel: 0,
      suites: 0,
    };
    this.success = true;
    this.reporter = new TestsStream();
    this.root = new Test(null, { name: '<root>', options: {} });
    this.root.harness = this;
    this.root.startTime = engine.monotonicNow();
    if (settings.timeout !== Infinity) this.root.setTimeout(settings.timeout);
    if (settings.concurrency !== undefined) this.root.concurrency = settings.concurrency;
    this.root.runOnly = settings.only;
    this.namePatterns = settings.namePatterns;
    this.skipPatterns = settings.skipPatterns;
    /** Resolved when tests may start; undefined from then on. */
    this.opening = undefined;
    this.ended = false;
    this.idleCheck = undefined;
    this.entryFile = process.argv[1];
    this.onIdle = undefined;
    this.release = undefined;
  }

  // --- which tests run

  /** Called for each new test. */
  filter(test) {
    if (this.settings.only) {
      const { parent } = test;
      test.onlyWanted = test.only || (parent.onlyWanted === true && !(parent.runOnly && parent !== this.root));
      if (!test.onlyWanted && (parent.runOnly || parent === this.root || parent.reportedType === 'suite')) {
        test.filtered = true;
      }
    } else if (test.only === true || test.parent.runOnly) {
      this.warnOnly(test);
    }
    if (this.namePatterns === null && this.skipPatterns === null) return;
    if (this.namePatterns !== null && !this.matchesOrInherits(test, this.namePatterns)) test.filtered = true;
    if (this.skipPatterns !== null && matches(test, this.skipPatterns)) test.filtered = true;
  }

  matchesOrInherits(test, patterns) {
    for (let at = test; at !== null && at !== this.root; at = at.parent) {
      if (matches(at, patterns)) return true;
    }
    return false;
  }

  /** A suite is kept for the sake of the tests in it. */
  suiteBuilt(suite) {
    const { subtests } = suite;
    if (suite.filtered && subtests.some((test) => !test.filtered)) suite.filtered = false;
    if (!this.settings.only || !suite.onlyWanted || subtests.length === 0) return;
    // In a suite marked `only` everything runs, unless some of it is marked too.
    const marked = subtests.some((test) => test.explicitOnly);
    for (const test of subtests) {
      if (marked) test.filtered = !test.explicitOnly;
    }
  }

  warnOnly(test) {
    if (this.toldOnly) return;
    this.toldOnly = true;
    test.diagnostic("'only' and 'runOnly' require the --test-only command-line option.");
  }

  // --- counting

  count(test) {
    const { counters } = this;
    if (test.nesting === 0) counters.topLevel++;
    if (test.reportedType === 'suite') {
      counters.suites++;
    } else {
      counters.tests++;
      if (test.skipped) counters.skipped++;
      else if (test.isTodo) counters.todo++;
      else if (test.cancelled) counters.cancelled++;
      else if (!test.passed) counters.failed++;
      else counters.passed++;
    }
    if (!test.passed && !test.isTodo) this.success = false;
  }

  // --- running

  /** Starts a test of the program; the first ones wait for what the harness needs. */
  async start(test) {
    if (this.opening !== undefined) await this.opening;
    await test.start();
  }

  get isIdle() {
    const { root } = this;
    return root.active === 0 && root.waiting.length === 0 && root.subtests.every((test) => test.finished);
  }

  /**
   * A child of the root has ended. With none left the root's own hooks run, so that they can close what keeps the
   * process alive; not at once, as a program may make its tests one after the other.
   */
  childDone() {
    if (!this.isIdle) return;
    if (this.onIdle === undefined && this.root.hooks === undefined && !this.settings.forceExit) return;
    this.idleCheck ??= setImmediate(() => {
      this.idleCheck = undefined;
      if (!this.isIdle || this.ended) return;
      if (this.onIdle !== undefined) this.onIdle();
      else this.runAfterHooks().then(() => this.settings.forceExit && this.forceExit());
    });
  }

  async runAfterHooks() {
    const { root } = this;
    if (root.hooks === undefined) return;
    try {
      const given = root.runArguments();
      if (root.subtests.length === 0 && root.hooks.before.length > 0) await root.runHooks('before', given);
      if (root.hooks.after.length > 0) await root.runHooks('after', given);
    } catch {
      this.success = false;
    }
  }

  forceExit() {
    this.end();
    process.exit();
  }

  /** Reports the whole. */
  end(pendingError) {
    if (this.ended) return;
    this.ended = true;
    const { root, reporter, counters } = this;
    root.postRun(pendingError);
    root.reportReady();
    reporter.plan(root, 0, counters.topLevel);
    if (root.diagnostics !== undefined) {
      for (const message of root.diagnostics) reporter.diagnostic(root, 0, message, 'warn');
    }
    const duration = root.duration;
    for (const [label, count] of [
      ['tests', counters.tests],
      ['suites', counters.suites],
      ['pass', counters.passed],
      ['fail', counters.failed],
      ['cancelled', counters.cancelled],
      ['skipped', counters.skipped],
      ['todo', counters.todo],
      ['duration_ms', duration],
    ])
      reporter.diagnostic(root, 0, `${label} ${count}`);
    reporter.summary({
      __proto__: null,
      success: this.success,
      counts: { ...counters },
      duration_ms: duration,
      file: undefined,
    });
    reporter.finish();
    this.release?.();
  }

  // --- what the process has to say

  attach() {
    const onException = (error) => this.uncaught('uncaughtException', error);
    const onRejection = (error) => this.uncaught('unhandledRejection', error);
    const onEnd = async () => {
      if (this.ended) return;
      if (this.root.hooks !== undefined) await this.runAfterHooks();
      if (this.settings.awaited?.()) return;
      this.end(pending());
    };
    const onExit = () => this.end(pending());
    const onSignal = () => {
      this.end(pending());
      process.exit();
    };
    process.on('uncaughtException', onException);
    process.on('unhandledRejection', onRejection);
    process.on('beforeExit', onEnd);
    process.on('exit', onExit);
    if (this.settings.isRunner) {
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
    }
    this.release = () => {
      process.removeListener('uncaughtException', onException);
      process.removeListener('unhandledRejection', onRejection);
      process.removeListener('beforeExit', onEnd);
      process.removeListener('exit', onExit);
      process.removeListener('SIGINT', onSignal);
      process.removeListener('SIGTERM', onSignal);
    };
  }

  /**
   * The innermost test that runs, when there is just one: an exception of a timer or a socket comes without the context
   * that it was thrown in.
   */
  onlyRunning() {
    let { root: at } = this;
    for (;;) {
      let running;
      for (const test of at.subtests) {
        if (test.startTime === 0 || test.finished) continue;
        if (running !== undefined) return undefined;
        running = test;
      }
      if (running === undefined) return at === this.root || at.reportedType === 'suite' ? undefined : at;
      at = running;
    }
  }

  uncaught(event, error) {
    if (this.opening !== undefined && this.root.subtests.length === 0) throw error;
    let test = current.getStore();
    if (test !== undefined && test.root !== this.root) test = undefined;
    test ??= this.onlyRunning();
    if (test === undefined || test.finished) {
      const who =
        test === undefined
          ? 'A resource'
          : test.hookType !== undefined
            ? `Test hook "${test.hookType}"${placeOf(test)}`
            : `Test "${test.name}"${placeOf(test)}`;
      const text =
        test === undefined
          ? 'asynchronous activity after the test ended'
          : 'asynchronous activity after the test ended';
      this.root.diagnostic(
        `Error: ${who} generated ${text}. This activity created the error "${error}" and ` +
          `would have caused the test to fail, but instead triggered an ${event} event.`,
      );
      process.exitCode = 1;
      return;
    }
    test.fail(failure(error, event === 'uncaughtException' ? kinds.uncaught : kinds.rejection));
    test.abort();
  }
}

function placeOf(test) {
  const at = test.location;
  if (at === undefined) return '';
  const file = require('path').relative(process.cwd(), at.file);
  return ` at ${file}:${at.line}:${at.column}`;
}

function pending() {
  return failure('Promise resolution is still pending but the event loop has already resolved', kinds.cancelled);
}

function matches(test, patterns) {
  const { name } = test;
  for (const pattern of patterns) {
    if (toPattern(pattern).test(name) || pattern.test(test.patternName)) return true;
  }
  return false;
}

let main;

/** The tests of this process. */
function mainHarness() {
  if (main !== undefined) return main;
  main = new Harness();
  main.attach();
  main.reporter.on('test:summary', (data) => {
    if (!data.success) process.exitCode = 1;
  });
  // What the first file makes is reported after it has been made: reporters come from files, some of them.
  main.opening = require('test/output')
    .openReporters(main)
    .then(() => {
      main.opening = undefined;
    });
  return main;
}

/** Lets run() without isolation put its own harness in the place of the process's. */
function replaceMain(harness) {
  const old = main;
  main = harness;
  return old;
}

module.exports = { Harness, mainHarness, replaceMain };

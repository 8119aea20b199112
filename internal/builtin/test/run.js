'use strict';

// run(): test files, each in a process of its own or all in this one.

const { codes } = require('shared/errors');
const {
  validateAbortSignal,
  validateArray,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
  validateStringArray,
} = require('shared/validators');
const { Test } = require('test/case');
const { failure, kinds } = require('test/failure');
const { Harness, replaceMain } = require('test/harness');
const { commandLine, toPattern } = require('test/options');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED } = codes;

/** What are test files when nobody names them. */
const usual = [
  '**/test/**/*.?(c|m)js',
  '**/test-*.?(c|m)js',
  '**/*.test.?(c|m)js',
  '**/*-test.?(c|m)js',
  '**/*_test.?(c|m)js',
  '**/test.?(c|m)js',
];

function patterns(list, name) {
  if (list == null) return null;
  const all = Array.isArray(list) ? list : [list];
  return all.map((pattern, i) => {
    if (engine.isRegExp(pattern)) return pattern;
    const label = Array.isArray(list) ? `${name}[${i}]` : name;
    if (typeof pattern !== 'string') throw new ERR_INVALID_ARG_TYPE(label, ['string', 'RegExp'], pattern);
    return toPattern(pattern);
  });
}

function checkShard(shard, watch) {
  validateObject(shard, 'options.shard');
  const { index, total } = shard;
  validateInteger(total, 'options.shard.total', 1);
  validateInteger(index, 'options.shard.index', 1, total);
  if (watch) throw new ERR_INVALID_ARG_VALUE('options.shard', watch, 'shards not supported with watch mode');
}

/**
 * @param {Options} [options]
 * @returns {any} a Readable of events
 */
function run(options = { __proto__: null }) {
  validateObject(options, 'options');
  const {
    testNamePatterns,
    testSkipPatterns,
    shard,
    timeout,
    concurrency,
    files,
    forceExit,
    watch,
    setup,
    only,
    globPatterns,
    coverage = false,
    argv = [],
    execArgv = [],
    signal,
    isolation = 'process',
    cwd = process.cwd(),
  } = options;
  if (files != null) validateArray(files, 'options.files');
  if (watch != null) validateBoolean(watch, 'options.watch');
  if (forceExit != null) {
    validateBoolean(forceExit, 'options.forceExit');
    if (forceExit && watch) {
      throw new ERR_INVALID_ARG_VALUE('options.forceExit', watch, 'is not supported with watch mode');
    }
  }
  if (only != null) validateBoolean(only, 'options.only');
  if (globPatterns != null) validateArray(globPatterns, 'options.globPatterns');
  if (globPatterns?.length > 0 && files?.length > 0) {
    throw new ERR_INVALID_ARG_VALUE(
      'options.globPatterns',
      globPatterns,
      "is not supported when specifying 'options.files'",
    );
  }
  validateString(cwd, 'options.cwd');
  if (shard != null) checkShard(shard, watch);
  if (setup != null) validateFunction(setup, 'options.setup');
  const namePatterns = patterns(testNamePatterns, 'options.testNamePatterns');
  const skipPatterns = patterns(testSkipPatterns, 'options.testSkipPatterns');
  validateOneOf(isolation, 'options.isolation', ['process', 'none']);
  validateBoolean(coverage, 'options.coverage');
  validateStringArray(argv, 'options.argv');
  validateStringArray(execArgv, 'options.execArgv');
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  if (watch) throw new ERR_METHOD_NOT_IMPLEMENTED('run({ watch: true })');
  if (coverage) throw new ERR_METHOD_NOT_IMPLEMENTED('run({ coverage: true })');
  if (options.globalSetupPath !== undefined) throw new ERR_METHOD_NOT_IMPLEMENTED('run({ globalSetupPath })');

  const harness = new Harness({
    ...commandLine(),
    only: only === true && isolation === 'none',
    namePatterns: isolation === 'none' ? namePatterns : null,
    skipPatterns: isolation === 'none' ? skipPatterns : null,
    forceExit: forceExit === true,
    timeout: Infinity,
  });
  const { root } = harness;
  if (timeout != null) root.setTimeout(timeout);
  root.setConcurrency(concurrency ?? 1);
  if (process.env.NODE_TEST_CONTEXT !== undefined) {
    process.emitWarning('node:test run() is being called recursively within a test file. skipping running files.');
    process.nextTick(() => harness.end());
    return harness.reporter;
  }
  let list = files ?? find(globPatterns, cwd);
  if (shard != null) list = list.filter((file, i) => i % shard.total === shard.index - 1);
  const job = { harness, list, cwd, argv, execArgv, signal, namePatterns, skipPatterns, only, isolation };
  /** @type {Promise<unknown>} */
  const ready = setup == null ? Promise.resolve() : Promise.resolve(setup(harness.reporter));
  ready
    .then(() => /** @type {Promise<unknown>} */ (isolation === 'none' ? runHere(job) : runApart(job)))
    .then(
      () => harness.end(),
      (error) => {
        root.fail(error);
        harness.end();
      },
    );
  return harness.reporter;
}

function find(globPatterns, cwd) {
  const given = globPatterns?.length > 0 ? globPatterns : usual;
  const { globSync, statSync } = require('fs');
  let isFolder = false;
  try {
    isFolder = statSync(cwd).isDirectory();
  } catch {
    // There are no tests in what is not there.
  }
  if (!isFolder) return [];
  const found = globSync(given, { cwd, exclude: (name) => name === 'node_modules' });
  return [...new Set(found)].sort();
}

function runApart(job) {
  const { harness, list } = job;
  return Promise.all(
    list.map((file) => {
      const absolute = require('path').resolve(job.cwd, file);
      const test = harness.root.createSubtest(
        FileTest,
        file,
        { signal: job.signal },
        function () {
          return runFile(job, absolute, test);
        },
        undefined,
        { file: absolute, line: 1, column: 1 },
      );
      return test.start();
    }),
  );
}

/** A file: reported itself only when nothing in it was. */
class FileTest extends Test {
  constructor(...args) {
    super(...args);
    this.reportedInside = 0;
  }

  get isCovered() {
    return this.reportedInside > 0 && (this.error === null || this.error.failureType === kinds.subtestsFailed);
  }
}

function childArguments(job, file) {
  const args = [...job.execArgv];
  for (const pattern of job.namePatterns ?? []) args.push(`--test-name-pattern=${pattern}`);
  for (const pattern of job.skipPatterns ?? []) args.push(`--test-skip-pattern=${pattern}`);
  if (job.only) args.push('--test-only');
  args.push(file, ...job.argv);
  return args;
}

function runFile(job, file, test) {
  const { spawn } = require('child_process');
  const { harness } = job;
  const { promise, resolve, reject } = Promise.withResolvers();
  const child = spawn(process.execPath, childArguments(job, file), {
    __proto__: null,
    cwd: job.cwd,
    env: { ...process.env, NODE_TEST_CONTEXT: 'child-v8' },
    signal: test.signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { reader } = require('test/child');
  let failed = 0;
  const lines = reader(
    (type, data) => {
      if (take(harness, test, type, data)) failed++;
    },
    (message) => harness.reporter.tell('test:stdout', { __proto__: null, file, message }),
  );
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => lines.write(text));
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (message) => harness.reporter.tell('test:stderr', { __proto__: null, file, message }));
  child.on('error', reject);
  child.on('close', (code, signal) => {
    lines.end();
    if (code === 0 && signal === null) {
      resolve();
      return;
    }
    const error =
      failed > 0
        ? failure(`${failed} subtest${failed > 1 ? 's' : ''} failed`, kinds.subtestsFailed)
        : failure('test failed', kinds.code);
    error.exitCode = code;
    error.signal = signal;
    reject(error);
  });
  return promise;
}

/** What a child says at its end; the whole run has its own. */
const totals = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

/** Hands on an event of a child; tells whether it is a failure that counts. */
function take(harness, file, type, data) {
  const { counters, reporter } = harness;
  switch (type) {
    case 'test:summary':
    case 'test:plan':
      if (type === 'test:plan' && data.nesting > 0) reporter.tell(type, data);
      return false;
    case 'test:diagnostic':
      if (data.nesting > 0 || !totals.test(data.message)) {
        reporter.tell(type, data);
      }
      return false;
    case 'test:pass':
    case 'test:fail': {
      file.reportedInside++;
      if (data.nesting === 0) {
        counters.topLevel++;
        data.testNumber = ++harness.root.shown;
      }
      const failed = type === 'test:fail' && data.todo === undefined;
      if (data.details.type === 'suite') {
        counters.suites++;
      } else {
        counters.tests++;
        if (data.skip !== undefined) counters.skipped++;
        else if (data.todo !== undefined) counters.todo++;
        else if (type === 'test:pass') counters.passed++;
        else if (data.details.error?.failureType === kinds.cancelled) counters.cancelled++;
        else counters.failed++;
      }
      if (failed) harness.success = false;
      reporter.tell(type, data);
      return failed;
    }
    default:
      reporter.tell(type, data);
      return false;
  }
}

/** All files in this process, one after the other. */
async function runHere(job) {
  const { harness } = job;
  const old = replaceMain(harness);
  const done = Promise.withResolvers();
  try {
    const path = require('path');
    const { createRequire } = require('module');
    const load = createRequire(path.join(job.cwd, 'x.js'));
    for (const file of job.list) {
      const absolute = path.resolve(job.cwd, file);
      harness.entryFile = absolute;
      try {
        load(absolute);
      } catch (error) {
        const test = harness.root.createSubtest(
          Test,
          file,
          {},
          () => {
            throw error;
          },
          undefined,
          { file: absolute, line: 1, column: 1 },
        );
        test.start();
      }
    }
    harness.onIdle = done.resolve;
    if (harness.isIdle) done.resolve();
    await done.promise;
    await harness.runAfterHooks();
  } finally {
    replaceMain(old);
  }
}

module.exports = { run };

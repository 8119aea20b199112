'use strict';

// Which reporters tell about the tests of this process, and where to.

const { codes } = require('shared/errors');

const { ERR_INVALID_ARG_VALUE } = codes;

/** The reporters that come with the runtime: name to file. */
const ours = {
  __proto__: null,
  spec: () => require('test/report_spec').SpecFormat,
  tap: () => require('test/report_tap').TapFormat,
  dot: () => require('test/report_dot').DotFormat,
  junit: () => require('test/report_junit').JunitFormat,
};

function destination(name) {
  switch (name) {
    case 'stdout':
      return process.stdout;
    case 'stderr':
      return process.stderr;
    default:
      return require('fs').createWriteStream(name);
  }
}

/**
 * @param {Record<string, any>} harness
 * @returns {Promise<void>}
 */
async function openReporters(harness) {
  const { settings, reporter } = harness;
  const names = [...settings.reporters];
  const destinations = [...settings.destinations];
  if (names.length === 0) names.push(settings.isChild ? 'child' : 'spec');
  if (destinations.length === 0 && names.length === 1) destinations.push('stdout');
  if (names.length !== destinations.length) {
    throw new ERR_INVALID_ARG_VALUE(
      '--test-reporter',
      settings.reporters,
      "must match the number of specified '--test-reporter-destination'",
    );
  }
  for (let i = 0; i < names.length; i++) {
    const to = destination(destinations[i]);
    const Format = names[i] === 'child' ? require('test/child').ChildFormat : ours[names[i]]?.();
    // Our own write as things happen: nothing is lost when the process exits meanwhile.
    if (Format !== undefined) connect(reporter, new Format(to), to);
    else await connectForeign(reporter, names[i], to);
  }
}

/** One listener instead of a stream per reporter. */
function connect(reporter, format, to) {
  const { tell, finish } = reporter;
  reporter.tell = function (type, data) {
    Reflect.apply(tell, this, [type, data]);
    const text = format.format(type, data);
    if (text === undefined || text === '') return;
    to.write(Array.isArray(text) ? text.join('') : text);
  };
  reporter.finish = function () {
    Reflect.apply(finish, this, []);
    const text = format.end?.();
    if (text !== undefined && text !== '') to.write(text);
    if (to !== process.stdout && to !== process.stderr) to.end();
  };
  const first = format.begin?.();
  if (first !== undefined) to.write(first);
}

async function connectForeign(reporter, name, to) {
  const { Readable, compose } = require('stream');
  const { createRequire } = require('module');
  let loaded;
  if (name === 'lcov') {
    loaded = require('test/reporters').lcov;
  } else {
    const base = require('path').join(process.cwd(), 'x.js');
    const isPath = name.startsWith('.') || name.startsWith('/') || name.startsWith('file:');
    try {
      const file = name.startsWith('file:') ? require('url').fileURLToPath(name) : name;
      loaded = createRequire(base)(isPath && !name.startsWith('.') ? file : file);
    } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      throw error;
    }
    loaded = loaded?.default ?? loaded;
  }
  if (loaded?.prototype && Object.getOwnPropertyDescriptor(loaded.prototype, 'constructor') && isClass(loaded)) {
    loaded = new loaded();
  }
  if (typeof loaded !== 'function' && typeof loaded?.pipe !== 'function') {
    throw new ERR_INVALID_ARG_VALUE('Reporter', name, 'is not a valid reporter');
  }
  const source = Readable.from(reporter);
  compose(source, loaded).pipe(to, { end: to !== process.stdout && to !== process.stderr });
}

function isClass(fn) {
  return typeof fn === 'function' && /^class\b/.test(Function.prototype.toString.call(fn));
}

module.exports = { openReporters };

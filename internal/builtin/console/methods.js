'use strict';

// The console itself: a class whose instances have all methods bound, over two streams. console/global makes the one that
// everybody knows.

const {
  codes: { ERR_CONSOLE_WRITABLE_STREAM, ERR_INCOMPATIBLE_OPTION_PAIR },
} = require('shared/errors');
const { validateArray, validateInteger, validateObject, validateOneOf } = require('shared/validators');
const { inspectWith } = require('util/inspect');
const { formatArguments } = require('util/format');
const { shouldColorize } = require('util/colors');

const kState = Symbol('kState');
const widestIndentation = 1000;
const colorsOn = { colors: true };

// What a console keeps besides its streams.
class State {
  constructor(colorMode, indentation, optionsByStream) {
    this.colorMode = colorMode;
    this.indentation = indentation;
    this.indent = '';
    this.optionsByStream = optionsByStream;
    this.counts = new Map();
  }

  /** inspect's options for a stream; undefined for the usual ones. */
  options(stream) {
    const given = this.optionsByStream?.get(stream);
    if (given !== undefined && given.colors !== undefined) return given;
    const colors = this.colorMode === 'auto' ? shouldColorize(stream) : this.colorMode;
    if (given !== undefined) return { ...given, colors };
    return colors ? colorsOn : undefined;
  }
}

function ignore() {}

// Streams that report asynchronously do it by the callback.
const reporters = new WeakMap();
function reporterOf(stream) {
  let reporter = reporters.get(stream);
  if (reporter === undefined) {
    let forgiven = false;
    reporter = (error) => {
      // Without a listener the 'error' event to come would be thrown. That of a later write shall be: a program that logs
      // for ever into a pipe which nobody reads ends by it.
      if (error && !forgiven && !stream._writableState?.errorEmitted) {
        forgiven = true;
        if (stream.listenerCount('error') === 0) stream.once('error', ignore);
      }
    };
    reporters.set(stream, reporter);
  }
  return reporter;
}

function isStackOverflow(error) {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

function write(console, stream, text) {
  const { indent } = console[kState];
  if (indent !== '') text = indent + (text.includes('\n') ? text.replaceAll('\n', `\n${indent}`) : text);
  text += '\n';
  if (console._ignoreErrors === false) {
    stream.write(text);
    return;
  }
  // A broken stdout must not break the program. The stream may report at once, by throwing or by an event; or later.
  if (stream.writeNow !== undefined) {
    try {
      if (stream.writeNow(text)) return;
    } catch {
      /* the stream is to see it */
    }
  }
  const guard = typeof stream.listenerCount === 'function' && stream.listenerCount('error') === 0;
  if (guard) stream.on('error', ignore);
  try {
    stream.write(text, reporterOf(stream));
  } catch (error) {
    if (isStackOverflow(error)) throw error;
  } finally {
    if (guard) stream.removeListener('error', ignore);
  }
}

function print(console, stream, args) {
  const text =
    args.length === 1 && typeof args[0] === 'string' ? args[0] : formatArguments(console[kState].options(stream), args);
  write(console, stream, text);
}

const channels = { log: undefined, info: undefined, debug: undefined, warn: undefined, error: undefined };

// Subscribers see the arguments before they are made text, and may change them.
function publish(name, args) {
  const channel = (channels[name] ??= require('diagnostics_channel').channel(`console.${name}`));
  if (channel.hasSubscribers) channel.publish(args);
}

function warn(message) {
  process.emitWarning(message);
}

function labelText(label) {
  return `${label}`; // a symbol throws
}

/** '1.5ms', '2.000s', '1:06:40.457 (h:mm:ss.mmm)' */
function formatTime(ms) {
  if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(3)}s`;
  let minutes = Math.floor(ms / 60000);
  const seconds = ((ms % 60000) / 1000).toFixed(3).padStart(6, '0');
  if (minutes < 60) return `${minutes}:${seconds} (m:ss.mmm)`;
  const hours = Math.floor(minutes / 60);
  minutes %= 60;
  return `${hours}:${String(minutes).padStart(2, '0')}:${seconds} (h:mm:ss.mmm)`;
}

function elapsed(console, label, method) {
  const start = console._times.get(label);
  if (start === undefined) {
    warn(`No such label '${label}' for console.${method}()`);
    return undefined;
  }
  const { 0: seconds, 1: nanoseconds } = process.hrtime(start);
  return formatTime(seconds * 1000 + nanoseconds / 1e6);
}

// An object literal's methods cannot be called with new, as the console's cannot.
const methods = {
  log(...args) {
    publish('log', args);
    print(this, this._stdout, args);
  },

  info(...args) {
    publish('info', args);
    print(this, this._stdout, args);
  },

  debug(...args) {
    publish('debug', args);
    print(this, this._stdout, args);
  },

  warn(...args) {
    publish('warn', args);
    print(this, this._stderr, args);
  },

  error(...args) {
    publish('error', args);
    print(this, this._stderr, args);
  },

  dir(object, options) {
    const stream = this._stdout;
    const usual = this[kState].options(stream);
    write(this, stream, inspectWith(object, { customInspect: false, ...usual, ...options }));
  },

  time(label = 'default') {
    label = labelText(label);
    if (this._times.has(label)) {
      warn(`Label '${label}' already exists for console.time()`);
      return;
    }
    this._times.set(label, process.hrtime());
  },

  timeEnd(label = 'default') {
    label = labelText(label);
    const time = elapsed(this, label, 'timeEnd');
    if (time === undefined) return;
    this._times.delete(label);
    print(this, this._stdout, ['%s: %s', label, time]);
  },

  timeLog(label = 'default', ...data) {
    label = labelText(label);
    const time = elapsed(this, label, 'timeLog');
    if (time !== undefined) print(this, this._stdout, ['%s: %s', label, time, ...data]);
  },

  trace(...args) {
    const trace = { name: 'Trace', message: formatArguments(this[kState].options(this._stderr), args) };
    Error.captureStackTrace(trace, methods.trace);
    this.error(trace.stack);
  },

  assert(condition, ...args) {
    if (condition) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    Reflect.apply(this.warn, this, args);
  },

  clear() {
    const stream = this._stdout;
    if (stream.isTTY && process.env.TERM !== 'dumb') stream.write('\u001b[1;1H\u001b[0J');
  },

  count(label = 'default') {
    label = labelText(label);
    const { counts } = this[kState];
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    this.log(`${label}: ${count}`);
  },

  countReset(label = 'default') {
    label = labelText(label);
    if (!this[kState].counts.delete(label)) warn(`Count for '${label}' does not exist`);
  },

  group(...data) {
    if (data.length > 0) Reflect.apply(this.log, this, data);
    const state = this[kState];
    state.indent += ' '.repeat(state.indentation);
  },

  groupEnd() {
    const state = this[kState];
    state.indent = state.indent.slice(0, Math.max(0, state.indent.length - state.indentation));
  },

  table(tabularData, properties) {
    if (properties !== undefined) validateArray(properties, 'properties');
    if (tabularData === null || typeof tabularData !== 'object') {
      this.log(tabularData);
      return;
    }
    const inspectCell = (value, options) => inspectWith(value, this[kState].options(this._stdout), options);
    this.log(require('console/table').tableText(tabularData, properties, inspectCell));
  },
};
methods.dirxml = methods.log;
methods.groupCollapsed = methods.group;

/**
 * @class
 * @param {Options} options stdout, stderr, ignoreErrors, colorMode, inspectOptions, groupIndentation; or the streams for
 *   stdout and stderr, and ignoreErrors
 */
function Console(options /* , stderr, ignoreErrors */) {
  if (new.target === undefined) return Reflect.construct(Console, arguments);
  if (!options || typeof options.write === 'function') {
    options = { stdout: options, stderr: arguments[1], ignoreErrors: arguments[2] };
  }
  const {
    stdout,
    stderr = stdout,
    ignoreErrors = true,
    colorMode = 'auto',
    inspectOptions,
    groupIndentation,
  } = options;
  if (!stdout || typeof stdout.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stdout');
  if (!stderr || typeof stderr.write !== 'function') throw new ERR_CONSOLE_WRITABLE_STREAM('stderr');
  validateOneOf(colorMode, 'colorMode', ['auto', true, false]);
  if (groupIndentation !== undefined) validateInteger(groupIndentation, 'groupIndentation', 0, widestIndentation);

  let optionsByStream;
  if (inspectOptions !== undefined) {
    validateObject(inspectOptions, 'options.inspectOptions');
    optionsByStream =
      inspectOptions instanceof Map
        ? inspectOptions
        : new Map([
            [stdout, inspectOptions],
            [stderr, inspectOptions],
          ]);
    for (const given of optionsByStream.values()) {
      if (given.colors !== undefined && options.colorMode !== undefined) {
        throw new ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
      }
    }
  }

  // Methods may be passed around without their console.
  for (const name of Object.keys(Console.prototype)) bindMethod(this, name, this[name]);
  define(this, '_stdout', stdout);
  define(this, '_stderr', stderr);
  prepare(this, ignoreErrors, new State(colorMode, groupIndentation ?? 2, optionsByStream));
}

function define(console, name, value) {
  Object.defineProperty(console, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

function bindMethod(console, name, method) {
  const bound = method.bind(console);
  Object.defineProperty(bound, 'name', { __proto__: null, value: name });
  console[name] = bound;
}

function prepare(console, ignoreErrors, state) {
  define(console, '_ignoreErrors', Boolean(ignoreErrors));
  define(console, '_times', new Map());
  define(console, kState, state);
  Object.defineProperty(console, Symbol.toStringTag, {
    __proto__: null,
    value: 'console',
    writable: false,
    enumerable: false,
    configurable: true,
  });
}

for (const name of Object.keys(methods)) Console.prototype[name] = methods[name];

const statics = {
  [Symbol.hasInstance](instance) {
    return instance?.[kState] !== undefined;
  },
};
Object.defineProperty(Console, Symbol.hasInstance, { __proto__: null, value: statics[Symbol.hasInstance] });

module.exports = { Console, State, bindMethod, methods, prepare };

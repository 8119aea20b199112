'use strict';

// AssertionError and its messages: what was expected, what came, and a diff of the two where that helps.

const { codedError, formatsStacks } = require('shared/stack_trace');
const { validateObject, validateOneOf } = require('shared/validators');

const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

const sentences = {
  __proto__: null,
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
};

/** Two values that are together not longer than this are compared on one line. */
const shortLength = 12;
/** Of this many lines without a difference the rest is left out. */
const contextLines = 5;
/** Line width that a mark below two lines may take. */
const lineWidth = 80;

/** Everything of a value that may tell it from another. */
function inspectFully(value) {
  return require('util/inspect').inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
  });
}

function isReference(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Pairs of sign and line. Lines that differ by a trailing comma only are the same line.
 * @param {string[]} actual
 * @param {string[]} expected
 * @param {boolean} ignoreCommas
 * @returns {[' ' | '+' | '-', string][]}
 */
function diffLines(actual, expected, ignoreCommas) {
  const { shortestEdit } = require('util/diff');
  const bare = (line) => (line.endsWith(',') ? line.slice(0, -1) : line);
  const edits = ignoreCommas ? shortestEdit(actual.map(bare), expected.map(bare)) : shortestEdit(actual, expected);
  const result = [];
  let a = 0;
  let e = 0;
  for (const [operation] of edits) {
    if (operation > 0) {
      result.push(['+', actual[a++]]);
    } else if (operation < 0) {
      result.push(['-', expected[e++]]);
    } else {
      const line = ignoreCommas && !actual[a].endsWith(',') ? expected[e] : actual[a];
      result.push([' ', line]);
      a++;
      e++;
    }
  }
  return result;
}

/**
 * The diff as text. A long stretch without a difference is shown by its first lines and, before a difference, its last.
 * @returns {{ text: string, skipped: boolean }}
 */
function renderDiff(diff, full) {
  let text = '';
  let skipped = false;
  let i = 0;
  while (i < diff.length) {
    if (diff[i][0] !== ' ') {
      text += `${diff[i][0]} ${diff[i][1]}\n`;
      i++;
      continue;
    }
    let end = i;
    while (end < diff.length && diff[end][0] === ' ') end++;
    const count = end - i;
    const head = full || (count <= contextLines + 2 && end < diff.length) ? count : Math.min(count, contextLines);
    for (let k = i; k < i + head; k++) text += `  ${diff[k][1]}\n`;
    if (head < count && end < diff.length) {
      text += `...\n  ${diff[end - 1][1]}\n`;
      skipped = true;
    }
    i = end;
  }
  return { text: text.trimEnd(), skipped };
}

/** A ^ below the first difference, when it is not at the very beginning. */
function markDifference(actual, expected) {
  if (actual.length + expected.length > lineWidth) return '';
  let i = 0;
  while (i < actual.length && actual[i] === expected[i]) i++;
  return i > 2 && i < actual.length ? `\n  ${' '.repeat(i)}^` : '';
}

/**
 * @param {any} actual
 * @param {any} expected
 * @param {string} operator
 * @param {string} [customMessage]
 * @param {'simple' | 'full'} [style]
 */
function differenceMessage(actual, expected, operator, customMessage = undefined, style = 'simple') {
  const actualText = inspectFully(actual);
  const expectedText = inspectFully(expected);
  const actualLines = actualText.split('\n');
  const expectedLines = expectedText.split('\n');
  if (
    operator === 'strictEqual' &&
    isReference(actual) &&
    isReference(expected) &&
    (typeof actual === 'function') === (typeof expected === 'function')
  ) {
    operator = 'strictEqualObject';
  }
  let header = customMessage ?? sentences[operator];

  const oneLine = actualLines.length === 1 && expectedLines.length === 1;
  if (oneLine && (typeof actual !== 'object' || actual === null || typeof expected !== 'object' || expected === null)) {
    const length =
      actualText.length +
      expectedText.length -
      (typeof actual === 'string' ? 2 : 0) -
      (typeof expected === 'string' ? 2 : 0);
    if (length <= shortLength && (actual !== 0 || expected !== 0)) {
      return `${header}\n\n${actualText} !== ${expectedText}\n`;
    }
    const mark = markDifference(actualText, expectedText);
    return `${header}\n+ actual - expected\n\n+ ${actualText}\n- ${expectedText}${mark}\n`;
  }

  if (actualText === expectedText) {
    header = customMessage ?? sentences.notIdentical;
    return `${header}\n\n${limitLines(actualLines).join('\n')}\n`;
  }
  const ignoreCommas = typeof actual === 'object' && actual !== null;
  const { text, skipped } = renderDiff(diffLines(actualLines, expectedLines, ignoreCommas), style === 'full');
  return `${header}\n+ actual - expected${skipped ? '\n... Skipped lines' : ''}\n\n${text}\n`;
}

/** At most fifty lines, or 46 and a mark. */
function limitLines(lines) {
  return lines.length > 50 ? [...lines.slice(0, 46), '...'] : lines;
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

function unequalMessage(actual, operator, style) {
  const sentence = sentences[operator === 'notStrictEqual' && isReference(actual) ? 'notStrictEqualObject' : operator];
  const all = inspectFully(actual).split('\n');
  const lines = style === 'full' ? all : limitLines(all);
  if (lines.length === 1) return `${sentence}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  return `${sentence}\n\n${lines.join('\n')}\n`;
}

function looseMessage(actual, expected, operator, style) {
  const actualText = inspectFully(actual);
  const expectedText = inspectFully(expected);
  const sentence = sentences[operator];
  const full = style === 'full';
  if (operator === 'notDeepEqual' && actualText === expectedText) {
    return cut(`${sentence}\n\n${actualText}`, full ? Infinity : 1024);
  }
  const a = cut(actualText, full ? Infinity : 512);
  const e = cut(expectedText, full ? Infinity : 512);
  if (operator === 'deepEqual') return `${sentence}\n\n${a}\n\nshould loosely deep-equal\n\n${e}`;
  if (operator === 'notDeepEqual') {
    return `Expected values not to be loosely deep-equal:\n\n${a}\n\nshould not loosely deep-equal\n\n${e}`;
  }
  return `${a} ${operator} ${e}`;
}

/** Errors are shown by what they say, not by where they were made. */
function withoutStack(error) {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(error)), error);
  Object.defineProperty(copy, 'message', { __proto__: null, value: error.message });
  if (Object.hasOwn(error, 'cause')) {
    const { cause } = error;
    Object.defineProperty(copy, 'cause', {
      __proto__: null,
      value: require('shared/errors').isErrorLike(cause) ? withoutStack(cause) : cause,
    });
  }
  return copy;
}

function messageFor(actual, expected, operator, style) {
  const { isErrorLike } = require('shared/errors');
  if (isErrorLike(actual) && isErrorLike(expected)) {
    actual = withoutStack(actual);
    expected = withoutStack(expected);
  }
  switch (operator) {
    case 'deepStrictEqual':
    case 'strictEqual':
    case 'partialDeepStrictEqual':
      return differenceMessage(actual, expected, operator, undefined, style);
    case 'notDeepStrictEqual':
    case 'notStrictEqual':
      return unequalMessage(actual, operator, style);
    default:
      return looseMessage(actual, expected, operator, style);
  }
}

/** Long strings are shortened where an error is printed with its properties. */
function shorten(value) {
  if (typeof value !== 'string') return value;
  const lines = value.split('\n');
  const text = lines.length > 10 ? `${lines.slice(0, 10).join('\n')}\n...` : value;
  // What is left out is the beginning, as in Node.
  return text.length > 512 ? `${text.slice(512)}...` : text;
}

class AssertionError extends Error {
  /**
   * @param {{ message?: any, actual?: any, expected?: any, operator?: string, stackStartFn?: Function,
   *   stackStartFunction?: Function, details?: Record<string, any>[], diff?: 'simple' | 'full' }} options
   */
  constructor(options) {
    validateObject(options, 'options');
    const { message, operator, stackStartFn, details, stackStartFunction, diff = 'simple', actual, expected } = options;
    if (diff !== 'simple') validateOneOf(diff, 'options.diff', ['simple', 'full']);
    const limit = Error.stackTraceLimit;
    const limited = trySetLimit(0);
    if (message != null) {
      super(
        operator === 'deepStrictEqual' || operator === 'strictEqual' || operator === 'partialDeepStrictEqual'
          ? differenceMessage(actual, expected, operator, String(message), diff)
          : String(message),
      );
    } else {
      super(messageFor(actual, expected, operator, diff));
    }
    if (limited) Error.stackTraceLimit = limit;

    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', {
      __proto__: null,
      value: 'AssertionError',
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.code = 'ERR_ASSERTION';
    if (details) {
      this.actual = undefined;
      this.expected = undefined;
      this.operator = undefined;
      for (let i = 0; i < details.length; i++) {
        this[`message ${i}`] = details[i].message;
        this[`actual ${i}`] = details[i].actual;
        this[`expected ${i}`] = details[i].expected;
        this[`operator ${i}`] = details[i].operator;
        this[`stack trace ${i}`] = details[i].stack;
      }
    } else {
      this.actual = actual;
      this.expected = expected;
      this.operator = operator;
    }
    Error.captureStackTrace(this, stackStartFn || stackStartFunction);
    if (!formatsStacks.now) {
      this.name = 'AssertionError [ERR_ASSERTION]';
      this.stack;
      this.name = 'AssertionError';
    }
    this.diff = diff;
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [inspectSymbol](depth, options) {
    const { actual, expected } = this;
    this.actual = shorten(actual);
    this.expected = shorten(expected);
    try {
      return require('util/inspect').inspect(this, { ...options, customInspect: false, depth: 0 });
    } finally {
      this.actual = actual;
      this.expected = expected;
    }
  }
}
Object.defineProperty(AssertionError.prototype, codedError, { __proto__: null, value: true });

/** A program may have made the limit read-only. */
function trySetLimit(limit) {
  try {
    Error.stackTraceLimit = limit;
    return true;
  } catch {
    return false;
  }
}

module.exports = { AssertionError };

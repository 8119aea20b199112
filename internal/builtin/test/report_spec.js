'use strict';

// The spec reporter: a tree with marks, for people.

const colorOf = { __proto__: null, green: 32, red: 31, yellow: 33, blue: 34, gray: 90, white: 39 };

const marks = {
  __proto__: null,
  fail: '\u2716 ',
  pass: '\u2714 ',
  arrow: '\u25b6 ',
  info: '\u2139 ',
  skip: '\ufe63 ',
  todo: '\u26a0 ',
};

class SpecFormat {
  /** @param {any} [to] a Writable: tells whether there are colors */
  constructor(to = process.stdout) {
    this.colors = usesColors(to);
    /** Tests that have started but not been reported, innermost first: their names head what is in them. */
    this.open = [];
    this.failed = [];
    this.cwd = process.cwd();
  }

  paint(color, text) {
    return this.colors ? `\u001b[${colorOf[color]}m${text}\u001b[39m` : text;
  }

  /**
   * @param {string} type
   * @param {any} data
   * @returns {string | undefined}
   */
  format(type, data) {
    switch (type) {
      case 'test:start':
        this.open.unshift({ data, headed: false });
        return undefined;
      case 'test:pass':
        return this.result('pass', data);
      case 'test:fail':
        if (data.details?.error?.failureType !== 'subtestsFailed') this.failed.push(data);
        return this.result('fail', data);
      case 'test:diagnostic':
        return (
          this.paint(levelColor[data.level] ?? 'blue', `${indent(data.nesting)}${marks.info}${data.message}`) + '\n'
        );
      case 'test:stdout':
      case 'test:stderr':
        return data.message;
      case 'test:summary':
        return data.file === undefined ? this.failures() : undefined;
      default:
        return undefined;
    }
  }

  result(kind, data) {
    const headed = this.open.shift()?.headed;
    let text = '';
    // Whatever is around this one shows its name now.
    for (let i = this.open.length - 1; i >= 0; i--) {
      const outer = this.open[i];
      if (outer.headed) continue;
      outer.headed = true;
      text += `${indent(outer.data.nesting)}${marks.arrow}${outer.data.name}\n`;
    }
    return text + this.line(kind, data, headed === true, '', false);
  }

  line(kind, data, headed, prefix, showError) {
    const { nesting, details, skip, todo } = data;
    let color = kind === 'fail' ? 'red' : 'green';
    let mark = marks[kind];
    let after = '';
    if (skip !== undefined) {
      color = 'gray';
      mark = marks.skip;
      after = ` # ${typeof skip === 'string' && skip !== '' ? skip : 'SKIP'}`;
    } else if (todo !== undefined) {
      after = ` # ${typeof todo === 'string' && todo !== '' ? todo : 'TODO'}`;
      if (kind === 'fail') {
        color = 'yellow';
        mark = marks.todo;
      }
    }
    const duration = details?.duration_ms === undefined ? '' : ` ${this.paint('gray', `(${details.duration_ms}ms)`)}`;
    const error = showError && details?.error ? this.errorText(details.error, indent(nesting)) : '';
    return `${prefix}${indent(nesting)}${this.paint(color, `${mark}${data.name}`)}${duration}${after}${error}\n`;
  }

  errorText(error, pad) {
    const cause = error.code === 'ERR_TEST_FAILURE' ? error.cause : error;
    const text = require('util/inspect').inspect(cause, { colors: this.colors, breakLength: Infinity });
    return `\n${text
      .split(/\r?\n/)
      .map((line) => `${pad}  ${line}`)
      .join('\n')}`;
  }

  failures() {
    if (this.failed.length === 0) return undefined;
    let text = `\n${this.paint('red', `${marks.fail}failing tests:`)}\n`;
    for (const data of this.failed) {
      const place =
        data.file === undefined
          ? ''
          : `test at ${require('path').relative(this.cwd, data.file)}:${data.line}:${data.column}\n`;
      text += `\n${place}${this.line('fail', { ...data, nesting: 0 }, false, '', true)}`;
    }
    this.failed = [];
    return text;
  }
}

const levelColor = { __proto__: null, info: 'blue', debug: 'gray', warn: 'yellow', error: 'red' };

function indent(nesting) {
  return '  '.repeat(nesting);
}

function usesColors(to) {
  if (process.env.FORCE_COLOR !== undefined) {
    return process.env.FORCE_COLOR !== '0' && process.env.NO_COLOR === undefined;
  }
  return to?.isTTY === true && (typeof to.getColorDepth !== 'function' || to.getColorDepth() > 2);
}

let Stream;

/** The class that programs compose with. */
function specStream() {
  if (Stream !== undefined) return Stream;
  const { Transform } = require('stream');
  Stream = class SpecReporter extends Transform {
    #format = new SpecFormat(process.stdout);

    constructor() {
      super({ writableObjectMode: true });
    }

    _transform({ type, data }, encoding, callback) {
      callback(null, this.#format.format(type, data));
    }

    _flush(callback) {
      callback(null, this.#format.failures());
    }
  };
  return Stream;
}

module.exports = { SpecFormat, specStream };

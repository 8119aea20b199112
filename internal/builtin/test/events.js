'use strict';

// What happens to tests, as a stream of { type, data } objects that also emits each of them under its type.

const { Readable } = require('stream');

class TestsStream extends Readable {
  #waiting = [];
  #wanted = false;
  #ended = false;

  constructor() {
    super({ objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER });
  }

  _read() {
    this.#wanted = true;
    while (this.#waiting.length > 0 && this.#wanted) this.#wanted = this.push(this.#waiting.shift());
  }

  /**
   * @param {string} type
   * @param {object} data
   */
  tell(type, data) {
    this.emit(type, data);
    this.#hand({ __proto__: null, type, data });
  }

  #hand(message) {
    if (this.#ended || this.destroyed) return;
    if (this.#wanted) this.#wanted = this.push(message);
    else this.#waiting.push(message);
  }

  finish() {
    this.#hand(null);
    this.#ended = true;
  }

  enqueue(test) {
    this.tell('test:enqueue', placed(test, { nesting: test.nesting, name: test.name, type: test.reportedType }));
  }

  dequeue(test) {
    this.tell('test:dequeue', placed(test, { nesting: test.nesting, name: test.name, type: test.reportedType }));
  }

  start(test) {
    this.tell('test:start', placed(test, { nesting: test.nesting, name: test.name }));
  }

  complete(test, details, directive) {
    this.tell(
      'test:complete',
      placed(test, {
        name: test.name,
        nesting: test.nesting,
        testNumber: test.testNumber,
        details,
        ...directive,
      }),
    );
  }

  /** test:pass or test:fail */
  result(test, passed, details, directive) {
    this.tell(
      passed ? 'test:pass' : 'test:fail',
      placed(test, {
        name: test.name,
        nesting: test.nesting,
        testNumber: test.testNumber,
        details,
        ...directive,
      }),
    );
  }

  plan(test, nesting, count) {
    this.tell('test:plan', placed(test, { nesting, count }));
  }

  diagnostic(test, nesting, message, level = 'info') {
    this.tell('test:diagnostic', placed(test, { nesting, message, level }));
  }

  summary(data) {
    this.tell('test:summary', data);
  }
}

function placed(test, data) {
  const at = test.location;
  return { __proto__: null, ...data, line: at?.line, column: at?.column, file: at?.file };
}

module.exports = { TestsStream };

'use strict';

// How many assertions a test announced, and waiting for them.

const { codes } = require('shared/errors');
const { validateNumber, validateObject } = require('shared/validators');
const { failure, kinds } = require('test/failure');

const { ERR_INVALID_ARG_TYPE } = codes;

class Plan {
  /**
   * @param {number} count
   * @param {Options & { wait?: boolean | number }} [options]
   */
  constructor(count, options = { __proto__: null }) {
    validateNumber(count, 'count');
    validateObject(options, 'options');
    this.expected = count;
    this.actual = 0;
    this.wait = checkedWait(options.wait);
    this.met = undefined;
    this.timer = undefined;
  }

  count() {
    this.actual++;
    if (this.met !== undefined && this.actual >= this.expected) {
      const { met } = this;
      this.met = undefined;
      clearTimeout(this.timer);
      // Not before the assertion itself has had its say: it may throw.
      setImmediate(met.resolve);
    }
  }

  /** Throws when the plan was not met, or returns a promise when it may still be. */
  check() {
    if (this.actual === this.expected) return undefined;
    if (this.wait === false || this.actual > this.expected) throw this.unmet();
    this.met = Promise.withResolvers();
    if (this.wait === true) {
      // The process waits, too.
      this.timer = setTimeout(() => {}, 2 ** 31 - 1);
    } else {
      this.timer = setTimeout(() => {
        const { met } = this;
        this.met = undefined;
        met.reject(
          failure(
            `plan timed out after ${this.wait}ms with ${this.actual} assertions when expecting ` + `${this.expected}`,
            kinds.timeout,
          ),
        );
      }, this.wait);
    }
    return this.met.promise;
  }

  unmet() {
    return failure(`plan expected ${this.expected} assertions but received ${this.actual}`, kinds.code);
  }
}

function checkedWait(wait) {
  switch (typeof wait) {
    case 'undefined':
      return false;
    case 'boolean':
      return wait;
    case 'number':
      validateNumber(wait, 'options.wait', 0, 2 ** 31 - 1);
      return wait;
    default:
      throw new ERR_INVALID_ARG_TYPE('options.wait', ['boolean', 'number'], wait);
  }
}

module.exports = { Plan };

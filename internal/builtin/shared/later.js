'use strict';

// Modules that a later version brings: they can be required, and using what they are for throws a coded error.

class NotYet extends Error {
  constructor(what) {
    super(`${what} is not there yet in hob; docs/compat.md lists what is missing`);
    this.code = 'ERR_HOB_NOT_YET';
  }
}
Object.defineProperty(NotYet.prototype, 'name', { value: 'Error', writable: true, configurable: true });

/**
 * A function, also usable with new, that throws.
 * @param {string} what "tls.connect"
 */
function later(what) {
  const name = what.slice(what.lastIndexOf('.') + 1);
  const fn = {
    [name]: function () {
      throw new NotYet(what);
    },
  }[name];
  return fn;
}

/**
 * @param {string} module
 * @param {string[]} names functions and classes
 * @returns {Record<string, Function>}
 */
function laterModule(module, names) {
  return Object.fromEntries(names.map((n) => [n, later(`${module}.${n}`)]));
}

module.exports = { NotYet, later, laterModule };

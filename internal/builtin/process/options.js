'use strict';

// What the command line and NODE_OPTIONS said.

const { option } = native;

/** @param {string} name "--no-warnings" @returns {any} true, a string, a list, or undefined when not given */
function flag(name) {
  return set?.[name] ?? option(name);
}

/** Options that the program set while it ran. */
let set;

/**
 * @param {string} name
 * @param {any} value
 */
function setFlag(name, value) {
  set ??= { __proto__: null };
  set[name] = value;
}

module.exports = { flag, setFlag };

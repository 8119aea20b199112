'use strict';

// What the command line and NODE_OPTIONS said.

const { option } = native;

/** @param {string} name "--no-warnings" @returns {any} true, a string, a list, or undefined when not given */
function flag(name) {
  return option(name);
}

module.exports = { flag };

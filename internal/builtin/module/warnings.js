'use strict';

// Warnings of the loader, each given once.

const given = new Set();

/** @param {string} feature */
function experimental(feature) {
  once(feature, () => `${feature} is an experimental feature and might change at any time`, 'ExperimentalWarning');
}

/**
 * @param {string} key
 * @param {() => string} text
 * @param {string} type
 * @param {string} [code]
 */
function once(key, text, type, code) {
  if (given.has(key)) return;
  given.add(key);
  process.emitWarning(text(), type, code);
}

/** Prints at once: the program may not live to the next tick. */
function now(key, text) {
  if (given.has(key)) return;
  given.add(key);
  if (require('process/options').flag('--warnings') === false) return;
  const warning = new Error(text);
  warning.name = 'Warning';
  process.emit('warning', warning);
}

module.exports = { experimental, now, once };

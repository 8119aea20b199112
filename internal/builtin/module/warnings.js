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

module.exports = { experimental, once };

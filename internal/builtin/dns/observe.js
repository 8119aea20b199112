'use strict';

// Entries for PerformanceObserver, of dns and of net: made only when somebody observes their type.

const observed = require('perf_hooks/observed');

/**
 * When it began, or 0 when nobody wants to know.
 * @param {'dns' | 'net'} type
 */
function begin(type) {
  return observed[type] ? require('perf_hooks/clock').now() : 0;
}

/**
 * @param {'dns' | 'net'} type
 * @param {string} name
 * @param {number} began what begin() returned, not 0
 * @param {object} detail
 */
function record(type, name, began, detail) {
  const { now } = require('perf_hooks/clock');
  const { PerformanceNodeEntry, internal } = require('perf_hooks/entries');
  const entry = new PerformanceNodeEntry(internal, name, type, began, now() - began, detail);
  require('perf_hooks/observer').enqueue(entry);
}

module.exports = { begin, record };

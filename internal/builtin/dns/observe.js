// Entries for PerformanceObserver. Nothing is loaded unless the program uses perf_hooks.

let observer;

/** Whether anybody wants to know. */
function observed() {
  observer ??= require('perf_hooks/observer');
  return observer.isObserved('dns');
}

/**
 * @param {string} name
 * @param {number} started
 * @param {object} detail
 */
function record(name, started, detail) {
  const { performance } = require('perf_hooks');
  require('perf_hooks/observer').enqueueNetworkEntry?.(name, 'dns', started, performance.now() - started, detail);
}

module.exports = { observed, record };

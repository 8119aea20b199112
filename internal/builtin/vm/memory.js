'use strict';

// vm.measureMemory: V8 measures with its next garbage collection, for all contexts or for each.

const { measureMemory } = engine;

let warned = false;

/**
 * @param {'summary' | 'detailed'} mode
 * @param {'default' | 'eager'} execution
 * @returns {Promise<object>}
 */
function measure(mode, execution) {
  if (!warned) {
    warned = true;
    process.emitWarning(
      'vm.measureMemory is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
  }
  return measureMemory(mode === 'detailed', execution === 'eager').then(([total, low, high, current, others]) => {
    const range = (a) => ({ __proto__: null, jsMemoryEstimate: a[0], jsMemoryRange: [a[0], a[1]] });
    const result = { __proto__: null, total: { __proto__: null, jsMemoryEstimate: total, jsMemoryRange: [low, high] } };
    if (mode === 'detailed') {
      result.current = range(current);
      result.other = others.map(range);
    }
    return result;
  });
}

module.exports = { measure };

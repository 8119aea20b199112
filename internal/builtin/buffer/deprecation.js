'use strict';

// When the old constructor warns.

const { getCallSites } = engine;

/** @returns {boolean} --pending-deprecation, or its environment variable */
function pendingDeprecation() {
  return process.execArgv.includes('--pending-deprecation') || process.env.NODE_PENDING_DEPRECATION === '1';
}

/** @returns {boolean} whether the innermost frame of user code is a file of a dependency */
function insideNodeModules() {
  for (const site of getCallSites(10)) {
    const file = site[1];
    if (typeof file !== 'string' || file === '' || file.startsWith('node:')) continue;
    return /[/\\]node_modules[/\\]/i.test(file);
  }
  return false;
}

module.exports = { insideNodeModules, pendingDeprecation };

'use strict';

// Where a test was written: the first frame of the stack that is not the runtime's.

const { getCallSites } = engine;

/** @typedef {{ file: string, line: number, column: number }} Location */

/** @returns {Location | undefined} */
function callerLocation() {
  for (const site of getCallSites(12)) {
    const file = site[1];
    if (!file || file.startsWith('node:')) continue;
    return {
      file: file.startsWith('file:') ? require('url').fileURLToPath(file) : file,
      line: site[2],
      column: site[3],
    };
  }
  return undefined;
}

module.exports = { callerLocation };

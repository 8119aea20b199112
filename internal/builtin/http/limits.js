'use strict';

// Limits that the command line may set.

let size = 0;

/** Bytes of a head: --max-http-header-size, or 16 KiB. */
function maxHeaderSize() {
  if (size === 0) {
    size = 16 * 1024;
    for (const list of [process.execArgv, (process.env.NODE_OPTIONS ?? '').split(' ')]) {
      for (let i = 0; i < list.length; i++) {
        const m = /^--max-http-header-size(?:=(\d+))?$/.exec(list[i]);
        if (m) size = Number(m[1] ?? list[i + 1]) || size;
      }
    }
  }
  return size;
}

/** Whether --insecure-http-parser was given. */
function insecure() {
  return process.execArgv.includes('--insecure-http-parser') ||
    (process.env.NODE_OPTIONS ?? '').split(' ').includes('--insecure-http-parser');
}

module.exports = { maxHeaderSize, insecure };

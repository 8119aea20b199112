'use strict';

// Limits that the command line may set.

const { flag } = require('process/options');

let size = 0;

/** Bytes of a head: --max-http-header-size, or 16 KiB. */
function maxHeaderSize() {
  if (size === 0) size = flag('--max-http-header-size') || 16 * 1024;
  return size;
}

/** Whether --insecure-http-parser was given. */
function insecure() {
  return flag('--insecure-http-parser') === true;
}

module.exports = { maxHeaderSize, insecure };

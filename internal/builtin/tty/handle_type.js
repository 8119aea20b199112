'use strict';

// What kind of thing a descriptor is.

const { handleType } = native;

/**
 * @param {number} fd
 * @returns {'TTY' | 'FILE' | 'PIPE' | 'TCP' | 'UDP' | 'UNKNOWN'}
 */
function guessHandleType(fd) {
  return handleType(fd);
}

/** @param {any} fd */
function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= 2147483647 && handleType(fd) === 'TTY';
}

module.exports = { guessHandleType, isatty };

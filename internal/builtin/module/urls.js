'use strict';

// Telling URL objects from others, those of another realm included.

/** @param {any} value */
function isURL(value) {
  return (
    value !== null &&
    typeof value === 'object' &&
    typeof value.href === 'string' &&
    typeof value.protocol === 'string' &&
    value.auth === undefined &&
    value.path === undefined
  );
}

module.exports = { isURL };

'use strict';

// Better words for "does not provide an export named": which module it is, and what to do when it is CommonJS.

/** @param {any} err what instantiation threw */
function improve(err, record, byId) {
  return err;
}

module.exports = { improve };

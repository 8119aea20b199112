'use strict';

// Source maps of loaded code, for stack traces (--enable-source-maps, and always for code transpiled here).

/** @param {string} filename @param {string} content @param {Function} fn */
function note(filename, content, fn) {}

module.exports = { note };

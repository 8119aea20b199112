'use strict';

// TypeScript and JSX: transpiled in Go (internal/loader/transpile.go) before they are compiled.

/** @param {string} filename @returns {{code: string, format: string}} */
function load(filename) {
  throw new Error(`TypeScript is not wired yet: ${filename}`);
}

module.exports = { load };

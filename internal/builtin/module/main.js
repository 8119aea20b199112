'use strict';

// Runs the main program.

const { format } = native;
const { compileFunction } = engine;
const path = require('path');

/**
 * @param {string} kind 'file', 'eval', 'print', 'stdin' or 'check'
 * @param {string} text the file, or the source
 */
function run(kind, text) {
  const { Module } = require('module/cjs');
  Module._initPaths();
  require('module/esm').install();
  if (kind === 'file') return runFile(Module, path.resolve(text));
  const { makeRequire } = require('module/cjs');
  const m = new Module('[eval]');
  m.filename = path.join(process.cwd(), '[eval]');
  m.paths = Module._nodeModulePaths(process.cwd());
  const fn = compileFunction(text, '[eval]', 0, 0, undefined, ['exports', 'require', 'module', '__filename', '__dirname'], undefined);
  fn.call(globalThis, m.exports, makeRequire(m), m, '[eval]', '.');
}

function runFile(Module, file) {
  const found = Module._findPath(file, null, true);
  if (found) {
    const [kind] = format(found);
    if (kind === 'module' || kind === 'module-typescript' || kind === 'wasm') {
      require('module/esm').runMain(require('url').pathToFileURL(found).href);
      return;
    }
  }
  Module._load(file, null, true);
}

module.exports = { run };

// Runs the main program.

const { compileFunction } = engine;

/**
 * @param {string} kind 'file', 'eval', 'print', 'stdin' or 'check'
 * @param {string} text
 */
function run(kind, text) {
  const { Module } = require('module/cjs');
  Module._initPaths();
  if (kind === 'file') {
    Module._load(require('path').resolve(text), null, true);
    return;
  }
  const { makeRequire } = require('module/cjs');
  const m = new Module('[eval]');
  m.filename = require('path').join(process.cwd(), '[eval]');
  m.paths = Module._nodeModulePaths(process.cwd());
  const fn = compileFunction(text, '[eval]', 0, 0, undefined, ['exports', 'require', 'module', '__filename', '__dirname'], undefined);
  fn.call(globalThis, m.exports, makeRequire(m), m, '[eval]', '.');
}

module.exports = { run };

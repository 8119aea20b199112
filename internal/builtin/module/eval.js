'use strict';

// Source text as the main program: --eval, --print and standard input.

const { compileFunction, moduleCompile } = engine;
const path = require('path');
const process = require('process');

const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];

/** What such a script finds as globals, as a module finds it as parameters. */
function makeGlobals(name) {
  const { Module, makeRequire } = require('module/cjs');
  const m = new Module(name);
  m.filename = path.join(process.cwd(), name);
  m.paths = Module._nodeModulePaths(process.cwd());
  const globals = { module: m, require: makeRequire(m), exports: m.exports, __filename: name, __dirname: '.' };
  for (const key of Object.keys(globals)) globalThis[key] = globals[key];
}

/**
 * @param {string} text
 * @param {string} name '[eval]' or '[stdin]'
 * @param {boolean} print whether the result is printed at the end
 */
function run(text, name, print) {
  const { flag } = require('process/options');
  const type = flag('--input-type');
  if (type?.endsWith('-typescript')) {
    ({ code: text } = require('module/typescript').transpile(text, name));
  }
  if (type?.startsWith('module')) {
    runModule(text, name, print);
    return;
  }
  makeGlobals(name);
  const { Script, constants } = require('vm');
  let script;
  try {
    script = new Script(text, { filename: name, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  } catch (error) {
    if (type === undefined && !print && flag('--experimental-detect-module') !== false &&
        require('module/esm').isModuleSyntax(error, text, name)) {
      runModule(text, name, print);
      return;
    }
    throw error;
  }
  const result = script.runInThisContext();
  if (!print) return;
  const { log } = require('console/global').console ?? globalThis.console;
  // At the end: a promise shows how it has ended.
  process.on('exit', () => log(result));
}

function runModule(text, name, print) {
  if (print) {
    const { codes: { ERR_EVAL_ESM_CANNOT_PRINT } } = require('shared/errors');
    throw new ERR_EVAL_ESM_CANNOT_PRINT();
  }
  require('module/esm').runSource(text, name === '[eval]' ? '[eval1]' : name);
}

/**
 * Throws the SyntaxError of what can't be compiled.
 * @param {string} text
 * @param {string} name
 * @param {string} [kind] 'module', 'commonjs' or what else the loader says of the file
 */
function check(text, name, kind) {
  const esm = require('module/esm');
  if (kind?.endsWith('typescript')) {
    require('module/typescript').load(name);
    return;
  }
  const type = kind ?? require('process/options').flag('--input-type');
  if (type === 'module') {
    moduleCompile(text, name, 0, 0, undefined);
    return;
  }
  try {
    compileFunction(text, name, 0, 0, undefined, parameters, undefined);
  } catch (error) {
    if (type !== 'commonjs' && esm.isModuleSyntax(error, text, name)) {
      moduleCompile(text, name, 0, 0, undefined);
      return;
    }
    throw error;
  }
}

module.exports = { run, check };

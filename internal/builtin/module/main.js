'use strict';

// Runs the main program: what comes before it (-r, --import), and which loader takes it. Source text from the command line
// or standard input is module/eval's.

const { format } = native;
const { restrict } = require('module/prototype_access');
const path = require('path');
const process = require('process');

/**
 * @param {string} kind 'file', 'eval', 'print', 'stdin', 'check' or 'check-stdin'
 * @param {string} text the file, or the source
 */
function run(kind, text) {
  const { Module, setConditions } = require('module/cjs');
  const esm = require('module/esm');
  const { flag } = require('process/options');
  Module._initPaths();
  esm.install();
  const ofFile = kind === 'file' || kind === 'check';
  if (ofFile) process.argv[1] = path.resolve(text);
  const conditions = flag('--conditions');
  if (conditions !== undefined) setConditions(conditions);
  restrict(flag('--disable-proto'));
  if (flag('--enable-source-maps')) process.setSourceMapsEnabled(true);
  if (ofFile && kind !== 'check' && flag('--input-type')) {
    const { codes: { ERR_INPUT_TYPE_NOT_ALLOWED } } = require('shared/errors');
    throw new ERR_INPUT_TYPE_NOT_ALLOWED();
  }
  Module._preloadModules(flag('--require'));
  const imports = flag('--import');
  if (imports !== undefined) {
    esm.runAfter(imports, () => start(Module, kind, text));
    return;
  }
  start(Module, kind, text);
}

function start(Module, kind, text) {
  switch (kind) {
    case 'file':
      runFile(Module, path.resolve(text));
      break;
    case 'check':
      checkFile(Module, path.resolve(text));
      break;
    case 'check-stdin':
      require('module/eval').check(text, '[stdin]');
      break;
    default:
      require('module/eval').run(text, kind === 'stdin' ? '[stdin]' : '[eval]', kind === 'print');
  }
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

/** -c: compiles and does not run. */
function checkFile(Module, file) {
  const found = Module._resolveFilename(file, null, true);
  const [kind] = format(found);
  const { check } = require('module/eval');
  check(require('fs').readFileSync(found, 'utf8'), found, kind);
}

module.exports = { run };

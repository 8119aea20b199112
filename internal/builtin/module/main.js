'use strict';

// Runs the main program: preloads, then a file, or source text from -e, -p or standard input.

const { format, preserveSymlinks, readText } = native;
const { compileFunction, moduleCompile } = engine;
const hooks = require('module/hooks');
const path = require('path');
const { flag } = require('process/options');

/**
 * @param {string} kind 'file', 'eval', 'print', 'stdin', 'check' or 'check-stdin'
 * @param {string} text the file, or the source
 */
function run(kind, text) {
  const { Module } = require('module/cjs');
  const esm = require('module/esm');
  Module._initPaths();
  esm.install();
  if (flag('--preserve-symlinks') === true) preserveSymlinks(true);
  if (process.env.NODE_COMPILE_CACHE) require('module/compile_cache').enableCompileCache();
  if (kind === 'hooks') return require('module/hooks_worker').start();
  if (kind === 'file' || kind === 'check') {
    if (flag('--input-type') !== undefined) throw new (require('shared/errors').codes.ERR_INPUT_TYPE_NOT_ALLOWED)();
    const file = flag('--entry-url') === true ? text : path.resolve(text);
    if (kind === 'file') process.argv[1] = file;
  }
  const snapshotSignal = flag('--heapsnapshot-signal');
  if (snapshotSignal !== undefined) process.on(snapshotSignal, () => void require('v8').writeHeapSnapshot());
  // Set before preloads, which may look at it.
  const imports = flag('--import');
  const start = () => {
    if (kind === 'file') Module.runMain(process.argv[1]);
    else if (kind === 'check') check(Module, path.resolve(text));
    else if (kind === 'check-stdin') checkText(text, '[stdin]');
    else runText(kind, text);
  };
  preload(Module);
  const loaders = flag('--experimental-loader');
  if (loaders !== undefined && loaders.length > 0) require('module/register').fromCommandLine(loaders);
  if (imports === undefined || imports.length === 0) return start();
  importAll(esm, imports)
    .then(start)
    .catch((err) => {
      require('process/uncaught').fromMain(err);
    });
}

function preload(Module) {
  const requests = flag('--require');
  if (requests !== undefined && requests.length > 0) Module._preloadModules(requests);
}

async function importAll(esm, list) {
  for (const specifier of list) await esm.importModule(specifier, undefined);
}

/** Module.runMain's work. */
function runFile(file) {
  const { Module } = require('module/cjs');
  const esm = require('module/esm');
  if (flag('--entry-url') === true)
    return esm.runMain(new URL(file, require('url').pathToFileURL(`${process.cwd()}/`)).href);
  const keep = flag('--preserve-symlinks') === true;
  const keepMain = flag('--preserve-symlinks-main') === true;
  if (keepMain !== keep) preserveSymlinks(keepMain);
  let found;
  try {
    found = Module._findPath(path.resolve(file), null, true);
  } finally {
    if (keepMain !== keep) preserveSymlinks(keep);
  }
  // With hooks in another thread the main program is imported, whatever it is.
  if (found && hooks.state.thread) return esm.runMain(require('url').pathToFileURL(found).href);
  if (found) {
    const [kind, type] = format(found);
    if (
      kind === 'module' ||
      kind === 'module-typescript' ||
      kind === 'wasm' ||
      (kind === 'unknown' && type === 'module')
    ) {
      return esm.runMain(require('url').pathToFileURL(found).href);
    }
    return Module._load(keepMain ? found : file, null, true);
  }
  Module._load(file, null, true);
}

/** Source text given on the command line. */
function runText(kind, text) {
  const esm = require('module/esm');
  const type = flag('--input-type');
  const name = kind === 'stdin' ? '[stdin]' : '[eval]';
  let code = text;
  const isModule = type === 'module' || type === 'module-typescript';
  if (type === 'module-typescript' || type === 'commonjs-typescript') {
    code = require('module/typescript').toJavaScript(code, name, !isModule).replace(/\n$/, '');
  }
  if (isModule) {
    if (kind === 'print') {
      const { ERR_EVAL_ESM_CANNOT_PRINT } = require('shared/errors').codes;
      throw new ERR_EVAL_ESM_CANNOT_PRINT();
    }
    return esm.runSource(code);
  }
  const { Module, lookAt, makeRequire } = require('module/cjs');
  const m = lookAt(path.join(process.cwd(), name));
  m.id = name;
  m.paths = Module._nodeModulePaths(process.cwd());
  const vm = require('vm');
  let script;
  const options = { filename: name, importModuleDynamically: require('vm/dynamic_import').mainLoader };
  try {
    script = new vm.Script(code, options);
  } catch (err) {
    if (type === undefined && err instanceof SyntaxError) {
      if (kind !== 'print' && esm.isModuleSyntax(err, code, name)) return esm.runSource(code);
      // TypeScript perhaps.
      const js = tryTypeScript(code, name);
      if (js !== undefined) {
        try {
          script = new vm.Script(js, options);
        } catch (second) {
          if (kind !== 'print' && esm.isModuleSyntax(second, js, name)) return esm.runSource(js);
        }
      }
    }
    if (script === undefined) throw err;
  }
  // What modules have as parameters, code on the command line has as globals.
  Object.assign(globalThis, {
    module: m,
    exports: m.exports,
    __filename: name,
    __dirname: '.',
    require: makeRequire(m),
  });
  require('module/eval_globals').install();
  const result = script.runInThisContext({ displayErrors: false });
  if (kind === 'print') {
    // At the end: a promise shows how it has ended.
    process.on('exit', () => console.log(result));
  }
}

function tryTypeScript(code, name) {
  if (flag('--strip-types') === false) return undefined;
  try {
    return require('module/typescript').toJavaScript(code, name, false);
  } catch {
    return undefined;
  }
}

/** -c: compiles only. */
function check(Module, file) {
  const found = Module._findPath(file, null, true);
  if (!found) return Module._load(file, null, true);
  const [kind] = format(found);
  checkText(readText(found), found, kind);
}

function checkText(text, name, kind = '') {
  let code = text;
  let isModule = kind === 'module' || kind === 'module-typescript' || flag('--input-type') === 'module';
  if (kind.endsWith('typescript')) {
    const out = require('module/typescript').fromText(text, name, kind);
    code = out.code;
    isModule = out.format === 'module';
  }
  const url = name.startsWith('/') ? require('url').pathToFileURL(name).href : name;
  if (!isModule) {
    const { Module } = require('module/cjs');
    if (Module.wrap('') !== '(function (exports, require, module, __filename, __dirname) { \n});') {
      new (require('vm').Script)(Module.wrap(code), name);
      return;
    }
    try {
      compileFunction(
        code,
        name,
        0,
        0,
        undefined,
        ['exports', 'require', 'module', '__filename', '__dirname'],
        undefined,
      );
      return;
    } catch (err) {
      if (kind === 'commonjs' || !require('module/esm').isModuleSyntax(err, code, name)) throw err;
    }
  }
  moduleCompile(code, url, 0, 0, undefined);
}

module.exports = { run, runFile };

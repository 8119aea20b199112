'use strict';

// The ES module loader above its graph (module/graph): evaluation, which is asynchronous only where a module awaits at its
// top level, require() of ES modules, V8's hooks, the main program. What kinds of modules there are is esm_formats' subject.

const {
  compileFunction,
  getPromiseDetails,
  moduleCompile,
  moduleError,
  moduleEvaluate,
  moduleInstantiate,
  moduleIsGraphAsync,
  moduleLink,
  moduleNamespace,
  moduleStalled,
  moduleStatus,
  setImportHooks,
} = engine;
const { codes } = require('shared/errors');
const graph = require('module/graph');
const hooks = require('module/hooks');
const path = require('path');

const { Record, byId, fileOf, finish, linkNow, linkSoon, load, loadSoon, records, register, resolve, state } = graph;

const INSTANTIATED = 2;
const EVALUATING = 3;
const EVALUATED = 4;
const ERRORED = 5;

let mainRecord;
let mainPromise;

function source(url, text) {
  const cached = require('module/cjs').compileCache.look?.('ESM', url, text);
  const record = finish(new Record(url, 'module'), moduleCompile(text, url, 0, 0, url, cached?.data));
  cached?.compiled(record.id);
  require('module/source_map').note(url, text);
  return record;
}

// --- evaluation

function instantiate(record) {
  if (moduleStatus(record.id) >= INSTANTIATED) return;
  if (record.failure !== undefined) throw record.failure.error;
  try {
    moduleInstantiate(record.id);
  } catch (err) {
    const error = require('module/link_error').improve(err, record);
    record.failure = { error };
    throw error;
  }
}

/** @returns {Promise<any>} settles when the module and all below it have run */
function evaluate(record) {
  instantiate(record);
  return moduleEvaluate(record.id);
}

/** The require stack of a module, as error messages list it. */
function requireStack(m) {
  const { kParent } = require('module/cjs');
  const stack = [];
  for (let p = m; p && !stack.includes(p.filename ?? p.id); p = p[kParent]) stack.push(p.filename ?? p.id);
  return stack;
}

/**
 * Runs a module that must not wait, for require().
 * @returns {object} the namespace
 */
function evaluateSync(record, parent) {
  const status = moduleStatus(record.id);
  if (status === ERRORED) throw moduleError(record.id);
  if (status === EVALUATING) throw cycleError(record, parent);
  instantiate(record);
  if (moduleIsGraphAsync(record.id)) {
    if (require('process/options').flag('--experimental-print-required-tla') === true) {
      require('module/link_error').printAwaits(record);
    }
    throw new codes.ERR_REQUIRE_ASYNC_MODULE(fileOf(record.url), requireStack(parent));
  }
  if (status === EVALUATED) return moduleNamespace(record.id);
  const running = evaluatingIn(record);
  if (running !== undefined) throw cycleError(record, parent);
  const promise = moduleEvaluate(record.id);
  const [state, result] = getPromiseDetails(promise);
  if (state === 2) {
    promise.catch(() => {});
    throw require('module/link_error').explain(result, record);
  }
  return moduleNamespace(record.id);
}

/** A module in the graph that is running now, which a module further up waits for. */
function evaluatingIn(record, seen = new Set()) {
  if (seen.has(record) || moduleStatus(record.id) >= EVALUATED) return undefined;
  seen.add(record);
  if (moduleStatus(record.id) === EVALUATING) return record;
  for (const to of record.links ?? []) {
    const found = evaluatingIn(to, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function cycleError(record, parent) {
  const from = parent?.filename ? ` (from ${parent.filename})` : '';
  return new codes.ERR_REQUIRE_CYCLE_MODULE(`Cannot require() ES Module ${fileOf(record.url)} in a cycle.${from}`);
}

/** What require() of an ES module returns. */
function exportsOf(record, namespace) {
  if (record.required !== undefined) return record.required.value;
  let value = namespace;
  if (Object.hasOwn(namespace, 'module.exports')) value = namespace['module.exports'];
  else if (Object.hasOwn(namespace, 'default') && !Object.hasOwn(namespace, '__esModule')) value = facade(record);
  record.required = { value };
  return value;
}

/** As transpiled code expects it: a view of the namespace that says __esModule. */
function facade(record) {
  const text = "export * from 'original'; export { default } from 'original'; export const __esModule = true;";
  const id = moduleCompile(text, 'node:internal/require_module_default_facade', 0, 0, undefined);
  moduleLink(id, [record.id, record.id]);
  moduleInstantiate(id);
  const [state, result] = getPromiseDetails(moduleEvaluate(id));
  if (state === 2) throw result;
  return moduleNamespace(id);
}

/** Module.prototype._compile for text that is an ES module. */
function requireSource(m, content, filename) {
  const { kParent } = require('module/cjs');
  const url = filename.startsWith('/') ? require('url').pathToFileURL(filename).href : filename;
  let record = records.get(url);
  const parent = m[kParent];
  state.requiring++;
  try {
    if (record === undefined || record.kind !== 'module') {
      record = source(url, content);
      register(url, record);
    }
    linkNow(record);
  } finally {
    state.requiring--;
  }
  if (m.id === '.' && parent == null) {
    // The main program turned out to be an ES module: it may await at its top level.
    startMain(record);
    return;
  }
  traceRequire(m, filename, parent);
  state.requiring++;
  try {
    m.exports = exportsOf(record, evaluateSync(record, parent));
  } finally {
    state.requiring--;
  }
}

/** --trace-require-module */
function traceRequire(m, filename, parent) {
  const wanted = require('process/options').flag('--trace-require-module');
  if (wanted === undefined || wanted === false) return;
  if (wanted === 'no-node-modules' && parent?.filename?.includes('/node_modules/')) return;
  require('module/warnings').once(
    'require-module',
    () =>
      `CommonJS module ${parent?.filename} is loading ES Module ${filename} using require().\n` +
      'Support for loading ES Module in require() is an experimental feature and might change at any time',
    'ExperimentalWarning',
  );
}

/** require() of a module that is being loaded: an error when it is an ES module that runs now. */
function requireOfEvaluating(m, parent) {
  const { filename } = m;
  if (typeof filename !== 'string' || records.size === 0 || !filename.startsWith('/')) return undefined;
  const record = records.get(require('url').pathToFileURL(filename).href);
  if (record === undefined || record.kind !== 'module') return undefined;
  throw cycleError(record, m[require('module/cjs').kParent] ?? parent);
}

// --- hooks from V8

function importDynamically(specifier, referrer, attributes, hostId, inSourcePhase) {
  if (typeof hostId === 'symbol') {
    const { constants, importFrom, mainLoader } = require('vm/dynamic_import');
    if (hostId === constants.USE_MAIN_CONTEXT_DEFAULT_LOADER) {
      require('module/warnings').experimental('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER');
    } else if (hostId !== mainLoader) {
      return importFrom(hostId, specifier, attributes, inSourcePhase ? 'source' : 'evaluation');
    }
  }
  const from = typeof hostId === 'string' ? hostId : referrer;
  if (inSourcePhase) return importSource(specifier, from, attributes);
  const trace = require('module/cjs').traced.import;
  if (trace?.hasSubscribers) {
    const context = { __proto__: null, parentURL: baseOf(from), url: specifier };
    return trace.tracePromise(importModule, context, undefined, specifier, from, attributes);
  }
  return importModule(specifier, from, attributes);
}

/** import.source(): the WebAssembly.Module, not run. */
async function importSource(specifier, referrer, attributes) {
  const record = await loadSoon(`${specifier}`, baseOf(referrer), attributes, true);
  if (record.sourceObject === undefined) throw graph.noSource(record.url);
  return record.sourceObject;
}

/** The URL that import() in code of this name resolves from. */
function baseOf(referrer) {
  const { pathToFileURL } = require('url');
  if (typeof referrer === 'string') {
    if (referrer.startsWith('/')) return pathToFileURL(referrer).href;
    if (/^(?:file|data|https?|blob):/.test(referrer)) return referrer;
  }
  return pathToFileURL(`${process.cwd()}/`).href;
}

/**
 * import(): resolves to the namespace.
 * @param {string} specifier
 * @param {string | undefined} referrer URL or path of the code that asks
 */
async function importModule(specifier, referrer, attributes = { __proto__: null }) {
  const parent = baseOf(referrer);
  for (const key of Object.keys(attributes)) {
    if (key !== 'type') throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(key, attributes[key], specifier);
  }
  const record = await loadSoon(`${specifier}`, parent, attributes);
  if (moduleStatus(record.id) === ERRORED) throw moduleError(record.id);
  // It runs right now, further down the stack: by the next microtask it has run, or waits at its top level.
  while (moduleStatus(record.id) === EVALUATING) await undefined;
  try {
    await evaluate(record);
  } catch (err) {
    throw require('module/link_error').explain(err, record);
  }
  return moduleNamespace(record.id);
}

function initMeta(id, meta) {
  if (typeof id === 'object') return require('vm/module').initMeta(id, meta);
  const record = byId[id];
  if (record === undefined) return;
  const { url } = record;
  if (record.meta !== undefined) Object.assign(meta, record.meta);
  if (url.startsWith('file:')) {
    const file = fileOf(url);
    meta.dirname = path.dirname(file);
    meta.filename = file;
  }
  meta.main = record === mainRecord;
  const resolver = {
    resolve(specifier, parentURL) {
      if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('specifier');
      let from = url;
      if (parentURL !== undefined && require('process/options').flag('--experimental-import-meta-resolve') === true) {
        if (typeof parentURL !== 'string' && !require('module/urls').isURL(parentURL)) {
          throw new codes.ERR_INVALID_ARG_TYPE('parentURL', ['string', 'URL'], parentURL);
        }
        from = `${parentURL}`;
      }
      try {
        return resolve(`${specifier}`, from);
      } catch (err) {
        if (
          err?.code === 'ERR_UNSUPPORTED_DIR_IMPORT' ||
          (err?.code === 'ERR_MODULE_NOT_FOUND' && err.url !== undefined)
        )
          return err.url;
        if (err?.code === 'ERR_UNSUPPORTED_ESM_URL_SCHEME') return `${new URL(specifier)}`;
        throw err;
      }
    },
  };
  meta.resolve = resolver.resolve;
  meta.url = url;
}

// --- the main program

function startMain(record) {
  mainRecord = record;
  // In a microtask, as if it had been awaited for: promises that the body makes come before its ticks.
  engine.enqueueMicrotask(() => evaluateMain(record));
}

function evaluateMain(record) {
  try {
    mainPromise = evaluate(record);
  } catch (err) {
    require('process/uncaught').fromMain(err);
    return;
  }
  mainPromise.then(undefined, (err) => {
    require('process/uncaught').fromMain(require('module/link_error').explain(err, record));
  });
}

/** Links what the main program imports, and then runs it. */
function linkMain(record) {
  mainRecord = record;
  linkSoon(record).then(evaluateMain, (err) => require('process/uncaught').fromMain(err));
}

/** @param {string} url */
function runMain(url) {
  if (hooks.state.thread && !hooks.state.resolve && !hooks.state.load) {
    loadSoon(url, undefined, { __proto__: null }).then(
      (record) => {
        mainRecord = record;
        evaluateMain(record);
      },
      (err) => require('process/uncaught').fromMain(err),
    );
  } else if (hooks.state.resolve || hooks.state.load) startMain(load(url, { __proto__: null }, undefined));
  else linkMain(graph.recordNow(url));
}

let evals = 0;

/** Runs source text as an ES module (-e with --input-type=module, stdin). */
function runSource(text) {
  const url = require('url').pathToFileURL(path.join(process.cwd(), `[eval${++evals}]`)).href;
  const record = source(url, text);
  register(url, record);
  linkMain(record);
}

/** Where the main program's top-level await hangs: undefined when it does not. */
function unsettledMain() {
  if (mainPromise === undefined || getPromiseDetails(mainPromise)[0] !== 0) return undefined;
  return moduleStalled(mainRecord.id);
}

// --- which is it?

const ESM_ERRORS = [
  'Cannot use import statement outside a module',
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
];
/** Errors that are none in an ES module, where these are no parameters and await is a keyword. */
const ESM_ONLY_ERRORS = [
  "Identifier '__filename' has already been declared",
  "Identifier '__dirname' has already been declared",
  "Identifier 'exports' has already been declared",
  "Identifier 'module' has already been declared",
  "Identifier 'require' has already been declared",
  'await is only valid in async functions and the top level bodies of modules',
];

/** @param {any} err what compiling as CommonJS threw */
function isModuleSyntax(err, content, filename) {
  if (!(err instanceof SyntaxError)) return false;
  if (ESM_ERRORS.includes(err.message)) return true;
  // What await is mistaken for in CommonJS gives many errors.
  if (!ESM_ONLY_ERRORS.includes(err.message) && !/\bawait\b/.test(content)) return false;
  try {
    moduleCompile(content, filename, 0, 0, undefined);
    return true;
  } catch {
    return false;
  }
}

function hasModuleSyntax(text, file) {
  try {
    compileFunction(
      text,
      file,
      0,
      0,
      undefined,
      ['exports', 'require', 'module', '__filename', '__dirname'],
      undefined,
    );
    return false;
  } catch (err) {
    return isModuleSyntax(err, text, file);
  }
}

/** Tells that a file had to be read twice for want of a "type". */
function warnTypeless(file) {
  if (file.includes('/node_modules/')) return;
  const { scope } = require('module/cjs');
  const pkg = scope(file);
  if (pkg === undefined) return;
  const url = require('url').pathToFileURL(file).href;
  require('module/warnings').once(
    `typeless:${url}`,
    () =>
      `Module type of ${url} is not specified and it doesn't parse as CommonJS.\n` +
      'Reparsing as ES module because module syntax was detected. This incurs a performance overhead.\n' +
      `To eliminate this warning, add "type": "module" to ${pkg.path}.`,
    undefined,
    'MODULE_TYPELESS_PACKAGE_JSON',
  );
}

/** ES module syntax in a file that is CommonJS by its name or package: says what to do. */
function noteESMInCommonJS(err, filename) {
  if (!(err instanceof SyntaxError) || !ESM_ERRORS.includes(err.message)) return;
  require('module/warnings').now(
    `esm-in-cjs:${filename}`,
    `Failed to load the ES module: ${filename}. Make sure to set "type": "module" ` +
      'in the nearest package.json file or use the .mjs extension.',
  );
}

/** The names that an ES module exports, for CommonJS modules that export it whole. */
function exportNamesOf(file) {
  const record = load(require('url').pathToFileURL(file).href, { __proto__: null }, undefined);
  instantiate(record);
  return Object.keys(moduleNamespace(record.id));
}

/** module.syncBuiltinESMExports */
function syncBuiltinESMExports() {
  const { setBuiltinExports } = require('module/esm_formats');
  for (const record of records.values()) {
    if (record.kind !== 'builtin' || moduleStatus(record.id) < EVALUATED) continue;
    setBuiltinExports(record.id, record.exports, record.names);
  }
}

/** Registers V8's hooks: once per runtime. */
function install() {
  setImportHooks(importDynamically, initMeta);
}

/** @param {any} record */
function isMainRecord(record) {
  return record === mainRecord;
}

module.exports = {
  exportNamesOf,
  hasModuleSyntax,
  importModule,
  install,
  isMainRecord,
  isModuleSyntax,
  noteESMInCommonJS,
  requireOfEvaluating,
  requireSource,
  runMain,
  runSource,
  source,
  syncBuiltinESMExports,
  unsettledMain,
  warnTypeless,
};

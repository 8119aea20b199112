'use strict';

// The ES module loader: a graph of records, each a module of V8's known by a small number (internal/v8/native_module.cc).
// Loading and linking are synchronous, so that require() of an ES module and import() share one path; evaluation is
// asynchronous only where a module awaits at its top level.

const { format, readText, resolveESM } = native;
const {
  compileFunction, getPromiseDetails, moduleCompile, moduleError, moduleEvaluate, moduleInstantiate, moduleIsGraphAsync,
  moduleLink, moduleNamespace, moduleRequests, moduleSetExport, moduleStalled, moduleStatus, moduleSynthetic, setImportHooks,
} = engine;
const { codes } = require('shared/errors');
const path = require('path');

const UNINSTANTIATED = 0;
const INSTANTIATED = 2;
const EVALUATING = 3;
const EVALUATED = 4;
const ERRORED = 5;

class Record {
  constructor(url, kind) {
    this.url = url;
    /** 'module', 'commonjs', 'json', 'builtin', 'wasm' */
    this.kind = kind;
    this.id = -1;
    this.parent = undefined;
  }
}

/** url, NUL, import type -> Record */
const records = new Map();
/** Records by V8's id, for import.meta. */
const byId = [];
/** Hooks of vm: symbol -> function(specifier, attributes) returning a promise of a namespace. */
const vmHooks = new Map();
let mainRecord;
let mainPromise;

function keyOf(url, type) {
  return type === undefined ? url : `${url}\0${type}`;
}

function conditions() {
  return require('module/cjs').conditions('import');
}

/** @param {string} specifier @param {string} parentURL @returns {string} */
function resolve(specifier, parentURL) {
  return resolveESM(conditions(), parentURL, specifier)[0];
}

function fileOf(url) {
  return require('url').fileURLToPath(url);
}

function checkAttributes(url, kind, attributes) {
  for (const key of Object.keys(attributes)) {
    if (key !== 'type') throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(key, attributes[key], url);
  }
  const { type } = attributes;
  if (type !== undefined && type !== 'json') throw new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED('type', type, url);
  if (kind === 'json' && type !== 'json') throw new codes.ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', 'json');
  if (kind !== 'json' && type === 'json') throw new codes.ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, 'json');
}

/** The record of a URL, loaded and linked with everything below it. */
function load(url, attributes, parentURL) {
  const key = keyOf(url, attributes.type);
  const known = records.get(key);
  if (known !== undefined) return known;
  const added = [];
  try {
    const top = add(url, attributes, parentURL, added);
    for (let i = 0; i < added.length; i++) link(added[i], added);
    return top;
  } catch (err) {
    // What is linked to a module that is not there must be loaded anew when asked for again.
    for (const r of added) records.delete(r.key);
    throw err;
  }
}

function add(url, attributes, parentURL, added) {
  const key = keyOf(url, attributes.type);
  const known = records.get(key);
  if (known !== undefined) return known;
  const record = create(url, attributes, parentURL);
  record.key = key;
  records.set(key, record);
  added.push(record);
  return record;
}

function link(record, added) {
  if (record.kind !== 'module') return;
  const requests = moduleRequests(record.id);
  if (requests.length === 0) return;
  const specifiers = [];
  for (let i = 0; i < requests.length; i += 4) specifiers.push(requests[i]);
  let urls;
  try {
    urls = resolveESM(conditions(), record.url, ...specifiers);
  } catch (err) {
    throw err;
  }
  const ids = [];
  for (let i = 0; i < urls.length; i++) ids.push(add(urls[i], requests[i * 4 + 1], record.url, added).id);
  moduleLink(record.id, ids);
}

/** Makes the record of a module that is not known yet. */
function create(url, attributes, parentURL) {
  if (url.startsWith('node:')) return builtin(url, attributes);
  if (url.startsWith('data:')) return fromData(url, attributes);
  const file = fileOf(url);
  const [kind] = format(file);
  switch (kind) {
    case 'json':
      checkAttributes(url, 'json', attributes);
      return json(url, readText(file), file);
    case 'wasm':
      checkAttributes(url, 'wasm', attributes);
      return require('module/wasm').create(url, file, { Record, finish });
    case 'module':
      checkAttributes(url, kind, attributes);
      return source(url, readText(file));
    case 'commonjs':
      checkAttributes(url, kind, attributes);
      return commonjs(url, file, readText(file));
    case 'addon':
    case 'unknown': {
      checkAttributes(url, kind, attributes);
      throw new codes.ERR_UNKNOWN_FILE_EXTENSION(path.extname(file), file);
    }
    default: {
      checkAttributes(url, kind, attributes);
      if (kind.endsWith('typescript')) {
        const out = require('module/typescript').load(file);
        return out.format === 'module' ? source(url, out.code) : commonjs(url, file, out.code);
      }
      const text = readText(file);
      return hasModuleSyntax(text, file) ? source(url, text) : commonjs(url, file, text);
    }
  }
}

function finish(record, id) {
  record.id = id;
  byId[id] = record;
  return record;
}

function source(url, text) {
  return finish(new Record(url, 'module'), moduleCompile(text, url, 0, 0, url));
}

function json(url, text, file) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (err) {
    err.message = `${file}: ${err.message}`;
    throw err;
  }
  const record = new Record(url, 'json');
  return finish(record, moduleSynthetic(url, ['default'], (id) => { moduleSetExport(id, 'default', value); }));
}

function builtin(url, attributes) {
  checkAttributes(url, 'builtin', attributes);
  const id = url.slice(5);
  const exports = require(id);
  const names = builtinNames(exports);
  const record = new Record(url, 'builtin');
  record.exports = exports;
  record.names = names;
  return finish(record, moduleSynthetic(url, names, (mid) => setBuiltinExports(mid, exports, names)));
}

function builtinNames(exports) {
  const names = new Set(Object.keys(exports));
  names.add('default');
  if (typeof exports === 'function') names.delete('prototype');
  return [...names];
}

function setBuiltinExports(id, exports, names) {
  for (const name of names) {
    if (name === 'default') {
      moduleSetExport(id, name, exports);
      continue;
    }
    let value;
    try {
      value = exports[name];
    } catch { /* a getter that throws exports undefined */ }
    moduleSetExport(id, name, value);
  }
}

/** module.syncBuiltinESMExports */
function syncBuiltinESMExports() {
  for (const record of records.values()) {
    if (record.kind !== 'builtin' || moduleStatus(record.id) < EVALUATED) continue;
    setBuiltinExports(record.id, record.exports, record.names);
  }
}

/** A CommonJS module seen from ES modules: the names that a look at its text finds, and default. */
function commonjs(url, file, text) {
  const { Module } = require('module/cjs');
  const names = require('module/cjs_names').namesOf(file, text);
  names.add('default');
  names.add('module.exports');
  const list = [...names];
  const record = new Record(url, 'commonjs');
  return finish(record, moduleSynthetic(url, list, (id) => {
    let m = Module._cache[file];
    let exports;
    if (m === undefined || !m.loaded) {
      exports = m === undefined ? Module._load(file, undefined, record === mainRecord) : m.exports;
      m = Module._cache[file];
    } else {
      exports = m.exports;
    }
    const isObject = exports !== null && (typeof exports === 'object' || typeof exports === 'function');
    for (const name of list) {
      if (name === 'default' || name === 'module.exports') continue;
      let value;
      if (isObject && Object.hasOwn(exports, name)) {
        try { value = exports[name]; } catch { /* as above */ }
      } else if (isObject && !Object.hasOwn(exports, name) && name in exports) {
        value = exports[name];
      }
      moduleSetExport(id, name, value);
    }
    moduleSetExport(id, 'default', exports);
    moduleSetExport(id, 'module.exports', exports);
  }));
}

function fromData(url, attributes) {
  const match = /^data:([^,;]*)((?:;[^,]*)?),([\s\S]*)$/.exec(url);
  const mime = match?.[1];
  if (match === null) throw new codes.ERR_INVALID_URL(url);
  const body = match[3];
  const text = /;base64$/i.test(match[2]) ? Buffer.from(decodeURIComponent(body), 'base64').toString() : decodeURIComponent(body);
  switch (mime) {
    case 'text/javascript':
    case 'application/javascript':
      checkAttributes(url, 'module', attributes);
      return source(url, text);
    case 'application/json':
      checkAttributes(url, 'json', attributes);
      return json(url, text, url);
    default:
      throw new codes.ERR_UNKNOWN_MODULE_FORMAT(mime, url);
  }
}

// --- evaluation

function instantiate(record) {
  if (moduleStatus(record.id) >= INSTANTIATED) return;
  try {
    moduleInstantiate(record.id);
  } catch (err) {
    throw require('module/link_error').improve(err, record, byId);
  }
}

/** @returns {Promise<any>} settles when the module and all below it have run */
function evaluate(record) {
  instantiate(record);
  return moduleEvaluate(record.id);
}

/**
 * Runs a module that must not wait, for require().
 * @returns {object} the namespace
 */
function evaluateSync(record, parent) {
  const status = moduleStatus(record.id);
  if (status === ERRORED) throw moduleError(record.id);
  if (status === EVALUATING) throw new codes.ERR_REQUIRE_CYCLE_MODULE(`Cannot require() ES Module ${fileOf(record.url)} in a cycle. A cycle involving require(esm) is disallowed to maintain invariants mandated by the ECMAScript specification. Try making at least part of the dependency in the graph lazily loaded.`);
  instantiate(record);
  if (moduleIsGraphAsync(record.id)) throw new codes.ERR_REQUIRE_ASYNC_MODULE(record.url, parent);
  const promise = moduleEvaluate(record.id);
  const [state, result] = getPromiseDetails(promise);
  if (state === 2) {
    promise.catch(() => {});
    throw result;
  }
  return moduleNamespace(record.id);
}

/** What require() of an ES module returns. */
function exportsOf(namespace, m) {
  if (Object.hasOwn(namespace, 'module.exports')) return namespace['module.exports'];
  if (!('default' in namespace) || '__esModule' in namespace) return namespace;
  // As transpiled code expects it: a view of the namespace that says __esModule.
  const names = Object.keys(namespace);
  const text = `export * from 'original'; export { default } from 'original'; export const __esModule = true;`;
  const id = moduleCompile(text, 'node:internal/require_module_default_facade', 0, 0, undefined);
  const list = names;
  const inner = moduleSynthetic('original', list, (sid) => {
    for (const n of list) moduleSetExport(sid, n, namespace[n]);
  });
  moduleLink(id, [inner, inner]);
  moduleInstantiate(id);
  moduleEvaluate(id);
  return moduleNamespace(id);
}

/** Module.prototype._compile for text that is an ES module. */
function requireSource(m, content, filename) {
  const url = require('url').pathToFileURL(filename).href;
  let record = records.get(url);
  if (record === undefined || record.kind !== 'module') {
    record = source(url, content);
    record.key = url;
    records.set(url, record);
    const added = [record];
    try {
      for (let i = 0; i < added.length; i++) link(added[i], added);
    } catch (err) {
      for (const r of added) records.delete(r.key);
      throw err;
    }
  }
  const { kParent } = require('module/cjs');
  if (m.id === '.') {
    // The main program turned out to be an ES module: it may await at its top level.
    startMain(record);
    return;
  }
  m.exports = exportsOf(evaluateSync(record, m[kParent]?.filename), m);
}

function requireOfEvaluating() {
  return undefined;
}

// --- hooks from V8

function importDynamically(specifier, referrer, attributes, hostId) {
  if (typeof hostId === 'symbol') {
    const { constants, importFrom } = require('vm/dynamic_import');
    if (hostId !== constants.USE_MAIN_CONTEXT_DEFAULT_LOADER) return importFrom(hostId, specifier, attributes);
  }
  return importModule(specifier, typeof hostId === 'string' ? hostId : referrer, attributes);
}

/**
 * import(): resolves to the namespace.
 * @param {string} specifier
 * @param {string | undefined} referrer URL or path of the code that asks
 */
async function importModule(specifier, referrer, attributes) {
  const { pathToFileURL } = require('url');
  let parent = referrer;
  if (typeof parent !== 'string' || parent === '' || parent.startsWith('[') || parent === 'evalmachine.<anonymous>') {
    parent = pathToFileURL(`${process.cwd()}/`).href;
  } else if (parent.startsWith('/')) {
    parent = pathToFileURL(parent).href;
  }
  const record = load(resolve(`${specifier}`, parent), attributes, parent);
  if (moduleStatus(record.id) === ERRORED) throw moduleError(record.id);
  await evaluate(record);
  return moduleNamespace(record.id);
}

function initMeta(id, meta) {
  if (typeof id === 'object') return require('vm/module').initMeta(id, meta);
  const record = byId[id];
  if (record === undefined) return;
  const { url } = record;
  if (url.startsWith('file:')) {
    const file = fileOf(url);
    meta.dirname = path.dirname(file);
    meta.filename = file;
  }
  meta.main = record === mainRecord;
  meta.resolve = function resolve_(specifier) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('specifier');
    try {
      return resolve(`${specifier}`, url);
    } catch (err) {
      if (err?.code === 'ERR_UNSUPPORTED_DIR_IMPORT' || (err?.code === 'ERR_MODULE_NOT_FOUND' && err.url !== undefined)) return err.url;
      throw err;
    }
  };
  Object.defineProperty(meta.resolve, 'name', { value: 'resolve' });
  meta.url = url;
}

// --- the main program

function startMain(record) {
  mainRecord = record;
  mainPromise = evaluate(record);
  mainPromise.then(undefined, (err) => { require('process/uncaught').fromMain(err); });
}

/** @param {string} url */
function runMain(url) {
  const record = load(url, { __proto__: null }, undefined);
  if (record.kind === 'module') startMain(record);
  else {
    mainRecord = record;
    mainPromise = evaluate(record);
    mainPromise.then(undefined, (err) => { require('process/uncaught').fromMain(err); });
  }
}

/** Runs source text as an ES module (-e with --input-type=module, stdin). */
function runSource(text, name) {
  const url = require('url').pathToFileURL(path.join(process.cwd(), name)).href;
  const record = source(url, text);
  record.key = url;
  const added = [record];
  for (let i = 0; i < added.length; i++) link(added[i], added);
  startMain(record);
}

/**
 * Imports modules one after another (--import), then goes on.
 * @param {string[]} specifiers
 * @param {() => void} then
 */
function runAfter(specifiers, then) {
  const importAll = async () => {
    for (const specifier of specifiers) await importModule(specifier, undefined, { __proto__: null });
    then();
  };
  importAll().catch((err) => { require('process/uncaught').fromMain(err); });
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
  if (!ESM_ONLY_ERRORS.includes(err.message)) return false;
  try {
    moduleCompile(content, filename, 0, 0, undefined);
    return true;
  } catch {
    return false;
  }
}

function hasModuleSyntax(text, file) {
  try {
    compileFunction(text, file, 0, 0, undefined, ['exports', 'require', 'module', '__filename', '__dirname'], undefined);
    return false;
  } catch (err) {
    return isModuleSyntax(err, text, file);
  }
}

/** What import() in CommonJS code of this file is told: its resource name serves. */
function hostId() {
  return undefined;
}

/** Registers V8's hooks: once per runtime. */
function install() {
  setImportHooks(importDynamically, initMeta);
}

module.exports = {
  hostId, importModule, install, isModuleSyntax, hasModuleSyntax, load, resolve, requireSource, requireOfEvaluating, runAfter, runMain,
  runSource, syncBuiltinESMExports, unsettledMain,
};

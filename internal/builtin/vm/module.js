'use strict';

// vm.Module: ES modules that the program links itself (--experimental-vm-modules). A module of the engine's is held by an
// object in an internal field (internal/v8/native_module.cc), so that it is collected with the vm.Module it belongs to.

const {
  callLimited,
  contextCheckpoint,
  contextGlobal,
  contextIs,
  moduleCodeCache,
  moduleError,
  moduleEvaluate,
  moduleHasTopLevelAwait,
  moduleInstantiate,
  moduleIsGraphAsync,
  moduleLink,
  moduleNamespace,
  moduleRequests,
  moduleSetExport,
  moduleStatus,
  getPromiseDetails,
  vmModuleCompile,
  vmModuleSynthetic,
} = engine;
const { codes } = require('shared/errors');
const {
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_THIS,
  ERR_MODULE_LINK_MISMATCH,
  ERR_VM_MODULE_ALREADY_LINKED,
  ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA,
  ERR_VM_MODULE_CACHED_DATA_REJECTED,
  ERR_VM_MODULE_DIFFERENT_CONTEXT,
  ERR_VM_MODULE_LINK_FAILURE,
  ERR_VM_MODULE_NOT_MODULE,
  ERR_VM_MODULE_STATUS,
} = codes;
const {
  validateBoolean,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUint32,
} = require('shared/validators');
const { hostIdFor } = require('vm/dynamic_import');

const UNLINKED = 0;
const LINKING = 1;
const LINKED = 2;
const EVALUATED = 4;
const ERRORED = 5;
const names = ['unlinked', 'linking', 'linked', 'evaluating', 'evaluated', 'errored'];

/** Context (or the main one) -> the number of the next module without an identifier. */
const counters = new WeakMap();
const mainContext = {};
/** engine's object -> {module, initializeImportMeta} */
const byHandle = new WeakMap();
/** Who may call the constructor of Module. */
let subclass = false;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** What a Module keeps to itself. */
class State {
  constructor(context, identifier) {
    this.context = context;
    this.identifier = identifier;
    this.handle = undefined;
    this.linking = false;
    /** What linking failed with, when the engine's module does not know of it. */
    this.failure = undefined;
    this.requests = undefined;
    this.specifiers = undefined;
    this.links = undefined;
    this.linked = false;
    this.sourceText = true;
  }
}

/** @type {WeakMap<object, State>} */
const states = new WeakMap();

function stateOf(m) {
  const s = m !== null && typeof m === 'object' ? states.get(m) : undefined;
  if (s === undefined) throw new ERR_INVALID_THIS('Module');
  return s;
}

function isModule(value) {
  return value !== null && typeof value === 'object' && states.has(value);
}

function statusOf(s) {
  if (s.failure !== undefined) return ERRORED;
  const status = moduleStatus(s.handle);
  if (status === UNLINKED) return s.linking ? LINKING : UNLINKED;
  return status;
}

function defaultIdentifier(context) {
  const key = context ?? mainContext;
  const n = counters.get(key) ?? 0;
  counters.set(key, n + 1);
  return `vm:module(${n})`;
}

class Module {
  constructor() {
    if (new.target === Module || !subclass) throw new TypeError('Module is not a constructor');
  }

  get identifier() {
    return stateOf(this).identifier;
  }
  get context() {
    return stateOf(this).context;
  }

  get status() {
    return names[statusOf(stateOf(this))];
  }

  get namespace() {
    const s = stateOf(this);
    if (statusOf(s) < LINKED) throw new ERR_VM_MODULE_STATUS('must not be unlinked or linking');
    return moduleNamespace(s.handle);
  }

  get error() {
    const s = stateOf(this);
    if (statusOf(s) !== ERRORED) throw new ERR_VM_MODULE_STATUS('must be errored');
    return s.failure === undefined ? moduleError(s.handle) : s.failure.error;
  }

  /** @param {(specifier: string, referencing: Module, extra: object) => Module | Promise<Module>} linker */
  async link(linker) {
    const s = stateOf(this);
    validateFunction(linker, 'linker');
    if (s.linking && !s.linked) throw new ERR_VM_MODULE_STATUS('must be unlinked');
    if (statusOf(s) !== UNLINKED) throw new ERR_VM_MODULE_ALREADY_LINKED();
    await linkAll(this, s, linker);
    instantiate(s);
  }

  /** @param {Options} [options] timeout, breakOnSigint */
  evaluate(options = { __proto__: null }) {
    let s;
    let run;
    try {
      s = stateOf(this);
      validateObject(options, 'options');
      let { timeout } = options;
      if (timeout === undefined) timeout = 0;
      else validateUint32(timeout, 'options.timeout', true);
      const { breakOnSigint = false } = options;
      validateBoolean(breakOnSigint, 'options.breakOnSigint');
      const status = statusOf(s);
      if (s.sourceText === false && status < LINKED) instantiate(s);
      else if (status !== LINKED && status !== EVALUATED && status !== ERRORED) {
        throw new ERR_VM_MODULE_STATUS('must be one of linked, evaluated, or errored');
      }
      if (s.failure !== undefined) throw s.failure.error;
      const { why, withSigint } = require('vm/limits');
      const call = () => moduleEvaluate(s.handle);
      if (breakOnSigint) run = withSigint((reason) => callLimited(call, timeout, reason));
      else run = timeout > 0 ? callLimited(call, timeout, why) : call();
      if (s.context !== undefined) contextCheckpoint(s.context);
    } catch (err) {
      return Promise.reject(err);
    }
    const [state, value] = getPromiseDetails(run);
    if (state === 2) {
      run.catch(() => {});
      return Promise.reject(value);
    }
    if (state === 1) return Promise.resolve(undefined);
    return run.then(() => undefined);
  }

  [inspectCustom](depth, options) {
    const s = stateOf(this);
    const name = this.constructor?.name ?? 'Module';
    if (typeof depth === 'number' && depth < 0) return `[${name}]`;
    const shown = { status: this.status, identifier: s.identifier, context: s.context };
    return `${name} ${require('util/inspect').inspect(shown, { ...options, customInspect: false })}`;
  }
}

/** Links the graph below m by asking the linker for each request. */
async function linkAll(m, s, linker) {
  s.linking = true;
  try {
    const links = [];
    for (const request of requestsOf(s)) {
      const { specifier, attributes } = request;
      links.push(
        (async () => {
          const other = await linker(specifier, m, { __proto__: null, attributes, assert: attributes });
          const to = checkLink(s, other);
          if (to.failure !== undefined || moduleStatus(to.handle) === ERRORED) {
            throw new ERR_VM_MODULE_LINK_FAILURE(
              `request for '${specifier}' resolved to an errored module`,
              other.error,
            );
          }
          if (statusOf(to) === UNLINKED && !to.linking) await linkAll(other, to, linker);
          return other;
        })(),
      );
    }
    setLinks(s, await Promise.all(links));
  } catch (err) {
    s.failure = { error: err };
    throw err;
  }
}

function checkLink(s, other) {
  if (!isModule(other)) throw new ERR_VM_MODULE_NOT_MODULE();
  const to = states.get(other);
  if (to.context !== s.context) throw new ERR_VM_MODULE_DIFFERENT_CONTEXT();
  return to;
}

/** Gives the engine a handle for each request, duplicates of one specifier included. */
function setLinks(s, modules) {
  const raw = moduleRequests(s.handle);
  const list = requestsOf(s);
  const handles = [];
  for (let i = 0; i < raw.length; i += 4) {
    const at = list.findIndex((r) => r.key === keyOf(raw, i));
    handles.push(states.get(modules[at]).handle);
  }
  s.links = modules;
  s.linked = true;
  moduleLink(s.handle, handles);
}

function keyOf(raw, i) {
  return JSON.stringify([raw[i], Object.entries(raw[i + 1]).sort(), raw[i + 2]]);
}

function requestsOf(s) {
  if (s.requests !== undefined) return s.requests;
  const raw = moduleRequests(s.handle);
  const list = [];
  const seen = new Set();
  for (let i = 0; i < raw.length; i += 4) {
    const key = keyOf(raw, i);
    if (seen.has(key)) continue;
    seen.add(key);
    const r = {
      __proto__: null,
      specifier: raw[i],
      attributes: Object.freeze({ __proto__: null, ...raw[i + 1] }),
      phase: raw[i + 2] ? 'source' : 'evaluation',
    };
    Object.defineProperty(r, 'key', { value: key });
    list.push(Object.freeze(r));
  }
  return (s.requests = Object.freeze(list));
}

/** Instantiates a graph whose links are all there. */
function instantiate(s) {
  const seen = new Set();
  const check = (t) => {
    if (seen.has(t)) return;
    seen.add(t);
    if (!t.sourceText || moduleStatus(t.handle) >= LINKED) return;
    if (!t.linked) {
      const requests = requestsOf(t);
      if (t !== s && requests.length === 0) return;
      throw new ERR_VM_MODULE_LINK_FAILURE(
        requests.length === 0
          ? `module '${t.identifier}' is not linked`
          : `request for '${requests[0].specifier}' can not be resolved on module '${t.identifier}' that is not linked`,
      );
    }
    for (const m of t.links) check(states.get(m));
  };
  check(s);
  if (moduleStatus(s.handle) >= LINKED) return;
  moduleInstantiate(s.handle);
}

function commonOptions(options) {
  validateObject(options, 'options');
  const { context, identifier } = options;
  if (context !== undefined) {
    validateObject(context, 'options.context', { allowFunction: true });
    if (!contextIs(context)) throw new ERR_INVALID_ARG_TYPE('options.context', 'vm.Context', context);
  }
  if (identifier !== undefined) validateString(identifier, 'options.identifier');
  return new State(context, identifier ?? defaultIdentifier(context));
}

class SourceTextModule extends Module {
  /**
   * @param {string} sourceText
   * @param {Options} [options]
   */
  constructor(sourceText, options = { __proto__: null }) {
    subclass = true;
    super();
    subclass = false;
    validateString(sourceText, 'code');
    validateObject(options, 'options');
    const { lineOffset = 0, columnOffset = 0, initializeImportMeta, importModuleDynamically, cachedData } = options;
    const s = commonOptions(options);
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (initializeImportMeta !== undefined) validateFunction(initializeImportMeta, 'options.initializeImportMeta');
    if (cachedData !== undefined && !ArrayBuffer.isView(cachedData)) {
      throw new ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
    }
    const hostId = hostIdFor(importModuleDynamically, 'options.importModuleDynamically', this);
    const [handle, rejected, sourceMapURL] = vmModuleCompile(
      sourceText,
      s.identifier,
      lineOffset,
      columnOffset,
      hostId,
      cachedData,
      contextGlobal(s.context),
    );
    if (rejected) throw new ERR_VM_MODULE_CACHED_DATA_REJECTED();
    s.handle = handle;
    states.set(this, s);
    byHandle.set(handle, { module: new WeakRef(this), initializeImportMeta });
    this.sourceMapURL = typeof sourceMapURL === 'string' ? sourceMapURL : undefined;
    Object.defineProperty(this, 'sourceMapURL', { enumerable: false });
  }

  get moduleRequests() {
    return requestsOf(stateOf(this));
  }

  get dependencySpecifiers() {
    const s = stateOf(this);
    return (s.specifiers ??= Object.freeze(requestsOf(s).map((r) => r.specifier)));
  }

  /** @param {Module[]} modules one for each of moduleRequests */
  linkRequests(modules) {
    const s = stateOf(this);
    if (!Array.isArray(modules)) throw new ERR_INVALID_ARG_TYPE('modules', 'Array', modules);
    if (s.linked || statusOf(s) !== UNLINKED) throw new ERR_VM_MODULE_ALREADY_LINKED();
    const requests = requestsOf(s);
    if (modules.length !== requests.length) {
      throw new ERR_MODULE_LINK_MISMATCH(`Expected ${requests.length} modules, got ${modules.length}`);
    }
    for (const m of modules) checkLink(s, m);
    const bySpecifier = new Map();
    requests.forEach((r, i) => {
      const key = JSON.stringify([r.specifier, Object.entries(r.attributes).sort()]);
      const other = bySpecifier.get(key);
      if (other !== undefined && other !== modules[i]) {
        throw new ERR_MODULE_LINK_MISMATCH(
          `Module request '${r.specifier}' at index ${i} must be linked to the same module`,
        );
      }
      bySpecifier.set(key, modules[i]);
    });
    setLinks(s, [...modules]);
    s.linking = true;
  }

  instantiate() {
    instantiate(stateOf(this));
  }

  hasTopLevelAwait() {
    return moduleHasTopLevelAwait(stateOf(this).handle);
  }

  hasAsyncGraph() {
    const s = stateOf(this);
    if (statusOf(s) < LINKED) throw new ERR_VM_MODULE_STATUS('must be instantiated');
    return moduleIsGraphAsync(s.handle);
  }

  createCachedData() {
    const s = stateOf(this);
    if (statusOf(s) > LINKED) throw new ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA();
    return moduleCodeCache(s.handle);
  }
}

class SyntheticModule extends Module {
  /**
   * @param {string[]} exportNames
   * @param {() => void} evaluateCallback
   * @param {Options} [options]
   */
  constructor(exportNames, evaluateCallback, options = { __proto__: null }) {
    subclass = true;
    super();
    subclass = false;
    if (!Array.isArray(exportNames) || exportNames.some((e) => typeof e !== 'string')) {
      throw new ERR_INVALID_ARG_TYPE('exportNames', 'Array of unique strings', exportNames);
    }
    exportNames.forEach((name, i) => {
      if (exportNames.indexOf(name, i + 1) >= 0) {
        throw new ERR_INVALID_ARG_VALUE(`exportNames.${name}`, name, 'is duplicated');
      }
    });
    validateFunction(evaluateCallback, 'evaluateCallback');
    const s = commonOptions(options);
    s.sourceText = false;
    s.linked = true;
    s.links = [];
    s.requests = [];
    s.handle = vmModuleSynthetic(
      s.identifier,
      exportNames,
      () => evaluateCallback.call(this),
      contextGlobal(s.context),
    );
    states.set(this, s);
    byHandle.set(s.handle, { module: new WeakRef(this), initializeImportMeta: undefined });
    moduleInstantiate(s.handle);
  }

  async link() {
    stateOf(this);
  }

  /** @param {string} name @param {any} value */
  setExport(name, value) {
    const s = stateOf(this);
    validateString(name, 'name');
    if (moduleStatus(s.handle) < LINKED) throw new ERR_VM_MODULE_STATUS('must be linked');
    moduleSetExport(s.handle, name, value);
  }
}

for (const C of [Module, SourceTextModule, SyntheticModule]) {
  Object.defineProperty(C.prototype, Symbol.toStringTag, { __proto__: null, value: C.name, configurable: true });
}

/** import.meta of a module that the engine knows by this object. */
function initMeta(handle, meta) {
  const known = byHandle.get(handle);
  if (known?.initializeImportMeta === undefined) return;
  known.initializeImportMeta(meta, known.module.deref());
}

module.exports = { Module, SourceTextModule, SyntheticModule, initMeta, isModule };

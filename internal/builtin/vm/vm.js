'use strict';

// node:vm: scripts, contexts and functions from text. Contexts and their interceptors are in internal/v8/native_context.cc.

const { contextCompileFunction, contextIs, contextMake, scriptCodeCache, scriptCompile, scriptRun } = engine;
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const {
  validateArray,
  validateBoolean,
  validateBuffer,
  validateInt32,
  validateObject,
  validateOneOf,
  validateString,
  validateStringArray,
  validateUint32,
} = require('shared/validators');
const { hostIdFor, constants } = require('vm/dynamic_import');
const { why } = require('vm/limits');

/** A context that its code sees as it is: no sandbox between. */
const { DONT_CONTEXTIFY } = constants;
const none = { __proto__: null };
const isBytes = ArrayBuffer.isView;

function isContext(object) {
  validateObject(object, 'object', { allowArray: true, allowFunction: true });
  return contextIs(object);
}

function checkContext(object) {
  validateObject(object, 'contextifiedObject', { allowFunction: true, allowArray: true });
  if (!contextIs(object)) throw new ERR_INVALID_ARG_TYPE('contextifiedObject', 'vm.Context', object);
}

function checkCachedData(data, name = 'options.cachedData') {
  if (data !== undefined && !isBytes(data))
    throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], data);
}

/** The settings of one run. */
function runOptions(options) {
  validateObject(options, 'options');
  const { displayErrors = true, breakOnSigint = false } = options;
  validateBoolean(displayErrors, 'options.displayErrors');
  validateBoolean(breakOnSigint, 'options.breakOnSigint');
  let { timeout } = options;
  if (timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
  else timeout = 0;
  return { displayErrors, breakOnSigint, timeout };
}

function run(script, context, options) {
  const { displayErrors, breakOnSigint, timeout } = runOptions(options);
  if (breakOnSigint) {
    return require('vm/limits').withSigint((reason) => scriptRun(script, context, timeout, displayErrors, reason));
  }
  return scriptRun(script, context, timeout, displayErrors, timeout > 0 ? why : undefined);
}

class Script {
  #script;

  /**
   * @param {string} code
   * @param {string | Options} [options] the filename, or options
   */
  constructor(code, options = none) {
    const text = `${code}`;
    const o = typeof options === 'string' ? { filename: options } : options;
    if (typeof options !== 'string') validateObject(options, 'options');
    const {
      filename = 'evalmachine.<anonymous>',
      lineOffset = 0,
      columnOffset = 0,
      cachedData,
      produceCachedData = false,
      importModuleDynamically,
    } = o;
    validateString(filename, 'options.filename');
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    checkCachedData(cachedData);
    validateBoolean(produceCachedData, 'options.produceCachedData');
    const hostId = hostIdFor(importModuleDynamically, 'options.importModuleDynamically', this);
    const [script, rejected, data, sourceMapURL] = scriptCompile(
      text,
      filename,
      lineOffset,
      columnOffset,
      cachedData,
      produceCachedData,
      hostId,
      undefined,
    );
    this.#script = script;
    if (cachedData !== undefined) this.cachedDataRejected = rejected;
    if (produceCachedData) {
      this.cachedDataProduced = data !== undefined;
      if (data !== undefined) this.cachedData = data;
    }
    this.sourceMapURL = typeof sourceMapURL === 'string' ? sourceMapURL : undefined;
  }

  runInThisContext(options = none) {
    return run(this.#script, undefined, options);
  }

  runInContext(contextifiedObject, options = none) {
    checkContext(contextifiedObject);
    return run(this.#script, contextifiedObject, options);
  }

  runInNewContext(contextObject, options = none) {
    const context = createContext(contextObject, contextOptions(options));
    return this.runInContext(context, options);
  }

  createCachedData() {
    return scriptCodeCache(this.#script);
  }
}

/** What runInNewContext's options say about the context. */
function contextOptions(options) {
  if (typeof options !== 'object' || options === null) return none;
  const { contextName: name, contextOrigin: origin, contextCodeGeneration: codeGeneration, microtaskMode } = options;
  if (name !== undefined) validateString(name, 'options.contextName');
  if (origin !== undefined) validateString(origin, 'options.contextOrigin');
  if (codeGeneration !== undefined) {
    validateObject(codeGeneration, 'options.contextCodeGeneration');
    const { strings, wasm } = codeGeneration;
    if (strings !== undefined) validateBoolean(strings, 'options.contextCodeGeneration.strings');
    if (wasm !== undefined) validateBoolean(wasm, 'options.contextCodeGeneration.wasm');
  }
  return { __proto__: null, name, origin, codeGeneration, microtaskMode };
}

/**
 * @param {object} [contextObject]
 * @param {Options} [options]
 */
function createContext(contextObject = {}, options = none) {
  if (contextObject !== DONT_CONTEXTIFY) {
    validateObject(contextObject, 'contextObject', { allowFunction: true, allowArray: true });
    if (contextIs(contextObject)) return contextObject;
  }
  validateObject(options, 'options');
  const { name = 'VM Context', origin, codeGeneration, microtaskMode, importModuleDynamically } = options;
  validateString(name, 'options.name');
  if (origin !== undefined) validateString(origin, 'options.origin');
  if (codeGeneration !== undefined) validateObject(codeGeneration, 'options.codeGeneration');
  const { strings = true, wasm = true } = codeGeneration ?? none;
  validateBoolean(strings, 'options.codeGeneration.strings');
  validateBoolean(wasm, 'options.codeGeneration.wasm');
  validateOneOf(microtaskMode, 'options.microtaskMode', ['afterEvaluate', undefined]);
  const hostId = hostIdFor(importModuleDynamically, 'options.importModuleDynamically', contextObject);
  const plain = contextObject === DONT_CONTEXTIFY;
  const global = contextMake(
    plain ? undefined : contextObject,
    strings,
    wasm,
    microtaskMode === 'afterEvaluate',
    hostId,
  );
  return plain ? global : contextObject;
}

function createScript(code, options) {
  return new Script(code, options);
}

function named(options) {
  return typeof options === 'string' ? { filename: options } : options;
}

/** vm.runInX functions take the options of the script and of the run as one. */
function runInContext(code, contextifiedObject, options) {
  checkContext(contextifiedObject);
  const o = { ...named(options), contextifiedObject };
  return new Script(code, o).runInContext(contextifiedObject, o);
}

function runInNewContext(code, contextObject, options) {
  const o = named(options) ?? none;
  const context = createContext(contextObject, contextOptions(o));
  return runInContext(code, context, o);
}

function runInThisContext(code, options) {
  const o = named(options);
  return new Script(code, o).runInThisContext(o);
}

/**
 * @param {string} code the body
 * @param {string[]} [params]
 * @param {Options} [options]
 */
function compileFunction(code, params, options = none) {
  validateString(code, 'code');
  if (params !== undefined) validateStringArray(params, 'params');
  validateObject(options, 'options');
  const {
    filename = '',
    columnOffset = 0,
    lineOffset = 0,
    cachedData,
    produceCachedData = false,
    parsingContext,
    contextExtensions = [],
    importModuleDynamically,
  } = options;
  validateString(filename, 'options.filename');
  validateInt32(columnOffset, 'options.columnOffset');
  validateInt32(lineOffset, 'options.lineOffset');
  if (cachedData !== undefined) validateBuffer(cachedData, 'options.cachedData');
  validateBoolean(produceCachedData, 'options.produceCachedData');
  if (
    parsingContext !== undefined &&
    (parsingContext === null || typeof parsingContext !== 'object' || !contextIs(parsingContext))
  ) {
    throw new ERR_INVALID_ARG_TYPE('options.parsingContext', 'Context', parsingContext);
  }
  validateArray(contextExtensions, 'options.contextExtensions');
  contextExtensions.forEach((e, i) => validateObject(e, `options.contextExtensions[${i}]`, { nullable: true }));
  const box = { fn: undefined };
  const hostId = hostIdFor(importModuleDynamically, 'options.importModuleDynamically', undefined, box);
  const [fn, rejected, data, sourceMapURL] = contextCompileFunction(
    code,
    filename,
    lineOffset,
    columnOffset,
    cachedData,
    produceCachedData,
    parsingContext,
    contextExtensions,
    params ?? [],
    hostId,
  );
  box.fn = new WeakRef(fn);
  if (produceCachedData) {
    fn.cachedDataProduced = data !== undefined;
    if (data !== undefined) fn.cachedData = data;
  }
  if (cachedData !== undefined) fn.cachedDataRejected = rejected;
  if (typeof sourceMapURL === 'string') fn.sourceMapURL = sourceMapURL;
  return fn;
}

function measureMemory(options = none) {
  validateObject(options, 'options');
  const { mode = 'summary', execution = 'default' } = options;
  validateOneOf(mode, 'options.mode', ['summary', 'detailed']);
  validateOneOf(execution, 'options.execution', ['default', 'eager']);
  return require('vm/memory').measure(mode, execution);
}

const vm = {
  Script,
  createContext,
  createScript,
  runInContext,
  runInNewContext,
  runInThisContext,
  isContext,
  compileFunction,
  measureMemory,
  constants,
};

// The module classes are behind a flag that only the command line can tell.
for (const name of ['Module', 'SourceTextModule', 'SyntheticModule']) {
  Object.defineProperty(vm, name, {
    __proto__: null,
    get() {
      return require('process/options').flag('--experimental-vm-modules') ? require('vm/module')[name] : undefined;
    },
    set(value) {
      Object.defineProperty(vm, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    },
    enumerable: false,
    configurable: true,
  });
}

module.exports = vm;

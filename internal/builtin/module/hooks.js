'use strict';

// module.registerHooks: functions that take part in resolving and loading, synchronously, for require() and import alike.
// The chain runs from the hook registered last to Node's own behaviour.

const { codes } = require('shared/errors');
const { ERR_INVALID_RETURN_PROPERTY_VALUE, ERR_INVALID_RETURN_VALUE } = codes;
const { validateFunction, validateObject } = require('shared/validators');

/** @type {{resolve?: Function, load?: Function}[]} */
let hooks = [];
/** Which kinds of hooks there are; thread: those of module.register. */
const state = { resolve: false, load: false, thread: false };

function update() {
  state.resolve = hooks.some((h) => h.resolve !== undefined);
  state.load = hooks.some((h) => h.load !== undefined);
}

class ModuleHooks {
  #entry;
  constructor(entry) {
    this.#entry = entry;
    this.resolve = entry.resolve;
    this.load = entry.load;
  }

  /** Takes the hooks out of the chain. */
  deregister() {
    const entry = this.#entry;
    hooks = hooks.filter((h) => h !== entry);
    update();
  }
}

/** @param {{resolve?: Function, load?: Function}} options */
function registerHooks(options) {
  validateObject(options, 'hooks');
  const { resolve, load } = options;
  if (resolve !== undefined) validateFunction(resolve, 'hooks.resolve');
  if (load !== undefined) validateFunction(load, 'hooks.load');
  const entry = { resolve, load };
  hooks = [...hooks, entry];
  update();
  return new ModuleHooks(entry);
}

/** Runs the chain of one kind: each hook gets what next() does without it. */
function chain(kind, first, context, last, check) {
  const list = hooks;
  const step = (at, subject, ctx) => {
    let i = at;
    while (i >= 0 && list[i][kind] === undefined) i--;
    if (i < 0) return last(subject, ctx);
    const hook = list[i][kind];
    let called = false;
    const next = (s = subject, c = undefined) => {
      called = true;
      return step(i - 1, s, c === undefined ? ctx : { ...ctx, ...c });
    };
    const result = hook(subject, ctx, next);
    if (result === null || typeof result !== 'object') {
      throw new ERR_INVALID_RETURN_VALUE('an object', `${kind} hook`, result);
    }
    if (!called && result.shortCircuit !== true) {
      throw new ERR_INVALID_RETURN_PROPERTY_VALUE('true', kind, 'shortCircuit', result.shortCircuit);
    }
    check(result, `${hook.name || kind}`);
    return result;
  };
  return step(list.length - 1, first, context);
}

function checkResolve(result) {
  const { format, url } = result;
  if (typeof url !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', 'resolve', 'url', url);
  }
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', 'resolve', 'format', format);
  }
}

function checkLoad(result) {
  const { format, source } = result;
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', 'load', 'format', format);
  }
  if (
    source !== undefined &&
    source !== null &&
    typeof source !== 'string' &&
    !ArrayBuffer.isView(source) &&
    !(source instanceof ArrayBuffer) &&
    !(source instanceof SharedArrayBuffer)
  ) {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string, an ArrayBuffer, or a TypedArray', 'load', 'source', source);
  }
}

/**
 * @param {string} specifier
 * @param {{parentURL: string | undefined, conditions: string[], importAttributes: object}} context
 * @param {(specifier: string, context: object) => {url: string, format?: string}} last
 */
function runResolve(specifier, context, last) {
  return chain('resolve', specifier, context, last, checkResolve);
}

/**
 * @param {string} url
 * @param {{format: string | undefined, conditions: string[], importAttributes: object}} context
 * @param {(url: string, context: object) => {format: string, source: any}} last
 */
function runLoad(url, context, last) {
  return chain('load', url, context, last, checkLoad);
}

/** What a load hook gave, as text. */
function textOf(source) {
  if (typeof source === 'string') return source;
  if (source === undefined || source === null) return undefined;
  const { Buffer } = require('buffer');
  return (
    ArrayBuffer.isView(source) ? Buffer.from(source.buffer, source.byteOffset, source.byteLength) : Buffer.from(source)
  ).toString();
}

module.exports = { registerHooks, runLoad, runResolve, state, textOf };

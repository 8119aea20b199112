'use strict';

// What runs in the thread of module.register's hooks: the chains, each from the hook registered last to the default.

const { hooksAnswer, hooksServe } = native;
const {
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_RETURN_PROPERTY_VALUE,
  ERR_INVALID_RETURN_VALUE,
  ERR_LOADER_CHAIN_INCOMPLETE,
} = require('shared/errors').codes;

/** @type {{url: string, fn: Function}[]} */
const resolvers = [];
/** @type {{url: string, fn: Function}[]} */
const loaders = [];

const names = {
  resolve: { next: 'nextResolve', subject: 'specifier', own: 'node:internal/modules/esm/resolve' },
  load: { next: 'nextLoad', subject: 'url', own: 'node:internal/modules/esm/load' },
};

/** One run through a chain. */
async function run(kind, hooks, subject, context, last) {
  const { next, subject: what, own } = names[kind];
  const state = { context, shortCircuited: false, finished: false, missing: '' };
  const step = (at) => async (given, extra) => {
    const url = at < 0 ? own : hooks[at].url;
    const where = `${url} '${kind}' hook's ${next}()`;
    if (typeof given !== 'string') {
      throw new ERR_INVALID_ARG_TYPE(`${where} ${what}`, kind === 'load' ? 'a URL string' : 'string', given);
    }
    if (kind === 'load') {
      try {
        new URL(given);
      } catch {
        throw new ERR_INVALID_ARG_VALUE(`${where} ${what}`, given, 'should be a URL string');
      }
    }
    if (extra !== undefined && extra !== null) {
      if (typeof extra !== 'object') throw new ERR_INVALID_ARG_TYPE(`${where} context`, 'object', extra);
      state.context = { ...state.context, ...extra };
    }
    if (at < 0) {
      state.finished = true;
      return last(given, state.context);
    }
    const result = await hooks[at].fn(given, state.context, step(at - 1));
    if (result === null || typeof result !== 'object') {
      throw new ERR_INVALID_RETURN_VALUE('an object', `${hooks[at].url} '${kind}' hook's ${next}()`, result);
    }
    if (result.shortCircuit === true) state.shortCircuited = true;
    else if (!state.finished && !state.shortCircuited)
      throw new ERR_LOADER_CHAIN_INCOMPLETE(`${hooks[at].url} '${kind}'`);
    return result;
  };
  const result = await step(hooks.length - 1)(subject, undefined);
  return { result, by: hooks.length > 0 ? `${hooks[hooks.length - 1].url} '${kind}'` : kind };
}

async function resolve(specifier, context) {
  const { resolveFull } = require('module/graph');
  const { result, by } = await run('resolve', resolvers, specifier, context, (spec, ctx) => {
    const found = resolveFull(spec, ctx.parentURL ?? 'data:', ctx.importAttributes, ctx.conditions);
    const { formatOf } = require('module/esm_formats');
    return {
      __proto__: null,
      format: found.format ?? formatOf(found.url),
      importAttributes: ctx.importAttributes,
      url: found.url,
    };
  });
  const { format, importAttributes, url } = result;
  if (typeof url !== 'string') throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', by, 'url', url);
  try {
    new URL(url);
  } catch {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a URL string', by, 'url', url);
  }
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', by, 'format', format);
  }
  if (importAttributes !== undefined && importAttributes !== null && typeof importAttributes !== 'object') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('an object', by, 'importAttributes', importAttributes);
  }
  return { format: format ?? undefined, importAttributes, url };
}

async function load(url, context) {
  const { result, by } = await run('load', loaders, url, context, (u, ctx) => {
    const given = require('module/esm_formats').defaultLoad(u, ctx);
    // CommonJS is read by the loader that runs it.
    return given.format === 'commonjs' ? { ...given, source: null } : given;
  });
  const { format, source } = result;
  if (format !== undefined && format !== null && typeof format !== 'string') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', by, 'format', format);
  }
  if (source !== undefined && source !== null && typeof source !== 'string') {
    const { isAnyArrayBuffer, isArrayBufferView } = require('util/types');
    if (!isAnyArrayBuffer(source) && !isArrayBufferView(source)) {
      throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string, an ArrayBuffer, or a TypedArray', by, 'source', source);
    }
  }
  return { format, source };
}

async function register(specifier, parentURL, data) {
  // Hooks that are there already have their say in where the new ones come from.
  const { url } = await resolve(specifier, {
    conditions: require('module/cjs').conditionList('import'),
    importAttributes: { __proto__: null },
    parentURL,
  });
  const namespace = await require('module/esm').importModule(url, undefined);
  const { initialize, load: loader, resolve: resolver } = namespace;
  if (typeof resolver === 'function') resolvers.push({ url: specifier, fn: resolver });
  if (typeof loader === 'function') loaders.push({ url: specifier, fn: loader });
  await initialize?.(data);
}

const handlers = { load, register, resolve };

function answer(id, ok, value) {
  const { serialize } = require('v8');
  let bytes;
  try {
    let properties;
    if (!ok && engine.isNativeError(value)) {
      void value.stack;
      properties = { ...value };
    }
    bytes = serialize([ok, value, properties]);
  } catch (err) {
    bytes = serialize([false, ok ? err : new Error(require('util/inspect').inspect(value)), undefined]);
  }
  hooksAnswer(id, bytes);
}

function start() {
  hooksServe((id, message) => {
    const [kind, ...list] = require('v8').deserialize(message);
    handlers[kind](...list).then(
      (value) => answer(id, true, value),
      (err) => answer(id, false, err),
    );
  });
}

module.exports = { start };

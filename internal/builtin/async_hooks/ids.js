'use strict';

// Who runs, and who caused it: the async ids behind async_hooks.
//
// It costs nothing until somebody looks. Ticks and timers are given `turnHooks` then; others ask `hooks.tracking`:
//
//   when a callback is stored:  if (hooks.tracking) hooks.init(resource, 'Timeout');
//   when it is called:          if (hooks.tracking) {
//                                 const depth = hooks.enter(resource);
//                                 try { ... } finally { hooks.leave(resource, depth); }
//                               }
//   when it will not be again:  if (hooks.tracking) hooks.destroy(resource);
//
// A resource that was stored before tracking began has no ids; enter() and leave() then do nothing for it.

const { wrapCallbacks } = native;
const { getContinuationData, setContinuationData } = engine;

const asyncId = Symbol('async_id_symbol');
const triggerId = Symbol('trigger_async_id_symbol');

/** @typedef {{ init?: Function, before?: Function, after?: Function, destroy?: Function, promiseResolve?: Function,
 *   trackPromises?: boolean, hook: object }} Callbacks `hook` is their `this` */

/** Enabled hooks. Replaced as a whole, so that a change does not reach a round of calls under way. */
/** @type {Callbacks[]} */
let active = [];

let lastId = 1;

/** Id 1 is the main script. */
let executionId = 1;
let executionTrigger = 0;
let executionResource;
let topLevel;

/** What runs further out: id, trigger and resource of each. */
const stack = [];

/** Ids whose destroy hooks are still to be called. */
let destroyed = [];

/** Emits destroy for resources that were collected. */
let collected;

function call(callbacks, name, a, b, c, d) {
  const callback = callbacks[name];
  if (callback === undefined) return;
  try {
    Reflect.apply(callback, callbacks.hook, [a, b, c, d]);
  } catch (error) {
    fatal(error);
  }
}

/** A hook that throws ends the process: nothing it interrupted could go on. */
function fatal(error) {
  const text = typeof error?.stack === 'string' ? error.stack : new Error(String(error)).stack;
  process._rawDebug(text);
  process.removeAllListeners('uncaughtException');
  process.exit(1);
}

function emit(name, a, b, c, d) {
  const round = active;
  for (let i = 0; i < round.length; i++) call(round[i], name, a, b, c, d);
}

function emitDestroyed() {
  while (destroyed.length > 0) {
    const ids = destroyed;
    destroyed = [];
    for (const id of ids) emit('destroy', id);
  }
}

function queueDestroy(id) {
  if (hooks.destroyHooks === 0) return;
  if (destroyed.push(id) === 1) engine.enqueueMicrotask(emitDestroyed);
}

function push(id, trigger, resource) {
  stack.push(executionId, executionTrigger, executionResource);
  executionId = id;
  executionTrigger = trigger;
  executionResource = resource;
}

function popTo(depth) {
  executionResource = stack[depth + 2];
  executionTrigger = stack[depth + 1];
  executionId = stack[depth];
  stack.length = depth;
}

const hooks = {
  /** Whether ids are given and kept: from the first hook, or the first question for an id, on. */
  tracking: false,
  /** Enabled hooks that have an init or a destroy callback. */
  initHooks: 0,
  destroyHooks: 0,

  /**
   * Gives a resource its ids and tells the hooks.
   * @param {object} resource
   * @param {string} type
   * @param {number} [trigger]
   */
  init(resource, type, trigger = executionId) {
    resource[asyncId] = ++lastId;
    resource[triggerId] = trigger;
    if (hooks.initHooks > 0) emit('init', resource[asyncId], type, trigger, resource);
  },

  /**
   * @param {object} resource
   * @returns {number} to be given to leave()
   */
  enter(resource) {
    const depth = stack.length;
    const id = resource[asyncId];
    if (id === undefined) return depth;
    push(id, resource[triggerId], resource);
    if (active.length > 0) emit('before', id);
    return depth;
  },

  /**
   * @param {object} resource
   * @param {number} depth what enter() returned
   */
  leave(resource, depth) {
    if (stack.length <= depth) return;
    if (active.length > 0) emit('after', resource[asyncId]);
    if (stack.length > depth) popTo(depth);
  },

  /** The resource will not call back again. */
  destroy(resource) {
    const id = resource[asyncId];
    if (id !== undefined) queueDestroy(id);
  },
};

/** Ids of resources that know them as numbers: AsyncResource. */
function newId() {
  return ++lastId;
}

function currentId() {
  return executionId;
}

function currentTrigger() {
  return executionTrigger;
}

function currentResource() {
  return executionResource ?? (topLevel ??= {});
}

/** Forgets what runs: the host calls it when the main script is done and after an uncaught exception. */
function reset() {
  stack.length = 0;
  executionId = 0;
  executionTrigger = 0;
  executionResource = undefined;
}

/** Ends what an exception ended that 'uncaughtException' took. */
function unwind() {
  while (stack.length > 0) {
    if (active.length > 0) emit('after', executionId);
    if (stack.length > 0) popTo(stack.length - 3);
  }
  reset();
}

/** Ids, without an init, for what was stored before tracking began. */
function identify(resource) {
  if (resource[asyncId] !== undefined) return;
  resource[asyncId] = ++lastId;
  resource[triggerId] = executionId;
}

/** What ticks, timers and immediates get. They are called by the loop, so nothing else runs when one begins. */
const turnHooks = {
  __proto__: null,
  newId,
  init: (resource, type) => hooks.init(resource, type),
  before(resource) {
    reset();
    identify(resource);
    hooks.enter(resource);
  },
  after(resource) {
    // Tracking may have begun within the callback itself.
    if (stack.length === 0) {
      identify(resource);
      emit('after', resource[asyncId]);
    } else {
      hooks.leave(resource, 0);
    }
  },
  destroy: (resource) => hooks.destroy(resource),
};

/** What is under way in the host for a callback: executionAsyncResource() of it. */
class HostRequest {
  constructor(callback) {
    this.callback = callback;
  }
}

/** Types of requests by the native that keeps their callback. */
const requestTypes = {
  __proto__: null,
  'crypto.hkdf': 'DERIVEBITSREQUEST',
  'crypto.pbkdf2': 'PBKDF2REQUEST',
  'crypto.random': 'RANDOMBYTESREQUEST',
  'crypto.scrypt': 'SCRYPTREQUEST',
  'dns.lookupHost': 'GETADDRINFOREQWRAP',
  'dns.lookupService': 'GETNAMEINFOREQWRAP',
  'dns.query': 'QUERYWRAP',
  'zlib.oneShot': 'ZLIB',
  'zlib.write': 'ZLIB',
};

function requestType(name) {
  return name.startsWith('fs.') ? 'FSREQCALLBACK' : requestTypes[name];
}

/**
 * What the host calls in the place of `callback`, which a native keeps.
 * @param {Function} callback
 * @param {string} name the native
 */
function wrapCallback(callback, name) {
  const type = requestType(name);
  if (type === undefined) return callback;
  const request = new HostRequest(callback);
  const frame = getContinuationData();
  hooks.init(request, type);
  return (...args) => {
    setContinuationData(frame);
    turnHooks.before(request);
    try {
      callback(...args);
    } finally {
      hooks.destroy(request);
    }
    turnHooks.after(request);
    setContinuationData(undefined);
  };
}

function startTracking() {
  if (hooks.tracking) return;
  hooks.tracking = true;
  wrapCallbacks(wrapCallback);
  require('process/uncaught').setUnwind(unwind);
  require('process/ticks').setAsyncHooks(turnHooks);
  require('timers/lists').setAsyncHooks(turnHooks);
}

/**
 * Emits destroy when `resource` is collected, unless `state.destroyed` says that it was emitted.
 * @param {object} resource
 * @param {number} id
 * @param {{ destroyed: boolean }} [state]
 */
function destroyWhenCollected(resource, id, state = undefined) {
  collected ??= new FinalizationRegistry((held) => {
    if (!held.state?.destroyed) emit('destroy', held.id);
  });
  collected.register(resource, { id, state });
}

// Promises.

function trackPromise(promise, parent) {
  if (promise[asyncId] !== undefined) return;
  promise[asyncId] = ++lastId;
  if (parent === undefined) {
    promise[triggerId] = executionId;
  } else {
    promise[triggerId] = parent[asyncId] ??= ++lastId;
  }
}

function promiseInit(promise, parent) {
  trackPromise(promise, parent);
  const id = promise[asyncId];
  if (hooks.initHooks > 0) emitPromise('init', id, 'PROMISE', promise[triggerId], promise);
  if (hooks.destroyHooks > 0) destroyWhenCollected(promise, id);
}

function promiseBefore(promise) {
  trackPromise(promise);
  push(promise[asyncId], promise[triggerId], promise);
  emitPromise('before', promise[asyncId]);
}

function promiseAfter(promise) {
  trackPromise(promise);
  emitPromise('after', promise[asyncId]);
  if (promise[asyncId] === executionId && stack.length > 0) popTo(stack.length - 3);
}

function promiseResolve(promise) {
  trackPromise(promise);
  emitPromise('promiseResolve', promise[asyncId]);
}

function emitPromise(name, a, b, c, d) {
  const round = active;
  for (let i = 0; i < round.length; i++) {
    if (round[i].trackPromises !== false) call(round[i], name, a, b, c, d);
  }
}

function apply(next) {
  active = next;
  hooks.initHooks = next.filter((each) => each.init !== undefined).length;
  hooks.destroyHooks = next.filter((each) => each.destroy !== undefined).length;
  if (next.some((each) => each.trackPromises !== false)) {
    engine.setPromiseHooks(
      promiseInit,
      promiseBefore,
      promiseAfter,
      next.some((each) => each.promiseResolve !== undefined) ? promiseResolve : undefined,
    );
  } else {
    engine.setPromiseHooks();
  }
}

/** @param {Callbacks} callbacks */
function enable(callbacks) {
  startTracking();
  if (!active.includes(callbacks)) apply([...active, callbacks]);
}

/** @param {Callbacks} callbacks */
function disable(callbacks) {
  if (active.includes(callbacks)) apply(active.filter((each) => each !== callbacks));
}

module.exports = {
  asyncId,
  currentId,
  currentResource,
  currentTrigger,
  destroyWhenCollected,
  disable,
  enable,
  hooks,
  newId,
  reset,
  startTracking,
  triggerId,
};

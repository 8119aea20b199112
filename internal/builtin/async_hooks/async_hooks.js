'use strict';

// node:async_hooks: hooks and ids (ids.js), AsyncResource, AsyncLocalStorage (local_storage.js).

const { codes } = require('shared/errors');
const { validateFunction, validateBoolean, validateString } = require('shared/validators');
const ids = require('async_hooks/ids');

const { ERR_ASYNC_CALLBACK, ERR_ASYNC_TYPE, ERR_INVALID_ASYNC_ID } = codes;
const { hooks } = ids;
const { getContinuationData, setContinuationData } = engine;

const callbackNames = ['init', 'before', 'after', 'destroy', 'promiseResolve'];

class AsyncHook {
  #callbacks;

  constructor(callbacks) {
    this.#callbacks = callbacks;
    callbacks.hook = this;
  }

  enable() {
    ids.enable(this.#callbacks);
    return this;
  }

  disable() {
    ids.disable(this.#callbacks);
    return this;
  }
}

/**
 * @param {{ init?: Function, before?: Function, after?: Function, destroy?: Function, promiseResolve?: Function,
 *   trackPromises?: boolean }} options
 */
function createHook(options) {
  const callbacks = { __proto__: null };
  for (const name of callbackNames) {
    const callback = options[name];
    if (callback === undefined) continue;
    if (typeof callback !== 'function') throw new ERR_ASYNC_CALLBACK(`hook.${name}`);
    callbacks[name] = callback;
  }
  if (options.trackPromises !== undefined) {
    validateBoolean(options.trackPromises, 'trackPromises');
    callbacks.trackPromises = options.trackPromises;
  }
  return new AsyncHook(callbacks);
}

function executionAsyncId() {
  ids.startTracking();
  return ids.currentId();
}

function triggerAsyncId() {
  ids.startTracking();
  return ids.currentTrigger();
}

function executionAsyncResource() {
  ids.startTracking();
  return ids.currentResource();
}

/** Something of the user's that calls back later, in the scope that it was made in. */
class AsyncResource {
  #frame = getContinuationData();
  /** @type {{ __proto__: null, destroyed: boolean } | undefined} only when its collection is watched */
  #state = undefined;

  /**
   * @param {string} type
   * @param {number | { triggerAsyncId?: number, requireManualDestroy?: boolean }} [options]
   */
  constructor(type, options = undefined) {
    validateString(type, 'type');
    let trigger = ids.currentId();
    let manual = false;
    if (typeof options === 'number') {
      trigger = options;
    } else if (options !== undefined) {
      if (options.triggerAsyncId !== undefined) trigger = options.triggerAsyncId;
      manual = !!options.requireManualDestroy;
    }
    if (!Number.isSafeInteger(trigger) || trigger < -1) {
      throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', trigger);
    }
    if (hooks.initHooks > 0 && type.length === 0) throw new ERR_ASYNC_TYPE(type);
    hooks.init(this, type, trigger);
    if (!manual && hooks.destroyHooks > 0) {
      this.#state = { __proto__: null, destroyed: false };
      ids.destroyWhenCollected(this, this[ids.asyncId], this.#state);
    }
  }

  /**
   * Calls `fn` as if this resource called back.
   * @param {Function} fn
   * @param {any} [thisArg]
   * @param {...any} args
   */
  runInAsyncScope(fn, thisArg, ...args) {
    const before = getContinuationData();
    setContinuationData(this.#frame);
    const depth = hooks.enter(this);
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      setContinuationData(before);
      hooks.leave(this, depth);
    }
  }

  emitDestroy() {
    if (this.#state !== undefined) this.#state.destroyed = true;
    hooks.destroy(this);
    return this;
  }

  asyncId() {
    return this[ids.asyncId];
  }

  triggerAsyncId() {
    return this[ids.triggerId];
  }

  /**
   * @template {Function} F
   * @param {F} fn
   * @param {any} [thisArg]
   * @returns {F}
   */
  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound =
      thisArg === undefined
        ? function (...args) {
            return resource.runInAsyncScope(fn, this, ...args);
          }
        : (...args) => resource.runInAsyncScope(fn, thisArg, ...args);
    let shown = resource;
    Object.defineProperties(bound, {
      length: { __proto__: null, configurable: true, enumerable: false, value: fn.length, writable: false },
      asyncResource: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get: () => shown,
        set: (value) => {
          shown = value;
        },
      },
    });
    return /** @type {any} */ (bound);
  }

  static bind(fn, type, thisArg) {
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

/** Names of the resources that the runtime itself makes. */
const providers = [
  'NONE',
  'DIRHANDLE',
  'DNSCHANNEL',
  'ELDHISTOGRAM',
  'FILEHANDLE',
  'FILEHANDLECLOSEREQ',
  'BLOBREADER',
  'FSEVENTWRAP',
  'FSREQCALLBACK',
  'FSREQPROMISE',
  'GETADDRINFOREQWRAP',
  'GETNAMEINFOREQWRAP',
  'HEAPSNAPSHOT',
  'HTTP2SESSION',
  'HTTP2STREAM',
  'HTTP2PING',
  'HTTP2SETTINGS',
  'HTTPINCOMINGMESSAGE',
  'HTTPCLIENTREQUEST',
  'MESSAGEPORT',
  'PIPECONNECTWRAP',
  'PIPESERVERWRAP',
  'PIPEWRAP',
  'PROCESSWRAP',
  'PROMISE',
  'QUERYWRAP',
  'SHUTDOWNWRAP',
  'SIGNALWRAP',
  'STATWATCHER',
  'STREAMPIPE',
  'TCPCONNECTWRAP',
  'TCPSERVERWRAP',
  'TCPWRAP',
  'TTYWRAP',
  'UDPSENDWRAP',
  'UDPWRAP',
  'WORKER',
  'WRITEWRAP',
  'ZLIB',
  'CHECKPRIMEREQUEST',
  'PBKDF2REQUEST',
  'KEYPAIRGENREQUEST',
  'KEYGENREQUEST',
  'KEYEXPORTREQUEST',
  'CIPHERREQUEST',
  'DERIVEBITSREQUEST',
  'HASHREQUEST',
  'RANDOMBYTESREQUEST',
  'RANDOMPRIMEREQUEST',
  'SCRYPTREQUEST',
  'SIGNREQUEST',
  'TLSWRAP',
  'VERIFYREQUEST',
];

const asyncWrapProviders = { __proto__: null };
for (let i = 0; i < providers.length; i++) asyncWrapProviders[providers[i]] = i;
Object.freeze(asyncWrapProviders);

module.exports = {
  get AsyncLocalStorage() {
    return require('async_hooks/local_storage').AsyncLocalStorage;
  },
  createHook,
  executionAsyncId,
  triggerAsyncId,
  executionAsyncResource,
  asyncWrapProviders,
  AsyncResource,
};

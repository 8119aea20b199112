'use strict';

// node:diagnostics_channel: named channels from which tools hear what a library does. A channel that nobody subscribes
// to costs its publisher one property read. Channels are found by name for as long as somebody holds or subscribes to
// them.

const { codes } = require('shared/errors');
const { validateFunction } = require('shared/validators');
const { note } = require('diagnostics_channel/wanted');

const { ERR_INVALID_ARG_TYPE } = codes;

/** @type {Map<string | symbol, WeakRef<Channel>>} */
const byName = new Map();
/** Channels with subscribers or stores: their listeners are to be heard although nobody else holds the channel. */
const inUse = new Set();

let collected;

function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

class Channel {
  constructor(name) {
    /** @type {Function[] | undefined} replaced as a whole: a publish under way keeps its own */
    this._subscribers = undefined;
    /** @type {Map<any, Function | undefined> | undefined} */
    this._stores = undefined;
    this.name = name;
    collected ??= new FinalizationRegistry((gone) => {
      if (byName.get(gone)?.deref() === undefined) byName.delete(gone);
    });
    collected.register(this, name);
    byName.set(name, new WeakRef(this));
    note(name);
  }

  /** @param {(message: any, name: string | symbol) => void} subscription */
  subscribe(subscription) {
    validateFunction(subscription, 'subscription');
    this._subscribers = this._subscribers === undefined ? [subscription] : [...this._subscribers, subscription];
    inUse.add(this);
  }

  /** @returns {boolean} whether it was subscribed */
  unsubscribe(subscription) {
    const at = this._subscribers === undefined ? -1 : this._subscribers.indexOf(subscription);
    if (at < 0) return false;
    this._subscribers = this._subscribers.length === 1 ? undefined : this._subscribers.toSpliced(at, 1);
    this.#settle();
    return true;
  }

  /**
   * Within runStores() the store has the message, or what `transform` makes of it.
   * @param {{ run: Function }} store an AsyncLocalStorage
   * @param {(message: any) => any} [transform]
   */
  bindStore(store, transform) {
    (this._stores ??= new Map()).set(store, transform);
    inUse.add(this);
  }

  unbindStore(store) {
    if (this._stores === undefined || !this._stores.delete(store)) return false;
    if (this._stores.size === 0) this._stores = undefined;
    this.#settle();
    return true;
  }

  #settle() {
    if (!this.hasSubscribers) inUse.delete(this);
  }

  get hasSubscribers() {
    return this._subscribers !== undefined || this._stores !== undefined;
  }

  publish(message) {
    const subscribers = this._subscribers;
    if (subscribers === undefined) return;
    for (let i = 0; i < subscribers.length; i++) {
      try {
        const subscriber = subscribers[i];
        subscriber(message, this.name);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  /** Publishes, and calls `fn` with the bound stores entered. */
  runStores(message, fn, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    let run = () => {
      this.publish(message);
      return Reflect.apply(fn, thisArg, args);
    };
    if (this._stores !== undefined) {
      for (const [store, transform] of this._stores) run = entering(store, transform, message, run);
    }
    return run();
  }
}

function entering(store, transform, message, run) {
  return () => {
    let value = message;
    if (transform !== undefined) {
      try {
        value = transform(message);
      } catch (error) {
        throwLater(error);
        return run();
      }
    }
    return store.run(value, run);
  };
}

/**
 * The channel of that name.
 * @param {string | symbol} name
 * @returns {Channel}
 */
function channel(name) {
  const found = byName.get(name)?.deref();
  if (found !== undefined) return found;
  if (typeof name !== 'string' && typeof name !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
  }
  const made = new Channel(name);
  if (typeof name === 'string' && name.startsWith('tracing:module.')) traceModules();
  return made;
}

/** The module loader publishes once there can be somebody to hear it. */
function traceModules() {
  const { traced } = require('module/cjs');
  if (traced.require !== undefined) return;
  traced.require = { hasSubscribers: false }; // the channels made here come by
  traced.require = new TracingChannel('module.require');
  traced.import = new TracingChannel('module.import');
}

function subscribe(name, subscription) {
  channel(name).subscribe(subscription);
}

function unsubscribe(name, subscription) {
  return channel(name).unsubscribe(subscription);
}

function hasSubscribers(name) {
  return byName.get(name)?.deref()?.hasSubscribers ?? false;
}

const traceEvents = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

function isChannel(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Channel.prototype || value instanceof Channel;
}

function tracedChannel(nameOrChannels, event) {
  if (typeof nameOrChannels === 'string') return channel(`tracing:${nameOrChannels}:${event}`);
  if (typeof nameOrChannels === 'object' && nameOrChannels !== null) {
    const given = nameOrChannels[event];
    if (!isChannel(given)) throw new ERR_INVALID_ARG_TYPE(`nameOrChannels.${event}`, ['Channel'], given);
    return given;
  }
  throw new ERR_INVALID_ARG_TYPE('nameOrChannels', ['string', 'object', 'TracingChannel'], nameOrChannels);
}

/** @typedef {Record<'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error', Channel> & TracingChannel} Traced */

/** Five channels that tell the course of one operation. */
class TracingChannel {
  constructor(nameOrChannels) {
    for (const event of traceEvents) {
      Object.defineProperty(this, event, { __proto__: null, value: tracedChannel(nameOrChannels, event) });
    }
  }

  get hasSubscribers() {
    const { start, end, asyncStart, asyncEnd, error } = /** @type {any} */ (this);
    return (
      start.hasSubscribers ||
      end.hasSubscribers ||
      asyncStart.hasSubscribers ||
      asyncEnd.hasSubscribers ||
      error.hasSubscribers
    );
  }

  subscribe(handlers) {
    for (const event of traceEvents) {
      if (handlers[event]) this[event].subscribe(handlers[event]);
    }
  }

  unsubscribe(handlers) {
    let all = true;
    for (const event of traceEvents) {
      if (handlers[event] && !this[event].unsubscribe(handlers[event])) all = false;
    }
    return all;
  }

  /** @this {Traced} */
  traceSync(fn, context = {}, thisArg = undefined, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    return this.start.runStores(context, () => {
      try {
        const result = Reflect.apply(fn, thisArg, args);
        context.result = result;
        return result;
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  /** @this {Traced} */
  tracePromise(fn, context = {}, thisArg = undefined, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    const { start, end, asyncStart, asyncEnd, error } = this;

    function rejected(reason) {
      context.error = reason;
      error.publish(context);
      asyncStart.publish(context);
      asyncEnd.publish(context);
      return Promise.reject(reason);
    }
    function resolved(result) {
      context.result = result;
      asyncStart.publish(context);
      asyncEnd.publish(context);
      return result;
    }

    return start.runStores(context, () => {
      try {
        let promise = Reflect.apply(fn, thisArg, args);
        if (!(promise instanceof Promise)) promise = Promise.resolve(promise);
        return promise.then(resolved, rejected);
      } catch (thrown) {
        context.error = thrown;
        error.publish(context);
        throw thrown;
      } finally {
        end.publish(context);
      }
    });
  }

  /** @this {Traced} */
  traceCallback(fn, position = -1, context = {}, thisArg = undefined, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    const { start, end, asyncStart, asyncEnd, error } = this;
    const callback = args.at(position);
    validateFunction(callback, 'callback');

    function traced(failure, result) {
      if (failure) {
        context.error = failure;
        error.publish(context);
      } else {
        context.result = result;
      }
      return asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, arguments);
        } finally {
          asyncEnd.publish(context);
        }
      });
    }
    args.splice(position, 1, traced);

    return start.runStores(context, () => {
      try {
        return Reflect.apply(fn, thisArg, args);
      } catch (thrown) {
        context.error = thrown;
        error.publish(context);
        throw thrown;
      } finally {
        end.publish(context);
      }
    });
  }
}

/** @param {string | Record<'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error', Channel>} nameOrChannels */
function tracingChannel(nameOrChannels) {
  return new TracingChannel(nameOrChannels);
}

module.exports = { channel, hasSubscribers, subscribe, tracingChannel, unsubscribe, Channel };

'use strict';

// EventEmitter: what every stream, socket and server is. It is built for emitters that live in great numbers and mostly
// have no or one listener of an event:
//
//   - an emitter without listeners owns nothing: all share the frozen object `none` until the first listener comes;
//   - a single listener is stored as the function itself, more as an array;
//   - emit() does not copy the array. While one is being emitted it is on `emitting`, and whoever adds or removes a
//     listener then works on a copy.

const { codes } = require('shared/errors');
const { validateAbortSignal, validateBoolean, validateFunction, validateNumber } = require('shared/validators');

const { ERR_INVALID_ARG_TYPE, ERR_UNHANDLED_ERROR } = codes;

const captures = Symbol('kCapture');
const errorMonitor = Symbol('events.errorMonitor');
const captureRejectionSymbol = Symbol.for('nodejs.rejection');
const maxTargetListeners = Symbol('events.maxEventTargetListeners');
const maxTargetListenersWarned = Symbol('events.maxEventTargetListenersWarned');

/** Events of an emitter that has no listeners. */
const none = Object.freeze({ __proto__: null });

let defaultMaxListeners = 10;

/** Arrays of listeners that are being called, outermost first, `emittingDepth` of them. */
const emitting = [];
let emittingDepth = 0;

function isEmitting(list) {
  for (let i = emittingDepth - 1; i >= 0; i--) {
    if (emitting[i] === list) return true;
  }
  return false;
}

/** The list itself, or a copy for `events` when the list is in use. */
function writable(events, type, list) {
  if (emittingDepth === 0 || !isEmitting(list)) return list;
  const copy = list.slice();
  if (list.warned) copy.warned = true;
  events[type] = copy;
  return copy;
}

function checkListener(listener) {
  if (typeof listener !== 'function') validateFunction(listener, 'listener');
}

/**
 * @constructor
 * @param {{ captureRejections?: boolean }} [options]
 */
function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

Object.defineProperty(EventEmitter.prototype, captures, {
  __proto__: null,
  value: false,
  writable: true,
  enumerable: false,
});

/** @this {any} an emitter */
EventEmitter.init = function (options) {
  // A prototype may be an emitter with listeners of its own: they are not this one's.
  if (this._events === undefined || !Object.hasOwn(this, '_events')) {
    this._events = none;
    this._eventsCount = 0;
  }
  this._maxListeners = this._maxListeners || undefined;
  if (options?.captureRejections) {
    validateBoolean(options.captureRejections, 'options.captureRejections');
    this[captures] = true;
  } else if (EventEmitter.prototype[captures]) {
    this[captures] = true;
  }
};

EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
  validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};

function maxListenersOf(emitter) {
  const max = emitter._maxListeners;
  return max === undefined ? defaultMaxListeners : max;
}

EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
  return maxListenersOf(this);
};

/** An 'error' that the monitor sees first, or that nobody listens to. */
function emitError(emitter, ...args) {
  const events = emitter._events;
  if (events !== undefined) {
    if (events[errorMonitor] !== undefined) emitter.emit(errorMonitor, ...args);
    if (events.error !== undefined) return;
  }
  const error = args.length > 0 ? args[0] : undefined;
  if (error instanceof Error) {
    require('events/unhandled').note(error, emitter, EventEmitter.prototype.emit);
    throw error;
  }
  let text;
  const { inspect } = require('util/inspect');
  try {
    text = inspect(error);
  } catch {
    text = `${error}`;
  }
  const unhandled = new ERR_UNHANDLED_ERROR(text);
  unhandled.context = error;
  throw unhandled;
}

/** A listener returned something: perhaps a promise whose rejection the emitter shall hear of. */
function captureRejection(emitter, result, type, ...args) {
  try {
    const { then } = result;
    if (typeof then === 'function') {
      then.call(result, undefined, (error) => process.nextTick(emitRejection, emitter, error, type, args));
    }
  } catch (error) {
    emitter.emit('error', error);
  }
}

function emitRejection(emitter, error, type, args) {
  if (typeof emitter[captureRejectionSymbol] === 'function') {
    emitter[captureRejectionSymbol](error, type, ...args);
    return;
  }
  // A handler of 'error' that rejects must not come back here.
  const before = emitter[captures];
  try {
    emitter[captures] = false;
    emitter.emit('error', error);
  } finally {
    emitter[captures] = before;
  }
}

/**
 * Calls the listeners of an event.
 * @param {string | symbol} type
 * @param {...any} args
 * @returns {boolean} whether there were any
 */
EventEmitter.prototype.emit = function emit(type, ...args) {
  const events = this._events;
  if (type === 'error' && (events === undefined || events.error === undefined || events[errorMonitor] !== undefined)) {
    emitError(this, ...args);
  }
  if (events === undefined) return false;
  const handler = events[type];
  if (handler === undefined) return false;

  if (typeof handler === 'function') {
    let result;
    switch (args.length) {
      case 0:
        result = handler.call(this);
        break;
      case 1:
        result = handler.call(this, args[0]);
        break;
      case 2:
        result = handler.call(this, args[0], args[1]);
        break;
      case 3:
        result = handler.call(this, args[0], args[1], args[2]);
        break;
      default:
        result = Reflect.apply(handler, this, args);
    }
    if (result !== undefined && result !== null && this[captures]) captureRejection(this, result, type, ...args);
    return true;
  }

  const count = handler.length;
  emitting[emittingDepth++] = handler;
  try {
    for (let i = 0; i < count; i++) {
      const result = Reflect.apply(handler[i], this, args);
      if (result !== undefined && result !== null && this[captures]) captureRejection(this, result, type, ...args);
    }
  } finally {
    emitting[--emittingDepth] = undefined;
  }
  return true;
};

function warnOfLeak(emitter, type, list) {
  list.warned = true;
  const { inspect } = require('util/inspect');
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ` +
      `${inspect(emitter, { depth: -1 })}. MaxListeners is ${emitter.getMaxListeners()}. ` +
      'Use emitter.setMaxListeners() to increase limit',
  );
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = emitter;
  warning.type = type;
  warning.count = list.length;
  process.emitWarning(warning);
}

function add(emitter, type, listener, prepend) {
  checkListener(listener);
  let events = emitter._events;
  if (events === undefined || events === none) {
    events = emitter._events = { __proto__: null };
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    // Before the listener is added: who listens to 'newListener' does not hear of itself.
    emitter.emit('newListener', type, listener.listener ?? listener);
    events = emitter._events;
    if (events === none) events = emitter._events = { __proto__: null };
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    emitter._eventsCount++;
    return emitter;
  }
  let list;
  if (typeof existing === 'function') {
    list = events[type] = prepend ? [listener, existing] : [existing, listener];
  } else {
    list = writable(events, type, existing);
    if (prepend) list.unshift(listener);
    else list.push(listener);
  }
  const max = maxListenersOf(emitter);
  if (max > 0 && list.length > max && !list.warned) warnOfLeak(emitter, type, list);
  return emitter;
}

EventEmitter.prototype.addListener = function addListener(type, listener) {
  return add(this, type, listener, false);
};

EventEmitter.prototype.on = EventEmitter.prototype.addListener;

EventEmitter.prototype.prependListener = function prependListener(type, listener) {
  return add(this, type, listener, true);
};

function onceListener(emitter, type, listener) {
  let fired = false;
  function onceWrapper(...args) {
    if (fired) return;
    fired = true;
    emitter.removeListener(type, onceWrapper);
    return Reflect.apply(listener, emitter, args);
  }
  onceWrapper.listener = listener;
  return onceWrapper;
}

EventEmitter.prototype.once = function once(type, listener) {
  checkListener(listener);
  this.on(type, onceListener(this, type, listener));
  return this;
};

EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  checkListener(listener);
  this.prependListener(type, onceListener(this, type, listener));
  return this;
};

function forget(emitter, events, type) {
  emitter._eventsCount--;
  // Streams come with slots for the usual events: deleting one would make a slow dictionary of the object.
  if (Object.getPrototypeOf(events) !== null) events[type] = undefined;
  else if (emitter._eventsCount === 0) emitter._events = none;
  else delete events[type];
}

EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  checkListener(listener);
  const events = this._events;
  if (events === undefined) return this;
  const existing = events[type];
  if (existing === undefined) return this;

  if (existing === listener || existing.listener === listener) {
    const { removeListener } = events;
    forget(this, events, type);
    if (removeListener !== undefined) this.emit('removeListener', type, existing.listener ?? listener);
    return this;
  }
  if (typeof existing === 'function') return this;

  let at = existing.length - 1;
  while (at >= 0 && existing[at] !== listener && existing[at].listener !== listener) at--;
  if (at < 0) return this;
  const removed = existing[at];
  if (existing.length === 2) {
    events[type] = existing[1 - at];
  } else if (existing.length === 1) {
    forget(this, events, type);
  } else {
    const list = writable(events, type, existing);
    if (at === 0) list.shift();
    else list.splice(at, 1);
  }
  if (events.removeListener !== undefined) this.emit('removeListener', type, removed.listener ?? listener);
  return this;
};

EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined || events === none) return this;

  if (events.removeListener === undefined) {
    if (arguments.length === 0) {
      this._events = none;
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      forget(this, events, type);
    }
    return this;
  }

  // Somebody wants to hear of each; of 'removeListener' itself last.
  if (arguments.length === 0) {
    for (const key of Reflect.ownKeys(events)) {
      if (key !== 'removeListener') this.removeAllListeners(key);
    }
    this.removeAllListeners('removeListener');
    this._events = none;
    this._eventsCount = 0;
    return this;
  }
  const existing = events[type];
  if (typeof existing === 'function') {
    this.removeListener(type, existing);
  } else if (existing !== undefined) {
    const list = existing.slice();
    for (let i = list.length - 1; i >= 0; i--) this.removeListener(type, list[i]);
  }
  return this;
};

function listenersOf(emitter, type, unwrap) {
  const existing = emitter._events?.[type];
  if (existing === undefined) return [];
  if (typeof existing === 'function') return [unwrap ? (existing.listener ?? existing) : existing];
  return unwrap ? existing.map((listener) => listener.listener ?? listener) : existing.slice();
}

EventEmitter.prototype.listeners = function listeners(type) {
  return listenersOf(this, type, true);
};

EventEmitter.prototype.rawListeners = function rawListeners(type) {
  return listenersOf(this, type, false);
};

function countListeners(emitter, type, listener) {
  const existing = emitter._events?.[type];
  if (existing === undefined) return 0;
  if (typeof existing === 'function') {
    return listener == null || existing === listener || existing.listener === listener ? 1 : 0;
  }
  if (listener == null) return existing.length;
  let count = 0;
  for (const each of existing) {
    if (each === listener || each.listener === listener) count++;
  }
  return count;
}

EventEmitter.prototype.listenerCount = function listenerCount(type, listener) {
  return countListeners(this, type, listener);
};

EventEmitter.prototype.eventNames = function eventNames() {
  return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
};

function isEventTarget(value) {
  return typeof value?.addEventListener === 'function' && require('events/target').isEventTarget(value);
}

function addAbortListener(signal, listener) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove;
  if (signal.aborted) {
    queueMicrotask(() => listener());
  } else {
    const { resistStopPropagation } = require('events/target');
    signal.addEventListener('abort', listener, { __proto__: null, once: true, [resistStopPropagation]: true });
    remove = () => signal.removeEventListener('abort', listener);
  }
  return {
    __proto__: null,
    [Symbol.dispose]() {
      remove?.();
    },
  };
}

/** Resolves with the arguments of the next `name` event; rejects when 'error' comes first. */
async function once(emitter, name, options = { __proto__: null }) {
  return require('events/awaiting').once(emitter, name, options);
}

/** Async iterator over the events of that name. */
function on(emitter, event, options = { __proto__: null }) {
  return require('events/awaiting').on(emitter, event, options);
}

function getEventListeners(emitterOrTarget, type) {
  if (typeof emitterOrTarget?.listeners === 'function') return emitterOrTarget.listeners(type);
  if (isEventTarget(emitterOrTarget)) return require('events/target').listenersOf(emitterOrTarget, type);
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitterOrTarget);
}

function getMaxListeners(emitterOrTarget) {
  if (typeof emitterOrTarget?.getMaxListeners === 'function') return maxListenersOf(emitterOrTarget);
  if (isEventTarget(emitterOrTarget)) return emitterOrTarget[maxTargetListeners] ?? defaultMaxListeners;
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitterOrTarget);
}

function listenerCount(emitterOrTarget, type) {
  if (typeof emitterOrTarget.listenerCount === 'function') return emitterOrTarget.listenerCount(type);
  return countListeners(emitterOrTarget, type);
}

function setMaxListeners(n = defaultMaxListeners, ...targets) {
  validateNumber(n, 'setMaxListeners', 0);
  if (targets.length === 0) {
    defaultMaxListeners = n;
    return;
  }
  for (const target of targets) {
    if (isEventTarget(target)) {
      target[maxTargetListeners] = n;
      target[maxTargetListenersWarned] = false;
    } else if (typeof target?.setMaxListeners === 'function') {
      target.setMaxListeners(n);
    } else {
      throw new ERR_INVALID_ARG_TYPE('eventTargets', ['EventEmitter', 'EventTarget'], target);
    }
  }
}

module.exports = EventEmitter;
EventEmitter.addAbortListener = addAbortListener;
EventEmitter.once = once;
EventEmitter.on = on;
EventEmitter.getEventListeners = getEventListeners;
EventEmitter.getMaxListeners = getMaxListeners;
EventEmitter.listenerCount = listenerCount;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.usingDomains = false;
EventEmitter.captureRejectionSymbol = captureRejectionSymbol;
Object.defineProperties(EventEmitter, {
  captureRejections: {
    __proto__: null,
    get: () => EventEmitter.prototype[captures],
    set(value) {
      validateBoolean(value, 'EventEmitter.captureRejections');
      EventEmitter.prototype[captures] = value;
    },
    enumerable: true,
  },
  EventEmitterAsyncResource: {
    __proto__: null,
    get: () => require('events/async_resource').EventEmitterAsyncResource,
    enumerable: true,
    configurable: true,
  },
  defaultMaxListeners: {
    __proto__: null,
    get: () => defaultMaxListeners,
    set(value) {
      validateNumber(value, 'defaultMaxListeners', 0);
      defaultMaxListeners = value;
    },
    enumerable: true,
  },
  kMaxEventTargetListeners: { __proto__: null, value: maxTargetListeners },
  kMaxEventTargetListenersWarned: { __proto__: null, value: maxTargetListenersWarned },
});
EventEmitter.errorMonitor = errorMonitor;
EventEmitter.setMaxListeners = setMaxListeners;

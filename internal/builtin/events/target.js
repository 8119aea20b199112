'use strict';

// EventTarget. Listeners of a type are records in an array; a record that is removed while its event is dispatched is
// marked, so a dispatch looks at the array it began with and needs no copy.

const { codes, stackFrom } = require('shared/errors');
const { validateAbortSignal, validateObject } = require('shared/validators');
const EventEmitter = require('events');
const { Event, access, asInterface, trusted } = require('events/event');

const { ERR_EVENT_RECURSION, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS } = codes;

const { kMaxEventTargetListeners, kMaxEventTargetListenersWarned } = EventEmitter;

const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

/** Method of a subclass that hears of a new listener: (countOfType, type, listener). */
const listenerAdded = Symbol('listenerAdded');
/** Method of a subclass that hears of a listener that went: (countOfType, type, listener). */
const listenerRemoved = Symbol('listenerRemoved');
/** Listener option: the listener is called even when the event was stopped. */
const resistStopPropagation = Symbol('resistStopPropagation');
/** Listener option: an object; the listener lives no longer than it. */
const weakHandler = Symbol('weakHandler');
/** Listener option: as an emitter's listener it wants the value of emitHybrid(), not an event. */
const plainListener = Symbol('plainListener');
/** Method of a subclass that makes the event of emitHybrid(): (type, value). */
const createEvent = Symbol('createEvent');

/** @type {WeakMap<object, Set<any>>} what keeps weak listeners alive */
const heldBy = new WeakMap();

const objectLike = { __proto__: null, allowArray: true, allowFunction: true, nullable: true };

class Listener {
  constructor(listener, once, capture, passive, resists, weak, plain) {
    this.weak = weak;
    this.target = weak ? new WeakRef(listener) : listener;
    this.once = once;
    this.capture = capture;
    this.passive = passive;
    this.resists = resists;
    this.plain = plain;
    this.removed = false;
  }

  get listener() {
    return this.weak ? this.target.deref() : this.target;
  }
}

function isListener(value) {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

/** An error of a listener does not reach who dispatches: it is uncaught. */
function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

/** @type {{ __proto__: null, has(v: any): boolean, lists(t: EventTarget): Map<string, Listener[]> | undefined,
 *   clear(t: EventTarget, type: string): void, emit(t: EventTarget, type: string, value: any): void }} */
let internals;

class EventTarget {
  /** @type {Map<string, Listener[]> | undefined} */
  #lists = undefined;

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#lists in value)) {
      throw stackFrom(new ERR_INVALID_THIS('EventTarget'), EventTarget.#check);
    }
  }

  /**
   * @param {string} type
   * @param {Function | { handleEvent(event: any): any } | null} listener
   * @param {boolean | { once?: boolean, capture?: boolean, passive?: boolean, signal?: AbortSignal }} [options]
   */
  addEventListener(type, listener, options = undefined) {
    EventTarget.#check(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    let once = false;
    let capture = false;
    let passive = false;
    let signal;
    let resists = false;
    let plain = false;
    let owner;
    if (typeof options === 'boolean') {
      capture = options;
    } else if (options != null) {
      validateObject(options, 'options', objectLike);
      once = !!options.once;
      capture = !!options.capture;
      passive = !!options.passive;
      signal = options.signal;
      resists = options[resistStopPropagation] === true;
      plain = options[plainListener] === true;
      owner = options[weakHandler];
      validateAbortSignal(signal, 'options.signal');
    }
    if (!isListener(listener)) {
      if (listener == null) {
        warnOfNoListener(this, type, listener);
        return;
      }
      throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
    }
    type = `${type}`;
    if (signal !== undefined) {
      if (signal.aborted) return;
      signal.addEventListener('abort', () => this.removeEventListener(type, listener, options), {
        __proto__: null,
        once: true,
        [resistStopPropagation]: true,
        [weakHandler]: this,
      });
    }
    const lists = (this.#lists ??= new Map());
    let list = lists.get(type);
    if (list === undefined) {
      list = [];
      lists.set(type, list);
    } else {
      for (let i = 0; i < list.length; i++) {
        if (list[i].capture === capture && list[i].listener === listener) return;
      }
    }
    if (owner !== undefined) {
      const held = heldBy.get(owner);
      if (held === undefined) heldBy.set(owner, new Set([listener]));
      else held.add(listener);
    }
    list.push(new Listener(listener, once, capture, passive, resists, owner !== undefined, plain));
    warnWhenMany(this, type, list);
    if (this[listenerAdded] !== undefined) this[listenerAdded](list.length, type, listener);
  }

  removeEventListener(type, listener, options = undefined) {
    EventTarget.#check(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    if (!isListener(listener) && listener != null) {
      throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
    }
    type = `${type}`;
    const list = this.#lists?.get(type);
    if (list === undefined) return;
    const capture = typeof options === 'boolean' ? options : !!options?.capture;
    for (const record of list) {
      if (record.capture === capture && record.listener === listener) {
        this.#remove(type, record);
        return;
      }
    }
  }

  #remove(type, record) {
    record.removed = true;
    const lists = this.#lists;
    const rest = lists.get(type)?.filter((each) => each !== record);
    if (rest === undefined) return;
    if (rest.length === 0) lists.delete(type);
    else lists.set(type, rest);
    if (this[listenerRemoved] !== undefined) this[listenerRemoved](rest.length, type, record.listener);
  }

  /**
   * @param {InstanceType<typeof Event>} event
   * @returns {boolean} whether the default is not prevented
   */
  dispatchEvent(event) {
    EventTarget.#check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('event');
    if (!access.isEvent(event)) throw new ERR_INVALID_ARG_TYPE('event', 'Event', event);
    if (access.isDispatched(event)) throw new ERR_EVENT_RECURSION(event.type);
    this.#dispatch(event, event.type, false, undefined);
    return event.defaultPrevented !== true;
  }

  /** With `hybrid` the event is only made when a listener wants one. */
  #dispatch(event, type, hybrid, value) {
    const list = this.#lists?.get(type);
    if (list === undefined) {
      if (event !== undefined) access.dispatchesTo(event, this);
      return;
    }
    if (event !== undefined) access.begin(event, this);
    // Listeners that are added meanwhile come behind `count`.
    const count = list.length;
    for (let i = 0; i < count; i++) {
      const record = list[i];
      if (record.removed) continue;
      if (event !== undefined && !record.resists && access.isStopped(event)) continue;
      const { listener } = record;
      if (record.once || listener === undefined) this.#remove(type, record);
      if (listener === undefined) continue;
      const plain = hybrid && record.plain;
      if (!plain && event === undefined) {
        event = this[createEvent](type, value);
        access.begin(event, this);
      }
      try {
        if (record.passive && !plain) access.setPassive(event, true);
        let result;
        if (typeof listener === 'function') result = Reflect.apply(listener, this, [plain ? value : event]);
        else if (typeof listener.handleEvent === 'function') result = listener.handleEvent(plain ? value : event);
        if (result !== undefined && result !== null) {
          const { then } = result;
          if (typeof then === 'function') Reflect.apply(then, result, [undefined, throwLater]);
        }
      } catch (error) {
        throwLater(error);
      }
      if (record.passive && !plain) access.setPassive(event, false);
    }
    if (event !== undefined) access.end(event);
  }

  [inspectSymbol](depth, options) {
    EventTarget.#check(this);
    const { name } = this.constructor;
    if (depth < 0) return name;
    const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
    return `${name} ${require('util/inspect').inspect({}, inner)}`;
  }

  static {
    internals = {
      __proto__: null,
      has: (value) => typeof value === 'object' && value !== null && #lists in value,
      lists: (target) => target.#lists,
      emit: (target, type, value) => target.#dispatch(undefined, type, true, value),
      clear(target, type) {
        for (const record of target.#lists?.get(type)?.slice() ?? []) target.#remove(type, record);
      },
    };
  }
}
asInterface(EventTarget);

function warnOfNoListener(target, type, listener) {
  const warning = new Error(`addEventListener called with ${listener} which has no effect.`);
  warning.name = 'AddEventListenerArgumentTypeWarning';
  warning.target = target;
  warning.type = type;
  process.emitWarning(warning);
}

function warnWhenMany(target, type, list) {
  const max = target[kMaxEventTargetListeners] ?? EventEmitter.defaultMaxListeners;
  if (max <= 0 || list.length <= max || target[kMaxEventTargetListenersWarned]) return;
  let count = 0;
  for (const record of list) if (record.listener !== undefined) count++;
  if (count <= max) return;
  Object.defineProperty(target, kMaxEventTargetListenersWarned, {
    __proto__: null,
    value: true,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  const warning = new Error(
    `Possible EventTarget memory leak detected. ${count} ${type} listeners added to ` +
      `${require('util/inspect').inspect(target, { depth: -1 })}. MaxListeners is ${max}. ` +
      'Use events.setMaxListeners() to increase limit',
  );
  warning.name = 'MaxListenersExceededWarning';
  warning.target = target;
  warning.type = type;
  warning.count = count;
  process.emitWarning(warning);
}

/**
 * Gives `object` (a target or a prototype of targets) an `on...` attribute.
 * @param {object} object
 * @param {string} name without 'on'
 * @param {string} [type] of the event
 */
function defineEventHandler(object, name, type = name) {
  /** @type {WeakMap<object, { handler: Function | null, listener: Function }>} */
  const wrappers = new WeakMap();
  const property = `on${name}`;
  const accessors = {
    get [property]() {
      return wrappers.get(this)?.handler ?? null;
    },
    set [property](value) {
      const handler = isListener(value) ? value : null;
      let wrapper = wrappers.get(this);
      if (wrapper === undefined) {
        if (handler === null) return;
        wrapper = {
          handler: null,
          listener(event) {
            return typeof wrapper.handler === 'function' ? Reflect.apply(wrapper.handler, this, [event]) : undefined;
          },
        };
        wrappers.set(this, wrapper);
      }
      if (wrapper.handler === null && handler !== null) {
        wrapper.handler = handler;
        this.addEventListener(type, wrapper.listener);
      } else if (wrapper.handler !== null && handler === null) {
        wrapper.handler = null;
        this.removeEventListener(type, wrapper.listener);
      } else {
        wrapper.handler = handler;
      }
    },
  };
  const { get, set } = Object.getOwnPropertyDescriptor(accessors, property);
  Object.defineProperty(object, property, { __proto__: null, get, set, configurable: true, enumerable: true });
}

/** @param {any} value */
function isEventTarget(value) {
  return internals.has(value);
}

/** The listeners of a type, in order. */
function listenersOf(target, type) {
  const found = [];
  for (const { listener } of internals.lists(target)?.get(type) ?? []) {
    if (listener !== undefined) found.push(listener);
  }
  return found;
}

/** @returns {number} */
function countListeners(target, type) {
  return internals.lists(target)?.get(type)?.length ?? 0;
}

/** Types that have listeners. */
function typesOf(target) {
  return [...(internals.lists(target)?.keys() ?? [])];
}

function removeListeners(target, type) {
  internals.clear(target, type);
}

/** Calls the listeners with the value itself or, if they were added as a web page adds them, with an event for it. */
function emitHybrid(target, type, value) {
  internals.emit(target, type, value);
}

/** Dispatches an event of the runtime's own, made only when somebody listens. */
function dispatchTrusted(target, type) {
  if (countListeners(target, type) > 0) target.dispatchEvent(new Event(type, { __proto__: null, [trusted]: true }));
}

module.exports = {
  Event,
  EventTarget,
  countListeners,
  createEvent,
  defineEventHandler,
  dispatchTrusted,
  emitHybrid,
  isEventTarget,
  listenerAdded,
  listenerRemoved,
  listenersOf,
  plainListener,
  removeListeners,
  resistStopPropagation,
  typesOf,
};

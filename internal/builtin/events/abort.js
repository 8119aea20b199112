'use strict';

// AbortController and AbortSignal.
//
// Who keeps whom alive: a dependent signal (AbortSignal.any) holds its sources. A source holds a dependent only while
// that one has listeners, weakly otherwise. A timer holds the signal of AbortSignal.timeout() by the same rule. So what
// nobody can hear of is collected.

const { codes, stackFrom } = require('shared/errors');
const { validateUint32 } = require('shared/validators');
const { DOMException } = require('shared/domexception');
const { kMaxEventTargetListeners } = require('events');
const {
  EventTarget,
  countListeners,
  defineEventHandler,
  dispatchTrusted,
  listenerAdded,
  listenerRemoved,
} = require('events/target');

const { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } = codes;

const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

/** What only this file passes to AbortSignal's constructor. */
const key = Symbol('AbortSignal');

/** Clears the timer of a timeout signal that was collected. */
let timers;
/** Takes a collected signal from the dependents of its sources. */
let collected;

function showDeeper(self, inside, depth, options) {
  if (depth < 0) return `[${self.constructor.name}]`;
  const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
  return `${self.constructor.name} ${require('util/inspect').inspect(inside, inner)}`;
}

class AbortSignal extends EventTarget {
  #aborted;
  #reason;
  /** @type {Set<AbortSignal> | undefined} sources of a dependent signal; none of them dependent itself */
  #sources = undefined;
  /** @type {Set<WeakRef<AbortSignal>> | undefined} */
  #dependents = undefined;
  /** @type {Set<AbortSignal> | undefined} dependents that have listeners */
  #heard = undefined;
  /** @type {{ signal: AbortSignal | undefined } | undefined} what the timer holds strongly */
  #timer = undefined;

  constructor(secret = undefined, aborted = false, reason = undefined) {
    if (secret !== key) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    this.#aborted = aborted;
    this.#reason = reason;
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#aborted in value)) {
      throw stackFrom(new ERR_INVALID_THIS('AbortSignal'), AbortSignal.#check);
    }
  }

  get aborted() {
    AbortSignal.#check(this);
    return this.#aborted;
  }

  get reason() {
    AbortSignal.#check(this);
    return this.#reason;
  }

  throwIfAborted() {
    AbortSignal.#check(this);
    if (this.#aborted) throw this.#reason;
  }

  [inspectSymbol](depth, options) {
    return showDeeper(this, { aborted: this.aborted }, depth, options);
  }

  /** @param {any} [reason] */
  static abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    return new AbortSignal(key, true, reason);
  }

  /** @param {number} delay in milliseconds */
  static timeout(delay) {
    validateUint32(delay, 'delay', false);
    const signal = new AbortSignal(key);
    const weak = new WeakRef(signal);
    const held = { __proto__: null, signal: undefined };
    const timer = setTimeout(() => {
      const live = weak.deref();
      held.signal = undefined;
      if (live !== undefined) {
        live.#abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      }
    }, delay);
    timer.unref();
    signal.#timer = held;
    timers ??= new FinalizationRegistry((each) => clearTimeout(each));
    timers.register(signal, timer);
    return signal;
  }

  /** @param {Iterable<AbortSignal>} signals */
  static any(signals) {
    if (typeof signals?.[Symbol.iterator] !== 'function') {
      throw invalidArgument('signals cannot be converted to sequence.');
    }
    const list = [...signals];
    for (let i = 0; i < list.length; i++) {
      const each = list[i];
      if (typeof each !== 'object' || each === null || !(#aborted in each)) {
        throw invalidArgument(`signals[${i}] is not of type AbortSignal.`);
      }
    }
    for (const each of list) {
      if (each.#aborted) return new AbortSignal(key, true, each.#reason);
    }
    const result = new AbortSignal(key);
    const sources = new Set();
    for (const each of list) {
      if (each.#sources === undefined) sources.add(each);
      else for (const source of each.#sources) sources.add(source);
    }
    if (sources.size === 0) {
      result.#sources = sources;
      return result;
    }
    result.#sources = sources;
    const weak = new WeakRef(result);
    collected ??= new FinalizationRegistry(({ ref, from }) => {
      for (const source of from) {
        const target = source.deref();
        if (target !== undefined) target.#dependents?.delete(ref);
      }
    });
    const from = [];
    for (const source of sources) {
      (source.#dependents ??= new Set()).add(weak);
      from.push(new WeakRef(source));
    }
    collected.register(result, { ref: weak, from });
    return result;
  }

  [listenerAdded](count, type) {
    if (type === 'abort' && count === 1 && !this.#aborted) this.#hold();
  }

  [listenerRemoved](count, type) {
    if (type === 'abort' && count === 0) this.#release();
  }

  #hold() {
    if (this.#timer !== undefined) this.#timer.signal = this;
    if (this.#sources === undefined) return;
    for (const source of this.#sources) {
      (source.#heard ??= new Set()).add(this);
      if (source.#timer !== undefined) source.#timer.signal = source;
    }
  }

  #release() {
    if (this.#timer !== undefined && !this.#heard?.size) this.#timer.signal = undefined;
    if (this.#sources === undefined) return;
    for (const source of this.#sources) {
      source.#heard?.delete(this);
      if (source.#timer !== undefined && source.#heard?.size === 0 && countListeners(source, 'abort') === 0) {
        source.#timer.signal = undefined;
      }
    }
  }

  #abort(reason) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const dependents = this.#dependents;
    if (dependents === undefined) {
      dispatchTrusted(this, 'abort');
      return;
    }
    // All are aborted before any listener runs.
    const reached = [];
    for (const ref of dependents) {
      const each = ref.deref();
      if (each === undefined || each.#aborted) continue;
      each.#aborted = true;
      each.#reason = reason;
      reached.push(each);
    }
    this.#dependents = undefined;
    this.#heard = undefined;
    dispatchTrusted(this, 'abort');
    for (const each of reached) {
      dispatchTrusted(each, 'abort');
      each.#release();
      each.#sources.delete(this);
    }
  }

  /** For AbortController only; taken from the class below. */
  static abortSignal(signal, reason) {
    signal.#abort(reason);
  }
}

const { abortSignal } = AbortSignal;
delete AbortSignal.abortSignal;

defineEventHandler(AbortSignal.prototype, 'abort');
Object.defineProperties(AbortSignal.prototype, {
  // Many may wait for one signal: no warning unless somebody sets a limit.
  [kMaxEventTargetListeners]: { __proto__: null, value: 0, writable: true, configurable: true, enumerable: false },
  aborted: { __proto__: null, enumerable: true },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'AbortSignal' },
});

/** Web IDL's words are the whole message. */
function invalidArgument(message) {
  const error = new ERR_INVALID_ARG_TYPE('signals', 'AbortSignal', undefined);
  error.message = message;
  return stackFrom(error, AbortSignal.any);
}

class AbortController {
  /** @type {AbortSignal | undefined} made when it is first asked for */
  #signal = undefined;

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#signal in value)) {
      throw stackFrom(new ERR_INVALID_THIS('AbortController'), AbortController.#check);
    }
  }

  get signal() {
    AbortController.#check(this);
    return (this.#signal ??= new AbortSignal(key));
  }

  /** @param {any} [reason] */
  abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    AbortController.#check(this);
    abortSignal((this.#signal ??= new AbortSignal(key)), reason);
  }

  [inspectSymbol](depth, options) {
    return showDeeper(this, { signal: this.signal }, depth, options);
  }
}

Object.defineProperties(AbortController.prototype, {
  signal: { __proto__: null, enumerable: true },
  abort: { __proto__: null, enumerable: true },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'AbortController' },
});

module.exports = { AbortController, AbortSignal };

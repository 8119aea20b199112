'use strict';

// PerformanceObserver: gets entries in batches, from an immediate.
const { codes } = require('shared/errors');
const { validateFunction, validateObject } = require('shared/validators');
const observed = require('perf_hooks/observed');
const { marks, measures, resources, select } = require('perf_hooks/entries');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

const supported = ['dns', 'function', 'gc', 'http', 'http2', 'mark', 'measure', 'net', 'resource'];

/** Observers with something to deliver. */
const pending = new Set();

/** Connected observers, in the order they were connected. */
const connected = new Set();

/** How many connected observers want each type. */
const counts = { __proto__: null };

/** Whether an entry of this type has anybody to go to. */
function isObserved(type) {
  return counts[type] > 0;
}

function count(type, step) {
  const before = counts[type] ?? 0;
  counts[type] = before + step;
  observed[type] = before + step > 0;
}

function deliver() {
  const observers = [...pending];
  pending.clear();
  for (const observer of observers) dispatch(observer);
}

/** Shows an entry to who observes its type. */
function enqueue(entry) {
  if (!isObserved(entry.entryType)) return;
  for (const observer of connected) offer(observer, entry);
}

function schedule(observer) {
  if (pending.size === 0) require('timers').setImmediate(deliver);
  pending.add(observer);
}

class PerformanceObserverEntryList {
  #entries;

  constructor(entries) {
    this.#entries = entries.sort((a, b) => a.startTime - b.startTime);
  }

  getEntries() {
    if (!(#entries in this)) throw new codes.ERR_INVALID_THIS('PerformanceObserverEntryList');
    return this.#entries.slice();
  }

  getEntriesByType(type) {
    if (!(#entries in this)) throw new codes.ERR_INVALID_THIS('PerformanceObserverEntryList');
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    type = `${type}`;
    return this.#entries.filter((entry) => entry.entryType === type);
  }

  getEntriesByName(name, type = undefined) {
    if (!(#entries in this)) throw new codes.ERR_INVALID_THIS('PerformanceObserverEntryList');
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    name = `${name}`;
    if (type != null) type = `${type}`;
    return this.#entries.filter((entry) => entry.name === name && (type == null || entry.entryType === type));
  }

  [inspectCustom](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `PerformanceObserverEntryList ${inspect(this.#entries, inner)}`;
  }
}

/** Set in the class's static block. */
let dispatch;
let offer;

class PerformanceObserver {
  #callback;
  #buffer = [];
  #types = new Set();
  /** 'single' ({ type }) or 'multiple' ({ entryTypes }), as first used. */
  #mode;

  static {
    offer = (observer, entry) => {
      if (!observer.#types.has(entry.entryType)) return;
      observer.#buffer.push(entry);
      schedule(observer);
    };
    dispatch = (/** @type {PerformanceObserver} */ observer) => {
      const entries = observer.takeRecords();
      if (entries.length === 0) return;
      observer.#callback.call(observer, new PerformanceObserverEntryList(entries), observer);
    };
  }

  constructor(callback) {
    validateFunction(callback, 'callback');
    this.#callback = callback;
  }

  /** @param {Options & { entryTypes?: string[], type?: string, buffered?: boolean }} [options] */
  observe(options = { __proto__: null }) {
    validateObject(options, 'options');
    const { entryTypes, type, buffered } = { ...options };
    if (entryTypes === undefined && type === undefined) {
      throw new codes.ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    }
    if (entryTypes !== undefined && type !== undefined) {
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options.entryTypes',
        entryTypes,
        'options.entryTypes can not set with options.type together',
      );
    }
    const mode = entryTypes === undefined ? 'single' : 'multiple';
    if (this.#mode !== undefined && this.#mode !== mode) {
      const { DOMException } = require('shared/domexception');
      throw new DOMException(
        mode === 'single'
          ? 'PerformanceObserver can not change to a single observation'
          : 'PerformanceObserver can not change to a multiple observation',
        'InvalidModificationError',
      );
    }
    this.#mode = mode;

    if (mode === 'multiple') {
      if (!Array.isArray(entryTypes)) {
        throw new codes.ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', entryTypes);
      }
      this.#release();
      for (const each of entryTypes) this.#add(each);
    } else {
      const known = this.#add(`${type}`);
      if (known && buffered) {
        const list = { __proto__: null, mark: marks, measure: measures, resource: resources }[type];
        if (list !== undefined && list.length > 0) {
          this.#buffer.push(...select([list]));
          schedule(this);
        }
      }
    }
    if (this.#types.size > 0) connected.add(this);
    else this.disconnect();
  }

  #add(type) {
    if (!supported.includes(type)) return false;
    if (!this.#types.has(type)) {
      this.#types.add(type);
      count(type, 1);
    }
    return true;
  }

  #release() {
    for (const type of this.#types) count(type, -1);
    this.#types.clear();
  }

  disconnect() {
    this.#release();
    connected.delete(this);
    pending.delete(this);
    this.#buffer = [];
    this.#mode = undefined;
  }

  takeRecords() {
    const entries = this.#buffer;
    this.#buffer = [];
    return entries;
  }

  static get supportedEntryTypes() {
    return supportedEntryTypes;
  }

  [inspectCustom](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `PerformanceObserver ${inspect(
      {
        connected: connected.has(this),
        pending: pending.has(this),
        entryTypes: [...this.#types],
        buffer: this.#buffer,
      },
      inner,
    )}`;
  }
}

const supportedEntryTypes = Object.freeze(supported.slice());

const enumerable = { __proto__: null, enumerable: true };
Object.defineProperties(PerformanceObserver.prototype, {
  observe: enumerable,
  disconnect: enumerable,
  takeRecords: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'PerformanceObserver' },
});
Object.defineProperties(PerformanceObserverEntryList.prototype, {
  getEntries: enumerable,
  getEntriesByType: enumerable,
  getEntriesByName: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'PerformanceObserverEntryList' },
});
Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', enumerable);

module.exports = { PerformanceObserver, PerformanceObserverEntryList, enqueue, isObserved };

'use strict';

// class Performance and its one instance: the clock, the timeline of marks, measures and resources.
const { codes } = require('shared/errors');
const { validateFunction, validateObject } = require('shared/validators');
const { EventTarget, defineEventHandler } = require('events/target');
const { now, getTimeOrigin } = require('perf_hooks/clock');
const {
  PerformanceMark,
  PerformanceMeasure,
  PerformanceNodeEntry,
  PerformanceResourceTiming,
  clear,
  internal,
  latestMark,
  marks,
  measures,
  milestones,
  resources,
  select,
} = require('perf_hooks/entries');
const { PerformanceNodeTiming, eventLoopUtilization } = require('perf_hooks/event_loop');
const { enqueue, isObserved } = require('perf_hooks/observer');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** When this many marks or measures are kept, a warning tells that somebody forgets to clear them. */
const suspiciousSize = 1e6;
const warnedOf = new Set();

function keep(list, entry) {
  list.push(entry);
  if (list.length > suspiciousSize && !warnedOf.has(entry.entryType)) {
    warnedOf.add(entry.entryType);
    const clearer = entry.entryType === 'mark' ? 'performance.clearMarks' : 'performance.clearMeasures';
    process.emitWarning(
      `Possible perf_hooks memory leak detected. ${list.length} entries of type ` +
        `${entry.entryType} in the global performance entry buffer. ` +
        `Use ${clearer} to clear the buffer.`,
      'MaxPerformanceEntryBufferExceededWarning',
    );
  }
}

// Resources: beyond the size of their buffer they wait in a second one until a listener of the event has made room.
let resourceLimit = 250;
let overflow = [];
let fullPending = false;

function keepResource(entry) {
  if (resources.length < resourceLimit && !fullPending) {
    resources.push(entry);
    return;
  }
  if (!fullPending) {
    fullPending = true;
    require('timers').setImmediate(announceFull);
  }
  overflow.push(entry);
}

function announceFull() {
  const { Event } = require('events/event');
  // As long as each round makes room.
  while (overflow.length > 0) {
    const before = overflow.length;
    if (resources.length >= resourceLimit) {
      performance.dispatchEvent(new Event('resourcetimingbufferfull'));
    }
    const room = Math.max(resourceLimit - resources.length, 0);
    resources.push(...overflow.slice(0, room));
    overflow = overflow.slice(room);
    if (overflow.length >= before) overflow = [];
  }
  fullPending = false;
}

/** A mark's or milestone's time, or the number itself. */
function timeOf(value) {
  if (typeof value === 'number') {
    if (value < 0) throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(value);
    return value;
  }
  const name = `${value}`;
  if (milestones.has(name)) return performance.nodeTiming[name];
  const time = latestMark.get(name);
  if (time === undefined) {
    const { DOMException } = require('shared/domexception');
    throw new DOMException(`The "${name}" performance mark has not been set`, 'SyntaxError');
  }
  return time;
}

/** [start, duration, detail] of performance.measure's arguments. */
function measurement(startOrOptions, endMark) {
  let options;
  if (startOrOptions !== null && typeof startOrOptions === 'object') {
    options = startOrOptions;
    const { start, end, duration, detail } = options;
    const has = start !== undefined || end !== undefined || duration !== undefined || detail !== undefined;
    if (has) {
      if (endMark !== undefined) {
        throw new codes.ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('endMark must not be specified');
      }
      if (start === undefined && end === undefined && duration !== undefined) {
        throw new codes.ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('One of options.start or options.end is required');
      }
      if (start !== undefined && end !== undefined && duration !== undefined) {
        throw new codes.ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS(
          'Must not have options.start, options.end, and options.duration specified',
        );
      }
    }
  }
  let end;
  if (endMark !== undefined) end = timeOf(endMark);
  else if (options?.end !== undefined) end = timeOf(options.end);
  else if (options?.start !== undefined && options?.duration !== undefined) {
    end = timeOf(options.start) + timeOf(options.duration);
  } else end = now();

  let start;
  if (options?.start !== undefined) start = timeOf(options.start);
  else if (options?.duration !== undefined && options?.end !== undefined) {
    start = timeOf(options.end) - timeOf(options.duration);
  } else if (options === undefined && startOrOptions !== undefined) start = timeOf(startOrOptions);
  else start = 0;
  return [start, end - start, options?.detail];
}

function finishTimerified(name, start, args, histogram) {
  const end = now();
  if (histogram !== undefined) histogram.record(Math.max(Math.ceil((end - start) * 1e6), 1));
  if (!isObserved('function')) return;
  const entry = new PerformanceNodeEntry(internal, name, 'function', start, end - start, args);
  for (let i = 0; i < args.length; i++) entry[i] = args[i];
  enqueue(entry);
}

/**
 * Wraps a function so that its calls are reported as entries of type 'function'.
 * @param {Function} fn
 * @param {Options & { histogram?: object }} [options]
 */
function timerify(fn, options = { __proto__: null }) {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  if (histogram !== undefined) {
    const { isRecordable } = require('perf_hooks/histogram');
    if (!isRecordable(histogram)) {
      throw new codes.ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
    }
  }
  function timerified(...args) {
    const start = now();
    const result = new.target ? Reflect.construct(fn, args, fn) : Reflect.apply(fn, this, args);
    if (!new.target && typeof result?.finally === 'function') {
      return result.finally(() => finishTimerified(fn.name, start, args, histogram));
    }
    finishTimerified(fn.name, start, args, histogram);
    return result;
  }
  Object.defineProperties(timerified, {
    length: { __proto__: null, configurable: true, enumerable: true, value: fn.length },
    name: { __proto__: null, configurable: true, enumerable: true, value: `timerified ${fn.name}` },
  });
  return timerified;
}

class Performance extends EventTarget {
  #nodeTiming;

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#nodeTiming in value)) {
      throw new codes.ERR_INVALID_THIS('Performance');
    }
  }

  constructor(mark = undefined) {
    if (mark !== internal) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  [inspectCustom](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `Performance ${inspect({ nodeTiming: this.nodeTiming, timeOrigin: this.timeOrigin }, inner)}`;
  }

  clearMarks(name = undefined) {
    Performance.#check(this);
    if (name !== undefined) {
      name = `${name}`;
      latestMark.delete(name);
    } else {
      latestMark.clear();
    }
    clear(marks, name);
  }

  clearMeasures(name = undefined) {
    Performance.#check(this);
    clear(measures, name === undefined ? undefined : `${name}`);
  }

  clearResourceTimings(name = undefined) {
    Performance.#check(this);
    clear(resources, name === undefined ? undefined : `${name}`);
  }

  getEntries() {
    Performance.#check(this);
    return select([marks, measures, resources]);
  }

  getEntriesByName(name, type = undefined) {
    Performance.#check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    return select([marks, measures, resources], `${name}`, type === undefined ? undefined : `${type}`);
  }

  getEntriesByType(type) {
    Performance.#check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    return select([marks, measures, resources], undefined, `${type}`);
  }

  mark(name, options = undefined) {
    Performance.#check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    const mark = new PerformanceMark(name, options);
    latestMark.set(mark.name, mark.startTime);
    enqueue(mark);
    keep(marks, mark);
    return mark;
  }

  measure(name, startOrOptions = undefined, endMark = undefined) {
    Performance.#check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    require('shared/validators').validateString(name, 'name');
    const [start, duration, detail] = measurement(startOrOptions, endMark);
    const measure = new PerformanceMeasure(internal, name, start, duration, detail);
    enqueue(measure);
    keep(measures, measure);
    return measure;
  }

  now() {
    Performance.#check(this);
    return now();
  }

  setResourceTimingBufferSize(size) {
    Performance.#check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('maxSize');
    // An unsigned long, as IDL converts it; what is no integer gives 0.
    resourceLimit = Number.isInteger(size) && size >= 0 ? size : 0;
  }

  get timeOrigin() {
    Performance.#check(this);
    return getTimeOrigin();
  }

  toJSON() {
    Performance.#check(this);
    return {
      nodeTiming: this.nodeTiming,
      timeOrigin: this.timeOrigin,
      eventLoopUtilization: this.eventLoopUtilization(),
    };
  }

  // What follows is Node's own.

  get nodeTiming() {
    Performance.#check(this);
    return (this.#nodeTiming ??= new PerformanceNodeTiming());
  }
}

function markResourceTiming(timing, url, initiator, globalObject, cacheMode, bodyInfo, status, delivery = '') {
  if (cacheMode !== '' && cacheMode !== 'local') {
    throw new codes.ERR_INTERNAL_ASSERTION("cache must be an empty string or 'local'");
  }
  const entry = new PerformanceResourceTiming(internal, url, initiator, timing, cacheMode, status, delivery);
  keepResource(entry);
  enqueue(entry);
  return entry;
}

for (const key of Object.getOwnPropertyNames(Performance.prototype)) {
  if (key !== 'constructor') Object.defineProperty(Performance.prototype, key, { __proto__: null, enumerable: true });
}
const method = (value) => ({ __proto__: null, configurable: true, enumerable: false, writable: true, value });
Object.defineProperties(Performance.prototype, {
  eventLoopUtilization: method(eventLoopUtilization),
  markResourceTiming: method(markResourceTiming),
  timerify: method(timerify),
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'Performance' },
});
defineEventHandler(Performance.prototype, 'resourcetimingbufferfull');

const performance = new Performance(internal);

module.exports = { Performance, performance, eventLoopUtilization, timerify };

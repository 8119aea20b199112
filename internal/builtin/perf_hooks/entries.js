'use strict';

// PerformanceEntry and its kinds, and the buffers that performance.getEntries looks into.
const { codes } = require('shared/errors');
const { now } = require('perf_hooks/clock');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** Tells our use of the constructors from a user's. */
const internal = Symbol('internal');

/** Names of performance.nodeTiming's moments, which marks may not take and measures may refer to. */
const milestones = new Set(['nodeStart', 'v8Start', 'environment', 'loopStart', 'loopExit', 'bootstrapComplete']);

function illegal() {
  return new codes.ERR_ILLEGAL_CONSTRUCTOR();
}

function invalidThis(name) {
  return new codes.ERR_INVALID_THIS(name);
}

class PerformanceEntry {
  #name;
  #type;
  #start;
  #duration;

  constructor(mark = undefined, name = undefined, type = undefined, start = undefined, duration = undefined) {
    if (mark !== internal) throw illegal();
    this.#name = name;
    this.#type = type;
    this.#start = start;
    this.#duration = duration;
  }

  get name() {
    if (!(#name in this)) throw invalidThis('PerformanceEntry');
    return this.#name;
  }

  get entryType() {
    if (!(#name in this)) throw invalidThis('PerformanceEntry');
    return this.#type;
  }

  get startTime() {
    if (!(#name in this)) throw invalidThis('PerformanceEntry');
    return this.#start;
  }

  get duration() {
    if (!(#name in this)) throw invalidThis('PerformanceEntry');
    return this.#duration;
  }

  [inspectCustom](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `${this.constructor.name} ${inspect(this.toJSON(), inner)}`;
  }

  toJSON() {
    if (!(#name in this)) throw invalidThis('PerformanceEntry');
    return { name: this.name, entryType: this.entryType, startTime: this.startTime, duration: this.duration };
  }
}

/** An entry with a detail: what timerified functions, gc, http and others report. */
class PerformanceNodeEntry extends PerformanceEntry {
  #detail;

  constructor(mark, name, type, start, duration, detail) {
    super(mark, name, type, start, duration);
    this.#detail = detail;
  }

  get detail() {
    return this.#detail;
  }

  get kind() {
    return this.#detail?.kind;
  }

  get flags() {
    return this.#detail?.flags;
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.#detail };
  }
}

function cloned(detail) {
  if (detail === undefined || detail === null) return null;
  return globalThis.structuredClone(detail);
}

class PerformanceMark extends PerformanceEntry {
  #detail;

  constructor(name, options = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    name = `${name}`;
    if (milestones.has(name)) throw new codes.ERR_INVALID_ARG_VALUE('name', name);
    if (options !== undefined && options !== null) {
      require('shared/validators').validateObject(options, 'options');
    }
    let startTime = options?.startTime;
    if (startTime === undefined) {
      startTime = now();
    } else {
      require('shared/validators').validateNumber(startTime, 'startTime');
      if (startTime < 0) throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(startTime);
    }
    super(internal, name, 'mark', startTime, 0);
    this.#detail = cloned(options?.detail);
  }

  get detail() {
    if (!(#detail in this)) throw invalidThis('PerformanceMark');
    return this.#detail;
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.detail };
  }
}

class PerformanceMeasure extends PerformanceEntry {
  #detail;

  constructor(mark = undefined, name = undefined, start = undefined, duration = undefined, detail = undefined) {
    if (mark !== internal) throw illegal();
    super(internal, name, 'measure', start, duration);
    this.#detail = cloned(detail);
  }

  get detail() {
    if (!(#detail in this)) throw invalidThis('PerformanceMeasure');
    return this.#detail;
  }

  toJSON() {
    return { ...super.toJSON(), detail: this.detail };
  }
}

class PerformanceResourceTiming extends PerformanceEntry {
  #url;
  #initiator;
  #timing;
  #cacheMode;
  #status;
  #delivery;

  constructor(
    mark = undefined,
    url = undefined,
    initiator = undefined,
    timing = undefined,
    cacheMode = undefined,
    status = undefined,
    delivery = undefined,
  ) {
    if (mark !== internal) throw illegal();
    super(internal, url, 'resource', timing.startTime, timing.endTime - timing.startTime);
    this.#url = url;
    this.#initiator = initiator;
    this.#timing = timing;
    this.#cacheMode = cacheMode;
    this.#status = status;
    this.#delivery = delivery;
  }

  get name() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#url;
  }

  get startTime() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.startTime;
  }

  get duration() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.endTime - this.#timing.startTime;
  }

  get initiatorType() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#initiator;
  }

  get workerStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalServiceWorkerStartTime;
  }

  get redirectStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.redirectStartTime;
  }

  get redirectEnd() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.redirectEndTime;
  }

  get fetchStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.postRedirectStartTime;
  }

  get domainLookupStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalConnectionTimingInfo?.domainLookupStartTime;
  }

  get domainLookupEnd() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalConnectionTimingInfo?.domainLookupEndTime;
  }

  get connectStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalConnectionTimingInfo?.connectionStartTime;
  }

  get connectEnd() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalConnectionTimingInfo?.connectionEndTime;
  }

  get secureConnectionStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalConnectionTimingInfo?.secureConnectionStartTime;
  }

  get nextHopProtocol() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalConnectionTimingInfo?.ALPNNegotiatedProtocol;
  }

  get requestStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalNetworkRequestStartTime;
  }

  get responseStart() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.finalNetworkResponseStartTime;
  }

  get responseEnd() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.endTime;
  }

  get encodedBodySize() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.encodedBodySize;
  }

  get decodedBodySize() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#timing.decodedBodySize;
  }

  get transferSize() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    if (this.#cacheMode === 'local') return 0;
    if (this.#cacheMode === 'validated') return 300;
    // The Resource Timing standard adds a fixed size for the headers.
    return this.#timing.encodedBodySize + 300;
  }

  get deliveryType() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#delivery;
  }

  get responseStatus() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return this.#status;
  }

  toJSON() {
    if (!(#url in this)) throw invalidThis('PerformanceResourceTiming');
    return {
      name: this.name,
      entryType: this.entryType,
      startTime: this.startTime,
      duration: this.duration,
      initiatorType: this.initiatorType,
      nextHopProtocol: this.nextHopProtocol,
      workerStart: this.workerStart,
      redirectStart: this.redirectStart,
      redirectEnd: this.redirectEnd,
      fetchStart: this.fetchStart,
      domainLookupStart: this.domainLookupStart,
      domainLookupEnd: this.domainLookupEnd,
      connectStart: this.connectStart,
      connectEnd: this.connectEnd,
      secureConnectionStart: this.secureConnectionStart,
      requestStart: this.requestStart,
      responseStart: this.responseStart,
      responseEnd: this.responseEnd,
      transferSize: this.transferSize,
      encodedBodySize: this.encodedBodySize,
      decodedBodySize: this.decodedBodySize,
      deliveryType: this.deliveryType,
      responseStatus: this.responseStatus,
    };
  }
}

function describe(constructor, tag) {
  const { prototype } = constructor;
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { __proto__: null, enumerable: true });
  }
  if (tag) {
    Object.defineProperty(prototype, Symbol.toStringTag, {
      __proto__: null,
      configurable: true,
      value: constructor.name,
    });
  }
}

describe(PerformanceEntry, false);
describe(PerformanceMark, true);
describe(PerformanceMeasure, true);
describe(PerformanceResourceTiming, true);

/** Unordered; sorted by start when asked for. */
const marks = [];
const measures = [];
const resources = [];

/** The latest mark of each name. */
const latestMark = new Map();

function byStart(a, b) {
  return a.startTime - b.startTime;
}

/** Entries that pass the filter, in order of their start. */
function select(lists, name, type) {
  const out = [];
  for (const list of lists) {
    for (const entry of list) {
      if ((name === undefined || entry.name === name) && (type === undefined || entry.entryType === type)) {
        out.push(entry);
      }
    }
  }
  return out.sort(byStart);
}

/** Empties a buffer, or takes out the entries of one name. */
function clear(list, name) {
  if (name === undefined) {
    list.length = 0;
    return;
  }
  let kept = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i].name !== name) list[kept++] = list[i];
  }
  list.length = kept;
}

module.exports = {
  PerformanceEntry,
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
};

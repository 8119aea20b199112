'use strict';

// What the loop says about itself: how long it was idle and active, and when the process reached which point.
const { loopIdle, loopMetrics, milestones } = native;
const { now } = require('perf_hooks/clock');
const { PerformanceEntry, internal } = require('perf_hooks/entries');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

// Order of what milestones() returns, in ms since the time origin; -1 for what has not happened.
const NODE_START = 0;
const V8_START = 1;
const ENVIRONMENT = 2;
const BOOTSTRAP_COMPLETE = 3;
const LOOP_START = 4;
const LOOP_EXIT = 5;

function moment(index) {
  return milestones()[index];
}

/**
 * @param {{ idle: number, active: number }} [later]
 * @param {{ idle: number, active: number }} [earlier]
 */
function eventLoopUtilization(later, earlier) {
  const loopStart = moment(LOOP_START);
  if (loopStart <= 0) return { idle: 0, active: 0, utilization: 0 };
  if (earlier) {
    const idle = later.idle - earlier.idle;
    const active = later.active - earlier.active;
    return { idle, active, utilization: active / (idle + active) };
  }
  const idle = loopIdle();
  const active = now() - loopStart - idle;
  if (!later) return { idle, active, utilization: active / (idle + active) };
  const idleSince = idle - later.idle;
  const activeSince = active - later.active;
  return { idle: idleSince, active: activeSince, utilization: activeSince / (idleSince + activeSince) };
}

class PerformanceNodeTiming extends PerformanceEntry {
  constructor() {
    super(internal, 'node', 'node', 0, 0);
    // Own properties, as in Node.
    const own = (name, get) => {
      Object.defineProperty(this, name, { __proto__: null, enumerable: true, configurable: true, get });
    };
    own('name', () => 'node');
    own('entryType', () => 'node');
    own('startTime', () => 0);
    own('duration', now);
    own('nodeStart', () => moment(NODE_START));
    own('v8Start', () => moment(V8_START));
    own('bootstrapComplete', () => moment(BOOTSTRAP_COMPLETE));
    own('environment', () => moment(ENVIRONMENT));
    own('loopStart', () => moment(LOOP_START));
    own('loopExit', () => moment(LOOP_EXIT));
    own('idleTime', loopIdle);
    own('uvMetricsInfo', () => {
      const [loopCount, events, eventsWaiting] = loopMetrics();
      return { loopCount, events, eventsWaiting };
    });
  }

  [inspectCustom](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `PerformanceNodeTiming ${inspect(this.toJSON(), inner)}`;
  }

  toJSON() {
    return {
      name: 'node',
      entryType: 'node',
      startTime: this.startTime,
      duration: this.duration,
      nodeStart: this.nodeStart,
      v8Start: this.v8Start,
      bootstrapComplete: this.bootstrapComplete,
      environment: this.environment,
      loopStart: this.loopStart,
      loopExit: this.loopExit,
      idleTime: this.idleTime,
    };
  }
}

module.exports = { PerformanceNodeTiming, eventLoopUtilization };

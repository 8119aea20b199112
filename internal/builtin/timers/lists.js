'use strict';

// Timers. All timers of one duration stand in one list: they are appended in the order they will expire in, so that
// starting, refreshing and clearing one is a constant amount of work. The lists stand in a heap ordered by the expiry
// of their first timer, and only the first list's expiry is known to the loop: one native timer per runtime.
//
// The border. The host calls processTimers when the loop's timer has fired and processImmediates in the check phase;
// neither catches what a callback throws: it leaves everything in a state from which the next call goes on, and the
// host calls until it gets a normal return.
const { asyncId, newId } = require('async_hooks/ids');
const { runTicks } = require('process/ticks');

const { schedule, refTimer, now: loopNow } = native;

// Memory shared with the loop, attached when the runtime starts (a start-up snapshot can't hold it).
let immediates;
let clock;
const { getContinuationData, monotonicNow, setContinuationData } = engine;

/** A longer delay does not fit the loop's timer and becomes 1 ms. */
const MAX_DELAY = 2 ** 31 - 1;

// What `immediates` counts.
const QUEUED = 0;
const REFED = 1;
const OUTSTANDING = 2;

const kRefed = Symbol('refed');
const kHasPrimitive = Symbol('kHasPrimitive');
const kContext = Symbol('kAsyncContextFrame');

/** duration in ms -> TimerList, for durations with at least one timer */
const lists = new Map();

/** Binary heap of lists. @type {TimerList[]} */
const heap = [];

/** Timers that were converted to a primitive, by it. */
const byPrimitive = new Map();

let lastListId = 0;

/** When the loop will call next, in its time; Infinity when it won't. */
let wakeAt = Infinity;

let refedTimers = 0;
let processing = false;

let warnedNegative = false;
let warnedNotANumber = false;

/** async_hooks' emitters, once somebody wants hooks or ids. See process/ticks. */
let hooks;

/** The loop's time in ms: that of the turn. */
function turnTime() {
  return clock === undefined ? loopNow() : clock[0];
}

/** How far the engine's clock is ahead of the loop's; from the first timer on. */
let ahead;

/**
 * The loop's time as it would be if it were read now. A timer counts from here: a callback that has taken long would
 * otherwise start timers that fire too early.
 */
function currentTime() {
  // loopNow() brings the loop's time up to date and leaves the fraction out.
  ahead ??= monotonicNow() - loopNow() - 0.5;
  const time = Math.trunc(monotonicNow() - ahead);
  const turn = turnTime();
  return time > turn ? time : turn;
}

class TimerList {
  constructor(duration, expiry) {
    // The list's own two links close the ring of its timers.
    /** @type {any} a Timeout, or the list */
    this._idleNext = this;
    this._idlePrev = this;
    this.duration = duration;
    this.expiry = expiry;
    this.id = ++lastListId;
    this.slot = 0;
  }
}

function earlier(a, b) {
  return a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);
}

function siftUp(list, slot) {
  while (slot > 0) {
    const parent = (slot - 1) >> 1;
    const other = heap[parent];
    if (!earlier(list, other)) break;
    heap[slot] = other;
    other.slot = slot;
    slot = parent;
  }
  heap[slot] = list;
  list.slot = slot;
}

function siftDown(list, slot) {
  const length = heap.length;
  for (;;) {
    let child = 2 * slot + 1;
    if (child >= length) break;
    if (child + 1 < length && earlier(heap[child + 1], heap[child])) child++;
    const other = heap[child];
    if (!earlier(other, list)) break;
    heap[slot] = other;
    other.slot = slot;
    slot = child;
  }
  heap[slot] = list;
  list.slot = slot;
}

function removeList(list) {
  lists.delete(list.duration);
  const last = heap.pop();
  if (last === list) return;
  const slot = list.slot;
  if (slot > 0 && earlier(last, heap[(slot - 1) >> 1])) siftUp(last, slot);
  else siftDown(last, slot);
}

function link(timer, list) {
  const last = list._idlePrev;
  timer._idlePrev = last;
  timer._idleNext = list;
  last._idleNext = timer;
  list._idlePrev = timer;
}

/** Takes the timer out of its list; the list goes with its last timer. */
function unlink(timer) {
  const next = timer._idleNext;
  if (next === null) return;
  const prev = timer._idlePrev;
  prev._idleNext = next;
  next._idlePrev = prev;
  timer._idleNext = null;
  timer._idlePrev = null;
  if (next === prev && next !== running) removeList(next);
}

/** The list whose timers are being called: it stays when it runs empty, until its turn is over. */
let running = null;

function countRef() {
  if (clock !== undefined) clock[1] = ++refedTimers;
  else if (++refedTimers === 1) refTimer(true);
}

function countUnref() {
  if (clock !== undefined) clock[1] = --refedTimers;
  else if (--refedTimers === 0) refTimer(false);
}

function insert(timer, start) {
  const duration = Math.trunc(timer._idleTimeout);
  timer._idleStart = start;
  let list = lists.get(duration);
  if (list === undefined) {
    const expiry = start + duration;
    list = new TimerList(duration, expiry);
    lists.set(duration, list);
    heap.push(list);
    siftUp(list, heap.length - 1);
    // While timers run there is no need: processTimers returns when it wants to be called next.
    if (expiry < wakeAt && !processing) {
      wakeAt = expiry;
      schedule(expiry - turnTime());
    }
  }
  link(timer, list);
}

/** Starts the timer, or starts it anew. */
function start(timer) {
  if (timer._idleTimeout < 0) return;
  const next = timer._idleNext;
  if (next !== null) {
    if (next === timer._idlePrev && next !== running && next.duration === Math.trunc(timer._idleTimeout)) {
      // Alone in its list: that stays, and when its time comes it is put off.
      timer._idleStart = currentTime();
      return;
    }
    unlink(timer);
  }
  if (timer._destroyed) {
    // It has fired: refresh gives it another life.
    timer._destroyed = false;
    if (timer[kRefed]) countRef();
    if (hooks !== undefined) hooks.init(timer, 'Timeout');
  }
  insert(timer, currentTime());
}

function destroy(timer) {
  timer._destroyed = true;
  if (timer[kHasPrimitive]) {
    byPrimitive.delete(timer[asyncId]);
    timer[kHasPrimitive] = false;
  }
  if (timer[kRefed]) countUnref();
  if (hooks !== undefined) hooks.destroy(timer);
}

/** Stops the timer for good. */
function cancel(timer) {
  if (timer._destroyed) return;
  unlink(timer);
  destroy(timer);
  // An interval's _idleTimeout of -1 tells its running callback's end not to start it anew.
  timer._idleTimeout = -1;
}

/** What setTimeout makes of its second argument. */
function toDelay(value) {
  value *= 1;
  if (value >= 1 && value <= MAX_DELAY) return value;
  if (value > MAX_DELAY) {
    process.emitWarning(
      `${value} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      'TimeoutOverflowWarning',
    );
  } else if (value < 0 && !warnedNegative) {
    warnedNegative = true;
    process.emitWarning(`${value} is a negative number.\nTimeout duration was set to 1.`, 'TimeoutNegativeWarning');
  } else if (value !== value && !warnedNotANumber) {
    warnedNotANumber = true;
    process.emitWarning(`${value} is not a number.\nTimeout duration was set to 1.`, 'TimeoutNaNWarning');
  }
  return 1;
}

class Timeout {
  /** Started by the caller, with `start`. */
  constructor(callback, delay, args, isRepeat, isRefed) {
    if (delay === undefined) delay = 1;
    else delay = toDelay(delay);
    this._idleTimeout = delay;
    this._idlePrev = null;
    this._idleNext = null;
    this._idleStart = 0;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = isRepeat ? delay : null;
    this._destroyed = false;
    this[kRefed] = isRefed;
    this[kHasPrimitive] = false;
    this[kContext] = getContinuationData();
    if (isRefed) countRef();
    if (hooks !== undefined) hooks.init(this, 'Timeout');
  }

  [Symbol.for('nodejs.util.inspect.custom')](_, options) {
    const { inspect } = require('util');
    return inspect(this, { ...options, depth: 0, customInspect: false });
  }

  refresh() {
    start(this);
    return this;
  }

  unref() {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (!this._destroyed) countUnref();
    }
    return this;
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      if (!this._destroyed) countRef();
    }
    return this;
  }

  hasRef() {
    return this[kRefed];
  }

  close() {
    clearTimeout(this);
    return this;
  }

  [Symbol.dispose]() {
    clearTimeout(this);
  }

  [Symbol.toPrimitive]() {
    const id = (this[asyncId] ??= newId());
    if (!this[kHasPrimitive] && !this._destroyed) {
      this[kHasPrimitive] = true;
      byPrimitive.set(id, this);
    }
    return id;
  }
}

/** clearTimeout and clearInterval: a Timeout, or the primitive that one was converted to. */
function clearTimeout(timer) {
  if (timer && timer._onTimeout) {
    timer._onTimeout = null;
    if (timer instanceof Timeout) cancel(timer);
    return;
  }
  if (typeof timer === 'number' || typeof timer === 'string') {
    const found = byPrimitive.get(+timer);
    if (found !== undefined && String(found[asyncId]) === String(timer)) {
      found._onTimeout = null;
      cancel(found);
    }
  }
}

/** Calls one timer and settles what becomes of it. */
function fire(timer) {
  const callback = timer._onTimeout;
  if (!callback) {
    if (!timer._destroyed) destroy(timer);
    return;
  }
  const again = timer._repeat ? currentTime() : 0;
  setContinuationData(timer[kContext]);
  if (hooks !== undefined) hooks.before(timer);
  try {
    const args = timer._timerArgs;
    // A user may have put a `call` or `apply` of his own on the function.
    if (args === undefined) timer._onTimeout();
    else Reflect.apply(callback, timer, args);
  } finally {
    if (timer._repeat && timer._idleTimeout !== -1) {
      timer._idleTimeout = timer._repeat;
      if (timer._idleNext !== null) unlink(timer);
      insert(timer, again);
    } else if (timer._idleNext === null && !timer._destroyed) {
      destroy(timer);
    }
  }
  // After an error the ids stay: 'uncaughtException' runs in the context of what threw.
  if (hooks !== undefined) hooks.after(timer);
}

/** What processTimers returns, and the loop is to be told so only once. */
function nextWake() {
  processing = false;
  if (heap.length === 0) {
    wakeAt = Infinity;
    return 0;
  }
  wakeAt = heap[0].expiry;
  return refedTimers > 0 ? wakeAt : -wakeAt;
}

/**
 * Runs what is due.
 * @param {number} time the loop's
 * @returns {number} when to be called next, in the loop's time: 0 never, negative when only unref'd timers are left
 */
function processTimers(time) {
  processing = true;
  try {
    while (heap.length > 0) {
      const list = heap[0];
      if (list.expiry > time) {
        // Callbacks take time: what has become due meanwhile runs in this turn.
        time = turnTime();
        if (list.expiry > time) break;
      }
      running = list;
      for (let timer = list._idleNext; timer !== list; timer = list._idleNext) {
        if (timer._idleStart + list.duration > time) break;
        unlink(timer);
        fire(timer);
        setContinuationData(undefined);
        runTicks();
      }
      leaveList(list, time);
    }
    return nextWake();
  } finally {
    if (running !== null) leaveList(running, time);
    processing = false;
  }
}

/** The list is off the front: gone when empty, else back in the heap with its first timer's expiry. */
function leaveList(list, time) {
  running = null;
  const timer = list._idleNext;
  if (timer === list) {
    removeList(list);
    return;
  }
  const expiry = timer._idleStart + list.duration;
  // After an error the rest of the list is still due, and stays in front.
  if (expiry > time) {
    list.expiry = Math.max(expiry, time + 1);
    siftDown(list, list.slot);
  }
}

/** A timer for internal use: unref'd, without arguments. */
function setUnrefTimeout(callback, delay) {
  const timer = new Timeout(callback, delay, undefined, false, false);
  start(timer);
  return timer;
}

/**
 * Checks a duration that a user gave in milliseconds.
 * @param {number} value
 * @param {string} name
 */
function checkedDuration(value, name) {
  require('shared/validators').validateNumber(value, name);
  if (value < 0 || !Number.isFinite(value)) {
    const { ERR_OUT_OF_RANGE } = require('shared/errors').codes;
    throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', value);
  }
  if (value > MAX_DELAY) {
    process.emitWarning(
      `${value} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ` + `${MAX_DELAY}.`,
      'TimeoutOverflowWarning',
    );
    return MAX_DELAY;
  }
  return value;
}

// --- immediates

/** Immediates for the next check phase. Cleared ones stay in it until then. */
let queue = [];

/** Those of the current check phase, and how many have been taken from it. */
let current = [];
let taken = 0;

class Immediate {
  constructor(callback, args) {
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[kRefed] = true;
    this[kContext] = getContinuationData();
    immediates[QUEUED]++;
    immediates[REFED]++;
    if (hooks !== undefined) hooks.init(this, 'Immediate');
    queue.push(this);
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      immediates[REFED]++;
    }
    return this;
  }

  unref() {
    if (this[kRefed]) {
      this[kRefed] = false;
      immediates[REFED]--;
    }
    return this;
  }

  hasRef() {
    return !!this[kRefed];
  }

  [Symbol.dispose]() {
    clearImmediate(this);
  }
}

/** Takes the immediate out of the counts: it has run or is cleared. */
function retire(immediate) {
  immediate._destroyed = true;
  immediates[QUEUED]--;
  if (immediate[kRefed]) immediates[REFED]--;
  immediate[kRefed] = null;
}

function clearImmediate(immediate) {
  if (!immediate || immediate._destroyed || !(immediate instanceof Immediate)) return;
  retire(immediate);
  if (hooks !== undefined) hooks.destroy(immediate);
  immediate._onImmediate = null;
  immediate._argv = undefined;
  // The others that are cleared wait for the check phase, unless it has nothing to do.
  if (queue.length > 0) {
    if (queue[queue.length - 1] === immediate) queue.pop();
    else if (immediates[QUEUED] === 0) queue.length = 0;
  }
}

function fireImmediate(immediate) {
  const callback = immediate._onImmediate;
  const args = immediate._argv;
  retire(immediate);
  setContinuationData(immediate[kContext]);
  if (hooks !== undefined) hooks.before(immediate);
  try {
    if (args === undefined) immediate._onImmediate();
    else Reflect.apply(callback, immediate, args);
  } finally {
    immediate._onImmediate = null;
    if (hooks !== undefined) hooks.destroy(immediate);
  }
  if (hooks !== undefined) hooks.after(immediate);
}

/** Runs the immediates that were queued before the call, or what an error left of an earlier call's. */
function processImmediates() {
  if (taken === current.length) {
    current = queue;
    queue = [];
    taken = 0;
  }
  try {
    while (taken < current.length) {
      const immediate = current[taken];
      current[taken++] = undefined;
      if (immediate._destroyed) continue;
      fireImmediate(immediate);
      setContinuationData(undefined);
      runTicks();
    }
  } finally {
    immediates[OUTSTANDING] = taken < current.length ? 1 : 0;
  }
}

/**
 * @param {Int32Array} counts what `immediates` counts
 * @param {Float64Array} time [0] the loop's time in ms, [1] how many ref'd timers there are
 */
function attach(counts, time) {
  immediates = counts;
  clock = time;
}

/** How many timers and immediates keep the program running. */
function active() {
  return { timers: refedTimers, immediates: immediates === undefined ? 0 : immediates[REFED] };
}

/** @param {object | undefined} table see process/ticks */
function setAsyncHooks(table) {
  hooks = table;
}

module.exports = {
  Timeout,
  Immediate,
  start,
  clearTimeout,
  clearImmediate,
  setUnrefTimeout,
  checkedDuration,
  active,
  attach,
  processTimers,
  processImmediates,
  setAsyncHooks,
};

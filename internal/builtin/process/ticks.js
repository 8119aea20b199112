'use strict';

// The queue of process.nextTick, the checkpoint that runs after every callback from the loop, and queueMicrotask.
//
// An entry is one object of a fixed shape; entries stand in a ring of blocks of 1,024 slots that is reused for ever, so
// that neither queueing nor running one moves memory. runTicks throws what an entry throws: the entry is off the queue
// by then, and the host, having handled the error, calls runTicks again.
const { validateFunction } = require('shared/validators');

const { enqueueMicrotask, getContinuationData, runMicrotasks, setContinuationData } = engine;

const BLOCK = 1024;

class Tick {
  constructor(callback, argc, first, second, all, context) {
    this.callback = callback;
    this.argc = argc;
    this.first = first;
    this.second = second;
    this.all = all;
    this.context = context;
  }
}

class Block {
  constructor() {
    this.slots = new Array(BLOCK).fill(undefined);
    this.read = 0;
    this.write = 0;
    this.next = undefined;
  }
}

/** First in, first out. A block that has been read to its end is kept for the next one needed. */
class Queue {
  constructor() {
    this.head = this.tail = new Block();
    this.spare = undefined;
  }

  push(entry) {
    let tail = this.tail;
    if (tail.write === BLOCK) {
      const block = this.spare ?? new Block();
      this.spare = undefined;
      this.tail = tail = tail.next = block;
    }
    tail.slots[tail.write++] = entry;
  }

  /** undefined when empty. */
  shift() {
    let head = this.head;
    if (head.read === head.write) {
      if (head.next === undefined) return undefined;
      const next = head.next;
      head.next = undefined;
      head.read = head.write = 0;
      this.spare = head;
      this.head = head = next;
    }
    const entry = head.slots[head.read];
    head.slots[head.read++] = undefined;
    if (head.read === head.write && head.next === undefined) head.read = head.write = 0;
    return entry;
  }

  get empty() {
    return this.head.read === this.head.write && this.head.next === undefined;
  }
}

const ticks = new Queue();
const microtasks = new Queue();

/** Work for when both queues have run empty: rejections nobody has handled by then. */
let drained = [];

/** async_hooks' emitters, once somebody wants hooks or ids. */
let hooks;

/** Whether somebody's promise hooks would see promises of ours. */
let watched = false;

let uncaught;
let exiting;

/**
 * process.nextTick
 * @param {Function} callback
 */
function nextTick(callback) {
  validateFunction(callback, 'callback');
  exiting ??= require('process/object');
  if (exiting._exiting) return;
  const argc = arguments.length - 1;
  let entry;
  if (argc <= 0) {
    entry = new Tick(callback, 0, undefined, undefined, undefined, getContinuationData());
  } else if (argc <= 2) {
    entry = new Tick(callback, argc, arguments[1], arguments[2], undefined, getContinuationData());
  } else {
    const all = new Array(argc);
    for (let i = 0; i < argc; i++) all[i] = arguments[i + 1];
    entry = new Tick(callback, argc, undefined, undefined, all, getContinuationData());
  }
  if (hooks !== undefined) hooks.init(entry, 'TickObject');
  ticks.push(entry);
}

function call(entry) {
  const callback = entry.callback;
  switch (entry.argc) {
    case 0:
      callback();
      break;
    case 1:
      callback(entry.first);
      break;
    case 2:
      callback(entry.first, entry.second);
      break;
    default:
      callback(...entry.all);
  }
}

function callHooked(entry) {
  hooks.before(entry);
  try {
    call(entry);
  } finally {
    hooks.destroy(entry);
  }
  // After an error the ids stay: 'uncaughtException' runs in the context of what threw.
  hooks.after(entry);
}

/** Runs what nextTick queued, then microtasks, until neither is left. */
function runTicks() {
  if (ticks.empty) {
    runMicrotasks();
    if (ticks.empty && drained.length === 0) return;
  }
  const outer = getContinuationData();
  for (;;) {
    for (let entry = ticks.shift(); entry !== undefined; entry = ticks.shift()) {
      setContinuationData(entry.context);
      if (hooks === undefined) call(entry);
      else callHooked(entry);
    }
    setContinuationData(outer);
    runMicrotasks();
    if (!ticks.empty) continue;
    if (drained.length === 0) return;
    const work = drained;
    drained = [];
    for (let i = 0; i < work.length; i++) {
      try {
        work[i]();
      } catch (error) {
        drained = work.slice(i + 1).concat(drained);
        throw error;
      }
    }
  }
}

/**
 * Has `fn` called once, by the next runTicks, when both queues are empty.
 * @param {() => void} fn
 */
function afterDrain(fn) {
  drained.push(fn);
}

/** Callbacks of queueMicrotask while nobody watches promises. */
const plain = new Queue();
const { then } = Promise.prototype;
const resolved = Promise.resolve();

/** Of plain microtasks: V8 has set the async context that they were queued in. */
function runPlain() {
  const callback = plain.shift();
  try {
    callback();
  } catch (error) {
    if (uncaught === undefined) throw error;
    uncaught(error);
  }
}

/** Every other microtask of ours is this function: they run in the order they were queued in. */
function runMicrotask() {
  const entry = microtasks.shift();
  setContinuationData(entry.context);
  const tracking = hooks !== undefined;
  if (tracking) hooks.before(entry);
  try {
    const callback = entry.callback;
    callback();
  } catch (error) {
    if (uncaught === undefined) throw error;
    uncaught(error);
  } finally {
    if (tracking) {
      hooks.after(entry);
      hooks.destroy(entry);
    }
    setContinuationData(undefined);
  }
}

/**
 * @param {() => void} callback
 */
function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  if (hooks === undefined && !watched) {
    // A reaction is queued at once, in compiled code; the engine's own call for it costs twice as much.
    Reflect.apply(then, resolved, [runPlain]);
    plain.push(callback);
    return;
  }
  const entry = new Tick(callback, 0, undefined, undefined, undefined, getContinuationData());
  if (hooks !== undefined) hooks.init(entry, 'Microtask');
  microtasks.push(entry);
  enqueueMicrotask(runMicrotask);
}

/**
 * Who gets what a microtask throws: the host's way to uncaughtException.
 * @param {(error: unknown) => void} fn
 */
function setUncaught(fn) {
  uncaught = fn;
}

/**
 * From async_hooks/ids: init(resource, type), before, after and destroy(resource).
 * @param {{ init: Function, before: Function, after: Function, destroy: Function } | undefined} table
 */
function setAsyncHooks(table) {
  hooks = table;
}

/** From v8.promiseHooks, with its first hook. */
function watchPromises() {
  watched = true;
}

module.exports = { watchPromises, nextTick, runTicks, queueMicrotask, afterDrain, setUncaught, setAsyncHooks };

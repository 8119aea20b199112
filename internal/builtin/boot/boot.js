'use strict';

// The first builtin file: loads the others, and offers the functions that Go enters JavaScript by. Runs once per runtime,
// or once for all when a start-up snapshot is made; what depends on the process belongs in init().

const { compile, natives, exit } = native;
const { runMicrotasks, setContinuationData } = engine;

/** @type {Map<string, { exports: any }>} */
const cache = new Map([['boot', module]]);
/** Natives by folder: Go makes each object once. */
const nativesOf = new Map([['boot', native]]);

/**
 * Loads a builtin file by id. Circular requires see what the other has exported so far, as in CommonJS.
 * @param {string} id
 */
function requireBuiltin(id) {
  const loaded = cache.get(id);
  if (loaded !== undefined) return loaded.exports;
  const m = { exports: {} };
  const wrapper = compile(id);
  cache.set(id, m);
  const slash = id.indexOf('/');
  const folder = slash < 0 ? id : id.slice(0, slash);
  let table = nativesOf.get(folder);
  if (table === undefined) {
    table = natives(folder);
    nativesOf.set(folder, table);
  }
  wrapper(m.exports, requireBuiltin, m, table, engine);
  return m.exports;
}

const { runTicks } = requireBuiltin('process/ticks');

// --- dispatch: the batch that runs now. An exception leaves the loop below with `at` behind the event that threw.
let events = [];
let at = 0;

/**
 * Runs a batch: target, argument count, arguments ..., again and again. A target is a function, or the pair of a one-time
 * callback and the async context it was registered in. Called without a batch after an exception: goes on.
 * @param {any[] | undefined} batch
 */
function dispatch(batch) {
  if (batch === undefined) {
    setContinuationData(undefined);
    runTicks();
  } else {
    events = at < events.length ? events.slice(at).concat(batch) : batch;
    at = 0;
  }
  while (at < events.length) {
    const list = events;
    const target = list[at];
    const first = at + 2;
    const argc = list[at + 1];
    at = first + argc;
    if (typeof target === 'function') {
      call(target, argc, list, first);
    } else {
      setContinuationData(target[1]);
      call(target[0], argc, list, first);
      setContinuationData(undefined);
    }
    runTicks();
  }
  events = [];
  at = 0;
}

function call(fn, argc, list, first) {
  switch (argc) {
    case 0:
      fn();
      break;
    case 1:
      fn(list[first]);
      break;
    case 2:
      fn(list[first], list[first + 1]);
      break;
    case 3:
      fn(list[first], list[first + 1], list[first + 2]);
      break;
    default:
      fn(...list.slice(first, first + argc));
  }
}

/**
 * An exception that no JavaScript caught. Returns true when the program goes on.
 * @param {unknown} error
 * @param {{file: string, line: number, column: number, endColumn: number, source: string}} where
 */
function uncaught(error, where) {
  // The async context of what threw is still current: 'uncaughtException' sees it.
  try {
    return requireBuiltin('process/uncaught').handle(error, where);
  } finally {
    setContinuationData(undefined);
  }
}

/** Makes what depends on this process: hooks, memory shared with the loop, process's properties. */
function init() {
  requireBuiltin('boot/globals').connect(requireBuiltin);
}

/** Loads builtins that a start-up snapshot is to hold. */
function preload(ids) {
  for (const id of ids) requireBuiltin(id);
}

// The global object has no state of a process yet: it can be in a snapshot.
requireBuiltin('boot/globals').install(requireBuiltin);

function beforeExit() {
  requireBuiltin('process/exit').beforeExit();
  runTicks();
}

function atExit() {
  exit(requireBuiltin('process/exit').emitExit());
}

/**
 * @param {string} kind 'file', 'eval', 'print', 'stdin' or 'check'
 * @param {string} text the file's path or the source
 */
function runMain(kind, text) {
  requireBuiltin('module/main').run(kind, text);
  runTicks();
}

module.exports = {
  require: requireBuiltin,
  dispatch,
  uncaught,
  init,
  beforeExit,
  exit: atExit,
  runMain,
  preload,
  runMicrotasks,
};

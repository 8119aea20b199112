'use strict';

// fs.watch and fs.promises.watch. All watchers of a runtime share one inotify descriptor, whose events Go hands over by the
// watcher's number.

const { watchClose, watchRef, watchSetup, watchStart } = native;
const EventEmitter = require('events');
const {
  AbortError,
  codes: { ERR_FS_WATCH_QUEUE_OVERFLOW, ERR_INVALID_ARG_VALUE },
} = require('shared/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateInteger,
  validateObject,
  validateOneOf,
} = require('shared/validators');
const { checkEncoding, decodeName, toOptions, toPath, wantsBytes } = require('fs/args');

/** @type {Map<number, FSWatcher> | undefined} watchers by number */
let watchers;

function dispatch(id, isRename, name) {
  const watcher = watchers.get(id);
  if (watcher !== undefined) watcher._changed(isRename ? 'rename' : 'change', name);
}

const kId = Symbol('kId');
const kEncoding = Symbol('kEncoding');
const kPersistent = Symbol('kPersistent');

class FSWatcher extends EventEmitter {
  constructor() {
    super();
    this[kId] = 0;
    this[kEncoding] = undefined;
    this[kPersistent] = true;
  }

  /**
   * @param {string} filename
   * @param {boolean} persistent
   * @param {boolean} recursive
   * @param {string} [encoding]
   */
  start(filename, persistent, recursive, encoding) {
    if (this[kId] !== 0) return;
    if (watchers === undefined) {
      watchers = new Map();
      watchSetup(dispatch);
    }
    this[kEncoding] = encoding;
    try {
      this[kId] = watchStart(toPath(filename, 'filename'), recursive, wantsBytes(encoding), persistent);
    } catch (error) {
      error.filename = filename;
      throw error;
    }
    watchers.set(this[kId], this);
  }

  _changed(eventType, name) {
    this.emit('change', eventType, decodeName(name, this[kEncoding]));
  }

  close() {
    const id = this[kId];
    if (id <= 0) return;
    this[kId] = -1;
    watchers.delete(id);
    watchClose(id);
    process.nextTick(() => this.emit('close'));
  }

  ref() {
    if (this[kId] > 0) watchRef(this[kId], true);
    return this;
  }

  unref() {
    if (this[kId] > 0) watchRef(this[kId], false);
    return this;
  }
}

function watch(filename, options, listener) {
  if (typeof options === 'function') listener = options;
  options = toOptions(options, { __proto__: null });
  const { encoding, persistent = true, recursive = false, signal } = options;
  if (options.recursive != null) validateBoolean(recursive, 'options.recursive');
  filename = toPath(filename, 'filename');
  const watcher = new FSWatcher();
  watcher.start(filename, persistent !== false, recursive === true, encoding);
  if (listener) watcher.addListener('change', listener);
  if (signal) {
    if (signal.aborted) {
      process.nextTick(() => watcher.close());
    } else {
      const onAbort = () => watcher.close();
      signal.addEventListener('abort', onAbort, { once: true });
      watcher.once('close', () => signal.removeEventListener('abort', onAbort));
    }
  }
  return watcher;
}

/** fs.promises.watch: an asynchronous iterator of { eventType, filename }. */
async function* watchIterator(filename, options = { __proto__: null }) {
  const path = toPath(filename, 'filename');
  validateObject(options, 'options');
  const {
    persistent = true,
    recursive = false,
    encoding = 'utf8',
    maxQueue = 2048,
    overflow = 'ignore',
    signal,
  } = options;
  validateBoolean(persistent, 'options.persistent');
  validateBoolean(recursive, 'options.recursive');
  validateInteger(maxQueue, 'options.maxQueue');
  validateOneOf(overflow, 'options.overflow', ['ignore', 'error']);
  if (encoding != null && typeof encoding !== 'string') {
    throw new ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  }
  if (encoding !== 'buffer') checkEncoding(encoding);
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });

  /** @type {{ __proto__: null, eventType: string, filename: any }[]} */
  let queue = [];
  let failure;
  let wake;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  const watcher = new FSWatcher();
  watcher._changed = (eventType, name) => {
    if (queue.length < maxQueue) {
      queue.push({ __proto__: null, eventType, filename: decodeName(name, encoding) });
    } else if (overflow === 'error') {
      failure ??= new ERR_FS_WATCH_QUEUE_OVERFLOW(maxQueue);
    } else {
      process.emitWarning('fs.watch maxQueue exceeded');
    }
    notify();
  };
  const onAbort = () => {
    failure = new AbortError(undefined, { cause: signal.reason });
    notify();
  };
  watcher.start(path, persistent, recursive, encoding);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      while (queue.length > 0 && failure === undefined) {
        const batch = queue;
        queue = [];
        for (const event of batch) yield event;
      }
      if (failure !== undefined) throw failure;
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    watcher.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

module.exports = { watch, watchIterator };

'use strict';

// fs.watchFile: looks at a file every `interval` ms and tells when its stats have changed. One watcher per file, shared by
// its listeners.

const { stat: statNative } = native;
const EventEmitter = require('events');
const { validateFunction, validateUint32 } = require('shared/validators');
const { resolve } = require('path');
const { toPath } = require('fs/args');
const { BY_PATH } = require('fs/attributes');
const { bigIntStatsOf, emptyStats, statsOf } = require('fs/stats');

/** @type {Map<string, StatWatcher>} */
const watchers = new Map();

const kTimer = Symbol('kTimer');
const kPrevious = Symbol('kPrevious');
const kStarted = Symbol('kStarted');
const kStopped = Symbol('kStopped');
const kRefs = Symbol('kRefs');
const kMaxRefs = Symbol('kMaxRefs');

/** Whether anything but the time of access differs. */
function differs(a, b) {
  return (
    a.ctimeMs !== b.ctimeMs ||
    a.mtimeMs !== b.mtimeMs ||
    a.birthtimeMs !== b.birthtimeMs ||
    a.size !== b.size ||
    a.mode !== b.mode ||
    a.uid !== b.uid ||
    a.gid !== b.gid ||
    a.ino !== b.ino ||
    a.dev !== b.dev ||
    a.nlink !== b.nlink
  );
}

class StatWatcher extends EventEmitter {
  constructor(bigint) {
    super();
    this.bigint = bigint;
    this[kTimer] = null;
    this[kPrevious] = null;
    this[kStarted] = false;
    this[kStopped] = false;
    this[kRefs] = 1;
    this[kMaxRefs] = 1;
  }

  start(filename, interval) {
    if (this[kStarted]) return;
    this[kStarted] = true;
    this.filename = filename;
    this.interval = interval;
    this._look();
  }

  _look() {
    // A watcher that must not hold the program up looks synchronously: work on the pool would.
    if (this[kRefs] === 0) {
      let values;
      try {
        values = statNative(this.filename, BY_PATH, this.bigint);
      } catch (error) {
        this._seen(error, undefined);
        return;
      }
      this._seen(null, values);
      return;
    }
    statNative(this.filename, BY_PATH, this.bigint, (error, values) => this._seen(error, values));
  }

  _seen(error, values) {
    if (this[kStopped]) return;
    this[kTimer] = setTimeout(() => this._look(), Math.max(this.interval, 1));
    if (this[kRefs] === 0) this[kTimer].unref();
    const previous = this[kPrevious];
    const current = error ? emptyStats(this.bigint) : this.bigint ? bigIntStatsOf(values) : statsOf(values);
    this[kPrevious] = current;
    // At first only a missing file is told.
    if (previous === null) {
      if (error) this.emit('change', current, emptyStats(this.bigint));
    } else if (differs(current, previous)) {
      this.emit('change', current, previous);
    }
  }

  stop() {
    if (this[kStopped]) return;
    this[kStopped] = true;
    clearTimeout(this[kTimer]);
    process.nextTick(() => this.emit('stop'));
  }

  /** How many listeners there are bounds how often it can be unref'd. */
  ref() {
    if (this[kRefs] === this[kMaxRefs]) return this;
    if (++this[kRefs] === 1) this[kTimer]?.ref();
    return this;
  }

  unref() {
    if (this[kRefs] === 0) return this;
    if (--this[kRefs] === 0) this[kTimer]?.unref();
    return this;
  }

  _addListener() {
    this[kMaxRefs]++;
    this.ref();
  }

  _dropListener() {
    if (this[kRefs] === this[kMaxRefs]) this.unref();
    this[kMaxRefs]--;
  }
}

function watchFile(filename, options, listener) {
  filename = resolve(`${toPath(filename, 'filename')}`);
  if (options === null || typeof options !== 'object') {
    listener = options;
    options = null;
  }
  options = { interval: 5007, persistent: true, bigint: false, ...options };
  validateFunction(listener, 'listener');
  validateUint32(options.interval, 'interval');
  let watcher = watchers.get(filename);
  if (watcher === undefined) {
    watcher = new StatWatcher(options.bigint);
    if (!options.persistent) watcher[kRefs] = 0;
    watcher.start(filename, options.interval);
    watchers.set(filename, watcher);
  } else {
    watcher._addListener();
  }
  watcher.addListener('change', listener);
  return watcher;
}

function unwatchFile(filename, listener) {
  filename = resolve(`${toPath(filename, 'filename')}`);
  const watcher = watchers.get(filename);
  if (watcher === undefined) return;
  if (typeof listener === 'function') {
    const before = watcher.listenerCount('change');
    watcher.removeListener('change', listener);
    if (watcher.listenerCount('change') < before) watcher._dropListener();
  } else {
    watcher.removeAllListeners('change');
  }
  if (watcher.listenerCount('change') === 0) {
    watcher.stop();
    watchers.delete(filename);
  }
}

module.exports = { unwatchFile, watchFile };

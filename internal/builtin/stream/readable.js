'use strict';

// Readable: a source of chunks. Two parties meet here. The producer side is _read() and push(): what arrives is put
// into the state's buffer, or handed straight to a 'data' listener when data flows and nothing waits. The consumer side
// is read(), the events 'readable' and 'data', pipe() and async iteration, which all end in read().
//
// All methods know only `this._readableState`, never how it came to be: a subclass may make it lazily, with a getter on
// its prototype.

const EventEmitter = require('events');
const { Stream } = require('stream/legacy');
const { ReadableState, flags } = require('stream/readable_state');
const { construct, destroy, destroyer, errorOrDestroy, undestroy } = require('stream/destroy');
const { codes } = require('shared/errors');
const { validateObject } = require('shared/validators');
const {
  ERR_INVALID_ARG_TYPE,
  ERR_METHOD_NOT_IMPLEMENTED,
  ERR_OUT_OF_RANGE,
  ERR_STREAM_PUSH_AFTER_EOF,
  ERR_STREAM_UNSHIFT_AFTER_END_EVENT,
} = codes;

const {
  objectMode: kObjectMode,
  ended: kEnded,
  endEmitted: kEndEmitted,
  reading: kReading,
  constructed: kConstructed,
  sync: kSync,
  needReadable: kNeedReadable,
  emittedReadable: kEmittedReadable,
  readableListening: kReadableListening,
  resumeScheduled: kResumeScheduled,
  errorEmitted: kErrorEmitted,
  autoDestroy: kAutoDestroy,
  destroyed: kDestroyed,
  closed: kClosed,
  closeEmitted: kCloseEmitted,
  multiAwaitDrain: kMultiAwaitDrain,
  readingMore: kReadingMore,
  dataEmitted: kDataEmitted,
} = flags;

/** read(n) raises the high-water mark up to here. */
const kMaxHighWaterMark = 0x40000000;

/**
 * @constructor
 * @param {Options} [options]
 * @returns {void}
 */
function Readable(options) {
  if (!(this instanceof Readable)) return new Readable(options);
  // The slots give all of them one shape, and the usual listeners a place in it.
  this._events ??= { close: undefined, error: undefined, data: undefined, end: undefined, readable: undefined };
  Stream.call(this, options);
  this._readableState = new ReadableState(options, this, false);
  if (options) initialize(this, options);
  if (this._construct !== undefined) construct(this, afterConstruct);
}
Object.setPrototypeOf(Readable.prototype, Stream.prototype);
Object.setPrototypeOf(Readable, Stream);
Readable.ReadableState = ReadableState;

/** Takes over the methods and the signal that come as options. */
function initialize(stream, options) {
  if (typeof options.read === 'function') stream._read = options.read;
  if (typeof options.destroy === 'function') stream._destroy = options.destroy;
  if (typeof options.construct === 'function') stream._construct = options.construct;
  if (options.signal) require('stream/add_abort_signal').attach(options.signal, stream);
}

function afterConstruct(stream) {
  const state = stream._readableState;
  if ((state.bits & kNeedReadable) !== 0) topUp(stream, state);
}

Readable.prototype.destroy = destroy;
Readable.prototype._undestroy = undestroy;
Readable.prototype._destroy = function (err, cb) {
  cb(err);
};

Readable.prototype[EventEmitter.captureRejectionSymbol] = function (err) {
  this.destroy(err);
};

Readable.prototype[Symbol.asyncDispose] = async function () {
  let error;
  if (!this.destroyed) {
    if (!this.readableEnded) error = new (require('shared/errors').AbortError)();
    this.destroy(error);
  }
  await new Promise((resolve, reject) => {
    require('stream/finished').eos(this, (err) => (err && err !== error ? reject(err) : resolve(null)));
  });
};

// --- the producer side

/**
 * @param {any} chunk null ends the stream
 * @param {string} [encoding]
 * @returns {boolean} false: stop pushing until _read() is called
 */
Readable.prototype.push = function (chunk, encoding) {
  const state = this._readableState;
  if (chunk === null) {
    state.bits &= ~kReading;
    endOfInput(this, state);
    return false;
  }
  if ((state.bits & kObjectMode) === 0) {
    if (typeof chunk === 'string') {
      encoding = encoding || state.defaultEncoding;
      if (state.encoding !== encoding) {
        chunk = Buffer.from(chunk, encoding);
        encoding = '';
      }
    } else {
      if (!(chunk instanceof Buffer)) {
        if (ArrayBuffer.isView(chunk)) chunk = bufferFromView(chunk);
        else if (chunk !== undefined) return refuse(this, chunk);
      }
      encoding = '';
    }
    if (chunk === undefined || chunk.length <= 0) {
      state.bits &= ~kReading;
      topUp(this, state);
      return wantsMore(state);
    }
  }
  if ((state.bits & kEnded) !== 0) {
    errorOrDestroy(this, new ERR_STREAM_PUSH_AFTER_EOF());
    return false;
  }
  if ((state.bits & kDestroyed) !== 0 || state.errored !== null) return false;
  state.bits &= ~kReading;
  if (state.decoder !== null && !encoding) {
    const decoded = state.decoder.write(chunk);
    if ((state.bits & kObjectMode) === 0 && decoded.length === 0) {
      topUp(this, state);
      return wantsMore(state);
    }
    chunk = decoded;
  }
  deliver(this, state, chunk);
  return wantsMore(state);
};

/**
 * Puts a chunk back at the front.
 * @param {any} chunk
 * @param {string} [encoding]
 */
Readable.prototype.unshift = function (chunk, encoding) {
  const state = this._readableState;
  if (chunk === null) {
    state.bits &= ~kReading;
    endOfInput(this, state);
    return false;
  }
  if ((state.bits & kObjectMode) === 0) {
    if (typeof chunk === 'string') {
      encoding = encoding || state.defaultEncoding;
      if (state.encoding !== encoding) {
        chunk = Buffer.from(chunk, encoding);
        if (state.encoding) chunk = chunk.toString(state.encoding);
      }
    } else if (ArrayBuffer.isView(chunk)) {
      if (!(chunk instanceof Buffer)) chunk = bufferFromView(chunk);
    } else if (chunk !== undefined) {
      return refuse(this, chunk);
    }
    if (chunk === undefined || chunk.length <= 0) return wantsMore(state);
  }
  if ((state.bits & kEndEmitted) !== 0) {
    errorOrDestroy(this, new ERR_STREAM_UNSHIFT_AFTER_END_EVENT());
    return false;
  }
  if ((state.bits & kDestroyed) !== 0 || state.errored !== null) return false;
  if (flowsDirectly(this, state)) {
    emitDirectly(this, state, chunk);
  } else {
    state.prepend(chunk);
    if ((state.bits & kNeedReadable) !== 0) announce(this, state);
  }
  topUp(this, state);
  return wantsMore(state);
};

function bufferFromView(view) {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function refuse(stream, chunk) {
  errorOrDestroy(stream, new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk));
  return false;
}

function wantsMore(state) {
  return (state.bits & kEnded) === 0 && (state.length < state.highWaterMark || state.length === 0);
}

/** May a chunk skip the buffer? */
function flowsDirectly(stream, state) {
  return state.flowing === true && state.length === 0 && (state.bits & kSync) === 0 && stream.listenerCount('data') > 0;
}

function emitDirectly(stream, state, chunk) {
  forgetAwaited(state);
  state.bits |= kDataEmitted;
  stream.emit('data', chunk);
}

function deliver(stream, state, chunk) {
  if (flowsDirectly(stream, state)) {
    emitDirectly(stream, state, chunk);
  } else {
    state.append(chunk);
    if ((state.bits & kNeedReadable) !== 0) announce(stream, state);
  }
  topUp(stream, state);
}

function forgetAwaited(state) {
  if ((state.bits & kMultiAwaitDrain) !== 0) state.awaitDrainWriters.clear();
  else state.awaitDrainWriters = null;
}

/** push(null). */
function endOfInput(stream, state) {
  if ((state.bits & kEnded) !== 0) return;
  if (state.decoder !== null) {
    const rest = state.decoder.end();
    if (rest?.length) state.append(rest);
  }
  state.bits |= kEnded;
  if ((state.bits & kSync) !== 0) {
    // Inside _read(): the caller of read() shall see its data before 'readable'.
    announce(stream, state);
  } else {
    state.bits = (state.bits & ~kNeedReadable) | kEmittedReadable;
    announceNow(stream);
  }
}

/** Schedules 'readable', once. */
function announce(stream, state) {
  state.bits &= ~kNeedReadable;
  if ((state.bits & kEmittedReadable) === 0) {
    state.bits |= kEmittedReadable;
    process.nextTick(announceNow, stream);
  }
}

function announceNow(stream) {
  const state = stream._readableState;
  if ((state.bits & kDestroyed) === 0 && state.errored === null && (state.length > 0 || (state.bits & kEnded) !== 0)) {
    stream.emit('readable');
    state.bits &= ~kEmittedReadable;
  }
  // Nobody is told again before somebody reads, unless there is room for more.
  if (state.flowing !== true && (state.bits & kEnded) === 0 && state.length <= state.highWaterMark) {
    state.bits |= kNeedReadable;
  } else {
    state.bits &= ~kNeedReadable;
  }
  flow(stream);
}

/** Asks for more on the next tick, while the buffer is below its mark. */
function topUp(stream, state) {
  if ((state.bits & (kReadingMore | kConstructed)) === kConstructed) {
    state.bits |= kReadingMore;
    process.nextTick(topUpNow, stream, state);
  }
}

function topUpNow(stream, state) {
  while (
    (state.bits & (kReading | kEnded)) === 0 &&
    (state.length < state.highWaterMark || (state.flowing === true && state.length === 0))
  ) {
    const before = state.length;
    stream.read(0);
    if (before === state.length) break; // _read() pushed nothing, now at least
  }
  state.bits &= ~kReadingMore;
}

/** Implementations override this or give the option `read`. */
Readable.prototype._read = function (size) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_read()');
};

// --- the consumer side

/** The mark for somebody who reads `n` at once: the next power of two. */
function raisedMark(n) {
  if (n > kMaxHighWaterMark) throw new ERR_OUT_OF_RANGE('size', '<= 1GiB', n);
  return 2 ** Math.ceil(Math.log2(n));
}

/** How much of `n` (NaN: whatever there is) can be read now? */
function readable(n, state) {
  if (n <= 0 || (state.length === 0 && (state.bits & kEnded) !== 0)) return 0;
  if ((state.bits & kObjectMode) !== 0) return 1;
  if (Number.isNaN(n)) {
    // In flowing mode one chunk at a time, as it came.
    return state.flowing && state.length > 0 ? state.first().length : state.length;
  }
  if (n <= state.length) return n;
  return (state.bits & kEnded) !== 0 ? state.length : 0;
}

/**
 * @param {any} [n] a number
 * @returns {any} null when there is not (yet) that much
 */
Readable.prototype.read = function (n) {
  if (n === undefined) n = NaN;
  else if (!Number.isInteger(n)) n = Number.parseInt(n, 10);
  const state = this._readableState;
  const wanted = n;

  if (n > state.highWaterMark) state.highWaterMark = raisedMark(n);
  if (n !== 0) state.bits &= ~kEmittedReadable;

  // read(0) with a full buffer, or at the end, is only a request for the event.
  if (
    n === 0 &&
    (state.bits & kNeedReadable) !== 0 &&
    ((state.bits & kEnded) !== 0 ||
      (state.highWaterMark !== 0 ? state.length >= state.highWaterMark : state.length > 0))
  ) {
    if (state.length === 0 && (state.bits & kEnded) !== 0) endReadable(this);
    else announce(this, state);
    return null;
  }

  n = readable(n, state);
  if (n === 0 && (state.bits & kEnded) !== 0) {
    if (state.length === 0) endReadable(this);
    return null;
  }

  const low = (state.bits & kNeedReadable) !== 0 || state.length === 0 || state.length - n < state.highWaterMark;
  if (
    low &&
    (state.bits & (kEnded | kReading | kDestroyed | kConstructed)) === kConstructed &&
    state.errored === null
  ) {
    state.bits |= kReading | kSync;
    if (state.length === 0) state.bits |= kNeedReadable;
    try {
      this._read(state.highWaterMark);
    } catch (err) {
      errorOrDestroy(this, err);
    }
    state.bits &= ~kSync;
    // It pushed at once: there may be more than was counted above.
    if ((state.bits & kReading) === 0) n = readable(wanted, state);
  }

  const chunk = n > 0 ? state.take(n) : null;
  if (chunk === null) {
    if (state.length <= state.highWaterMark) state.bits |= kNeedReadable;
    n = 0;
  } else {
    state.length -= n;
    forgetAwaited(state);
  }
  if (state.length === 0) {
    if ((state.bits & kEnded) === 0) state.bits |= kNeedReadable;
    else if (wanted !== n) endReadable(this);
  }
  if (chunk !== null && (state.bits & (kErrorEmitted | kCloseEmitted)) === 0) {
    state.bits |= kDataEmitted;
    this.emit('data', chunk);
  }
  return chunk;
};

/** Emits 'data' until the buffer is empty or somebody stops it. */
function flow(stream) {
  const state = stream._readableState;
  while (state.flowing === true && stream.read() !== null);
}

function endReadable(stream) {
  const state = stream._readableState;
  if ((state.bits & kEndEmitted) === 0) {
    state.bits |= kEnded;
    process.nextTick(endReadableNow, state, stream);
  }
}

function endReadableNow(state, stream) {
  if (state.errored !== null || (state.bits & (kCloseEmitted | kEndEmitted)) !== 0 || state.length !== 0) return;
  state.bits |= kEndEmitted;
  stream.emit('end');
  if (stream.writable && stream.allowHalfOpen === false) {
    process.nextTick(endWritable, stream);
  } else if ((state.bits & kAutoDestroy) !== 0) {
    const w = stream._writableState;
    if (!w || (w.autoDestroy && (w.finished || w.writable === false))) stream.destroy();
  }
}

function endWritable(stream) {
  if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
}

/** @param {string} encoding chunks become strings from here on, those in the buffer too */
Readable.prototype.setEncoding = function (encoding) {
  const state = this._readableState;
  state.setDecoder(encoding);
  let text = '';
  for (let i = state.bufferIndex; i < state.buffer.length; i++) text += state.decoder.write(state.buffer[i]);
  state.clear();
  if (text !== '') state.buffer.push(text);
  state.length = text.length;
  return this;
};

Readable.prototype.isPaused = function () {
  return this._readableState.paused === true || this._readableState.flowing === false;
};

Readable.prototype.resume = function () {
  const state = this._readableState;
  if (!state.flowing) {
    // With a 'readable' listener there, the data is read by it.
    state.flowing = (state.bits & kReadableListening) === 0;
    scheduleResume(this, state);
  }
  state.paused = false;
  return this;
};

function scheduleResume(stream, state) {
  if ((state.bits & kResumeScheduled) === 0) {
    state.bits |= kResumeScheduled;
    process.nextTick(resumeNow, stream, state);
  }
}

function resumeNow(stream, state) {
  if ((state.bits & kReading) === 0) stream.read(0);
  state.bits &= ~kResumeScheduled;
  stream.emit('resume');
  flow(stream);
  if (state.flowing && (state.bits & kReading) === 0) stream.read(0);
}

Readable.prototype.pause = function () {
  const state = this._readableState;
  if (state.flowing !== false) {
    state.flowing = false;
    this.emit('pause');
  }
  state.paused = true;
  return this;
};

// --- listeners decide the mode

Readable.prototype.on = function (event, fn) {
  const result = Stream.prototype.on.call(this, event, fn);
  if (event === 'data') {
    const state = this._readableState;
    // Adding 'data' to a stream that was paused on purpose does not start it.
    state.readableListening = this.listenerCount('readable') > 0;
    if (state.flowing !== false) this.resume();
  } else if (event === 'readable') {
    const state = this._readableState;
    if ((state.bits & (kEndEmitted | kReadableListening)) === 0) {
      state.bits = (state.bits | kReadableListening | kNeedReadable) & ~kEmittedReadable;
      state.flowing = false;
      if (state.length > 0) announce(this, state);
      else if ((state.bits & kReading) === 0) process.nextTick(readNothing, this);
    }
  }
  return result;
};
Readable.prototype.addListener = Readable.prototype.on;

function readNothing(stream) {
  stream.read(0);
}

Readable.prototype.removeListener = function (event, fn) {
  const result = Stream.prototype.removeListener.call(this, event, fn);
  // Later: once() removes its listener before it runs, and may be followed by another on().
  if (event === 'readable') process.nextTick(updateMode, this);
  return result;
};
Readable.prototype.off = Readable.prototype.removeListener;

Readable.prototype.removeAllListeners = function (event) {
  const result = Stream.prototype.removeAllListeners.apply(this, arguments);
  if (event === 'readable' || event === undefined) process.nextTick(updateMode, this);
  return result;
};

function updateMode(stream) {
  const state = stream._readableState;
  state.readableListening = stream.listenerCount('readable') > 0;
  if ((state.bits & kResumeScheduled) !== 0 && state.paused === false) {
    state.flowing = true; // resume() was called while 'readable' was listened to
  } else if (stream.listenerCount('data') > 0) {
    stream.resume();
  } else if ((state.bits & kReadableListening) === 0) {
    state.flowing = null;
  }
}

// --- other ways to consume, each in its own file

Readable.prototype.pipe = function (dest, options) {
  return require('stream/readable_pipe').pipe(this, dest, options);
};

Readable.prototype.unpipe = function (dest) {
  return require('stream/readable_pipe').unpipe(this, dest);
};

Readable.prototype.wrap = function (stream) {
  return require('stream/readable_pipe').wrap(this, stream);
};

Readable.prototype[Symbol.asyncIterator] = function () {
  return require('stream/iterator').iterate(this);
};

Readable.prototype.iterator = function (options) {
  if (options !== undefined) validateObject(options, 'options');
  return require('stream/iterator').iterate(this, options);
};

Readable.prototype.compose = function compose(stream, options) {
  return require('stream/operators').compose.call(this, stream, options);
};

/** Lazily: few programs use them. Methods in an object literal are no constructors, as those of arrays. */
const operators = {
  drop(number, options = undefined) {
    return Readable.from(require('stream/operators').drop.call(this, number, options));
  },
  filter(fn, options) {
    return Readable.from(require('stream/operators').filter.call(this, fn, options));
  },
  flatMap(fn, options) {
    return Readable.from(require('stream/operators').flatMap.call(this, fn, options));
  },
  map(fn, options) {
    return Readable.from(require('stream/operators').map.call(this, fn, options));
  },
  take(number, options = undefined) {
    return Readable.from(require('stream/operators').take.call(this, number, options));
  },
  every(fn, options = undefined) {
    return require('stream/operators').every.call(this, fn, options);
  },
  forEach(fn, options) {
    return require('stream/operators').forEach.call(this, fn, options);
  },
  reduce(reducer, initialValue, options) {
    return require('stream/operators').reduce.apply(this, arguments);
  },
  toArray(options) {
    return require('stream/operators').toArray.call(this, options);
  },
  some(fn, options = undefined) {
    return require('stream/operators').some.call(this, fn, options);
  },
  find(fn, options) {
    return require('stream/operators').find.call(this, fn, options);
  },
};

for (const name of Object.keys(operators)) {
  const value = operators[name];
  Object.defineProperty(Readable.prototype, name, { __proto__: null, value, writable: true, configurable: true });
}

// --- what can be asked

/** Getters (and setters) of `prototype`, not enumerable. */
function defineProperties(prototype, table) {
  for (const name of Object.keys(table)) {
    const { get, set } = Object.getOwnPropertyDescriptor(table, name);
    Object.defineProperty(prototype, name, { __proto__: null, get, set, enumerable: false, configurable: true });
  }
}

defineProperties(Readable.prototype, {
  /** May read() still give something? */
  get readable() {
    const state = this._readableState;
    return !!state && state.readable !== false && (state.bits & (kDestroyed | kErrorEmitted | kEndEmitted)) === 0;
  },
  set readable(value) {
    if (this._readableState) this._readableState.readable = !!value;
  },
  get readableDidRead() {
    return this._readableState.dataEmitted;
  },
  get readableAborted() {
    const state = this._readableState;
    return !!(
      state.readable !== false &&
      ((state.bits & kDestroyed) !== 0 || state.errored) &&
      (state.bits & kEndEmitted) === 0
    );
  },
  get readableHighWaterMark() {
    return this._readableState.highWaterMark;
  },
  get readableBuffer() {
    return this._readableState?.buffer;
  },
  get readableFlowing() {
    return this._readableState.flowing;
  },
  set readableFlowing(value) {
    if (this._readableState) this._readableState.flowing = value;
  },
  get readableLength() {
    return this._readableState.length;
  },
  get readableObjectMode() {
    const state = this._readableState;
    return state ? (state.bits & kObjectMode) !== 0 : false;
  },
  get readableEncoding() {
    return this._readableState ? this._readableState.encoding : null;
  },
  get errored() {
    return this._readableState ? this._readableState.errored : null;
  },
  get closed() {
    const state = this._readableState;
    return state ? (state.bits & kClosed) !== 0 : false;
  },
  get destroyed() {
    const state = this._readableState;
    return state ? (state.bits & kDestroyed) !== 0 : false;
  },
  set destroyed(value) {
    if (this._readableState) this._readableState.destroyed = value;
  },
  get readableEnded() {
    const state = this._readableState;
    return state ? (state.bits & kEndEmitted) !== 0 : false;
  },
});

// --- other ways to make one

Readable._fromList = (n, state) => state.take(n);

/**
 * @param {Iterable<any> | AsyncIterable<any>} iterable
 * @param {Options} [options]
 */
Readable.from = function (iterable, options) {
  return require('stream/from').from(Readable, iterable, options);
};

Readable.fromWeb = function (readableStream, options) {
  return require('stream/adapters').readableFromWeb(readableStream, options);
};

Readable.toWeb = function (streamReadable, options) {
  return require('stream/adapters').readableToWeb(streamReadable, options);
};

Readable.wrap = function (source, options) {
  return new Readable({
    objectMode: source.readableObjectMode ?? source.objectMode ?? true,
    ...options,
    destroy(err, callback) {
      destroyer(source, err);
      callback(err);
    },
  }).wrap(source);
};

module.exports = Readable;
// Not enumerable, as no user is meant to see them.
Object.defineProperties(Readable, {
  initialize: { __proto__: null, value: initialize },
  afterConstruct: { __proto__: null, value: afterConstruct },
});

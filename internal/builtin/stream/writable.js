'use strict';

// Writable: a sink for chunks. One _write() or _writev() is under way at a time; what is written meanwhile, or while
// the stream is corked or not yet constructed, waits in the state's queue. 'finish' comes when end() was called, the
// queue is empty, every callback has run, and _final() has called back.
//
// All methods know only `this._writableState`, never how it came to be.

const EventEmitter = require('events');
const { Stream } = require('stream/legacy');
const { WritableState, flags } = require('stream/writable_state');
const { construct, destroy, errorOrDestroy, undestroy } = require('stream/destroy');
const { codes, AbortError } = require('shared/errors');
const {
  ERR_INVALID_ARG_TYPE,
  ERR_METHOD_NOT_IMPLEMENTED,
  ERR_MULTIPLE_CALLBACK,
  ERR_STREAM_ALREADY_FINISHED,
  ERR_STREAM_CANNOT_PIPE,
  ERR_STREAM_DESTROYED,
  ERR_STREAM_NULL_VALUES,
  ERR_STREAM_WRITE_AFTER_END,
  ERR_UNKNOWN_ENCODING,
} = codes;

const {
  objectMode: kObjectMode,
  ended: kEnded,
  constructed: kConstructed,
  sync: kSync,
  errorEmitted: kErrorEmitted,
  autoDestroy: kAutoDestroy,
  destroyed: kDestroyed,
  closed: kClosed,
  closeEmitted: kCloseEmitted,
  finalCalled: kFinalCalled,
  needDrain: kNeedDrain,
  ending: kEnding,
  finished: kFinished,
  decodeStrings: kDecodeStrings,
  writing: kWriting,
  bufferProcessing: kBufferProcessing,
  prefinished: kPrefinished,
  allBuffers: kAllBuffers,
  allNoop: kAllNoop,
} = flags;

function nop() {}

/**
 * @constructor
 * @param {Options} [options]
 * @returns {void}
 */
function Writable(options) {
  if (!(this instanceof Writable)) return new Writable(options);
  // The slots give all of them one shape, and the usual listeners a place in it.
  this._events ??= { close: undefined, error: undefined, prefinish: undefined, finish: undefined, drain: undefined };
  Stream.call(this, options);
  this._writableState = new WritableState(options, this, false);
  if (options) initialize(this, options);
  if (this._construct !== undefined) construct(this, afterConstruct);
}
Object.setPrototypeOf(Writable.prototype, Stream.prototype);
Object.setPrototypeOf(Writable, Stream);
Writable.WritableState = WritableState;

/** Takes over the methods and the signal that come as options. */
function initialize(stream, options) {
  if (typeof options.write === 'function') stream._write = options.write;
  if (typeof options.writev === 'function') stream._writev = options.writev;
  if (typeof options.destroy === 'function') stream._destroy = options.destroy;
  if (typeof options.final === 'function') stream._final = options.final;
  if (typeof options.construct === 'function') stream._construct = options.construct;
  if (options.signal) require('stream/add_abort_signal').attach(options.signal, stream);
}

function afterConstruct(stream) {
  const state = stream._writableState;
  if ((state.bits & kWriting) === 0) flushQueue(stream, state);
  if ((state.bits & kEnding) !== 0) finishMaybe(stream, state);
}

// A Duplex is a Writable too, although its prototype chain goes through Readable.
Object.defineProperty(Writable, Symbol.hasInstance, {
  __proto__: null,
  value(object) {
    if (Function.prototype[Symbol.hasInstance].call(this, object)) return true;
    return this === Writable && !!object && object._writableState instanceof WritableState;
  },
});

Writable.prototype.pipe = function () {
  errorOrDestroy(this, new ERR_STREAM_CANNOT_PIPE());
};

/**
 * @param {any} chunk
 * @param {string | Function} [encoding]
 * @param {Function} [cb] (err)
 * @returns {boolean} false: wait for 'drain'
 */
Writable.prototype.write = function (chunk, encoding, cb) {
  if (typeof encoding === 'function') {
    cb = encoding;
    encoding = null;
  }
  return accept(this, chunk, encoding, cb) === true;
};

/** @returns {boolean | Error} */
function accept(stream, chunk, encoding, cb) {
  const state = stream._writableState;
  if (cb === undefined || typeof cb !== 'function') cb = nop;
  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if ((state.bits & kObjectMode) === 0) {
    if (typeof chunk === 'string') {
      encoding = encoding || state.defaultEncoding;
      if (encoding !== 'utf8' && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
        throw new ERR_UNKNOWN_ENCODING(encoding);
      }
      if ((state.bits & kDecodeStrings) !== 0) {
        chunk = Buffer.from(chunk, encoding);
        encoding = 'buffer';
      }
    } else if (chunk instanceof Buffer) {
      encoding = 'buffer';
    } else if (ArrayBuffer.isView(chunk)) {
      chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      encoding = 'buffer';
    } else {
      throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    }
  }

  if ((state.bits & (kEnding | kDestroyed)) !== 0) {
    const err = (state.bits & kEnding) !== 0 ? new ERR_STREAM_WRITE_AFTER_END() : new ERR_STREAM_DESTROYED('write');
    process.nextTick(cb, err);
    errorOrDestroy(stream, err, true);
    return err;
  }

  state.pendingcb++;
  const length = (state.bits & kObjectMode) !== 0 ? 1 : chunk.length;
  state.length += length;
  const room = state.length < state.highWaterMark;
  if (!room) state.bits |= kNeedDrain;

  if ((state.bits & (kWriting | kConstructed)) !== kConstructed || state.corked > 0 || state.errored !== null) {
    state.enqueue(chunk, encoding, cb);
    if (cb !== nop) state.bits &= ~kAllNoop;
    if (encoding !== 'buffer') state.bits &= ~kAllBuffers;
  } else {
    state.writelen = length;
    state.writecb = cb;
    state.bits |= kWriting | kSync;
    stream._write(chunk, encoding, state.done || makeDone(stream, state));
    state.bits &= ~kSync;
  }
  return room && state.errored === null && (state.bits & kDestroyed) === 0;
}

function makeDone(stream, state) {
  return (state.done = (err) => {
    written(stream, state, err);
  });
}

/** _write() or _writev() called back. */
function written(stream, state, err) {
  const cb = state.writecb;
  if (cb === null) {
    errorOrDestroy(stream, new ERR_MULTIPLE_CALLBACK());
    return;
  }
  const sync = (state.bits & kSync) !== 0;
  state.bits &= ~kWriting;
  state.writecb = null;
  state.length -= state.writelen;
  state.writelen = 0;

  if (err) {
    err.stack;
    if (state.errored === null) state.errored = err;
    const r = stream._readableState;
    if (r && !r.errored) r.errored = err;
    if (sync) process.nextTick(writeFailed, stream, state, err, cb);
    else writeFailed(stream, state, err, cb);
    return;
  }

  if (state.queue !== null) flushQueue(stream, state);
  if (!sync) {
    afterWrites(stream, state, 1, cb);
    return;
  }
  // A thousand synchronous writes with the same callback cost one tick.
  const info = state.afterWriteTickInfo;
  if (info !== null && info.cb === cb) {
    info.count++;
  } else if (
    cb === nop &&
    !((state.bits & kNeedDrain) !== 0 && state.length === 0) &&
    (state.bits & kDestroyed) === 0
  ) {
    // Nobody to tell, and no drain: only the end may be waiting.
    state.pendingcb--;
    if ((state.bits & kEnding) !== 0) finishMaybe(stream, state, true);
  } else {
    const next = { count: 1, cb, stream, state };
    state.afterWriteTickInfo = next;
    process.nextTick(afterWritesTick, next);
  }
}

function afterWritesTick({ stream, state, count, cb }) {
  state.afterWriteTickInfo = null;
  afterWrites(stream, state, count, cb);
}

function afterWrites(stream, state, count, cb) {
  if ((state.bits & (kEnding | kDestroyed | kNeedDrain)) === kNeedDrain && state.length === 0) {
    state.bits &= ~kNeedDrain;
    stream.emit('drain');
  }
  while (count-- > 0) {
    state.pendingcb--;
    cb(null);
  }
  if ((state.bits & kDestroyed) !== 0) failQueue(state);
  finishMaybe(stream, state);
}

function writeFailed(stream, state, err, cb) {
  state.pendingcb--;
  cb(err);
  // The writes behind it will never happen.
  failQueue(state);
  errorOrDestroy(stream, err);
}

/** Tells the writes that wait, and the callers of end(), that it is over. */
function failQueue(state) {
  if ((state.bits & kWriting) !== 0) return;
  const queue = state.queue;
  if (queue !== null) {
    for (let i = state.bufferedIndex; i < queue.length; i++) {
      const { chunk, callback } = queue[i];
      state.length -= (state.bits & kObjectMode) !== 0 ? 1 : chunk.length;
      callback(state.errored ?? new ERR_STREAM_DESTROYED('write'));
    }
  }
  callOnFinished(state, state.errored ?? new ERR_STREAM_DESTROYED('end'));
  state.resetQueue();
}

function callOnFinished(state, err) {
  const callbacks = state.onFinished;
  if (callbacks === null) return;
  state.onFinished = null;
  for (let i = 0; i < callbacks.length; i++) callbacks[i](err);
}

/** Writes what waits: all at once where there is a _writev(), otherwise one by one while they are synchronous. */
function flushQueue(stream, state) {
  if (
    state.corked > 0 ||
    state.queue === null ||
    (state.bits & (kBufferProcessing | kDestroyed | kConstructed)) !== kConstructed
  ) {
    return;
  }
  const queue = state.queue;
  let i = state.bufferedIndex;
  const count = queue.length - i;
  const done = state.done || makeDone(stream, state);

  state.bits |= kBufferProcessing;
  if (count > 1 && stream._writev) {
    state.pendingcb -= count - 1;
    const allNoop = (state.bits & kAllNoop) !== 0;
    const chunks = i === 0 ? queue : queue.slice(i);
    chunks.allBuffers = (state.bits & kAllBuffers) !== 0;
    state.resetQueue();
    state.writelen = state.length;
    state.writecb = allNoop
      ? nop
      : (err) => {
          for (let n = 0; n < chunks.length; n++) chunks[n].callback(err);
        };
    state.bits |= kWriting | kSync;
    stream._writev(chunks, done);
    state.bits &= ~kSync;
  } else {
    do {
      const { chunk, encoding, callback } = queue[i];
      queue[i++] = null;
      state.writelen = (state.bits & kObjectMode) !== 0 ? 1 : chunk.length;
      state.writecb = callback;
      state.bits |= kWriting | kSync;
      if ((state.bits & kDestroyed) !== 0) done(new ERR_STREAM_DESTROYED('write'));
      else stream._write(chunk, encoding, done);
      state.bits &= ~kSync;
    } while (i < queue.length && (state.bits & kWriting) === 0);
    state.dequeueTo(i);
  }
  state.bits &= ~kBufferProcessing;
}

Writable.prototype.cork = function () {
  this._writableState.corked++;
};

Writable.prototype.uncork = function () {
  const state = this._writableState;
  if (state.corked === 0) return;
  state.corked--;
  if ((state.bits & kWriting) === 0) flushQueue(this, state);
};

Writable.prototype.setDefaultEncoding = function setDefaultEncoding(encoding) {
  if (typeof encoding === 'string') encoding = encoding.toLowerCase();
  if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
  this._writableState.defaultEncoding = encoding;
  return this;
};

/** Implementations override this or _writev, or give the options `write` or `writev`. */
Writable.prototype._write = function (chunk, encoding, cb) {
  if (!this._writev) throw new ERR_METHOD_NOT_IMPLEMENTED('_write()');
  this._writev([{ chunk, encoding }], cb);
};

Writable.prototype._writev = null;

/**
 * @param {any} [chunk]
 * @param {string} [encoding]
 * @param {(err?: Error) => void} [cb]
 */
Writable.prototype.end = function (chunk, encoding, cb) {
  const state = this._writableState;
  if (typeof chunk === 'function') {
    cb = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    cb = encoding;
    encoding = null;
  }

  let err;
  if (chunk !== null && chunk !== undefined) {
    const result = accept(this, chunk, encoding, undefined);
    if (result instanceof Error) err = result;
  }
  // end() undoes every cork().
  if (state.corked > 0) {
    state.corked = 1;
    this.uncork();
  }

  if (err === undefined) {
    if (state.errored === null && (state.bits & kEnding) === 0) {
      state.bits |= kEnding;
      finishMaybe(this, state, true);
      state.bits |= kEnded;
    } else if ((state.bits & kFinished) !== 0) {
      err = new ERR_STREAM_ALREADY_FINISHED('end');
    } else if ((state.bits & kDestroyed) !== 0) {
      err = new ERR_STREAM_DESTROYED('end');
    }
  }

  if (typeof cb === 'function') {
    if (err) process.nextTick(cb, err);
    else if (state.errored) process.nextTick(cb, state.errored);
    else if ((state.bits & kFinished) !== 0) process.nextTick(cb);
    else if (state.onFinished === null) state.onFinished = [cb];
    else state.onFinished.push(cb);
  }
  return this;
};

const kFinishMask = kEnding | kDestroyed | kConstructed | kFinished | kWriting | kErrorEmitted | kCloseEmitted;
const kFinishReady = kEnding | kConstructed;

function canFinish(state) {
  return (
    (state.bits & kFinishMask) === kFinishReady && state.length === 0 && state.errored === null && state.queue === null
  );
}

/** @param {boolean} [sync] end() is on the stack: 'finish' comes on a later tick */
function finishMaybe(stream, state, sync) {
  if (!canFinish(state)) return;
  prefinish(stream, state);
  if (state.pendingcb !== 0) return;
  if (sync) {
    state.pendingcb++;
    process.nextTick(finishLater, stream, state);
  } else if (canFinish(state)) {
    state.pendingcb++;
    finish(stream, state);
  }
}

function finishLater(stream, state) {
  if (canFinish(state)) finish(stream, state);
  else state.pendingcb--;
}

function prefinish(stream, state) {
  if ((state.bits & (kPrefinished | kFinalCalled)) !== 0) return;
  if (typeof stream._final === 'function' && (state.bits & kDestroyed) === 0) {
    state.bits |= kFinalCalled;
    callFinal(stream, state);
  } else {
    state.bits |= kPrefinished;
    stream.emit('prefinish');
  }
}

function callFinal(stream, state) {
  let called = false;
  function onFinal(err) {
    if (called) {
      errorOrDestroy(stream, err ?? new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    state.pendingcb--;
    if (err) {
      callOnFinished(state, err);
      errorOrDestroy(stream, err, (state.bits & kSync) !== 0);
    } else if (canFinish(state)) {
      state.bits |= kPrefinished;
      stream.emit('prefinish');
      // One more tick, so that somebody who destroys the stream in 'prefinish' is heard.
      state.pendingcb++;
      process.nextTick(finish, stream, state);
    }
  }
  state.bits |= kSync;
  state.pendingcb++;
  try {
    stream._final(onFinal);
  } catch (err) {
    onFinal(err);
  }
  state.bits &= ~kSync;
}

function finish(stream, state) {
  state.pendingcb--;
  state.bits |= kFinished;
  callOnFinished(state, null);
  stream.emit('finish');
  if ((state.bits & kAutoDestroy) !== 0) {
    // A duplex goes when its readable side is done too.
    const r = stream._readableState;
    if (!r || (r.autoDestroy && (r.endEmitted || r.readable === false))) stream.destroy();
  }
}

Writable.prototype.destroy = function (err, cb) {
  const state = this._writableState;
  if ((state.bits & kDestroyed) === 0 && (state.queue !== null || state.onFinished !== null)) {
    process.nextTick(failQueue, state);
  }
  destroy.call(this, err, cb);
  return this;
};
Writable.prototype._undestroy = undestroy;
Writable.prototype._destroy = function (err, cb) {
  cb(err);
};

Writable.prototype[EventEmitter.captureRejectionSymbol] = function (err) {
  this.destroy(err);
};

Writable.prototype[Symbol.asyncDispose] = async function () {
  let error;
  if (!this.destroyed) {
    error = this.writableFinished ? null : new AbortError();
    this.destroy(error);
  }
  await new Promise((resolve, reject) => {
    require('stream/finished').eos(this, (err) => (err && err.name !== 'AbortError' ? reject(err) : resolve(null)));
  });
};

/** What can be asked. Duplex takes over those whose names begin with `writable`. */
const properties = {
  get closed() {
    const state = this._writableState;
    return state ? (state.bits & kClosed) !== 0 : false;
  },
  get destroyed() {
    const state = this._writableState;
    return state ? (state.bits & kDestroyed) !== 0 : false;
  },
  set destroyed(value) {
    if (this._writableState) this._writableState.destroyed = value;
  },
  /** May one still write()? */
  get writable() {
    const state = this._writableState;
    return (
      !!state &&
      state.writable !== false &&
      state.errored === null &&
      (state.bits & (kDestroyed | kEnding | kEnded)) === 0
    );
  },
  set writable(value) {
    if (this._writableState) this._writableState.writable = !!value;
  },
  get writableFinished() {
    const state = this._writableState;
    return state ? (state.bits & kFinished) !== 0 : false;
  },
  get writableObjectMode() {
    const state = this._writableState;
    return state ? (state.bits & kObjectMode) !== 0 : false;
  },
  get writableBuffer() {
    return this._writableState && this._writableState.getBuffer();
  },
  get writableEnded() {
    const state = this._writableState;
    return state ? (state.bits & kEnding) !== 0 : false;
  },
  get writableNeedDrain() {
    const state = this._writableState;
    return state ? (state.bits & (kDestroyed | kEnding | kNeedDrain)) === kNeedDrain : false;
  },
  get writableHighWaterMark() {
    return this._writableState && this._writableState.highWaterMark;
  },
  get writableCorked() {
    return this._writableState ? this._writableState.corked : 0;
  },
  get writableLength() {
    return this._writableState && this._writableState.length;
  },
  get errored() {
    return this._writableState ? this._writableState.errored : null;
  },
  get writableAborted() {
    const state = this._writableState;
    return !!(
      state.writable !== false &&
      ((state.bits & kDestroyed) !== 0 || state.errored !== null) &&
      (state.bits & kFinished) === 0
    );
  },
};

for (const name of Object.keys(properties)) {
  const { get, set } = Object.getOwnPropertyDescriptor(properties, name);
  Object.defineProperty(Writable.prototype, name, { __proto__: null, get, set, enumerable: false, configurable: true });
}

Writable.fromWeb = function (writableStream, options) {
  return require('stream/adapters').writableFromWeb(writableStream, options);
};

Writable.toWeb = function (streamWritable) {
  return require('stream/adapters').writableToWeb(streamWritable);
};

module.exports = Writable;
Object.defineProperties(Writable, {
  initialize: { __proto__: null, value: initialize },
  afterConstruct: { __proto__: null, value: afterConstruct },
});

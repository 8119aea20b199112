'use strict';

// What all compressing and decompressing streams share. A write is one job of the pool, however many chunks of output
// it fills: it stops early only when the reader has no room for more, and goes on when that has changed.
//
// A codec has a number in Go (zlib.go). It is made when the first byte needs it; a stream that is dropped without being
// closed gives it back when it is collected.

const {
  codes: { ERR_BUFFER_TOO_LARGE, ERR_TRAILING_JUNK_AFTER_STREAM_END },
} = require('shared/errors');
const Transform = require('stream/transform');
const { inRange } = require('zlib/options');
const { Buffer } = require('buffer');

const { write, reset, params, close } = native;

/** On the empty chunk that flush() writes: the flag to flush with. */
const kFlushFlag = Symbol('flushFlag');
/** The write that waits for room on the readable side. */
const kWaiting = Symbol('waitingWrite');
/** Whether a write with the finish flag is done: the end needs no further job. */
const kFinished = Symbol('finished');

/** How much a flush flag of zlib flushes: the order of 0 ... 5. */
const strength = [0, 2, 3, 4, 5, 1];

/** @type {FinalizationRegistry<{ id: number }> | undefined} */
let dropped;

class Handle {
  /** @param {() => number} open makes the codec */
  constructor(open) {
    this.open = open;
    this.held = { id: 0 };
    this.onerror = undefined;
  }

  get id() {
    const { held } = this;
    if (held.id === 0) {
      held.id = this.open();
      dropped ??= new FinalizationRegistry((h) => close(h.id));
      dropped.register(this, held, held);
    }
    return held.id;
  }

  reset() {
    if (this.held.id !== 0) reset(this.held.id);
  }

  params(level, strategy) {
    params(this.id, level, strategy);
  }

  close() {
    const { held } = this;
    if (held.id === 0) return;
    dropped.unregister(held);
    close(held.id);
    held.id = 0;
  }
}

/** One write under way. */
class Write {
  constructor(stream, chunk, flag, done) {
    this.last = false;
    this.stream = stream;
    this.chunk = chunk;
    this.flag = flag;
    this.done = done;
    this.callback = (error, read, wrote, more, chunks) => this.finished(error, read, wrote, more, chunks);
  }

  start() {
    const { stream } = this;
    const state = stream._readableState;
    const room = Math.ceil((state.highWaterMark - state.length) / stream._chunkSize);
    try {
      write(
        stream._handle.id,
        this.flag,
        this.chunk,
        stream._outBuffer,
        stream._outOffset,
        stream._chunkSize,
        room > 1 ? room : 1,
        this.callback,
      );
    } catch (error) {
      // The codec could not be made.
      fail(stream, error);
    }
  }

  finished(error, read, wrote, more, chunks) {
    const { stream, done } = this;
    if (stream.destroyed) {
      done();
      return;
    }
    stream.bytesWritten += read;
    let full = wrote > 0 && pushOutput(stream, wrote) === false;
    if (chunks !== undefined) {
      for (let i = 0; i < chunks.length && !stream.destroyed; i++) {
        useChunk(stream, chunks[i]);
        full = pushOutput(stream, chunks[i].length) === false;
      }
    }
    // A listener of 'data' may have closed it.
    if (stream.destroyed) {
      done();
      return;
    }
    if (error !== undefined) {
      Error.captureStackTrace(error); // it was made outside of JavaScript, and would be printed as one without a stack
      fail(stream, error);
      return;
    }
    if (read > 0) this.chunk = rest(this.chunk, read);
    if (more) {
      if (full) stream[kWaiting] = this;
      else this.start();
      return;
    }
    if (this.chunk.byteLength > 0) {
      // The compressed stream has ended before the input.
      if (stream._rejectGarbageAfterEnd) {
        stream.destroy(new ERR_TRAILING_JUNK_AFTER_STREAM_END());
        return;
      }
      stream.push(null);
    }
    if (this.last) stream[kFinished] = true;
    done();
  }
}

function rest(chunk, from) {
  return new Uint8Array(chunk.buffer, chunk.byteOffset + from, chunk.byteLength - from);
}

function fail(stream, error) {
  if (stream._handle?.onerror) stream._handle.onerror(error.message, error.errno, error.code);
  else stream.destroy(error);
}

/** Output goes behind what the last write left free. */
function pushOutput(stream, n) {
  const { _outBuffer: out, _outOffset: at } = stream;
  const piece = at === 0 && n === out.length ? out : out.subarray(at, at + n);
  if (at + n >= stream._chunkSize) {
    stream._outBuffer = Buffer.allocUnsafeSlow(stream._chunkSize);
    stream._outOffset = 0;
  } else {
    stream._outOffset = at + n;
  }
  return stream.push(piece);
}

/** A chunk that Go has filled becomes the buffer to go on with: its memory is as long as the others'. */
function useChunk(stream, chunk) {
  stream._outBuffer =
    chunk.length === stream._chunkSize
      ? chunk
      : Buffer.from(chunk.buffer, 0, Math.min(chunk.buffer.byteLength, stream._chunkSize));
  stream._outOffset = 0;
}

/**
 * @constructor
 * @param {any} opts as the user gave them
 * @param {number} mode
 * @param {any} settings as options.js made them
 * @param {number} fullFlush what flush() does by default
 * @param {() => number} open makes the codec
 */
function ZlibBase(opts, mode, settings, fullFlush, open) {
  let streamOptions = { autoDestroy: true, ...opts };
  if (opts && (opts.encoding || opts.objectMode || opts.readableObjectMode || opts.writableObjectMode)) {
    streamOptions = {
      ...streamOptions,
      encoding: null,
      objectMode: false,
      readableObjectMode: false,
      writableObjectMode: false,
    };
  }
  Transform.call(this, streamOptions);
  this.bytesWritten = 0;
  this._handle = new Handle(open);
  this._outBuffer = Buffer.allocUnsafeSlow(settings.chunkSize);
  this._outOffset = 0;
  this._chunkSize = settings.chunkSize;
  this._defaultFlushFlag = settings.flush;
  this._finishFlushFlag = settings.finishFlush;
  this._defaultFullFlushFlag = fullFlush;
  this._info = settings.info;
  this._maxOutputLength = settings.maxOutputLength;
  this._rejectGarbageAfterEnd = settings.rejectGarbageAfterEnd;
  this._mode = mode;
  this[kWaiting] = null;
  this[kFinished] = false;
}
Object.setPrototypeOf(ZlibBase.prototype, Transform.prototype);
Object.setPrototypeOf(ZlibBase, Transform);

Object.defineProperty(ZlibBase.prototype, '_closed', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return !this._handle;
  },
});

ZlibBase.prototype.reset = function () {
  if (!this._handle) require('assert')(false, 'zlib binding closed');
  this._handle.reset();
  this[kFinished] = false;
};

/** Flush flags beyond the format's. */
ZlibBase.prototype._lastFlush = 5;

const markers = [];

/** The chunk whose write flushes. */
function marker(kind) {
  let m = markers[kind];
  if (m === undefined) {
    m = markers[kind] = Buffer.alloc(0);
    m[kFlushFlag] = kind;
  }
  return m;
}

/**
 * @param {any} [kind] a number, or the callback
 * @param {() => void} [callback]
 */
ZlibBase.prototype.flush = function (kind, callback) {
  if (typeof kind === 'function' || (kind === undefined && !callback)) {
    callback = kind;
    kind = this._defaultFullFlushFlag;
  }
  kind = inRange(kind, 'kind', 0, this._lastFlush, this._defaultFullFlushFlag);
  if (this.writableFinished) {
    if (callback) process.nextTick(callback);
  } else if (this.writableEnded) {
    if (callback) this.once('end', callback);
  } else {
    this.write(marker(kind), '', callback);
  }
};

/** @param {() => void} [callback] */
ZlibBase.prototype.close = function (callback) {
  if (callback) require('stream/finished').eos(this, callback);
  this.destroy();
};

ZlibBase.prototype._destroy = function (error, callback) {
  closeHandle(this);
  callback(error);
};

function closeHandle(stream) {
  stream._handle?.close();
  stream._handle = null;
}

ZlibBase.prototype._final = function (callback) {
  callback();
};

ZlibBase.prototype._flush = function (callback) {
  if (this[kFinished]) callback();
  else this._transform(Buffer.alloc(0), '', callback);
};

ZlibBase.prototype._read = function (n) {
  const waiting = this[kWaiting];
  if (waiting !== null) {
    this[kWaiting] = null;
    waiting.start();
    return;
  }
  Transform.prototype._read.call(this, n);
};

ZlibBase.prototype._transform = function (chunk, encoding, callback) {
  let flag = chunk[kFlushFlag];
  if (typeof flag !== 'number') flag = this._defaultFlushFlag;
  // The last chunk, be it a flush, ends the stream at once: no further job is needed for that.
  const last = this.writableEnded && this.writableLength === chunk.byteLength;
  if (last && (this._lastFlush !== 5 || strength[this._finishFlushFlag] > strength[flag])) flag = this._finishFlushFlag;
  if (!this._handle) {
    process.nextTick(callback);
    return;
  }
  const write = new Write(this, chunk, flag, callback);
  write.last = last;
  write.start();
};

/**
 * With a callback asynchronous, without one it returns all output.
 * @param {ArrayBufferView} chunk
 * @param {number} flag
 * @param {() => void} [callback]
 */
ZlibBase.prototype._processChunk = function (chunk, flag, callback) {
  if (typeof callback !== 'function') return processSync(this, chunk, flag);
  if (!this._handle) {
    process.nextTick(callback);
    return undefined;
  }
  new Write(this, chunk, flag, callback).start();
  return undefined;
};

function processSync(stream, chunk, flag) {
  const handle = stream._handle;
  if (!handle) require('assert')(false, 'zlib binding closed');
  const pieces = [];
  let total = 0;
  let failure;
  for (let more = true; more; ) {
    const out = Buffer.allocUnsafeSlow(stream._chunkSize);
    const [error, read, wrote, again, chunks] = write(handle.id, flag, chunk, out, 0, stream._chunkSize, 16);
    more = again;
    stream.bytesWritten += read;
    if (read > 0) chunk = rest(chunk, read);
    for (const piece of chunks === undefined ? [out.subarray(0, wrote)] : [out.subarray(0, wrote), ...chunks]) {
      pieces.push(piece);
      total += piece.length;
    }
    if (error !== undefined) failure = error;
    else if (total > stream._maxOutputLength) failure = new ERR_BUFFER_TOO_LARGE(stream._maxOutputLength);
    else if (!more && chunk.byteLength > 0 && stream._rejectGarbageAfterEnd) {
      failure = new ERR_TRAILING_JUNK_AFTER_STREAM_END();
    }
    if (failure !== undefined) {
      closeHandle(stream);
      throw failure;
    }
  }
  closeHandle(stream);
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, total);
}

const warned = new Set();

/** What the classes do when they are called as functions. */
function withoutNew(Class, opts) {
  if (!warned.has(Class)) {
    warned.add(Class);
    process.emitWarning(
      `Instantiating ${Class.name} without the 'new' keyword has been deprecated.`,
      'DeprecationWarning',
      'DEP0184',
    );
  }
  return new Class(opts);
}

module.exports = { ZlibBase, closeHandle, processSync, withoutNew };

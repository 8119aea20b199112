'use strict';

// Transform: a Duplex whose output is computed from its input by _transform(). A chunk is taken only when the readable
// side has room: otherwise the callback of its write waits for the next _read().

const Duplex = require('stream/duplex');
const { common } = require('stream/state');
const {
  codes: { ERR_METHOD_NOT_IMPLEMENTED },
} = require('shared/errors');

/** The callback of the write that waits for room on the readable side. */
const kPending = Symbol('pendingCallback');
/** The write under way: its callback, and how much could be read before it. */
const kCallback = Symbol('callback');
const kBefore = Symbol('before');
const kDone = Symbol('done');
const kEnded = common.ended;

/**
 * @constructor
 * @param {Options} [options]
 * @returns {void}
 */
function Transform(options) {
  if (!(this instanceof Transform)) return new Transform(options);

  // With an explicit readable mark of 0, nothing shall be buffered there; then the writable side must not hold back the
  // one chunk that the reader asks for.
  const readableMark = options ? (options.readableHighWaterMark ?? options.highWaterMark) : undefined;
  if (readableMark === 0) {
    options = {
      ...options,
      highWaterMark: null,
      readableHighWaterMark: readableMark,
      writableHighWaterMark: options.writableHighWaterMark || 0,
    };
  }

  Duplex.call(this, options);
  // _read() is only a request for more: it may be called at once.
  this._readableState.sync = false;
  this[kPending] = null;
  this[kCallback] = null;
  this[kBefore] = 0;
  this[kDone] = null;
  if (options) {
    if (typeof options.transform === 'function') this._transform = options.transform;
    if (typeof options.flush === 'function') this._flush = options.flush;
  }
  // A subclass that overrides _final() still gets its flush.
  this.on('prefinish', flushUnlessFinal);
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype);
Object.setPrototypeOf(Transform, Duplex);

function flushUnlessFinal() {
  if (this._final !== final) final.call(this);
}

function final(cb) {
  if (typeof this._flush === 'function' && !this.destroyed) {
    this._flush((err, data) => {
      if (err) {
        if (cb) cb(err);
        else this.destroy(err);
        return;
      }
      if (data !== null && data !== undefined) this.push(data);
      this.push(null);
      if (cb) cb();
    });
  } else {
    this.push(null);
    if (cb) cb();
  }
}
Transform.prototype._final = final;

/** Implementations override this or give the option `transform`. */
Transform.prototype._transform = function (chunk, encoding, callback) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_transform()');
};

Transform.prototype._write = function (chunk, encoding, callback) {
  this[kCallback] = callback;
  this[kBefore] = this._readableState.length;
  this._transform(chunk, encoding, this[kDone] || makeDone(this));
};

/** What _transform() gets as its callback: one chunk is under way at a time, so one function does for all. */
function makeDone(stream) {
  return (stream[kDone] = (err, data) => {
    const callback = stream[kCallback];
    if (err) {
      callback(err);
      return;
    }
    if (data !== null && data !== undefined) stream.push(data);
    // When the chunk gave no output, or there is room, the next may come.
    const r = stream._readableState;
    if (
      r.length < r.highWaterMark ||
      r.length === stream[kBefore] ||
      (r.bits & kEnded) !== 0 ||
      (stream._writableState.bits & kEnded) !== 0
    ) {
      callback();
    } else {
      stream[kPending] = callback;
    }
  });
}

Transform.prototype._read = function () {
  const callback = this[kPending];
  if (callback) {
    this[kPending] = null;
    callback();
  }
};

module.exports = Transform;

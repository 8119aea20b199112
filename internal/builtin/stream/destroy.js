'use strict';

// The end of a stream's life: destroy() and its 'error' and 'close' events, and the beginning: _construct().
// A duplex has two states that change together, so each step here updates both. States are touched by property name:
// pipe() and pipeline() also hand in streams whose states are not ours.

const { AbortError, aggregateTwoErrors, codes } = require('shared/errors');
const { ERR_MULTIPLE_CALLBACK } = codes;
const { kIsDestroyed, isDestroyed, isFinished, isServerRequest, isRequest } = require('stream/predicates');

/** Under these keys a state keeps what must wait until _construct() has called back. */
const kAfterConstruct = Symbol('afterConstruct');
const kPendingDestroy = Symbol('pendingDestroy');

/** The first error wins; both sides remember it. */
function recordError(err, w, r) {
  if (!err) return;
  // Formatting the stack now drops the references to frames that an error kept for later would hold on to.
  err.stack;
  if (w && !w.errored) w.errored = err;
  if (r && !r.errored) r.errored = err;
}

/**
 * Readable.prototype.destroy and the like.
 * @param {Error} [err]
 * @param {(err?: Error) => void} [cb]
 */
function destroy(err, cb) {
  const r = this._readableState;
  const w = this._writableState;
  const state = w || r;
  if (w?.destroyed || r?.destroyed) {
    if (typeof cb === 'function') cb();
    return this;
  }
  recordError(err, w, r);
  if (w) w.destroyed = true;
  if (r) r.destroyed = true;
  if (state.constructed) tearDown(this, err, cb);
  else state[kPendingDestroy] = { err, cb };
  return this;
}

function tearDown(stream, err, cb) {
  let called = false;
  function onDestroyed(err) {
    if (called) return;
    called = true;
    const r = stream._readableState;
    const w = stream._writableState;
    recordError(err, w, r);
    if (w) w.closed = true;
    if (r) r.closed = true;
    if (typeof cb === 'function') cb(err);
    if (err) process.nextTick(emitErrorAndClose, stream, err);
    else process.nextTick(emitClose, stream);
  }
  try {
    stream._destroy(err || null, onDestroyed);
  } catch (thrown) {
    onDestroyed(thrown);
  }
}

function emitErrorAndClose(stream, err) {
  emitError(stream, err);
  emitClose(stream);
}

function emitClose(stream) {
  const r = stream._readableState;
  const w = stream._writableState;
  if (w) w.closeEmitted = true;
  if (r) r.closeEmitted = true;
  if (w?.emitClose || r?.emitClose) stream.emit('close');
}

function emitError(stream, err) {
  const r = stream._readableState;
  const w = stream._writableState;
  if (w?.errorEmitted || r?.errorEmitted) return;
  if (w) w.errorEmitted = true;
  if (r) r.errorEmitted = true;
  stream.emit('error', err);
}

/** Readable.prototype._undestroy and the like: as new, for net.Socket's reconnect. */
function undestroy() {
  const r = this._readableState;
  const w = this._writableState;
  for (const state of [r, w]) {
    if (!state) continue;
    state.constructed = true;
    state.closed = false;
    state.closeEmitted = false;
    state.destroyed = false;
    state.errored = null;
    state.errorEmitted = false;
  }
  if (r) {
    r.reading = false;
    r.ended = r.readable === false;
    r.endEmitted = r.readable === false;
  }
  if (w) {
    w.finalCalled = false;
    w.prefinished = false;
    w.ended = w.writable === false;
    w.ending = w.writable === false;
    w.finished = w.writable === false;
  }
}

/**
 * A stream reports an error of its own: with autoDestroy that destroys it, without it is only emitted.
 * @param {Record<string, any>} stream
 * @param {Error} err
 * @param {boolean} [sync] the user's code is on the stack: emit later
 */
function errorOrDestroy(stream, err, sync) {
  const r = stream._readableState;
  const w = stream._writableState;
  if (w?.destroyed || r?.destroyed) return;
  if (r?.autoDestroy || w?.autoDestroy) {
    stream.destroy(err);
  } else if (err) {
    recordError(err, w, r);
    if (sync) process.nextTick(emitError, stream, err);
    else emitError(stream, err);
  }
}

/**
 * Starts _construct() on the next tick, when there is one; `then(stream)` runs after it. Both halves of a duplex call
 * this, and construction runs once.
 * @param {Record<string | symbol, any>} stream
 * @param {(stream: object) => void} then
 */
function construct(stream, then) {
  if (typeof stream._construct !== 'function') return;
  const r = stream._readableState;
  const w = stream._writableState;
  if (r) r.constructed = false;
  if (w) w.constructed = false;
  const waiting = stream[kAfterConstruct];
  if (waiting) {
    waiting.push(then);
  } else {
    stream[kAfterConstruct] = [then];
    process.nextTick(runConstruct, stream);
  }
}

function runConstruct(stream) {
  let called = false;
  function onConstructed(err) {
    if (called) {
      errorOrDestroy(stream, err ?? new ERR_MULTIPLE_CALLBACK());
      return;
    }
    called = true;
    const r = stream._readableState;
    const w = stream._writableState;
    const state = w || r;
    if (r) r.constructed = true;
    if (w) w.constructed = true;
    const then = stream[kAfterConstruct];
    stream[kAfterConstruct] = undefined;
    if (state.destroyed) {
      const pending = state[kPendingDestroy];
      state[kPendingDestroy] = undefined;
      if (pending) tearDown(stream, aggregateTwoErrors(err, pending.err), pending.cb);
    } else if (err) {
      errorOrDestroy(stream, err, true);
    } else {
      for (let i = 0; i < then.length; i++) then[i](stream);
    }
  }
  try {
    stream._construct((err) => {
      process.nextTick(onConstructed, err);
    });
  } catch (err) {
    process.nextTick(onConstructed, err);
  }
}

/**
 * Destroys any stream in the way its kind wants it.
 * @param {Record<string, any>} stream
 * @param {Error | null} [err]
 */
function destroyer(stream, err) {
  if (!stream || isDestroyed(stream)) return;
  if (!err && !isFinished(stream)) err = new AbortError();
  if (isServerRequest(stream)) {
    stream.socket = null;
    stream.destroy(err);
  } else if (isRequest(stream)) {
    stream.abort();
  } else if (isRequest(stream.req)) {
    stream.req.abort();
  } else if (typeof stream.destroy === 'function') {
    stream.destroy(err);
  } else if (typeof stream.close === 'function') {
    stream.close();
  }
  if (!stream.destroyed) stream[kIsDestroyed] = true;
}

module.exports = { construct, destroy, destroyer, errorOrDestroy, undestroy };

'use strict';

// finished(): tells once when a stream, of whatever kind, is over, and whether it ended well. The difficulty is streams
// that are over already, that never emit 'close', or of which only one side matters.

const { AbortError, codes } = require('shared/errors');
const { validateAbortSignal, validateBoolean, validateFunction, validateObject } = require('shared/validators');
const { ERR_INVALID_ARG_TYPE, ERR_STREAM_PREMATURE_CLOSE } = codes;
const is = require('stream/predicates');

function nop() {}

/** The callback runs at most once, in the async context of whoever called finished(). */
function onceInContext(callback) {
  const context = engine.getContinuationData();
  let called = false;
  return function (err) {
    if (called) return;
    called = true;
    if (context === undefined) {
      callback.call(this, err);
      return;
    }
    const current = engine.getContinuationData();
    engine.setContinuationData(context);
    try {
      callback.call(this, err);
    } finally {
      engine.setContinuationData(current);
    }
  };
}

/**
 * @param {Record<string, any>} stream
 * @param {any} [options] or the callback
 * @param {(err?: Error) => void} [callback]
 * @returns {() => void} removes the listeners
 */
function eos(stream, options, callback) {
  if (arguments.length === 2) {
    callback = options;
    options = {};
  } else if (options === null || options === undefined) {
    options = {};
  } else {
    validateObject(options, 'options');
  }
  validateFunction(callback, 'callback');
  validateAbortSignal(options.signal, 'options.signal');
  callback = onceInContext(callback);

  if (is.isReadableStream(stream) || is.isWritableStream(stream)) return eosWeb(stream, options, callback);
  if (!is.isNodeStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
  const watch = new Watch(stream, options, callback);
  watch.start();
  return () => watch.stop();
}

/** One call of finished() on a node stream. */
class Watch {
  constructor(stream, options, callback) {
    this.stream = stream;
    this.callback = callback;
    this.readable = options.readable ?? is.isReadableNodeStream(stream);
    this.writable = options.writable ?? is.isWritableNodeStream(stream);
    this.listenForErrors = options.error !== false;
    this.signal = options.signal;
    this.abortListener = null;
    this.writableDone = is.isWritableFinished(stream, false);
    this.readableDone = is.isReadableFinished(stream, false);
    // When 'close' is sure to come, and stands for exactly the sides asked for, it is better to wait for it.
    this.closeWillTell =
      is.willEmitClose(stream) &&
      is.isReadableNodeStream(stream) === this.readable &&
      is.isWritableNodeStream(stream) === this.writable;
    this.listeners = [];
  }

  on(emitter, event, fn) {
    emitter.on(event, fn);
    this.listeners.push(emitter, event, fn);
  }

  stop() {
    this.callback = nop;
    const { listeners } = this;
    for (let i = 0; i < listeners.length; i += 3) listeners[i].removeListener(listeners[i + 1], listeners[i + 2]);
    this.listeners = [];
    this.releaseSignal();
  }

  releaseSignal() {
    if (this.abortListener !== null) {
      this.abortListener[Symbol.dispose]();
      this.abortListener = null;
    }
  }

  tell(err) {
    this.releaseSignal();
    if (err === undefined) this.callback.call(this.stream);
    else this.callback.call(this.stream, err);
  }

  start() {
    const { stream } = this;
    const w = stream._writableState;
    const r = stream._readableState;
    const onFinish = () => this.onFinish();
    const onClose = () => this.onClose();

    if (is.isRequest(stream)) {
      this.on(stream, 'complete', onFinish);
      if (!this.closeWillTell) this.on(stream, 'abort', onClose);
      if (stream.req) this.on(stream.req, 'finish', onFinish);
      else this.on(stream, 'request', () => this.on(stream.req, 'finish', onFinish));
    } else if (this.writable && !w) {
      // Legacy streams emit 'end' or 'close' where others emit 'finish'.
      const onLegacyFinish = () => {
        if (!stream.writable) this.onFinish();
      };
      this.on(stream, 'end', onLegacyFinish);
      this.on(stream, 'close', onLegacyFinish);
    }
    if (!this.closeWillTell && typeof stream.aborted === 'boolean') this.on(stream, 'aborted', onClose);
    this.on(stream, 'end', () => this.onEnd());
    this.on(stream, 'finish', onFinish);
    if (this.listenForErrors) this.on(stream, 'error', (err) => this.tell(err));
    this.on(stream, 'close', onClose);

    if (is.isClosed(stream)) process.nextTick(onClose);
    else if (this.isOverAlready(r, w)) process.nextTick(() => this.tellAsClosed());

    if (this.signal) this.watchSignal();
  }

  isOverAlready(r, w) {
    const { stream, readable, writable, closeWillTell } = this;
    if (w?.errorEmitted || r?.errorEmitted) return !closeWillTell;
    if (
      !readable &&
      (!closeWillTell || is.isReadable(stream)) &&
      (this.writableDone || is.isWritable(stream) === false) &&
      !w?.pendingcb
    ) {
      return true;
    }
    if (
      !writable &&
      (!closeWillTell || is.isWritable(stream)) &&
      (this.readableDone || is.isReadable(stream) === false)
    ) {
      return true;
    }
    return !!(r && stream.req && stream.aborted);
  }

  watchSignal() {
    const { signal } = this;
    const onAbort = () => {
      const { callback } = this;
      this.stop();
      callback.call(this.stream, new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) process.nextTick(onAbort);
    else this.abortListener = require('events').addAbortListener(signal, onAbort);
  }

  onFinish() {
    const { stream, readable } = this;
    this.writableDone = true;
    // A stream that is destroyed without autoDestroy's help may never emit 'close'.
    if (stream.destroyed) this.closeWillTell = false;
    if (this.closeWillTell && (!stream.writable || readable)) return;
    if (!readable || this.readableDone) this.tell();
  }

  onEnd() {
    const { stream, writable } = this;
    this.readableDone = true;
    if (stream.destroyed) this.closeWillTell = false;
    if (this.closeWillTell && (!stream.readable || writable)) return;
    if (!writable || this.writableDone) this.tell();
  }

  /** The error that the stream was destroyed with, if it is known. */
  knownError() {
    const err = is.isWritableErrored(this.stream) || is.isReadableErrored(this.stream);
    return err && typeof err !== 'boolean' ? err : undefined;
  }

  onClose() {
    const { stream } = this;
    const err = this.knownError();
    if (err !== undefined) {
      this.tell(err);
    } else if (
      this.readable &&
      !this.readableDone &&
      is.isReadableNodeStream(stream, true) &&
      !is.isReadableFinished(stream, false)
    ) {
      this.tell(new ERR_STREAM_PREMATURE_CLOSE());
    } else if (this.writable && !this.writableDone && !is.isWritableFinished(stream, false)) {
      this.tell(new ERR_STREAM_PREMATURE_CLOSE());
    } else {
      this.tell();
    }
  }

  tellAsClosed() {
    this.tell(this.knownError());
  }
}

function eosWeb(stream, options, callback) {
  let over = false;
  let abortListener = null;
  const { signal } = options;
  const tell = (...args) => {
    if (over) return;
    over = true;
    if (abortListener !== null) abortListener[Symbol.dispose]();
    process.nextTick(() => callback.apply(stream, args));
  };
  if (signal) {
    const onAbort = () => {
      if (over) return;
      over = true;
      callback.call(stream, new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) process.nextTick(onAbort);
    else abortListener = require('events').addAbortListener(signal, onAbort);
  }
  stream[is.kIsClosedPromise].promise.then(tell, tell);
  return nop;
}

/**
 * stream/promises' finished().
 * @param {object} stream
 * @param {{ cleanup?: boolean, signal?: AbortSignal }} [options]
 */
function finished(stream, options) {
  let cleanup = false;
  if (options === null || options === undefined) options = {};
  if (options.cleanup) {
    validateBoolean(options.cleanup, 'cleanup');
    cleanup = options.cleanup;
  }
  return new Promise((resolve, reject) => {
    const stop = eos(stream, options, (err) => {
      if (cleanup) stop();
      if (err) reject(err);
      else resolve();
    });
  });
}

module.exports = { eos, finished };

'use strict';

// WritableStream, its writer and its controller.

const { codes } = require('shared/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } = codes;
const is = require('stream/predicates');
const {
  Settleable,
  SizedQueue,
  kInspect,
  kInternal,
  callAsync,
  checkKey,
  checkOptions,
  finishClass,
  highWaterMarkOf,
  inspectAs,
  methodOf,
  promiseFor,
  silence,
  sizeOf,
  wrongThis,
} = require('stream/web_shared');

/** In the queue it stands for "close after what is before". */
const kClose = Symbol('close');

// --- the stream

class WritableCore {
  constructor() {
    this.face = null;
    /** 'writable', 'erroring', 'errored' or 'closed' */
    this.state = 'writable';
    this.storedError = undefined;
    this.writer = null;
    this.controller = null;
    this.backpressure = false;
    /** Promises of write() that wait, oldest first. */
    this.writeRequests = [];
    this.inFlightWrite = null;
    this.closeRequest = null;
    this.inFlightClose = null;
    /** { capability, reason, wasErroring } */
    this.pendingAbort = null;
    this.over = null;
  }

  /** For finished(). */
  get whenOver() {
    if (this.over === null) {
      this.over = Promise.withResolvers();
      silence(this.over.promise);
      if (this.state === 'closed') this.over.resolve();
      else if (this.state === 'errored') this.over.reject(this.storedError);
    }
    return this.over;
  }

  get closeQueuedOrInFlight() {
    return this.closeRequest !== null || this.inFlightClose !== null;
  }

  abort(reason) {
    if (this.state === 'closed' || this.state === 'errored') return Promise.resolve();
    this.controller.abortSignal(reason);
    // Its listeners may have changed everything.
    const { state } = this;
    if (state === 'closed' || state === 'errored') return Promise.resolve();
    if (this.pendingAbort !== null) return this.pendingAbort.capability.promise;
    const wasErroring = state === 'erroring';
    const capability = Promise.withResolvers();
    this.pendingAbort = { capability, reason: wasErroring ? undefined : reason, wasErroring };
    if (!wasErroring) this.startErroring(reason);
    return capability.promise;
  }

  close() {
    if (this.state === 'closed' || this.state === 'errored' || this.closeQueuedOrInFlight) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('Failure to close WritableStream'));
    }
    this.closeRequest = Promise.withResolvers();
    const { promise } = this.closeRequest;
    if (this.writer !== null && this.backpressure && this.state === 'writable') this.writer.ready.resolve();
    this.controller.close();
    return promise;
  }

  startErroring(reason) {
    const { controller, writer } = this;
    this.state = 'erroring';
    this.storedError = reason;
    if (writer !== null) writer.ensureReadyRejected(reason);
    if (this.inFlightWrite === null && this.inFlightClose === null && controller.started) this.finishErroring();
  }

  finishErroring() {
    this.state = 'errored';
    this.controller.errorSteps();
    const { storedError } = this;
    const requests = this.writeRequests;
    this.writeRequests = [];
    for (const request of requests) request.reject(storedError);
    if (this.over !== null) this.over.reject(storedError);
    const abort = this.pendingAbort;
    if (abort === null) {
      this.rejectCloseAndClosed();
      return;
    }
    this.pendingAbort = null;
    if (abort.wasErroring) {
      abort.capability.reject(storedError);
      this.rejectCloseAndClosed();
      return;
    }
    this.controller.abortSteps(abort.reason).then(
      () => {
        abort.capability.resolve();
        this.rejectCloseAndClosed();
      },
      (reason) => {
        abort.capability.reject(reason);
        this.rejectCloseAndClosed();
      },
    );
  }

  rejectCloseAndClosed() {
    if (this.closeRequest !== null) {
      this.closeRequest.reject(this.storedError);
      this.closeRequest = null;
    }
    if (this.writer !== null) this.writer.rejectClosed(this.storedError);
  }

  dealWithRejection(reason) {
    if (this.state === 'writable') this.startErroring(reason);
    else this.finishErroring();
  }

  finishInFlightWrite() {
    this.inFlightWrite.resolve();
    this.inFlightWrite = null;
  }

  failInFlightWrite(reason) {
    this.inFlightWrite.reject(reason);
    this.inFlightWrite = null;
    this.dealWithRejection(reason);
  }

  finishInFlightClose() {
    this.inFlightClose.resolve();
    this.inFlightClose = null;
    if (this.state === 'erroring') {
      // Closing succeeded although somebody wanted to abort: that counts.
      this.storedError = undefined;
      if (this.pendingAbort !== null) {
        this.pendingAbort.capability.resolve();
        this.pendingAbort = null;
      }
    }
    this.state = 'closed';
    if (this.writer !== null) this.writer.closed.resolve();
    if (this.over !== null) this.over.resolve();
  }

  failInFlightClose(reason) {
    this.inFlightClose.reject(reason);
    this.inFlightClose = null;
    if (this.pendingAbort !== null) {
      this.pendingAbort.capability.reject(reason);
      this.pendingAbort = null;
    }
    this.dealWithRejection(reason);
  }

  updateBackpressure(backpressure) {
    if (backpressure === this.backpressure) return;
    this.backpressure = backpressure;
    const { writer } = this;
    if (writer === null) return;
    if (backpressure) writer.becomeBusy();
    else writer.ready.resolve();
  }
}

class ControllerCore {
  constructor(stream, highWaterMark, size) {
    this.face = null;
    this.stream = stream;
    this.queue = new SizedQueue();
    this.mark = highWaterMark;
    this.sizeFn = size;
    /** Made when somebody looks at the signal. */
    this.abortController = null;
    this.abortedWith = undefined;
    this.aborted = false;
    this.started = false;
    this.sink = undefined;
    this.sinkWrite = undefined;
    this.sinkClose = undefined;
    this.sinkAbort = undefined;
    stream.controller = this;
  }

  start(sink, start, write, close, abort) {
    this.sink = sink;
    this.sinkWrite = write;
    this.sinkClose = close;
    this.sinkAbort = abort;
    const { stream } = this;
    stream.updateBackpressure(this.backpressure);
    const result = start === undefined ? undefined : Reflect.apply(start, sink, [this.getFace()]);
    promiseFor(result).then(
      () => {
        this.started = true;
        this.advance();
      },
      (reason) => {
        this.started = true;
        stream.dealWithRejection(reason);
      },
    );
  }

  getFace() {
    return (this.face ??= new WritableStreamDefaultController(kInternal, this));
  }

  get desiredSize() {
    return this.mark - this.queue.total;
  }

  get backpressure() {
    return this.desiredSize <= 0;
  }

  clearAlgorithms() {
    this.sinkWrite = undefined;
    this.sinkClose = undefined;
    this.sinkAbort = undefined;
    this.sizeFn = undefined;
    this.sink = undefined;
  }

  abortSteps(reason) {
    const { sink, sinkAbort } = this;
    const result = sinkAbort === undefined ? Promise.resolve() : callAsync(sinkAbort, sink, reason);
    this.clearAlgorithms();
    return result;
  }

  get signal() {
    if (this.abortController === null) {
      this.abortController = new AbortController();
      if (this.aborted) this.abortController.abort(this.abortedWith);
    }
    return this.abortController.signal;
  }

  abortSignal(reason) {
    if (this.aborted) return;
    this.aborted = true;
    this.abortedWith = reason;
    this.abortController?.abort(reason);
  }

  errorSteps() {
    this.queue.clear();
  }

  close() {
    this.queue.push(kClose, 0);
    this.advance();
  }

  chunkSize(chunk) {
    const { sizeFn: size } = this;
    if (size === undefined) return 1;
    try {
      return +size(chunk);
    } catch (err) {
      this.errorIfNeeded(err);
      return 1;
    }
  }

  write(chunk, size) {
    try {
      this.queue.push(chunk, size);
    } catch (err) {
      this.errorIfNeeded(err);
      return;
    }
    const { stream } = this;
    if (!stream.closeQueuedOrInFlight && stream.state === 'writable') stream.updateBackpressure(this.backpressure);
    this.advance();
  }

  errorIfNeeded(reason) {
    if (this.stream.state === 'writable') this.error(reason);
  }

  error(reason) {
    this.clearAlgorithms();
    this.stream.startErroring(reason);
  }

  /** Starts the next write or the close, when nothing is under way. */
  advance() {
    const { queue, stream } = this;
    if (!this.started || stream.inFlightWrite !== null) return;
    if (stream.state === 'erroring') {
      stream.finishErroring();
      return;
    }
    if (queue.length === 0) return;
    const chunk = queue.peek();
    if (chunk === kClose) this.processClose();
    else this.processWrite(chunk);
  }

  processClose() {
    const { sink, sinkClose, stream } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = null;
    this.queue.shift();
    const result = sinkClose === undefined ? Promise.resolve() : callAsync(sinkClose, sink);
    this.clearAlgorithms();
    result.then(
      () => stream.finishInFlightClose(),
      (reason) => stream.failInFlightClose(reason),
    );
  }

  processWrite(chunk) {
    const { sink, sinkWrite, stream } = this;
    stream.inFlightWrite = stream.writeRequests.shift();
    const result = sinkWrite === undefined ? Promise.resolve() : callAsync(sinkWrite, sink, chunk, this.getFace());
    result.then(
      () => {
        stream.finishInFlightWrite();
        this.queue.shift();
        if (!stream.closeQueuedOrInFlight && stream.state === 'writable') stream.updateBackpressure(this.backpressure);
        this.advance();
      },
      (reason) => {
        if (stream.state === 'writable') this.clearAlgorithms();
        stream.failInFlightWrite(reason);
      },
    );
  }
}

// --- the writer

class WriterCore {
  constructor(stream) {
    if (stream.writer !== null) throw new ERR_INVALID_STATE.TypeError('WritableStream is locked');
    this.stream = stream;
    stream.writer = this;
    this.ready = new Settleable();
    this.closed = new Settleable();
    switch (stream.state) {
      case 'writable':
        if (stream.closeQueuedOrInFlight || !stream.backpressure) this.ready.resolve();
        break;
      case 'erroring':
        this.ensureReadyRejected(stream.storedError);
        break;
      case 'closed':
        this.ready.resolve();
        this.closed.resolve();
        break;
      default:
        this.ensureReadyRejected(stream.storedError);
        this.rejectClosed(stream.storedError);
    }
  }

  rejectClosed(reason) {
    this.closed.reject(reason);
  }

  ensureReadyRejected(reason) {
    this.ready = this.ready.rejected(reason);
  }

  get desiredSize() {
    const { state, controller } = this.stream;
    if (state === 'errored' || state === 'erroring') return null;
    return state === 'closed' ? 0 : controller.desiredSize;
  }

  /** Backpressure begins: `ready` is pending again. */
  becomeBusy() {
    this.ready = new Settleable();
  }

  write(chunk) {
    const request = Promise.withResolvers();
    this.writeFor(chunk, request);
    return request.promise;
  }

  /**
   * write() for somebody who brings his own kind of promise.
   * @param {any} chunk
   * @param {{ resolve: () => void, reject: (reason: any) => void }} request
   */
  writeFor(chunk, request) {
    const { stream } = this;
    const { controller } = stream;
    const size = controller.chunkSize(chunk);
    // Computing the size may have run user code that released the lock.
    const { state } = stream;
    if (stream !== this.stream) {
      request.reject(new ERR_INVALID_STATE.TypeError('Mismatched WritableStreams'));
    } else if (state === 'errored') {
      request.reject(stream.storedError);
    } else if (stream.closeQueuedOrInFlight || state === 'closed') {
      request.reject(new ERR_INVALID_STATE.TypeError('WritableStream is closed'));
    } else if (state === 'erroring') {
      request.reject(stream.storedError);
    } else {
      stream.writeRequests.push(request);
      controller.write(chunk, size);
    }
  }

  closeWithErrorPropagation() {
    const { stream } = this;
    if (stream.closeQueuedOrInFlight || stream.state === 'closed') return Promise.resolve();
    if (stream.state === 'errored') return Promise.reject(stream.storedError);
    return stream.close();
  }

  release() {
    const { stream } = this;
    const reason = new ERR_INVALID_STATE.TypeError('Writer has been released');
    this.ready = this.ready.rejected(reason);
    this.closed = this.closed.rejected(reason);
    stream.writer = null;
    this.stream = null;
  }
}

// --- faces

class WritableStream {
  #core;

  /**
   * @param {Record<string | symbol, any>} [sink]
   * @param {Options} [strategy] size, highWaterMark
   */
  constructor(sink = undefined, strategy = undefined) {
    if (sink === kInternal) {
      this.#core = strategy;
      strategy.face = this;
      return;
    }
    checkOptions(sink, 'sink');
    checkOptions(strategy, 'strategy');
    const core = (this.#core = new WritableCore());
    core.face = this;
    sink ??= {};
    const type = sink.type;
    if (type !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('type', type);
    const size = sizeOf(strategy?.size);
    const highWaterMark = highWaterMarkOf(strategy?.highWaterMark, 1);
    const abort = methodOf(sink, 'abort', 'sink');
    const close = methodOf(sink, 'close', 'sink');
    const start = methodOf(sink, 'start', 'sink');
    const write = methodOf(sink, 'write', 'sink');
    new ControllerCore(core, highWaterMark, size).start(sink, start, write, close, abort);
  }

  static coreOf(value) {
    return typeof value === 'object' && value !== null && #core in value ? value.#core : undefined;
  }

  get [is.kIsErrored]() {
    return this.#core.state === 'errored';
  }

  get [is.kIsWritable]() {
    return this.#core.state === 'writable';
  }

  get [is.kIsClosedPromise]() {
    return this.#core.whenOver;
  }

  [is.kControllerErrorFunction](reason) {
    this.#core.controller.errorIfNeeded(reason);
  }

  get locked() {
    const core = coreOf(this);
    if (core === undefined) throw wrongThis('WritableStream');
    return core.writer !== null;
  }

  abort(reason = undefined) {
    const core = coreOf(this);
    if (core === undefined) return Promise.reject(wrongThis('WritableStream'));
    if (core.writer !== null) return Promise.reject(new ERR_INVALID_STATE.TypeError('WritableStream is locked'));
    return core.abort(reason);
  }

  close() {
    const core = coreOf(this);
    if (core === undefined) return Promise.reject(wrongThis('WritableStream'));
    if (core.writer !== null) return Promise.reject(new ERR_INVALID_STATE.TypeError('WritableStream is locked'));
    if (core.closeQueuedOrInFlight) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('Failure closing WritableStream'));
    }
    return core.close();
  }

  getWriter() {
    if (coreOf(this) === undefined) throw wrongThis('WritableStream');
    return new WritableStreamDefaultWriter(this);
  }

  [kInspect](depth, options) {
    const core = this.#core;
    return inspectAs(this, 'WritableStream', { locked: core.writer !== null, state: core.state }, depth, options);
  }
}
const { coreOf } = WritableStream;
delete WritableStream.coreOf;
finishClass(WritableStream, ['abort', 'close', 'getWriter', 'locked']);

/** The public object of a core that was made inside. */
function faceOf(core) {
  return core.face ?? new WritableStream(kInternal, core);
}

class WritableStreamDefaultWriter {
  #core;

  /** @param {WritableStream} stream */
  constructor(stream) {
    const core = coreOf(stream);
    if (core === undefined) throw new ERR_INVALID_ARG_TYPE('stream', 'WritableStream', stream);
    this.#core = new WriterCore(core);
  }

  static coreOf(value) {
    return typeof value === 'object' && value !== null && #core in value ? value.#core : undefined;
  }

  get closed() {
    const core = coreOfWriter(this);
    return core === undefined ? Promise.reject(wrongThis('WritableStreamDefaultWriter')) : core.closed.promise;
  }

  get desiredSize() {
    const core = coreOfWriter(this);
    if (core === undefined) throw wrongThis('WritableStreamDefaultWriter');
    if (core.stream === null) throw unbound();
    return core.desiredSize;
  }

  get ready() {
    const core = coreOfWriter(this);
    return core === undefined ? Promise.reject(wrongThis('WritableStreamDefaultWriter')) : core.ready.promise;
  }

  abort(reason = undefined) {
    const core = coreOfWriter(this);
    if (core === undefined) return Promise.reject(wrongThis('WritableStreamDefaultWriter'));
    return core.stream === null ? Promise.reject(unbound()) : core.stream.abort(reason);
  }

  close() {
    const core = coreOfWriter(this);
    if (core === undefined) return Promise.reject(wrongThis('WritableStreamDefaultWriter'));
    if (core.stream === null) return Promise.reject(unbound());
    if (core.stream.closeQueuedOrInFlight) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('Failure to close WritableStream'));
    }
    return core.stream.close();
  }

  releaseLock() {
    const core = coreOfWriter(this);
    if (core === undefined) throw wrongThis('WritableStreamDefaultWriter');
    if (core.stream !== null) core.release();
  }

  write(chunk = undefined) {
    const core = coreOfWriter(this);
    if (core === undefined) return Promise.reject(wrongThis('WritableStreamDefaultWriter'));
    return core.stream === null ? Promise.reject(unbound()) : core.write(chunk);
  }

  [kInspect](depth, options) {
    const core = this.#core;
    return inspectAs(
      this,
      'WritableStreamDefaultWriter',
      {
        stream: core.stream?.face,
        close: core.closed.promise,
        ready: core.ready.promise,
        desiredSize: core.stream === null ? undefined : core.desiredSize,
      },
      depth,
      options,
    );
  }
}
const coreOfWriter = WritableStreamDefaultWriter.coreOf;
delete WritableStreamDefaultWriter.coreOf;
finishClass(WritableStreamDefaultWriter, ['abort', 'close', 'closed', 'desiredSize', 'ready', 'releaseLock', 'write']);

function unbound() {
  return new ERR_INVALID_STATE.TypeError('Writer is not bound to a WritableStream');
}

class WritableStreamDefaultController {
  #core;

  constructor(key = undefined, core = undefined) {
    checkKey(key);
    this.#core = core;
  }

  get signal() {
    if (!(#core in this)) throw wrongThis('WritableStreamDefaultController');
    return this.#core.signal;
  }

  error(error = undefined) {
    if (!(#core in this)) throw wrongThis('WritableStreamDefaultController');
    this.#core.errorIfNeeded(error);
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'WritableStreamDefaultController', { stream: this.#core.stream.face }, depth, options);
  }
}
finishClass(WritableStreamDefaultController, ['error', 'signal']);

/**
 * A stream whose algorithms are our own functions.
 * @param {Function} start
 * @param {(chunk: any) => any} write
 * @param {Function} close
 * @param {(reason: any) => any} abort
 * @param {number} highWaterMark
 * @param {(chunk: any) => number} [size]
 * @returns {WritableCore}
 */
function createWritable(start, write, close, abort, highWaterMark, size) {
  const core = new WritableCore();
  new ControllerCore(core, highWaterMark, size).start(undefined, start, write, close, abort);
  return core;
}

require('shared/clone').transferable(WritableStream, function move() {
  return require('stream/web_transfer').transferStream(this);
});

module.exports = {
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
  WriterCore,
  coreOf,
  createWritable,
  faceOf,
};

'use strict';

// ReadableStream, its default reader and its default controller. The byte controller is in web_readable_bytes.js,
// tee() in web_tee.js, pipeTo() in web_pipe.js: they are loaded when used.
//
// A read request is an object with chunk(value), close() and error(reason); who reads brings his own kind of it, so
// that pipes and tees need no promise per chunk.

const { codes } = require('shared/errors');
const { ERR_ARG_NOT_ITERABLE, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } = codes;
const is = require('stream/predicates');
const { validateAbortSignal } = require('shared/validators');
const {
  Settleable,
  SizedQueue,
  kInspect,
  kInternal,
  callAsync,
  checkDictionary,
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

// --- the stream

class ReadableCore {
  constructor() {
    this.face = null;
    /** 'readable', 'closed' or 'errored' */
    this.state = 'readable';
    this.storedError = undefined;
    this.disturbed = false;
    this.reader = null;
    this.controller = null;
    /** For finished(): made when asked for. */
    this.over = null;
  }

  /** Settled when the stream is closed or errored. */
  get whenOver() {
    if (this.over === null) {
      this.over = Promise.withResolvers();
      silence(this.over.promise);
      if (this.state === 'closed') this.over.resolve();
      else if (this.state === 'errored') this.over.reject(this.storedError);
    }
    return this.over;
  }

  get hasDefaultReader() {
    return this.reader !== null && !this.reader.isByob;
  }

  get hasByobReader() {
    return this.reader !== null && this.reader.isByob;
  }

  /** Requests that wait. */
  get requestCount() {
    return this.reader.requests.length;
  }

  cancel(reason) {
    this.disturbed = true;
    if (this.state === 'closed') return Promise.resolve();
    if (this.state === 'errored') return Promise.reject(this.storedError);
    this.close();
    if (this.hasByobReader) {
      for (const request of this.reader.takeRequests()) request.close(undefined);
    }
    return this.controller.cancelSteps(reason).then(() => undefined);
  }

  close() {
    this.state = 'closed';
    if (this.over !== null) this.over.resolve();
    const { reader } = this;
    if (reader === null) return;
    reader.closed.resolve();
    if (!reader.isByob) {
      for (const request of reader.takeRequests()) request.close();
    }
  }

  error(reason) {
    this.state = 'errored';
    this.storedError = reason;
    if (this.over !== null) this.over.reject(reason);
    const { reader } = this;
    if (reader === null) return;
    reader.closed.reject(reason);
    for (const request of reader.takeRequests()) request.error(reason);
  }
}

/** What both kinds of reader keep. */
class ReaderCore {
  constructor(stream, isByob) {
    if (stream.reader !== null) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
    this.isByob = isByob;
    this.stream = stream;
    this.requests = [];
    stream.reader = this;
    this.closed = new Settleable();
    if (stream.state === 'closed') this.closed.resolve();
    else if (stream.state === 'errored') this.closed.reject(stream.storedError);
  }

  takeRequests() {
    const { requests } = this;
    this.requests = [];
    return requests;
  }

  /** For default readers. */
  read(request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'readable') stream.controller.pullSteps(request);
    else if (stream.state === 'closed') request.close();
    else request.error(stream.storedError);
  }

  cancel(reason) {
    return this.stream.cancel(reason);
  }

  release() {
    const { stream } = this;
    const reason = new ERR_INVALID_STATE.TypeError('Reader released');
    this.closed = this.closed.rejected(reason);
    stream.controller.releaseSteps();
    stream.reader = null;
    this.stream = null;
    for (const request of this.takeRequests()) request.error(reason);
  }
}

/** read() of a default reader. */
class PromiseRequest {
  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.promise = promise;
    this.resolve = resolve;
    this.error = reject;
  }

  chunk(value) {
    this.resolve({ value, done: false });
  }

  close() {
    this.resolve({ value: undefined, done: true });
  }
}

// --- the default controller

class DefaultControllerCore {
  constructor(stream, highWaterMark, size) {
    this.face = null;
    this.stream = stream;
    this.queue = new SizedQueue();
    this.mark = highWaterMark;
    this.sizeFn = size;
    this.source = undefined;
    this.pull = undefined;
    this.cancel = undefined;
    this.started = false;
    this.closeRequested = false;
    this.pulling = false;
    this.pullAgain = false;
    stream.controller = this;
  }

  start(source, start, pull, cancel) {
    this.source = source;
    this.pull = pull;
    this.cancel = cancel;
    const result = start === undefined ? undefined : Reflect.apply(start, source, [this.getFace()]);
    promiseFor(result).then(
      () => {
        this.started = true;
        this.callPullIfNeeded();
      },
      (reason) => this.error(reason),
    );
  }

  getFace() {
    return (this.face ??= new ReadableStreamDefaultController(kInternal, this));
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === 'errored') return null;
    return state === 'closed' ? 0 : this.mark - this.queue.total;
  }

  get canCloseOrEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  /** Would a read be answered at once? */
  get hasQueued() {
    return this.queue.length > 0;
  }

  callPullIfNeeded() {
    if (!this.started || !this.canCloseOrEnqueue) return;
    const { stream } = this;
    if (!(stream.reader !== null && stream.requestCount > 0) && !(this.desiredSize > 0)) return;
    if (this.pulling) {
      this.pullAgain = true;
      return;
    }
    this.pulling = true;
    const promise = this.pull === undefined ? Promise.resolve() : callAsync(this.pull, this.source, this.getFace());
    promise.then(
      () => {
        this.pulling = false;
        if (this.pullAgain) {
          this.pullAgain = false;
          this.callPullIfNeeded();
        }
      },
      (reason) => this.error(reason),
    );
  }

  clearAlgorithms() {
    this.pull = undefined;
    this.cancel = undefined;
    this.sizeFn = undefined;
    this.source = undefined;
  }

  close() {
    if (!this.canCloseOrEnqueue) return;
    this.closeRequested = true;
    if (this.queue.length === 0) {
      this.clearAlgorithms();
      this.stream.close();
    }
  }

  enqueue(chunk) {
    if (!this.canCloseOrEnqueue) return;
    const { stream } = this;
    if (stream.reader !== null && stream.requestCount > 0) {
      stream.reader.requests.shift().chunk(chunk);
    } else {
      try {
        const { sizeFn: size } = this;
        this.queue.push(chunk, size === undefined ? 1 : +size(chunk));
      } catch (err) {
        this.error(err);
        throw err;
      }
    }
    this.callPullIfNeeded();
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.queue.clear();
    this.clearAlgorithms();
    this.stream.error(reason);
  }

  cancelSteps(reason) {
    this.queue.clear();
    const { cancel, source } = this;
    const result = cancel === undefined ? Promise.resolve() : callAsync(cancel, source, reason);
    this.clearAlgorithms();
    return result;
  }

  pullSteps(request) {
    const { queue, stream } = this;
    if (queue.length > 0) {
      const chunk = queue.shift();
      if (this.closeRequested && queue.length === 0) {
        this.clearAlgorithms();
        stream.close();
      } else {
        this.callPullIfNeeded();
      }
      request.chunk(chunk);
    } else {
      stream.reader.requests.push(request);
      this.callPullIfNeeded();
    }
  }

  releaseSteps() {}
}

// --- faces

class ReadableStream {
  #core;

  /**
   * @param {Record<string | symbol, any>} [source]
   * @param {Options} [strategy] size, highWaterMark
   */
  constructor(source = undefined, strategy = undefined) {
    if (source === kInternal) {
      this.#core = strategy;
      strategy.face = this;
      return;
    }
    checkDictionary(source, 'source');
    checkOptions(strategy, 'strategy');
    const core = (this.#core = new ReadableCore());
    core.face = this;
    source ??= {};
    const size = strategy?.size;
    const mark = strategy?.highWaterMark;
    const type = source.type;
    if (type !== undefined && `${type}` === 'bytes') {
      if (size !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.size', size);
      require('stream/web_readable_bytes').setUpByteStream(core, source, highWaterMarkOf(mark, 0));
    } else if (type !== undefined) {
      throw new ERR_INVALID_ARG_VALUE('source.type', type);
    } else {
      const sizeFn = sizeOf(size);
      const controller = new DefaultControllerCore(core, highWaterMarkOf(mark, 1), sizeFn);
      const cancel = methodOf(source, 'cancel', 'source');
      const pull = methodOf(source, 'pull', 'source');
      const start = methodOf(source, 'start', 'source');
      controller.start(source, start, pull, cancel);
    }
  }

  static coreOf(value) {
    return typeof value === 'object' && value !== null && #core in value ? value.#core : undefined;
  }

  get [is.kIsDisturbed]() {
    return this.#core.disturbed;
  }

  get [is.kIsErrored]() {
    return this.#core.state === 'errored';
  }

  get [is.kIsReadable]() {
    return this.#core.state === 'readable';
  }

  get [is.kIsClosedPromise]() {
    return this.#core.whenOver;
  }

  [is.kControllerErrorFunction](reason) {
    this.#core.controller.error(reason);
  }

  /**
   * @param {Iterable<any> | AsyncIterable<any>} iterable
   */
  static from(iterable) {
    return fromIterable(iterable);
  }

  get locked() {
    if (!isReadableStream(this)) throw wrongThis('ReadableStream');
    return this.#core.reader !== null;
  }

  cancel(reason = undefined) {
    if (!isReadableStream(this)) return Promise.reject(wrongThis('ReadableStream'));
    if (this.#core.reader !== null) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('ReadableStream is locked'));
    }
    return this.#core.cancel(reason);
  }

  /** @param {{ mode?: 'byob' }} [options] */
  getReader(options = undefined) {
    if (!isReadableStream(this)) throw wrongThis('ReadableStream');
    checkOptions(options, 'options');
    const mode = options?.mode;
    if (mode === undefined) return new ReadableStreamDefaultReader(this);
    if (`${mode}` !== 'byob') throw new ERR_INVALID_ARG_VALUE('options.mode', mode);
    const { ReadableStreamBYOBReader } = require('stream/web_readable_bytes');
    return new ReadableStreamBYOBReader(this);
  }

  /**
   * @param {{ readable: ReadableStream, writable: WritableStream }} transform
   * @param {Options} [options]
   */
  pipeThrough(transform, options = undefined) {
    if (!isReadableStream(this)) throw wrongThis('ReadableStream');
    const { coreOf: writableCoreOf } = require('stream/web_writable');
    const readable = transform?.readable;
    if (!isReadableStream(readable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.readable', 'ReadableStream', readable);
    }
    const writable = transform?.writable;
    const dest = writableCoreOf(writable);
    if (dest === undefined) throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', writable);
    const flags = pipeOptions(options);
    if (this.#core.reader !== null) throw new ERR_INVALID_STATE.TypeError('The ReadableStream is locked');
    if (dest.writer !== null) throw new ERR_INVALID_STATE.TypeError('The WritableStream is locked');
    silence(require('stream/web_pipe').pipeTo(this.#core, dest, flags));
    return readable;
  }

  /**
   * @param {WritableStream} destination
   * @param {Options} [options]
   * @returns {Promise<void>}
   */
  pipeTo(destination, options = undefined) {
    try {
      if (!isReadableStream(this)) throw wrongThis('ReadableStream');
      const dest = require('stream/web_writable').coreOf(destination);
      if (dest === undefined) throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', destination);
      const flags = pipeOptions(options);
      if (this.#core.reader !== null) throw new ERR_INVALID_STATE.TypeError('The ReadableStream is locked');
      if (dest.writer !== null) throw new ERR_INVALID_STATE.TypeError('The WritableStream is locked');
      return require('stream/web_pipe').pipeTo(this.#core, dest, flags);
    } catch (err) {
      return Promise.reject(err);
    }
  }

  tee() {
    if (!isReadableStream(this)) throw wrongThis('ReadableStream');
    return require('stream/web_tee').tee(this.#core).map(faceOf);
  }

  /** @param {{ preventCancel?: boolean }} [options] */
  values(options = undefined) {
    if (!isReadableStream(this)) throw wrongThis('ReadableStream');
    checkOptions(options, 'options');
    return new StreamIterator(new ReaderCore(this.#core, false), !!options?.preventCancel);
  }

  [kInspect](depth, options) {
    const core = this.#core;
    return inspectAs(
      this,
      'ReadableStream',
      {
        locked: core.reader !== null,
        state: core.state,
        supportsBYOB: core.controller.isByteController === true,
      },
      depth,
      options,
    );
  }
}
const { coreOf } = ReadableStream;
delete ReadableStream.coreOf;
finishClass(ReadableStream, ['cancel', 'getReader', 'locked', 'pipeThrough', 'pipeTo', 'tee', 'values']);
Object.defineProperty(ReadableStream, 'from', { __proto__: null, enumerable: true });
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  __proto__: null,
  value: ReadableStream.prototype.values,
  writable: true,
  configurable: true,
});

function isReadableStream(value) {
  return coreOf(value) !== undefined;
}

/** The public object of a core that was made inside. */
function faceOf(core) {
  return core.face ?? new ReadableStream(kInternal, core);
}

function pipeOptions(options) {
  checkOptions(options, 'options');
  const preventAbort = !!options?.preventAbort;
  const preventCancel = !!options?.preventCancel;
  const preventClose = !!options?.preventClose;
  const signal = options?.signal;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return { preventAbort, preventCancel, preventClose, signal };
}

class ReadableStreamDefaultReader {
  #core;

  /** @param {ReadableStream} stream */
  constructor(stream) {
    if (!isReadableStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
    this.#core = new ReaderCore(coreOf(stream), false);
  }

  read() {
    if (!isDefaultReader(this)) return Promise.reject(wrongThis('ReadableStreamDefaultReader'));
    const core = this.#core;
    if (core.stream === null) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream'));
    }
    const request = new PromiseRequest();
    core.read(request);
    return request.promise;
  }

  releaseLock() {
    if (!isDefaultReader(this)) throw wrongThis('ReadableStreamDefaultReader');
    if (this.#core.stream !== null) this.#core.release();
  }

  get closed() {
    if (!isDefaultReader(this)) return Promise.reject(wrongThis('ReadableStreamDefaultReader'));
    return this.#core.closed.promise;
  }

  cancel(reason = undefined) {
    if (!isDefaultReader(this)) return Promise.reject(wrongThis('ReadableStreamDefaultReader'));
    if (this.#core.stream === null) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream'));
    }
    return this.#core.cancel(reason);
  }

  [kInspect](depth, options) {
    const core = this.#core;
    return inspectAs(
      this,
      'ReadableStreamDefaultReader',
      {
        stream: core.stream?.face,
        readRequests: core.requests.length,
        close: core.closed.promise,
      },
      depth,
      options,
    );
  }

  static has(value) {
    return #core in value;
  }
}
const hasReaderCore = ReadableStreamDefaultReader.has;
delete ReadableStreamDefaultReader.has;
finishClass(ReadableStreamDefaultReader, ['closed', 'read', 'releaseLock', 'cancel']);

function isDefaultReader(value) {
  return typeof value === 'object' && value !== null && hasReaderCore(value);
}

class ReadableStreamDefaultController {
  #core;

  constructor(key = undefined, core = undefined) {
    checkKey(key);
    this.#core = core;
  }

  get desiredSize() {
    return coreOfController(this).desiredSize;
  }

  close() {
    const core = coreOfController(this);
    if (!core.canCloseOrEnqueue) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
    core.close();
  }

  enqueue(chunk = undefined) {
    const core = coreOfController(this);
    if (!core.canCloseOrEnqueue) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
    core.enqueue(chunk);
  }

  error(error = undefined) {
    coreOfController(this).error(error);
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'ReadableStreamDefaultController', {}, depth, options);
  }

  static coreOf(value) {
    if (typeof value !== 'object' || value === null || !(#core in value)) {
      throw wrongThis('ReadableStreamDefaultController');
    }
    return value.#core;
  }
}
const coreOfController = ReadableStreamDefaultController.coreOf;
delete ReadableStreamDefaultController.coreOf;
finishClass(ReadableStreamDefaultController, ['close', 'desiredSize', 'enqueue', 'error']);

// --- async iteration

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

/** For a chunk that is in the queue. */
class QueuedRequest {
  constructor() {
    this.value = undefined;
  }

  chunk(value) {
    this.value = value;
  }
}

class StreamIterator {
  #reader;
  #preventCancel;
  #finished = false;
  #ongoing = null;

  constructor(reader, preventCancel) {
    this.#reader = reader;
    this.#preventCancel = preventCancel;
  }

  #nextNow() {
    if (this.#finished) return Promise.resolve({ value: undefined, done: true });
    const request = new PromiseRequest();
    this.#reader.read(request);
    return request.promise.then(
      (result) => {
        // A call that comes after this one was answered does not wait.
        this.#ongoing = null;
        if (result.done) this.#finish();
        return result;
      },
      (reason) => {
        this.#finish();
        throw reason;
      },
    );
  }

  /** The next chunk without a detour, when it is there. */
  #nextQueued() {
    const { stream } = this.#reader;
    const request = new QueuedRequest();
    stream.disturbed = true;
    stream.controller.pullSteps(request);
    return Promise.resolve({ value: request.value, done: false });
  }

  #finish() {
    if (this.#finished) return;
    this.#finished = true;
    this.#ongoing = null;
    this.#reader.release();
  }

  async #returnNow(value) {
    if (!this.#finished) {
      this.#finished = true;
      const reader = this.#reader;
      if (this.#preventCancel) {
        reader.release();
      } else {
        const result = reader.cancel(value);
        reader.release();
        await result;
      }
    }
    return { value, done: true };
  }

  /** Calls wait for those before them. */
  next() {
    if (this.#ongoing === null && !this.#finished && this.#reader.stream.controller.hasQueued) {
      return this.#nextQueued();
    }
    const steps = () => this.#nextNow();
    return (this.#ongoing = this.#ongoing === null ? steps() : this.#ongoing.then(steps, steps));
  }

  return(value) {
    const steps = () => this.#returnNow(value);
    return (this.#ongoing = this.#ongoing === null ? steps() : this.#ongoing.then(steps, steps));
  }
}
Object.setPrototypeOf(StreamIterator.prototype, AsyncIteratorPrototype);
delete StreamIterator.prototype.constructor;
for (const key of ['next', 'return']) {
  Object.defineProperty(StreamIterator.prototype, key, { __proto__: null, enumerable: true });
}

// --- streams made by other means

/**
 * A stream whose algorithms are our own functions.
 * @param {Function | undefined} start
 * @param {Function} pull
 * @param {(reason: any) => any} cancel
 * @param {number} highWaterMark
 * @param {(chunk: any) => number} [size]
 * @returns {ReadableCore}
 */
function createReadable(start, pull, cancel, highWaterMark, size) {
  const core = new ReadableCore();
  const controller = new DefaultControllerCore(core, highWaterMark, size);
  controller.start(undefined, start, pull, cancel);
  return core;
}

function fromIterable(iterable) {
  const method = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
  if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE(iterable);
  const isSync = method !== iterable[Symbol.asyncIterator];
  const iterator = method.call(iterable);
  if (iterator === null || (typeof iterator !== 'object' && typeof iterator !== 'function')) {
    throw new ERR_INVALID_STATE.TypeError('The iterator method must return an object');
  }
  const { next } = iterator;
  let core = null;
  async function pull() {
    const result = await next.call(iterator);
    if (result === null || typeof result !== 'object') {
      throw new ERR_INVALID_STATE.TypeError(
        'The promise returned by the iterator.next() method must fulfill with an object',
      );
    }
    if (result.done) core.controller.close();
    else core.controller.enqueue(isSync ? await result.value : result.value);
  }
  async function cancel(reason) {
    const finish = iterator.return;
    if (finish === undefined || finish === null) return;
    if (typeof finish !== 'function') throw new ERR_INVALID_ARG_TYPE('iterator.return', 'Function', finish);
    const result = await finish.call(iterator, reason);
    if (result === null || (typeof result !== 'object' && typeof result !== 'function')) {
      throw new ERR_INVALID_STATE.TypeError('The iterator.return() method must return an object');
    }
  }
  core = createReadable(undefined, pull, cancel, 0);
  return faceOf(core);
}

require('shared/clone').transferable(ReadableStream, function move() {
  return require('stream/web_transfer').transferStream(this);
});

module.exports = {
  ReadableStream,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  ReadableCore,
  ReaderCore,
  coreOf,
  createReadable,
  faceOf,
  isReadableStream,
};

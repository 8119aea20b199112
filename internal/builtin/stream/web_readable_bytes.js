'use strict';

// Byte streams: the byte controller, BYOB requests ("bring your own buffer") and the BYOB reader.
//
// A reader that brings a buffer hands it over: it is transferred, filled, transferred back. A pending read is a
// "pull-into": the part of a buffer that is to be filled, and how full it must be before the read is answered.

const { codes } = require('shared/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_OUT_OF_RANGE } = codes;
const { ReaderCore, coreOf, isReadableStream } = require('stream/web_readable');
const {
  kInspect,
  kInternal,
  callAsync,
  checkKey,
  checkOptions,
  finishClass,
  inspectAs,
  methodOf,
  promiseFor,
  wrongThis,
} = require('stream/web_shared');

/** Takes over the memory of a buffer that may be detached by it. */
function transfer(buffer) {
  return buffer.transfer();
}

/** `Buffer` is no longer a constructor one may call. */
function viewOf(View, buffer, byteOffset, length) {
  return View === Buffer ? Buffer.from(buffer, byteOffset, length) : new View(buffer, byteOffset, length);
}

class PullInto {
  constructor(buffer, byteOffset, byteLength, minimum, elementSize, View, readerKind) {
    this.buffer = buffer;
    this.bufferByteLength = buffer.byteLength;
    this.byteOffset = byteOffset;
    this.byteLength = byteLength;
    this.filled = 0;
    this.minimum = minimum;
    this.elementSize = elementSize;
    this.View = View;
    /** 'byob', 'default' (memory that was allocated for a plain read) or 'none' (the reader went away) */
    this.readerKind = readerKind;
  }

  /** The result of the read. */
  toView() {
    return viewOf(this.View, transfer(this.buffer), this.byteOffset, this.filled / this.elementSize);
  }
}

class ByteControllerCore {
  constructor(stream, highWaterMark, autoAllocate) {
    this.face = null;
    this.stream = stream;
    this.mark = highWaterMark;
    this.autoAllocate = autoAllocate;
    this.source = undefined;
    this.pull = undefined;
    this.cancel = undefined;
    this.started = false;
    this.closeRequested = false;
    this.pulling = false;
    this.pullAgain = false;
    /** { buffer, byteOffset, byteLength } */
    this.queue = [];
    this.total = 0;
    this.pendingPulls = [];
    this.request = null;
    stream.controller = this;
  }

  get isByteController() {
    return true;
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
    return (this.face ??= new ReadableByteStreamController(kInternal, this));
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === 'errored') return null;
    return state === 'closed' ? 0 : this.mark - this.total;
  }

  get hasQueued() {
    return this.total > 0;
  }

  callPullIfNeeded() {
    const { stream } = this;
    if (stream.state !== 'readable' || this.closeRequested || !this.started) return;
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
    this.source = undefined;
  }

  clearQueue() {
    this.queue = [];
    this.total = 0;
  }

  clearPendingPulls() {
    this.invalidateRequest();
    this.pendingPulls = [];
  }

  close() {
    const { stream } = this;
    if (this.closeRequested || stream.state !== 'readable') return;
    if (this.total > 0) {
      this.closeRequested = true;
      return;
    }
    if (this.pendingPulls.length > 0) {
      const first = this.pendingPulls[0];
      if (first.filled % first.elementSize !== 0) {
        const err = new ERR_INVALID_STATE.TypeError('Partial read');
        this.error(err);
        throw err;
      }
    }
    this.clearAlgorithms();
    stream.close();
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.clearPendingPulls();
    this.clearQueue();
    this.clearAlgorithms();
    this.stream.error(reason);
  }

  enqueue(view) {
    const { stream } = this;
    if (this.closeRequested || stream.state !== 'readable') return;
    const { buffer, byteOffset, byteLength } = view;
    if (buffer.detached) throw new ERR_INVALID_STATE.TypeError('Destination ArrayBuffer is detached');
    const memory = transfer(buffer);
    if (this.pendingPulls.length > 0) {
      const first = this.pendingPulls[0];
      if (first.buffer.detached) throw new ERR_INVALID_STATE.TypeError('Destination ArrayBuffer is detached');
      this.invalidateRequest();
      first.buffer = transfer(first.buffer);
      if (first.readerKind === 'none') this.enqueueAbandoned(first);
    }
    if (stream.hasDefaultReader) {
      this.answerReadsFromQueue();
      if (stream.requestCount === 0) {
        this.enqueueMemory(memory, byteOffset, byteLength);
      } else {
        if (this.pendingPulls.length > 0) this.pendingPulls.shift();
        stream.reader.requests.shift().chunk(new Uint8Array(memory, byteOffset, byteLength));
      }
    } else if (stream.hasByobReader) {
      this.enqueueMemory(memory, byteOffset, byteLength);
      this.commitAll(this.fillPullsFromQueue());
    } else {
      this.enqueueMemory(memory, byteOffset, byteLength);
    }
    this.callPullIfNeeded();
  }

  enqueueMemory(buffer, byteOffset, byteLength) {
    this.queue.push({ buffer, byteOffset, byteLength });
    this.total += byteLength;
  }

  enqueueCopy(buffer, byteOffset, byteLength) {
    let copy;
    try {
      copy = buffer.slice(byteOffset, byteOffset + byteLength);
    } catch (err) {
      this.error(err);
      throw err;
    }
    this.enqueueMemory(copy, 0, byteLength);
  }

  /** What an abandoned read had got so far goes back into the queue. */
  enqueueAbandoned(pull) {
    if (pull.filled > 0) this.enqueueCopy(pull.buffer, pull.byteOffset, pull.filled);
    this.pendingPulls.shift();
  }

  answerReadsFromQueue() {
    const { requests } = this.stream.reader;
    while (requests.length > 0 && this.total > 0) this.answerFromQueue(requests.shift());
  }

  answerFromQueue(request) {
    const { buffer, byteOffset, byteLength } = this.queue.shift();
    this.total -= byteLength;
    this.queueDrained();
    request.chunk(new Uint8Array(buffer, byteOffset, byteLength));
  }

  queueDrained() {
    if (this.total === 0 && this.closeRequested) {
      this.clearAlgorithms();
      this.stream.close();
    } else {
      this.callPullIfNeeded();
    }
  }

  /** @returns {boolean} is it full enough? */
  fillFromQueue(pull) {
    const most = Math.min(this.total, pull.byteLength - pull.filled);
    const after = pull.filled + most;
    const aligned = after - (after % pull.elementSize);
    const ready = aligned >= pull.minimum;
    let rest = ready ? aligned - pull.filled : most;
    while (rest > 0) {
      const head = this.queue[0];
      const count = Math.min(rest, head.byteLength);
      new Uint8Array(pull.buffer, pull.byteOffset + pull.filled, count).set(
        new Uint8Array(head.buffer, head.byteOffset, count),
      );
      if (count === head.byteLength) {
        this.queue.shift();
      } else {
        head.byteOffset += count;
        head.byteLength -= count;
      }
      this.total -= count;
      pull.filled += count;
      rest -= count;
    }
    return ready;
  }

  /** @returns {PullInto[]} those that are full enough now */
  fillPullsFromQueue() {
    const full = [];
    while (this.pendingPulls.length > 0 && this.total > 0) {
      if (!this.fillFromQueue(this.pendingPulls[0])) continue;
      full.push(this.pendingPulls.shift());
    }
    return full;
  }

  commitAll(pulls) {
    for (const pull of pulls) this.commit(pull);
  }

  commit(pull) {
    const { stream } = this;
    const done = stream.state === 'closed';
    const view = pull.toView();
    const request = stream.reader.requests.shift();
    if (done) request.close(view);
    else request.chunk(view);
  }

  /** read(view) of a BYOB reader. */
  pullInto(view, min, request) {
    const { stream } = this;
    const isDataView = view instanceof DataView;
    const elementSize = isDataView ? 1 : view.BYTES_PER_ELEMENT;
    const View = view instanceof Buffer ? Buffer : view.constructor;
    const { byteOffset, byteLength } = view;
    let buffer;
    try {
      buffer = transfer(view.buffer);
    } catch (err) {
      request.error(err);
      return;
    }
    const pull = new PullInto(buffer, byteOffset, byteLength, min * elementSize, elementSize, View, 'byob');
    if (this.pendingPulls.length > 0) {
      this.pendingPulls.push(pull);
      stream.reader.requests.push(request);
      return;
    }
    if (stream.state === 'closed') {
      request.close(viewOf(View, pull.buffer, pull.byteOffset, 0));
      return;
    }
    if (this.total > 0) {
      if (this.fillFromQueue(pull)) {
        const filled = pull.toView();
        this.queueDrained();
        request.chunk(filled);
        return;
      }
      if (this.closeRequested) {
        const err = new ERR_INVALID_STATE.TypeError('ReadableStream closed');
        this.error(err);
        request.error(err);
        return;
      }
    }
    this.pendingPulls.push(pull);
    stream.reader.requests.push(request);
    this.callPullIfNeeded();
  }

  // --- answers to a BYOB request

  getRequest() {
    if (this.request === null && this.pendingPulls.length > 0) {
      const { buffer, byteOffset, filled, byteLength } = this.pendingPulls[0];
      const view = new Uint8Array(buffer, byteOffset + filled, byteLength - filled);
      this.request = { controller: this, view, face: null };
      this.request.face = new ReadableStreamBYOBRequest(kInternal, this.request);
    }
    return this.request === null ? null : this.request.face;
  }

  invalidateRequest() {
    if (this.request === null) return;
    this.request.controller = undefined;
    this.request.view = null;
    this.request = null;
  }

  respond(count) {
    const first = this.pendingPulls[0];
    if (this.stream.state === 'closed') {
      if (count !== 0) throw new ERR_INVALID_STATE.TypeError('Controller is closed');
    } else {
      if (count === 0) throw new ERR_INVALID_ARG_VALUE.TypeError('bytesWritten', count);
      if (first.filled + count > first.byteLength) {
        throw new ERR_INVALID_ARG_VALUE.RangeError('bytesWritten', count);
      }
    }
    first.buffer = transfer(first.buffer);
    this.responded(count);
  }

  respondWithNewView(view) {
    const first = this.pendingPulls[0];
    const { byteLength, byteOffset } = view;
    if (this.stream.state === 'closed') {
      if (byteLength !== 0) throw new ERR_INVALID_STATE.TypeError('View is not zero-length');
    } else if (byteLength === 0) {
      throw new ERR_INVALID_STATE.TypeError('View is zero-length');
    }
    if (first.byteOffset + first.filled !== byteOffset) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('view', view, 'has an invalid byteOffset');
    }
    if (first.bufferByteLength !== view.buffer.byteLength) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('view', view, 'has an invalid buffer length');
    }
    if (first.filled + byteLength > first.byteLength) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('view', view, 'is too long');
    }
    first.buffer = transfer(view.buffer);
    this.responded(byteLength);
  }

  responded(count) {
    const first = this.pendingPulls[0];
    this.invalidateRequest();
    if (this.stream.state === 'closed') this.respondedInClosed(first);
    else this.respondedInReadable(count, first);
    this.callPullIfNeeded();
  }

  respondedInClosed(first) {
    if (first.readerKind === 'none') this.pendingPulls.shift();
    if (!this.stream.hasByobReader) return;
    const count = this.stream.requestCount;
    const pulls = [];
    while (pulls.length < count) pulls.push(this.pendingPulls.shift());
    this.commitAll(pulls);
  }

  respondedInReadable(count, pull) {
    pull.filled += count;
    if (pull.readerKind === 'none') {
      this.enqueueAbandoned(pull);
      this.commitAll(this.fillPullsFromQueue());
      return;
    }
    if (pull.filled < pull.minimum) return;
    this.pendingPulls.shift();
    // Bytes that don't make a whole element wait for the next read.
    const remainder = pull.filled % pull.elementSize;
    if (remainder > 0) {
      this.enqueueCopy(pull.buffer, pull.byteOffset + pull.filled - remainder, remainder);
    }
    pull.filled -= remainder;
    const pulls = this.fillPullsFromQueue();
    this.commit(pull);
    this.commitAll(pulls);
  }

  // --- steps that the stream calls

  cancelSteps(reason) {
    this.clearPendingPulls();
    this.clearQueue();
    const { cancel, source } = this;
    const result = cancel === undefined ? Promise.resolve() : callAsync(cancel, source, reason);
    this.clearAlgorithms();
    return result;
  }

  pullSteps(request) {
    if (this.total > 0) {
      this.answerFromQueue(request);
      return;
    }
    const size = this.autoAllocate;
    if (size !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(size);
      } catch (err) {
        request.error(err);
        return;
      }
      this.pendingPulls.push(new PullInto(buffer, 0, size, 1, 1, Uint8Array, 'default'));
    }
    this.stream.reader.requests.push(request);
    this.callPullIfNeeded();
  }

  releaseSteps() {
    if (this.pendingPulls.length > 0) {
      const first = this.pendingPulls[0];
      first.readerKind = 'none';
      this.pendingPulls = [first];
    }
  }
}

// --- faces

class ReadableByteStreamController {
  #core;

  constructor(key = undefined, core = undefined) {
    checkKey(key);
    this.#core = core;
  }

  static coreOf(value) {
    if (typeof value !== 'object' || value === null || !(#core in value)) {
      throw wrongThis('ReadableByteStreamController');
    }
    return value.#core;
  }

  get byobRequest() {
    return coreOfController(this).getRequest();
  }

  get desiredSize() {
    return coreOfController(this).desiredSize;
  }

  close() {
    const core = coreOfController(this);
    if (core.closeRequested || core.stream.state !== 'readable') {
      throw new ERR_INVALID_STATE.TypeError('ReadableStream is already closed');
    }
    core.close();
  }

  /** @param {ArrayBufferView} chunk */
  enqueue(chunk) {
    const core = coreOfController(this);
    checkView(chunk, 'buffer');
    if (chunk.byteLength === 0 || chunk.buffer.byteLength === 0 || chunk.buffer.detached) {
      throw new ERR_INVALID_STATE.TypeError('chunk ArrayBuffer is zero-length or detached');
    }
    if (core.closeRequested || core.stream.state !== 'readable') {
      throw new ERR_INVALID_STATE.TypeError('ReadableStream is already closed');
    }
    core.enqueue(chunk);
  }

  error(error = undefined) {
    coreOfController(this).error(error);
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'ReadableByteStreamController', {}, depth, options);
  }
}
const { coreOf: coreOfController } = ReadableByteStreamController;
delete ReadableByteStreamController.coreOf;
finishClass(ReadableByteStreamController, ['byobRequest', 'close', 'desiredSize', 'enqueue', 'error']);

function checkView(view, name) {
  if (!ArrayBuffer.isView(view)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], view);
  }
}

class ReadableStreamBYOBRequest {
  #request;

  constructor(key = undefined, request = undefined) {
    checkKey(key);
    this.#request = request;
  }

  get view() {
    if (!(#request in this)) throw wrongThis('ReadableStreamBYOBRequest');
    return this.#request.view;
  }

  /** @param {number} bytesWritten */
  respond(bytesWritten) {
    if (!(#request in this)) throw wrongThis('ReadableStreamBYOBRequest');
    const { controller, view } = this.#request;
    if (controller === undefined) throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
    const count = Number(bytesWritten);
    if (view.buffer.byteLength === 0 || view.buffer.detached) {
      throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached or zero-length');
    }
    if (!Number.isFinite(count) || count < 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', bytesWritten);
    controller.respond(Math.floor(count));
  }

  /** @param {ArrayBufferView} view */
  respondWithNewView(view) {
    if (!(#request in this)) throw wrongThis('ReadableStreamBYOBRequest');
    const { controller } = this.#request;
    if (controller === undefined) throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
    checkView(view, 'view');
    if (view.buffer.detached) throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
    controller.respondWithNewView(view);
  }

  [kInspect](depth, options) {
    return inspectAs(
      this,
      'ReadableStreamBYOBRequest',
      {
        view: this.#request.view,
        controller: this.#request.controller?.face,
      },
      depth,
      options,
    );
  }
}
finishClass(ReadableStreamBYOBRequest, ['respond', 'respondWithNewView', 'view']);

class ByobReaderCore extends ReaderCore {
  constructor(stream) {
    super(stream, true);
  }

  readInto(view, min, request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'errored') request.error(stream.storedError);
    else stream.controller.pullInto(view, min, request);
  }
}

class PromiseIntoRequest {
  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.promise = promise;
    this.resolve = resolve;
    this.error = reject;
  }

  chunk(value) {
    this.resolve({ value, done: false });
  }

  close(value) {
    this.resolve({ value, done: true });
  }
}

class ReadableStreamBYOBReader {
  #core;

  /** @param {ReadableStream} stream */
  constructor(stream) {
    if (!isReadableStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
    const core = coreOf(stream);
    if (core.reader !== null) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
    if (core.controller.isByteController !== true) {
      throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be a byte stream');
    }
    this.#core = new ByobReaderCore(core);
  }

  static has(value) {
    return typeof value === 'object' && value !== null && #core in value;
  }

  /**
   * @param {ArrayBufferView} view
   * @param {{ min?: number }} [options]
   */
  async read(view, options = undefined) {
    if (!isByobReader(this)) throw wrongThis('ReadableStreamBYOBReader');
    checkView(view, 'view');
    checkOptions(options, 'options');
    if (view.byteLength === 0 || view.buffer.byteLength === 0 || view.buffer.detached) {
      throw new ERR_INVALID_STATE.TypeError('View or Viewed ArrayBuffer is zero-length or detached');
    }
    const min = checkMin(options?.min ?? 1, view);
    const core = this.#core;
    if (core.stream === null) throw new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream');
    const request = new PromiseIntoRequest();
    core.readInto(view, min, request);
    return request.promise;
  }

  releaseLock() {
    if (!isByobReader(this)) throw wrongThis('ReadableStreamBYOBReader');
    if (this.#core.stream !== null) this.#core.release();
  }

  get closed() {
    if (!isByobReader(this)) return Promise.reject(wrongThis('ReadableStreamBYOBReader'));
    return this.#core.closed.promise;
  }

  cancel(reason = undefined) {
    if (!isByobReader(this)) return Promise.reject(wrongThis('ReadableStreamBYOBReader'));
    if (this.#core.stream === null) {
      return Promise.reject(new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream'));
    }
    return this.#core.cancel(reason);
  }

  [kInspect](depth, options) {
    const core = this.#core;
    return inspectAs(
      this,
      'ReadableStreamBYOBReader',
      {
        stream: core.stream?.face,
        requests: core.requests.length,
        close: core.closed.promise,
      },
      depth,
      options,
    );
  }
}
const { has: isByobReader } = ReadableStreamBYOBReader;
delete ReadableStreamBYOBReader.has;
finishClass(ReadableStreamBYOBReader, ['cancel', 'closed', 'read', 'releaseLock']);

function checkMin(min, view) {
  if (typeof min !== 'number') throw new ERR_INVALID_ARG_TYPE('options.min', 'number', min);
  if (!Number.isInteger(min)) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be an integer');
  if (min <= 0) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be greater than 0');
  const isDataView = view instanceof DataView;
  const length = isDataView ? view.byteLength : view.length;
  if (min > length) {
    throw new ERR_OUT_OF_RANGE('options.min', `<= view.${isDataView ? 'byteLength' : 'length'}`, min);
  }
  return min;
}

/** The constructor's work for `type: 'bytes'`. */
function setUpByteStream(stream, source, highWaterMark) {
  const auto = source.autoAllocateChunkSize;
  if (auto === 0) throw new ERR_INVALID_ARG_VALUE('source.autoAllocateChunkSize', auto);
  const controller = new ByteControllerCore(stream, highWaterMark, auto === undefined ? undefined : Number(auto));
  const cancel = methodOf(source, 'cancel', 'source');
  const pull = methodOf(source, 'pull', 'source');
  const start = methodOf(source, 'start', 'source');
  controller.start(source, start, pull, cancel);
}

module.exports = {
  ReadableByteStreamController,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ByobReaderCore,
  ByteControllerCore,
  setUpByteStream,
};

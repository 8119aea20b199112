'use strict';

// TransformStream: a writable and a readable stream with a transformer between them.

const { codes } = require('shared/errors');
const { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } = codes;
const { coreOf: readableCoreOf, createReadable, faceOf: readableFaceOf } = require('stream/web_readable');
const { coreOf: writableCoreOf, createWritable, faceOf: writableFaceOf } = require('stream/web_writable');
const {
  Settleable,
  callAsync,
  checkKey,
  checkOptions,
  finishClass,
  highWaterMarkOf,
  inspectAs,
  kInspect,
  kInternal,
  methodOf,
  promiseFor,
  sizeOf,
  wrongThis,
} = require('stream/web_shared');

class TransformCore {
  /**
   * @param {{ transform?: Function, flush?: Function, cancel?: Function }} methods
   * @param {object} transformer `this` of the methods
   * @param {{ mark: number, size?: Function }} writableStrategy
   * @param {{ mark: number, size?: Function }} readableStrategy
   */
  constructor(methods, transformer, writableStrategy, readableStrategy) {
    this.transformer = transformer;
    this.methods = methods;
    this.controllerFace = null;
    this.backpressure = undefined;
    this.backpressureChanged = null;
    /** The result of flush or cancel, whichever side ended first. */
    this.finishing = null;
    this.started = Promise.withResolvers();
    const start = () => this.started.promise;
    this.writable = createWritable(
      start,
      (chunk) => this.sinkWrite(chunk),
      () => this.sinkClose(),
      (reason) => this.cancelBy(reason, this.errorReadable),
      writableStrategy.mark,
      writableStrategy.size,
    );
    this.readable = createReadable(
      start,
      () => this.sourcePull(),
      (reason) => this.cancelBy(reason, this.errorWritable),
      readableStrategy.mark,
      readableStrategy.size,
    );
    this.setBackpressure(true);
  }

  get controller() {
    return (this.controllerFace ??= new TransformStreamDefaultController(kInternal, this));
  }

  setBackpressure(backpressure) {
    this.backpressureChanged?.resolve();
    this.backpressureChanged = new Settleable();
    this.backpressure = backpressure;
  }

  clearAlgorithms() {
    this.methods = {};
    this.transformer = undefined;
  }

  error(reason) {
    this.readable.controller.error(reason);
    this.errorWritableAndUnblock(reason);
  }

  errorWritableAndUnblock(reason) {
    this.clearAlgorithms();
    this.writable.controller.errorIfNeeded(reason);
    this.unblock();
  }

  unblock() {
    if (this.backpressure) this.setBackpressure(false);
  }

  // --- what the controller offers

  get desiredSize() {
    return this.readable.controller.desiredSize;
  }

  enqueue(chunk) {
    const { readable } = this;
    const { controller } = readable;
    if (!controller.canCloseOrEnqueue) throw new ERR_INVALID_STATE.TypeError('Unable to enqueue');
    try {
      controller.enqueue(chunk);
    } catch (err) {
      this.errorWritableAndUnblock(err);
      throw readable.storedError;
    }
    const hasRequests = readable.reader !== null && readable.requestCount > 0;
    const backpressure = !hasRequests && !(controller.desiredSize > 0);
    if (backpressure !== this.backpressure) this.setBackpressure(true);
  }

  terminate() {
    this.readable.controller.close();
    this.errorWritableAndUnblock(new ERR_INVALID_STATE.TypeError('TransformStream has been terminated'));
  }

  // --- the sides

  performTransform(chunk) {
    const { transform } = this.methods;
    let result;
    if (transform === undefined) {
      try {
        this.enqueue(chunk);
        result = Promise.resolve();
      } catch (err) {
        result = Promise.reject(err);
      }
    } else {
      result = callAsync(transform, this.transformer, chunk, this.controller);
    }
    return result.then(undefined, (reason) => {
      this.error(reason);
      throw reason;
    });
  }

  sinkWrite(chunk) {
    if (!this.backpressure) return this.performTransform(chunk);
    return this.backpressureChanged.promise.then(() => {
      const { writable } = this;
      if (writable.state === 'erroring') throw writable.storedError;
      return this.performTransform(chunk);
    });
  }

  errorReadable(reason) {
    this.readable.controller.error(reason);
  }

  errorWritable(reason) {
    this.writable.controller.errorIfNeeded(reason);
    this.unblock();
  }

  /** The writable side is aborted or the readable side is cancelled: `errorOther` is for the other side. */
  cancelBy(reason, errorOther) {
    if (this.finishing !== null) return this.finishing.promise;
    this.finishing = Promise.withResolvers();
    const other = errorOther === this.errorReadable ? this.readable : this.writable;
    const { promise, resolve, reject } = this.finishing;
    const { cancel } = this.methods;
    const result = cancel === undefined ? Promise.resolve() : promiseFor(callAsync(cancel, this.transformer, reason));
    this.clearAlgorithms();
    result.then(
      () => {
        if (other.state === 'errored') {
          reject(other.storedError);
        } else {
          errorOther.call(this, reason);
          resolve();
        }
      },
      (failure) => {
        errorOther.call(this, failure);
        reject(failure);
      },
    );
    return promise;
  }

  sinkClose() {
    if (this.finishing !== null) return this.finishing.promise;
    this.finishing = Promise.withResolvers();
    const { promise, resolve, reject } = this.finishing;
    const { flush } = this.methods;
    const { readable } = this;
    const result = flush === undefined ? Promise.resolve() : callAsync(flush, this.transformer, this.controller);
    this.clearAlgorithms();
    result.then(
      () => {
        if (readable.state === 'errored') {
          reject(readable.storedError);
        } else {
          readable.controller.close();
          resolve();
        }
      },
      (failure) => {
        readable.controller.error(failure);
        reject(failure);
      },
    );
    return promise;
  }

  sourcePull() {
    this.setBackpressure(false);
    return this.backpressureChanged.promise;
  }
}

function strategyOf(strategy, defaultMark) {
  return { mark: highWaterMarkOf(strategy?.highWaterMark, defaultMark), size: sizeOf(strategy?.size) };
}

class TransformStream {
  #core;

  /**
   * @param {Record<string | symbol, any>} [transformer]
   * @param {object} [writableStrategy]
   * @param {object} [readableStrategy]
   */
  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    if (transformer === kInternal) {
      this.#core = writableStrategy;
      return;
    }
    checkOptions(transformer, 'transformer');
    checkOptions(writableStrategy, 'writableStrategy');
    checkOptions(readableStrategy, 'readableStrategy');
    transformer ??= {};
    const cancel = methodOf(transformer, 'cancel', 'transformer');
    const flush = methodOf(transformer, 'flush', 'transformer');
    const { readableType } = transformer;
    const start = methodOf(transformer, 'start', 'transformer');
    const transform = methodOf(transformer, 'transform', 'transformer');
    const { writableType } = transformer;
    if (readableType !== undefined) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.readableType', readableType);
    }
    if (writableType !== undefined) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.writableType', writableType);
    }
    const readable = strategyOf(readableStrategy, 0);
    const writable = strategyOf(writableStrategy, 1);
    const core = (this.#core = new TransformCore({ transform, flush, cancel }, transformer, writable, readable));
    if (start === undefined) core.started.resolve();
    else core.started.resolve(Reflect.apply(start, transformer, [core.controller]));
  }

  static coreOf(value) {
    return typeof value === 'object' && value !== null && #core in value ? value.#core : undefined;
  }

  get readable() {
    return readableFaceOf(checkedCoreOf(this).readable);
  }

  get writable() {
    return writableFaceOf(checkedCoreOf(this).writable);
  }

  [kInspect](depth, options) {
    return inspectAs(
      this,
      'TransformStream',
      {
        readable: this.readable,
        writable: this.writable,
        backpressure: coreOf(this).backpressure,
      },
      depth,
      options,
    );
  }
}
const { coreOf } = TransformStream;
delete TransformStream.coreOf;
finishClass(TransformStream, ['readable', 'writable']);

function checkedCoreOf(value) {
  const core = coreOf(value);
  if (core === undefined) throw wrongThis('TransformStream');
  return core;
}

/**
 * A TransformStream in front of two streams that exist already.
 * @param {{ readable: ReadableStream, writable: WritableStream }} pair
 */
function transformOf({ readable, writable }) {
  return new TransformStream(kInternal, {
    readable: readableCoreOf(readable),
    writable: writableCoreOf(writable),
    backpressure: false,
  });
}

class TransformStreamDefaultController {
  #core;

  constructor(key = undefined, core = undefined) {
    checkKey(key);
    this.#core = core;
  }

  get desiredSize() {
    if (!(#core in this)) throw wrongThis('TransformStreamDefaultController');
    return this.#core.desiredSize;
  }

  enqueue(chunk = undefined) {
    if (!(#core in this)) throw wrongThis('TransformStreamDefaultController');
    this.#core.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!(#core in this)) throw wrongThis('TransformStreamDefaultController');
    this.#core.error(reason);
  }

  terminate() {
    if (!(#core in this)) throw wrongThis('TransformStreamDefaultController');
    this.#core.terminate();
  }

  [kInspect](depth, options) {
    return inspectAs(this, 'TransformStreamDefaultController', { stream: {} }, depth, options);
  }
}
finishClass(TransformStreamDefaultController, ['desiredSize', 'enqueue', 'error', 'terminate']);

require('shared/clone').transferable(TransformStream, function move() {
  return require('stream/web_transfer').transferStream(this);
});

module.exports = { TransformStream, TransformStreamDefaultController, coreOf, transformOf };

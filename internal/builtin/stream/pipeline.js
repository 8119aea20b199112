'use strict';

// pipeline(): connects streams, generators, iterables and web streams in a row, and when one of them fails destroys
// them all. Each connection is a "leg"; the pipeline is over when all its legs are, or with the first error.

const { AbortError, aggregateTwoErrors, codes } = require('shared/errors');
const { validateAbortSignal, validateFunction } = require('shared/validators');
const { destroyer } = require('stream/destroy');
const { eos } = require('stream/finished');
const is = require('stream/predicates');
const {
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_RETURN_VALUE,
  ERR_MISSING_ARGS,
  ERR_STREAM_DESTROYED,
  ERR_STREAM_PREMATURE_CLOSE,
} = codes;

/**
 * @param {...any} streams the last is the callback
 */
function pipeline(...streams) {
  const callback = streams.pop();
  validateFunction(callback, 'streams[stream.length - 1]');
  return connect(streams, callback);
}

/**
 * @param {any[]} streams
 * @param {(err?: Error, value?: any) => void} callback
 * @param {{ signal?: AbortSignal, end?: boolean }} [options]
 */
function connect(streams, callback, options) {
  if (streams.length === 1 && Array.isArray(streams[0])) streams = streams[0];
  if (streams.length < 2) throw new ERR_MISSING_ARGS('streams');
  return new Pipeline(streams, callback, options).connect();
}

class Pipeline {
  constructor(streams, callback, options) {
    this.streams = streams;
    this.callback = callback;
    this.outerSignal = options?.signal;
    validateAbortSignal(this.outerSignal, 'options.signal');
    /** Does the end of the source end the last stream? */
    this.endsLast = options?.end !== false;
    this.error = undefined;
    /** What an async function at the end returned. */
    this.value = undefined;
    this.legs = 0;
    this.over = false;
    this.destroys = [];
    /** A last stream that is still readable is the caller's after a good end: no listeners may stay on it. */
    this.releaseLast = [];
    this.controller = new AbortController();
    this.abortListener = null;
    this.legDone = (err) => this.settle(err, --this.legs === 0);
    this.legFailed = (err) => this.settle(err, false);
  }

  settle(err, allDone) {
    if (err && (!this.error || this.error.code === 'ERR_STREAM_PREMATURE_CLOSE')) this.error = err;
    if (!this.error && !allDone) return;
    while (this.destroys.length > 0) this.destroys.shift()(this.error);
    this.abortListener?.[Symbol.dispose]();
    this.controller.abort();
    if (allDone && !this.over) {
      this.over = true;
      if (!this.error) for (const release of this.releaseLast) release();
      process.nextTick(this.callback, this.error, this.value);
    }
  }

  connect() {
    const { streams } = this;
    const abort = () => this.legFailed(new AbortError(undefined, { cause: this.outerSignal?.reason }));
    if (this.outerSignal) this.abortListener = require('events').addAbortListener(this.outerSignal, abort);

    let current;
    for (let i = 0; i < streams.length; i++) {
      const stream = streams[i];
      const isLast = i === streams.length - 1;
      if ((!isLast || this.endsLast) && is.isNodeStream(stream)) this.guard(stream, !isLast, i > 0, isLast);
      if (i === 0) current = this.startWith(stream);
      else if (typeof stream === 'function') current = this.addFunction(current, stream, i, isLast);
      else if (is.isNodeStream(stream)) current = this.addNodeStream(current, stream, isLast);
      else if (is.isWebStream(stream)) current = this.addWebStream(current, stream, isLast);
      else current = require('stream/duplex').from(stream);
    }
    if (this.controller.signal.aborted || this.outerSignal?.aborted) process.nextTick(abort);
    return current;
  }

  /** A node stream is destroyed when the pipeline fails, and its failure is the pipeline's. */
  guard(stream, reading, writing, isLast) {
    const watch = watchForDestroy(stream, reading, writing);
    this.destroys.push(watch.destroy);
    // eos() reports the other errors; this one sees those that come after it.
    const onError = (err) => {
      if (err && err.name !== 'AbortError' && err.code !== 'ERR_STREAM_PREMATURE_CLOSE') this.legFailed(err);
    };
    stream.on('error', onError);
    if (is.isReadable(stream) && isLast) {
      this.releaseLast.push(watch.stop, () => stream.removeListener('error', onError));
    }
  }

  startWith(stream) {
    if (typeof stream === 'function') {
      const result = stream({ signal: this.controller.signal });
      if (!is.isIterable(result)) {
        throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or Stream', 'source', result);
      }
      return result;
    }
    if (is.isIterable(stream) || is.isReadableNodeStream(stream) || is.isTransformStream(stream)) return stream;
    return require('stream/duplex').from(stream);
  }

  addFunction(from, fn, index, isLast) {
    const input = asyncIterable(is.isTransformStream(from) ? from?.readable : from);
    const result = fn(input, { signal: this.controller.signal });
    if (!isLast) {
      if (!is.isIterable(result, true)) {
        throw new ERR_INVALID_RETURN_VALUE('AsyncIterable', `transform[${index - 1}]`, result);
      }
      return result;
    }
    // The pipeline always returns a stream: behind a function at the end it is this one.
    const PassThrough = require('stream/passthrough');
    const out = new PassThrough({ objectMode: true });
    const then = result?.then;
    if (typeof then === 'function') {
      this.legs++;
      then.call(
        result,
        (value) => {
          this.value = value;
          if (value !== null && value !== undefined) out.write(value);
          if (this.endsLast) out.end();
          process.nextTick(this.legDone);
        },
        (err) => {
          out.destroy(err);
          process.nextTick(this.legDone, err);
        },
      );
    } else if (is.isIterable(result, true)) {
      this.legs++;
      pumpToNode(result, out, this.legDone, this.endsLast);
    } else if (is.isReadableStream(result) || is.isTransformStream(result)) {
      this.legs++;
      pumpToNode(result.readable || result, out, this.legDone, this.endsLast);
    } else {
      throw new ERR_INVALID_RETURN_VALUE('AsyncIterable or Promise', 'destination', result);
    }
    const watch = watchForDestroy(out, false, true);
    this.destroys.push(watch.destroy);
    this.releaseLast.push(watch.stop);
    return out;
  }

  addNodeStream(from, stream, isLast) {
    const ends = !isLast || this.endsLast;
    if (is.isReadableNodeStream(from)) {
      this.legs += 2;
      const stop = pipeNode(from, stream, this.legDone, this.legFailed, ends);
      if (is.isReadable(stream) && isLast) this.releaseLast.push(stop);
    } else if (is.isTransformStream(from) || is.isReadableStream(from)) {
      this.legs++;
      pumpToNode(from.readable || from, stream, this.legDone, ends);
    } else if (is.isIterable(from)) {
      this.legs++;
      pumpToNode(from, stream, this.legDone, ends);
    } else {
      throw new ERR_INVALID_ARG_TYPE(
        'val',
        ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'],
        from,
      );
    }
    return stream;
  }

  addWebStream(from, stream, isLast) {
    const ends = !isLast || this.endsLast;
    let input;
    if (is.isReadableNodeStream(from)) input = asyncIterable(from);
    else if (is.isReadableStream(from) || is.isIterable(from)) input = from;
    else if (is.isTransformStream(from)) input = from.readable;
    else {
      throw new ERR_INVALID_ARG_TYPE(
        'val',
        ['Readable', 'Iterable', 'AsyncIterable', 'ReadableStream', 'TransformStream'],
        from,
      );
    }
    this.legs++;
    pumpToWeb(input, stream, this.legDone, ends);
    return stream;
  }
}

function watchForDestroy(stream, reading, writing) {
  let done = false;
  stream.on('close', () => {
    done = true;
  });
  const stop = eos(stream, { readable: reading, writable: writing }, (err) => {
    done = !err;
  });
  const destroy = (err) => {
    if (done) return;
    done = true;
    destroyer(stream, err || new ERR_STREAM_DESTROYED('pipe'));
  };
  return { destroy, stop };
}

function asyncIterable(value) {
  if (is.isIterable(value)) return value;
  // Streams older than async iteration.
  if (is.isReadableNodeStream(value)) return require('stream/readable').prototype[Symbol.asyncIterator].call(value);
  throw new ERR_INVALID_ARG_TYPE('val', ['Readable', 'Iterable', 'AsyncIterable'], value);
}

/** Node stream to node stream: two legs, one for the end of each. */
function pipeNode(source, dest, done, failed, ends) {
  let ended = false;
  dest.on('close', () => {
    if (!ended) failed(new ERR_STREAM_PREMATURE_CLOSE());
  });
  source.pipe(dest, { end: false });
  if (ends) {
    // pipe() would end a stdio stream only without being asked; here we say when.
    const end = () => {
      ended = true;
      dest.end();
    };
    if (is.isReadableFinished(source)) process.nextTick(end);
    else source.once('end', end);
  } else {
    done();
  }
  eos(source, { readable: true, writable: false }, (err) => {
    const state = source._readableState;
    if (err?.code === 'ERR_STREAM_PREMATURE_CLOSE' && state?.ended && !state.errored && !state.errorEmitted) {
      // Closed, but all data had arrived: it is still to be read, and 'end' will come.
      source.once('end', done).once('error', done);
    } else {
      done(err);
    }
  });
  return eos(dest, { readable: false, writable: true }, done);
}

async function pumpToNode(iterable, writable, done, ends) {
  let error;
  let wake = null;
  const resume = (err) => {
    if (err) error = err;
    if (wake !== null) {
      const resolve = wake;
      wake = null;
      resolve();
    }
  };
  const wait = () =>
    new Promise((resolve, reject) => {
      if (error) {
        reject(error);
      } else {
        wake = () => {
          if (error) reject(error);
          else resolve();
        };
      }
    });
  writable.on('drain', resume);
  const stop = eos(writable, { readable: false }, resume);
  try {
    if (writable.writableNeedDrain) await wait();
    for await (const chunk of iterable) {
      if (!writable.write(chunk)) await wait();
    }
    if (ends) {
      writable.end();
      await wait();
    }
    done();
  } catch (err) {
    done(error !== err ? aggregateTwoErrors(error, err) : err);
  } finally {
    stop();
    writable.off('drain', resume);
  }
}

async function pumpToWeb(readable, writable, done, ends) {
  if (is.isTransformStream(writable)) writable = writable.writable;
  const writer = writable.getWriter();
  try {
    for await (const chunk of readable) {
      await writer.ready;
      writer.write(chunk).catch(() => {}); // reported by `ready`, or by close()
    }
    await writer.ready;
    if (ends) await writer.close();
    done();
  } catch (err) {
    try {
      await writer.abort(err);
      done(err);
    } catch (abortError) {
      done(abortError);
    }
  }
}

module.exports = { pipeline, connect };

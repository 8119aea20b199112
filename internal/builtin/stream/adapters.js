'use strict';

// Between node streams and web streams, in both directions.

const { AbortError, codes } = require('shared/errors');
const { validateBoolean, validateObject, validateOneOf } = require('shared/validators');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_STREAM_PREMATURE_CLOSE } = codes;
const Readable = require('stream/readable');
const Writable = require('stream/writable');
const Duplex = require('stream/duplex');
const { destroyer } = require('stream/destroy');
const { eos } = require('stream/finished');
const is = require('stream/predicates');

function nop() {}

/** What a callback throws must reach uncaughtException, not the promise that called it. */
function callLater(callback, err) {
  try {
    callback(err);
  } catch (thrown) {
    process.nextTick(() => {
      throw thrown;
    });
  }
}

/** For a web stream "closed before its end" is an abort, and what zlib cannot read is a TypeError. */
function asWebError(cause) {
  const code = cause?.code;
  if (typeof code !== 'string') return cause;
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return new AbortError(undefined, { cause });
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_') || code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END') {
    const err = new TypeError(undefined, { cause });
    err.code = code;
    return err;
  }
  return cause;
}

// --- web to node

/** The two halves: each is the set of methods of a node stream on top of a reader or a writer. */
class ReaderHalf {
  constructor(readableStream) {
    this.reader = readableStream.getReader();
    this.closed = false;
  }

  /** Once the node stream exists. */
  attach(stream) {
    this.reader.closed.then(
      () => {
        this.closed = true;
      },
      (err) => {
        this.closed = true;
        destroyer(stream, err);
      },
    );
  }

  read(stream) {
    this.reader.read().then(
      ({ value, done }) => {
        if (done) stream.push(null);
        else stream.push(value);
      },
      (err) => destroyer(stream, err),
    );
  }

  /** @returns {Promise<void> | undefined} */
  cancel(err) {
    return this.closed ? undefined : this.reader.cancel(err);
  }
}

class WriterHalf {
  constructor(writableStream, convertsStrings) {
    this.writer = writableStream.getWriter();
    this.convertsStrings = convertsStrings;
    this.closed = false;
  }

  attach(stream) {
    this.writer.closed.then(
      () => {
        this.closed = true;
        if (!is.isWritableEnded(stream)) destroyer(stream, new ERR_STREAM_PREMATURE_CLOSE());
      },
      (err) => {
        this.closed = true;
        destroyer(stream, err);
      },
    );
  }

  write(chunk, encoding, callback) {
    if (typeof chunk === 'string' && this.convertsStrings) chunk = Buffer.from(chunk, encoding);
    const done = (err) => callLater(callback, err);
    const { writer } = this;
    writer.ready.then(() => writer.write(chunk).then(() => done(), done), done);
  }

  writev(chunks, callback) {
    const done = (err) => callLater(callback, err);
    const { writer } = this;
    writer.ready.then(() => Promise.all(chunks.map(({ chunk }) => writer.write(chunk))).then(() => done(), done), done);
  }

  close(callback) {
    if (this.closed) return;
    this.writer.close().then(
      () => callLater(callback),
      (err) => callLater(callback, err),
    );
  }

  /** @returns {Promise<void> | undefined} */
  destroy(err) {
    if (this.closed) return undefined;
    return err === null || err === undefined ? this.writer.close() : this.writer.abort(err);
  }
}

function checkOptions(options) {
  validateObject(options, 'options');
  const { encoding, objectMode = false, decodeStrings = true } = options;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  }
  validateBoolean(objectMode, 'options.objectMode');
  validateBoolean(decodeStrings, 'options.decodeStrings');
}

/**
 * @param {ReadableStream} readableStream
 * @param {Options} [options]
 */
function readableFromWeb(readableStream, options = {}) {
  if (!is.isReadableStream(readableStream)) {
    throw new ERR_INVALID_ARG_TYPE('readableStream', 'ReadableStream', readableStream);
  }
  checkOptions(options);
  const { highWaterMark, encoding, objectMode, signal } = options;
  const half = new ReaderHalf(readableStream);
  const readable = new Readable({
    objectMode,
    highWaterMark,
    encoding,
    signal,
    read() {
      half.read(this);
    },
    destroy(err, callback) {
      const done = () => callLater(callback, err);
      const canceled = half.cancel(err);
      if (canceled) canceled.then(done, done);
      else done();
    },
  });
  half.attach(readable);
  return readable;
}

/**
 * @param {WritableStream} writableStream
 * @param {Options} [options]
 */
function writableFromWeb(writableStream, options = {}) {
  if (!is.isWritableStream(writableStream)) {
    throw new ERR_INVALID_ARG_TYPE('writableStream', 'WritableStream', writableStream);
  }
  checkOptions(options);
  const { highWaterMark, decodeStrings, objectMode, signal } = options;
  const half = new WriterHalf(writableStream, decodeStrings !== false && !objectMode);
  const writable = new Writable({
    highWaterMark,
    objectMode,
    decodeStrings,
    signal,
    write: (chunk, encoding, callback) => half.write(chunk, encoding, callback),
    writev: (chunks, callback) => half.writev(chunks, callback),
    final: (callback) => half.close(callback),
    destroy(err, callback) {
      const done = () => callLater(callback, err);
      const over = half.destroy(err);
      if (over) over.then(done, done);
      else done();
    },
  });
  half.attach(writable);
  return writable;
}

/**
 * @param {{ readable?: ReadableStream, writable?: WritableStream }} [pair]
 * @param {Options} [options]
 */
function duplexFromWeb(pair = {}, options = {}) {
  validateObject(pair, 'pair');
  if (!is.isReadableStream(pair.readable)) {
    throw new ERR_INVALID_ARG_TYPE('pair.readable', 'ReadableStream', pair.readable);
  }
  if (!is.isWritableStream(pair.writable)) {
    throw new ERR_INVALID_ARG_TYPE('pair.writable', 'WritableStream', pair.writable);
  }
  checkOptions(options);
  const { allowHalfOpen = false, objectMode, encoding, decodeStrings, highWaterMark, signal } = options;
  const source = new ReaderHalf(pair.readable);
  const sink = new WriterHalf(pair.writable, decodeStrings !== false && !objectMode);
  const duplex = new Duplex({
    allowHalfOpen,
    highWaterMark,
    objectMode,
    encoding,
    decodeStrings,
    signal,
    read() {
      source.read(this);
    },
    write: (chunk, enc, callback) => sink.write(chunk, enc, callback),
    writev: (chunks, callback) => sink.writev(chunks, callback),
    final: (callback) => sink.close(callback),
    destroy(err, callback) {
      const done = () => callLater(callback, err);
      Promise.all([sink.destroy(err), source.cancel(err)]).then(done, done);
    },
  });
  sink.attach(duplex);
  source.attach(duplex);
  return duplex;
}

// --- node to web

/** Memory of its own: the reader may transfer it, and a Buffer's may belong to the pool. */
function ownBytes(buffer) {
  if (buffer.byteLength === buffer.buffer.byteLength) return new Uint8Array(buffer.buffer);
  return new Uint8Array(buffer);
}

/**
 * @param {InstanceType<typeof Readable>} stream
 * @param {{ strategy?: object, type?: 'bytes' }} [options]
 */
function readableToWeb(stream, options = {}) {
  if (typeof stream?._readableState !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', stream);
  }
  validateObject(options, 'options');
  if (options.type !== undefined) validateOneOf(options.type, 'options.type', ['bytes', undefined]);
  const { ReadableStream } = require('stream/web_readable');
  const { type } = options;
  if (is.isDestroyed(stream) || !is.isReadable(stream)) {
    const empty = new ReadableStream({ type });
    empty.cancel();
    return empty;
  }

  const objectMode = stream.readableObjectMode;
  let controller = null;
  let canceled = false;
  stream.pause();
  const stop = eos(stream, (err) => {
    stop();
    // Errors after this have nobody else who listens.
    stream.on('error', nop);
    if (err) controller.error(asWebError(err));
    else if (!canceled) controller.close();
  });
  stream.on('data', (chunk) => {
    if (!objectMode && chunk instanceof Buffer) chunk = ownBytes(chunk);
    controller.enqueue(chunk);
    if (controller.desiredSize <= 0) stream.pause();
  });
  return new ReadableStream(
    {
      type,
      start(c) {
        controller = c;
      },
      pull() {
        stream.resume();
      },
      cancel(reason) {
        canceled = true;
        destroyer(stream, reason);
      },
    },
    options.strategy ?? strategyOf(objectMode, stream.readableHighWaterMark, type),
  );
}

function strategyOf(objectMode, highWaterMark, type) {
  if (type === 'bytes') return { highWaterMark };
  const { ByteLengthQueuingStrategy, CountQueuingStrategy } = require('stream/web_strategies');
  return objectMode ? new CountQueuingStrategy({ highWaterMark }) : new ByteLengthQueuingStrategy({ highWaterMark });
}

/** @param {InstanceType<typeof Writable>} stream */
function writableToWeb(stream) {
  if (typeof stream?._writableState !== 'object' && !is.isOutgoingMessage(stream ?? {})) {
    throw new ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', stream);
  }
  const { WritableStream } = require('stream/web_writable');
  if (is.isDestroyed(stream) || !is.isWritable(stream)) {
    const closed = new WritableStream();
    closed.close();
    return closed;
  }

  let controller = null;
  let drained = null;
  let ended = null;
  const stop = eos(stream, (err) => {
    stop();
    stream.on('error', nop);
    if (err) {
      err = asWebError(err);
      drained?.reject(err);
      ended?.reject(err);
      controller.error(err);
    } else if (ended !== null) {
      ended.resolve();
    } else {
      controller.error(new AbortError());
    }
    ended = null;
  });
  stream.on('drain', () => {
    const waiting = drained;
    drained = null;
    waiting?.resolve();
  });
  const waitForDrain = () => {
    drained ??= Promise.withResolvers();
    return drained.promise;
  };
  return new WritableStream(
    {
      start(c) {
        controller = c;
      },
      write(chunk) {
        if (stream.writableNeedDrain) return waitForDrain().then(() => this.write(chunk));
        return stream.write(chunk) ? undefined : waitForDrain();
      },
      abort(reason) {
        destroyer(stream, reason);
      },
      close() {
        if (ended === null && !is.isWritableEnded(stream)) {
          ended = Promise.withResolvers();
          const { promise } = ended;
          stream.end();
          return promise;
        }
        return undefined;
      },
    },
    stream.writableObjectMode
      ? strategyOf(true, stream.writableHighWaterMark)
      : { highWaterMark: stream.writableHighWaterMark },
  );
}

/**
 * @param {InstanceType<typeof Duplex>} duplex
 * @param {{ readableType?: 'bytes', type?: 'bytes' }} [options]
 */
function duplexToWeb(duplex, options = {}) {
  if (typeof duplex?._writableState !== 'object' || typeof duplex?._readableState !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  }
  validateObject(options, 'options');
  const type = options.readableType ?? options.type;
  return { readable: readableToWeb(duplex, { type }), writable: writableToWeb(duplex) };
}

module.exports = { duplexFromWeb, duplexToWeb, readableFromWeb, readableToWeb, writableFromWeb, writableToWeb };

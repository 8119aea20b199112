'use strict';

// Duplex.from(): a Duplex out of nearly anything.

const Duplex = require('stream/duplex');
const Readable = require('stream/readable');
const JoinedDuplex = require('stream/joint');
const { AbortError, codes } = require('shared/errors');
const { destroyer } = require('stream/destroy');
const { eos } = require('stream/finished');
const { from } = require('stream/from');
const is = require('stream/predicates');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_RETURN_VALUE } = codes;

/** As Duplex, but starting with a side switched off does not need to wait for its end. */
class Duplexified extends Duplex {}

/**
 * @param {any} body
 * @param {string} name for error messages
 */
function duplexify(body, name) {
  if (is.isDuplexNodeStream(body)) return body;
  if (is.isReadableNodeStream(body)) return join({ readable: body });
  if (is.isWritableNodeStream(body)) return join({ writable: body });
  if (is.isNodeStream(body)) return join({ writable: false, readable: false });
  if (is.isReadableStream(body)) return join({ readable: Readable.fromWeb(body) });
  if (is.isWritableStream(body)) return join({ writable: require('stream/writable').fromWeb(body) });
  if (typeof body === 'function') return ofFunction(body, name);
  if (isBlob(body)) return duplexify(body.arrayBuffer(), name);
  if (is.isIterable(body)) return from(Duplexified, body, { objectMode: true, writable: false });
  if (is.isReadableStream(body?.readable) && is.isWritableStream(body?.writable)) return Duplex.fromWeb(body);
  if (typeof body?.writable === 'object' || typeof body?.readable === 'object') {
    return join({
      readable: !body.readable
        ? undefined
        : is.isReadableNodeStream(body.readable)
          ? body.readable
          : duplexify(body.readable, name),
      writable: !body.writable
        ? undefined
        : is.isWritableNodeStream(body.writable)
          ? body.writable
          : duplexify(body.writable, name),
    });
  }
  if (typeof body?.then === 'function') return ofPromise(body);
  throw new ERR_INVALID_ARG_TYPE(
    name,
    [
      'Blob',
      'ReadableStream',
      'WritableStream',
      'Stream',
      'Iterable',
      'AsyncIterable',
      'Function',
      '{ readable, writable } pair',
      'Promise',
    ],
    body,
  );
}

function isBlob(value) {
  return typeof value === 'object' && value !== null && typeof Blob === 'function' && value instanceof Blob;
}

function ofPromise(promise) {
  const duplex = new Duplexified({ objectMode: true, writable: false, read() {} });
  promise.then(
    (value) => {
      if (value !== null && value !== undefined) duplex.push(value);
      duplex.push(null);
    },
    (err) => destroyer(duplex, err),
  );
  return duplex;
}

/** The function gets what is written as an async iterable; what it returns is what can be read. */
function ofFunction(fn, name) {
  const input = new WrittenChunks();
  const value = fn(input.iterate(), { signal: input.controller.signal });
  if (is.isDuplexNodeStream(value)) return value;
  const options = {
    objectMode: true,
    write: (chunk, encoding, cb) => input.give({ chunk, done: false, cb }),
    final: (cb) => input.give({ chunk: undefined, done: true, cb }),
    destroy(err, cb) {
      input.controller.abort();
      cb(err);
    },
  };
  if (is.isIterable(value)) return from(Duplexified, value, options);
  const then = value?.then;
  if (typeof then !== 'function') {
    throw new ERR_INVALID_RETURN_VALUE('Iterable, AsyncIterable or AsyncFunction', name, value);
  }
  let duplex = null;
  const promise = then.call(
    value,
    (result) => {
      if (result !== null && result !== undefined) throw new ERR_INVALID_RETURN_VALUE('nully', 'body', result);
    },
    (err) => destroyer(duplex, err),
  );
  const { final } = options;
  options.readable = false;
  options.final = (cb) =>
    final(async () => {
      try {
        await promise;
        process.nextTick(cb, null);
      } catch (err) {
        process.nextTick(cb, err);
      }
    });
  duplex = new Duplexified(options);
  return duplex;
}

/** Hands each written chunk to an async iterator, one at a time. */
class WrittenChunks {
  constructor() {
    this.controller = new AbortController();
    this.next = Promise.withResolvers();
  }

  give(item) {
    this.next.resolve(item);
  }

  async *iterate() {
    const { signal } = this.controller;
    for (;;) {
      const { chunk, done, cb } = await this.next.promise;
      process.nextTick(cb);
      if (done) return;
      if (signal.aborted) throw new AbortError(undefined, { cause: signal.reason });
      this.next = Promise.withResolvers();
      yield chunk;
    }
  }
}

/** A readable and a writable become the two sides of one stream. */
function join(pair) {
  let source = pair.readable || null;
  if (source !== null && typeof source.read !== 'function') source = Readable.wrap(source);
  const sink = pair.writable || null;
  const reading = !!is.isReadable(source);
  const writing = !!is.isWritable(sink);

  const duplex = new JoinedDuplex(writing ? sink : null, reading ? source : null, (err, over) => {
    if (over) return;
    destroyer(sink, err);
    destroyer(source, err);
  });
  if (writing) {
    eos(sink, (err) => {
      if (err) destroyer(source, err);
      duplex.partsOver(err, false);
    });
    sink.on('finish', () => duplex.call('onFinish'));
  }
  if (reading) {
    eos(source, (err) => {
      if (err) destroyer(source, err);
      duplex.partsOver(err, false);
    });
  }
  return duplex;
}

module.exports = { duplexify };

'use strict';

// Readable.from(): a stream that pulls from an iterator. Synchronous iterators are drained in a plain loop as long as
// their values are not promises: no await per chunk.

const { ERR_INVALID_ARG_TYPE, ERR_STREAM_NULL_VALUES } = require('shared/errors').codes;

/**
 * @param {new (options: Options) => any} Readable the class to make: Readable, or a subclass whose constructor takes the same options
 * @param {any} iterable
 * @param {Options} [options]
 */
function from(Readable, iterable, options) {
  if (typeof iterable === 'string' || iterable instanceof Buffer) {
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }
  let iterator;
  let isAsync = false;
  if (iterable?.[Symbol.asyncIterator]) {
    isAsync = true;
    iterator = iterable[Symbol.asyncIterator]();
  } else if (iterable?.[Symbol.iterator]) {
    iterator = iterable[Symbol.iterator]();
  } else {
    throw new ERR_INVALID_ARG_TYPE('iterable', ['Iterable'], iterable);
  }

  const stream = new Readable({ objectMode: true, highWaterMark: 1, ...options });
  const puller = new Puller(stream, iterator, isAsync);
  const destroyBefore = stream._destroy;
  stream._read = () => puller.read();
  stream._destroy = function (error, cb) {
    puller.close(error).then(
      () => process.nextTick(destroyBefore.bind(stream, error, cb)),
      (err) => process.nextTick(destroyBefore.bind(stream, err || error, cb)),
    );
  };
  return stream;
}

class Puller {
  constructor(stream, iterator, isAsync) {
    this.stream = stream;
    this.iterator = iterator;
    this.isAsync = isAsync;
    this.reading = false;
  }

  read() {
    if (this.reading) return;
    this.reading = true;
    if (this.isAsync) this.pullAsync();
    else this.pullSync();
  }

  pullSync() {
    const { stream, iterator } = this;
    try {
      for (;;) {
        const { value, done } = iterator.next();
        if (done) {
          stream.push(null);
          return;
        }
        if (value && typeof value.then === 'function') {
          // From here on each value is awaited.
          this.isAsync = true;
          this.pullAsync(value);
          return;
        }
        if (!this.push(value)) return;
      }
    } catch (err) {
      stream.destroy(err);
    }
  }

  async pullAsync(first) {
    const { stream, iterator } = this;
    try {
      if (first !== undefined && !this.push(await first)) return;
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) {
          stream.push(null);
          return;
        }
        if (!this.push(value && typeof value.then === 'function' ? await value : value)) return;
      }
    } catch (err) {
      stream.destroy(err);
    }
  }

  push(value) {
    if (value === null) {
      this.reading = false;
      throw new ERR_STREAM_NULL_VALUES();
    }
    if (this.stream.push(value)) return true;
    this.reading = false;
    return false;
  }

  /** Lets the generator run its finally blocks. */
  async close(error) {
    const { iterator } = this;
    if (error !== undefined && error !== null && typeof iterator.throw === 'function') {
      const { value, done } = await iterator.throw(error);
      await value;
      if (done) return;
    }
    if (typeof iterator.return === 'function') {
      const { value } = await iterator.return();
      await value;
    }
  }
}

module.exports = { from };

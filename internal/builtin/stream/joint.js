'use strict';

// JoinedDuplex: one Duplex in front of two streams. What is written to it goes to `sink`, what is read from it comes
// from `source`. compose() and Duplex.from() make these.

const Duplex = require('stream/duplex');
const { AbortError } = require('shared/errors');

class JoinedDuplex extends Duplex {
  /**
   * @param {Record<string, any> | null} sink
   * @param {Record<string, any> | null} source
   * @param {(err: Error | null | undefined, done: boolean) => void} destroyParts destroys what is behind
   * @param {Options} [options] the modes, when they are not those of the parts
   */
  constructor(sink, source, destroyParts, options) {
    super({
      writable: sink !== null,
      readable: source !== null,
      writableObjectMode: !!sink?.writableObjectMode,
      readableObjectMode: !!source?.readableObjectMode,
      ...options,
    });
    this.sink = sink;
    this.source = source;
    this.destroyParts = destroyParts;
    /** Callbacks that wait for an event of one of the parts. */
    this.onDrain = null;
    this.onFinish = null;
    /** null when the parts are over; before that what destroy() waits with. */
    this.onClose = undefined;
    this.wantsChunk = false;

    if (sink !== null) sink.on('drain', () => this.call('onDrain'));
    this.listening = false;
    if (source !== null && !options?.lazySource) this.listen();
  }

  /** Starts the source. */
  listen() {
    this.listening = true;
    this.source.on('readable', () => {
      if (this.wantsChunk) this._read();
    });
    this.source.on('end', () => this.push(null));
  }

  call(name) {
    const cb = this[name];
    if (cb !== null) {
      this[name] = null;
      cb();
    }
  }

  _write(chunk, encoding, callback) {
    if (this.sink.write(chunk, encoding)) callback();
    else this.onDrain = callback;
  }

  _final(callback) {
    this.sink.end();
    this.onFinish = callback;
  }

  _read() {
    if (!this.listening) this.listen();
    this.wantsChunk = false;
    for (;;) {
      const chunk = this.source.read();
      if (chunk === null) {
        this.wantsChunk = true;
        return;
      }
      if (!this.push(chunk)) return;
    }
  }

  /**
   * The parts are over.
   * @param {Error | undefined} err
   * @param {boolean} done nothing can be read or written any more
   */
  partsOver(err, done) {
    const cb = this.onClose;
    this.onClose = null;
    if (cb) cb(err);
    else if (err) this.destroy(err);
    else if (done) this.destroy();
  }

  _destroy(err, callback) {
    if (!err && this.onClose !== null) err = new AbortError();
    this.wantsChunk = false;
    this.onDrain = null;
    this.onFinish = null;
    if (this.onClose === null) {
      this.destroyParts(err, true);
      callback(err);
    } else {
      this.onClose = callback;
      this.destroyParts(err, false);
    }
  }
}

module.exports = JoinedDuplex;

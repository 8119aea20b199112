'use strict';

// The memory of the writable side: flags, marks, the write under way, and the writes that wait behind it.

const { common, firstOwnBit, defineFlags, highWaterMarkOf } = require('stream/state');
const {
  codes: { ERR_UNKNOWN_ENCODING },
} = require('shared/errors');

const flags = {
  ...common,
  finalCalled: 1 << firstOwnBit,
  needDrain: 1 << (firstOwnBit + 1),
  ending: 1 << (firstOwnBit + 2),
  finished: 1 << (firstOwnBit + 3),
  decodeStrings: 1 << (firstOwnBit + 4),
  writing: 1 << (firstOwnBit + 5),
  bufferProcessing: 1 << (firstOwnBit + 6),
  prefinished: 1 << (firstOwnBit + 7),
  allBuffers: 1 << (firstOwnBit + 8),
  allNoop: 1 << (firstOwnBit + 9),
};

const kInitial =
  flags.sync |
  flags.constructed |
  flags.emitClose |
  flags.autoDestroy |
  flags.decodeStrings |
  flags.allBuffers |
  flags.allNoop;

/** Writes that are done are cut off the front when there are this many of them. */
const kCompactAt = 256;

const none = Object.freeze([]);

/** A write that has to wait. */
class BufferedWrite {
  constructor(chunk, encoding, callback) {
    this.chunk = chunk;
    this.encoding = encoding;
    this.callback = callback;
  }
}

class WritableState {
  /**
   * @param {Options} [options]
   * @param {object} [stream]
   * @param {boolean} [isDuplex]
   */
  constructor(options, stream, isDuplex = false) {
    let bits = kInitial;
    if (options) {
      if (options.objectMode || (isDuplex && options.writableObjectMode)) bits |= flags.objectMode;
      if (options.emitClose === false) bits &= ~flags.emitClose;
      if (options.autoDestroy === false) bits &= ~flags.autoDestroy;
      if (options.decodeStrings === false) bits &= ~flags.decodeStrings;
    }
    this.bits = bits;
    this.highWaterMark = highWaterMarkOf(options, 'writableHighWaterMark', isDuplex, (bits & flags.objectMode) !== 0);
    /** Bytes (or objects) written and not yet taken by _write(), those under way included. */
    this.length = 0;
    this.corked = 0;
    /** Callbacks still to be called before 'finish'. */
    this.pendingcb = 0;
    this.writelen = 0;
    this.writecb = null;
    /** null until a write has to wait. */
    this.queue = null;
    this.bufferedIndex = 0;
    /** Callbacks of writes that were done synchronously, gathered for one tick. */
    this.afterWriteTickInfo = null;
    /** Callbacks of end(). */
    this.onFinished = null;
    /** What _write() gets as its callback: made with the first write. */
    this.done = null;
    this.errored = null;
    /** Only what the option or the setter said. */
    this.writable = undefined;
    this.defaultEncoding = 'utf8';
    const defaultEncoding = options?.defaultEncoding;
    if (defaultEncoding && defaultEncoding !== 'utf8' && defaultEncoding !== 'utf-8') {
      if (!Buffer.isEncoding(defaultEncoding)) throw new ERR_UNKNOWN_ENCODING(defaultEncoding);
      this.defaultEncoding = defaultEncoding;
    }
  }

  get buffered() {
    return this.queue === null ? none : this.queue;
  }

  get onwrite() {
    return this.done;
  }

  /** The writes that wait, oldest first. */
  getBuffer() {
    return this.queue === null ? [] : this.queue.slice(this.bufferedIndex);
  }

  get bufferedRequestCount() {
    return this.queue === null ? 0 : this.queue.length - this.bufferedIndex;
  }

  enqueue(chunk, encoding, callback) {
    if (this.queue === null) this.queue = [new BufferedWrite(chunk, encoding, callback)];
    else this.queue.push(new BufferedWrite(chunk, encoding, callback));
  }

  /** Forgets the first `index` entries. */
  dequeueTo(index) {
    if (index === this.queue.length) {
      this.resetQueue();
    } else if (index > kCompactAt) {
      this.queue.splice(0, index);
      this.bufferedIndex = 0;
    } else {
      this.bufferedIndex = index;
    }
  }

  resetQueue() {
    this.queue = null;
    this.bufferedIndex = 0;
    this.bits |= flags.allBuffers | flags.allNoop;
  }
}

defineFlags(WritableState.prototype, flags);

module.exports = { WritableState, flags };

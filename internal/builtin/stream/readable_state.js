'use strict';

// The memory of the readable side: flags, marks, and the buffer of chunks that were pushed and not yet read.
// The buffer is an array with a read index: taking a chunk is O(1), and the array is cut only now and then.

const { common, firstOwnBit, defineFlags, highWaterMarkOf } = require('stream/state');

const flags = {
  ...common,
  endEmitted: 1 << firstOwnBit,
  reading: 1 << (firstOwnBit + 1),
  needReadable: 1 << (firstOwnBit + 2),
  emittedReadable: 1 << (firstOwnBit + 3),
  readableListening: 1 << (firstOwnBit + 4),
  resumeScheduled: 1 << (firstOwnBit + 5),
  multiAwaitDrain: 1 << (firstOwnBit + 6),
  readingMore: 1 << (firstOwnBit + 7),
  dataEmitted: 1 << (firstOwnBit + 8),
};

const kPausedByCall = 1 << (firstOwnBit + 9);
const kPausedKnown = 1 << (firstOwnBit + 10);

const kInitial = flags.sync | flags.constructed | flags.emitClose | flags.autoDestroy;

/** Slots that were read are cut off when there are this many of them. */
const kCompactAt = 1024;

class ReadableState {
  /**
   * @param {Options} [options]
   * @param {object} [stream]
   * @param {boolean} [isDuplex]
   */
  constructor(options, stream, isDuplex = false) {
    let bits = kInitial;
    if (options) {
      if (options.objectMode || (isDuplex && options.readableObjectMode)) bits |= flags.objectMode;
      if (options.emitClose === false) bits &= ~flags.emitClose;
      if (options.autoDestroy === false) bits &= ~flags.autoDestroy;
    }
    this.bits = bits;
    this.highWaterMark = highWaterMarkOf(options, 'readableHighWaterMark', isDuplex, (bits & flags.objectMode) !== 0);
    this.buffer = [];
    this.bufferIndex = 0;
    /** Bytes or UTF-16 units in the buffer; objects in object mode. */
    this.length = 0;
    this.pipes = [];
    /** null before anybody asked for data, then whether data flows by itself. */
    this.flowing = null;
    /** The destinations that pipe() waits for: null, one, or a Set with the flag multiAwaitDrain. */
    this.awaitDrainWriters = null;
    this.errored = null;
    /** Only what the option or the setter said. */
    this.readable = undefined;
    this.defaultEncoding = 'utf8';
    this.decoder = null;
    this.encoding = null;
    if (options) {
      const defaultEncoding = options.defaultEncoding;
      if (defaultEncoding && defaultEncoding !== 'utf8' && defaultEncoding !== 'utf-8') {
        if (!Buffer.isEncoding(defaultEncoding)) {
          throw new (require('shared/errors').codes.ERR_UNKNOWN_ENCODING)(defaultEncoding);
        }
        this.defaultEncoding = defaultEncoding;
      }
      if (options.encoding) this.setDecoder(options.encoding);
    }
  }

  get pipesCount() {
    return this.pipes.length;
  }

  /** null until pause() or resume() was called. */
  get paused() {
    return (this.bits & kPausedKnown) === 0 ? null : (this.bits & kPausedByCall) !== 0;
  }

  set paused(value) {
    if (value) this.bits |= kPausedKnown | kPausedByCall;
    else this.bits = (this.bits & ~kPausedByCall) | kPausedKnown;
  }

  setDecoder(encoding) {
    const { StringDecoder } = require('string_decoder');
    this.decoder = new StringDecoder(encoding);
    this.encoding = this.decoder.encoding;
  }

  /** Puts a chunk at the end. */
  append(chunk) {
    this.length += (this.bits & flags.objectMode) !== 0 ? 1 : chunk.length;
    this.buffer.push(chunk);
  }

  /** Puts a chunk back at the front. */
  prepend(chunk) {
    this.length += (this.bits & flags.objectMode) !== 0 ? 1 : chunk.length;
    if (this.bufferIndex > 0) this.buffer[--this.bufferIndex] = chunk;
    else this.buffer.unshift(chunk);
  }

  first() {
    return this.buffer[this.bufferIndex];
  }

  /** Takes the first chunk out. Does not touch `length`. */
  shift() {
    const index = this.bufferIndex;
    const chunk = this.buffer[index];
    if (index + 1 === this.buffer.length) {
      this.clear();
    } else {
      this.buffer[index] = null;
      this.bufferIndex = index + 1;
      if (this.bufferIndex > kCompactAt) {
        this.buffer.splice(0, this.bufferIndex);
        this.bufferIndex = 0;
      }
    }
    return chunk;
  }

  clear() {
    this.buffer.length = 0;
    this.bufferIndex = 0;
  }

  /**
   * Takes `n` units out of the buffer, or all of it, or one object. Does not touch `length`.
   * @param {number} n
   */
  take(n) {
    if (this.length === 0) return null;
    if ((this.bits & flags.objectMode) !== 0) return this.shift();
    if (!n || n >= this.length) return this.takeAll();
    const first = this.first();
    if (n === first.length) return this.shift();
    if (n < first.length) {
      this.buffer[this.bufferIndex] = first.slice(n);
      return first.slice(0, n);
    }
    return this.decoder ? this.takeString(n) : this.takeBytes(n);
  }

  takeAll() {
    const { buffer, bufferIndex, decoder } = this;
    const count = buffer.length - bufferIndex;
    let all;
    if (count === 1) {
      all = buffer[bufferIndex];
    } else if (decoder) {
      all = '';
      for (let i = bufferIndex; i < buffer.length; i++) all += buffer[i];
    } else {
      all = Buffer.concat(bufferIndex === 0 ? buffer : buffer.slice(bufferIndex), this.length);
    }
    this.clear();
    return all;
  }

  takeString(n) {
    let text = '';
    while (n > 0) {
      const chunk = this.first();
      if (n < chunk.length) {
        this.buffer[this.bufferIndex] = chunk.slice(n);
        return text + chunk.slice(0, n);
      }
      text += chunk;
      n -= chunk.length;
      this.shift();
    }
    return text;
  }

  takeBytes(n) {
    const bytes = Buffer.allocUnsafe(n);
    let filled = 0;
    while (filled < n) {
      const chunk = this.first();
      const missing = n - filled;
      if (missing < chunk.length) {
        bytes.set(chunk.subarray(0, missing), filled);
        this.buffer[this.bufferIndex] = chunk.subarray(missing);
        return bytes;
      }
      bytes.set(chunk, filled);
      filled += chunk.length;
      this.shift();
    }
    return bytes;
  }
}

defineFlags(ReadableState.prototype, flags);

module.exports = { ReadableState, flags };

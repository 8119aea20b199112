'use strict';

// duplexPair(): two Duplex streams, each of which reads what is written to the other.

const Duplex = require('stream/duplex');

const kOther = Symbol('other');
const kCallback = Symbol('callback');

/** The callback of a write waits until the other side reads: that is the backpressure. */
class DuplexSide extends Duplex {
  constructor(options) {
    super(options);
    this[kOther] = null;
    this[kCallback] = null;
  }

  _read() {
    const callback = this[kCallback];
    if (callback) {
      this[kCallback] = null;
      callback();
    }
  }

  _write(chunk, encoding, callback) {
    const other = this[kOther];
    if (chunk.length === 0) {
      process.nextTick(callback);
    } else {
      other.push(chunk);
      other[kCallback] = callback;
    }
  }

  _final(callback) {
    const other = this[kOther];
    other.on('end', callback);
    other.push(null);
  }

  _destroy(err, callback) {
    const other = this[kOther];
    if (other !== null && !other.destroyed) {
      // Each side is told only that the other went away: an error belongs to the one that was destroyed with it.
      process.nextTick(() => {
        if (other.destroyed) return;
        if (err) other.destroy();
        else if (!other._readableState.ended) other.push(null);
      });
    }
    callback(err);
  }
}

/** @param {Options} [options] of both */
function duplexPair(options) {
  const one = new DuplexSide(options);
  const two = new DuplexSide(options);
  one[kOther] = two;
  two[kOther] = one;
  return [one, two];
}

module.exports = duplexPair;

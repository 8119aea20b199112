'use strict';

// Duplex: a Readable with the methods of a Writable. Both sides are independent but for their common end: 'close' comes
// when both are done, and with `allowHalfOpen: false` the end of reading ends the writing.

const Readable = require('stream/readable');
const Writable = require('stream/writable');
const { Stream } = require('stream/legacy');
const { construct } = require('stream/destroy');

const { ReadableState } = Readable;
const { WritableState } = Writable;

/**
 * @constructor
 * @param {Options} [options]
 * @returns {void}
 */
function Duplex(options) {
  if (!(this instanceof Duplex)) return new Duplex(options);
  this._events ??= {
    close: undefined,
    error: undefined,
    prefinish: undefined,
    finish: undefined,
    drain: undefined,
    data: undefined,
    end: undefined,
    readable: undefined,
  };
  Stream.call(this, options);
  this._readableState = new ReadableState(options, this, true);
  this._writableState = new WritableState(options, this, true);
  this.allowHalfOpen = true;
  if (options) initialize(this, options);
  if (this._construct !== undefined) construct(this, afterConstruct);
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype);
Object.setPrototypeOf(Duplex, Readable);

function initialize(stream, options) {
  stream.allowHalfOpen = options.allowHalfOpen !== false;
  if (options.readable === false) {
    const r = stream._readableState;
    r.readable = false;
    r.ended = true;
    r.endEmitted = true;
  }
  if (options.writable === false) {
    const w = stream._writableState;
    w.writable = false;
    w.ending = true;
    w.ended = true;
    w.finished = true;
  }
  if (typeof options.read === 'function') stream._read = options.read;
  // The signal and the methods that both sides have come with the writable options.
  Writable.initialize(stream, options);
}

function afterConstruct(stream) {
  Readable.afterConstruct(stream);
  Writable.afterConstruct(stream);
}

for (const name of ['write', 'cork', 'uncork', 'setDefaultEncoding', '_write', '_writev', 'end', 'destroy']) {
  Duplex.prototype[name] = Writable.prototype[name];
}

for (const name of [
  'writable',
  'writableHighWaterMark',
  'writableObjectMode',
  'writableBuffer',
  'writableLength',
  'writableFinished',
  'writableCorked',
  'writableEnded',
  'writableNeedDrain',
  'writableAborted',
]) {
  Object.defineProperty(Duplex.prototype, name, Object.getOwnPropertyDescriptor(Writable.prototype, name));
}

Object.defineProperty(Duplex.prototype, 'destroyed', {
  __proto__: null,
  configurable: true,
  get() {
    const r = this._readableState;
    const w = this._writableState;
    return r && w ? r.destroyed && w.destroyed : false;
  },
  set(value) {
    if (this._readableState && this._writableState) {
      this._readableState.destroyed = value;
      this._writableState.destroyed = value;
    }
  },
});

Duplex.fromWeb = function (pair, options) {
  return require('stream/adapters').duplexFromWeb(pair, options);
};

Duplex.toWeb = function (duplex, options) {
  return require('stream/adapters').duplexToWeb(duplex, options);
};

/** @param {any} body stream, web stream, pair of them, iterable, function, promise or blob */
Duplex.from = function (body) {
  return require('stream/duplexify').duplexify(body, 'body');
};

module.exports = Duplex;

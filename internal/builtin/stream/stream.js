'use strict';

// require('stream'): the legacy class Stream, with everything else as its properties. The parts that few programs use
// are loaded when they are touched.

const { Stream } = require('stream/legacy');
const Readable = require('stream/readable');
const Writable = require('stream/writable');
const Duplex = require('stream/duplex');
const { getDefaultHighWaterMark, setDefaultHighWaterMark } = require('stream/state');
const predicates = require('stream/predicates');
const { destroyer } = require('stream/destroy');
const { eos } = require('stream/finished');

const kPromisify = Symbol.for('nodejs.util.promisify.custom');

function isArrayBufferView(value) {
  return ArrayBuffer.isView(value);
}

function isUint8Array(value) {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function uint8ArrayToBuffer(chunk) {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function pipeline(...streams) {
  return require('stream/pipeline').pipeline(...streams);
}

function addAbortSignal(signal, stream) {
  return require('stream/add_abort_signal').addAbortSignal(signal, stream);
}

function compose(...streams) {
  return require('stream/compose')(...streams);
}

function duplexPair(options) {
  return require('stream/duplexpair')(options);
}

for (const [fn, name] of [
  [pipeline, 'pipeline'],
  [eos, 'finished'],
]) {
  Object.defineProperty(fn, kPromisify, {
    __proto__: null,
    enumerable: true,
    get: () => require('stream/promises')[name],
  });
}

module.exports = Object.assign(Stream, {
  isDestroyed: predicates.isDestroyed,
  isDisturbed: predicates.isDisturbed,
  isErrored: predicates.isErrored,
  isReadable: predicates.isReadable,
  isWritable: predicates.isWritable,
  Readable,
  Writable,
  Duplex,
});

/** @type {[string, () => any][]} properties that are made when they are first read */
const lazy = [
  ['Transform', () => require('stream/transform')],
  ['PassThrough', () => require('stream/passthrough')],
];
for (const [name, load] of lazy) {
  Object.defineProperty(Stream, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = load();
      Object.defineProperty(Stream, name, { __proto__: null, value, writable: true, enumerable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(Stream, name, { __proto__: null, value, writable: true, enumerable: true });
    },
  });
}

Object.assign(Stream, {
  duplexPair,
  pipeline,
  addAbortSignal,
  finished: eos,
  destroy: destroyer,
  compose,
  setDefaultHighWaterMark,
  getDefaultHighWaterMark,
});

Object.defineProperty(Stream, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('stream/promises'),
});

Object.assign(Stream, {
  Stream,
  _isArrayBufferView: isArrayBufferView,
  _isUint8Array: isUint8Array,
  _uint8ArrayToBuffer: uint8ArrayToBuffer,
});

'use strict';

// v8.Serializer and its family: V8's wire format, with methods that subclasses override for their own objects.

const { deserializerNew, deserializerStep, serializerNew, serializerStep } = engine;
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');

function broken(what) {
  return new Error(`${what} failed`);
}

function checkBytes(value, name) {
  if (!ArrayBuffer.isView(value)) {
    const err = new TypeError(`${name} must be a TypedArray or a DataView`);
    err.code = 'ERR_INVALID_ARG_TYPE';
    throw err;
  }
}

class Serializer {
  #handle = serializerNew(this);

  writeHeader() {
    serializerStep(this.#handle, 0);
  }
  writeValue(value) {
    return serializerStep(this.#handle, 1, value);
  }
  releaseBuffer() {
    return serializerStep(this.#handle, 2);
  }

  transferArrayBuffer(id, arrayBuffer) {
    if (!(arrayBuffer instanceof ArrayBuffer) && !(arrayBuffer instanceof SharedArrayBuffer)) {
      throw new ERR_INVALID_ARG_TYPE('arrayBuffer', ['ArrayBuffer', 'SharedArrayBuffer'], arrayBuffer);
    }
    serializerStep(this.#handle, 3, id, arrayBuffer);
  }

  writeUint32(value) {
    serializerStep(this.#handle, 4, value);
  }
  writeUint64(high, low) {
    serializerStep(this.#handle, 5, high, low);
  }
  writeDouble(value) {
    serializerStep(this.#handle, 6, value);
  }

  writeRawBytes(buffer) {
    if (!ArrayBuffer.isView(buffer) && !(buffer instanceof ArrayBuffer)) checkBytes(buffer, 'source');
    serializerStep(this.#handle, 7, buffer);
  }

  _setTreatArrayBufferViewsAsHostObjects(flag) {
    serializerStep(this.#handle, 8, Boolean(flag));
  }
}

Object.assign(Serializer.prototype, { _getDataCloneError: Error });

class Deserializer {
  #handle;

  constructor(buffer) {
    checkBytes(buffer, 'buffer');
    this.buffer = buffer;
    this.#handle = deserializerNew(this, buffer);
  }

  readHeader() {
    return deserializerStep(this.#handle, 0);
  }

  readValue() {
    return deserializerStep(this.#handle, 1);
  }

  transferArrayBuffer(id, arrayBuffer) {
    if (!(arrayBuffer instanceof ArrayBuffer) && !(arrayBuffer instanceof SharedArrayBuffer)) {
      throw new ERR_INVALID_ARG_TYPE('arrayBuffer', ['ArrayBuffer', 'SharedArrayBuffer'], arrayBuffer);
    }
    deserializerStep(this.#handle, 2, id, arrayBuffer);
  }

  getWireFormatVersion() {
    return deserializerStep(this.#handle, 3);
  }

  #read(what, name) {
    const value = deserializerStep(this.#handle, what);
    if (value === undefined) throw broken(`${name}()`);
    return value;
  }

  readUint32() {
    return this.#read(4, 'ReadUint32');
  }
  readUint64() {
    return this.#read(5, 'ReadUint64');
  }
  readDouble() {
    return this.#read(6, 'ReadDouble');
  }

  _readRawBytes(length) {
    const at = deserializerStep(this.#handle, 7, length);
    if (at === undefined) throw broken('ReadRawBytes()');
    return at;
  }

  readRawBytes(length) {
    const at = this._readRawBytes(length);
    const { Buffer } = require('buffer');
    return Buffer.from(this.buffer.buffer, this.buffer.byteOffset + at, length);
  }
}

/** The order is the wire's: an index into it is written. */
const viewTypes = () => [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  DataView,
  require('buffer').Buffer,
  BigInt64Array,
  BigUint64Array,
  Float16Array,
];

function viewIndex(view) {
  if (view.constructor === require('buffer').Buffer) return 10;
  const name = Object.prototype.toString.call(view).slice(8, -1);
  const types = viewTypes();
  for (let i = 0; i < types.length; i++) if (i !== 10 && types[i].name === name) return i;
  return -1;
}

class DefaultSerializer extends Serializer {
  constructor() {
    super();
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }

  /**
   * ArrayBuffer views: written as their bytes only, not with their whole buffer.
   * @this {any} with _getDataCloneError
   */
  _writeHostObject(view) {
    const index = ArrayBuffer.isView(view) ? viewIndex(view) : -1;
    if (index < 0) throw new this._getDataCloneError(`Unserializable host object: ${require('util').inspect(view)}`);
    this.writeUint32(index);
    this.writeUint32(view.byteLength);
    this.writeRawBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }
}

class DefaultDeserializer extends Deserializer {
  _readHostObject() {
    const Type = viewTypes()[this.readUint32()];
    const length = this.readUint32();
    const at = this._readRawBytes(length);
    const { Buffer } = require('buffer');
    const size = Type.BYTES_PER_ELEMENT ?? 1;
    const offset = this.buffer.byteOffset + at;
    if (Type === Buffer) return Buffer.from(this.buffer.buffer, offset, length);
    if (offset % size === 0) return new Type(this.buffer.buffer, offset, length / size);
    const copy = new Uint8Array(this.buffer.buffer, offset, length).slice();
    return new Type(copy.buffer, 0, length / size);
  }
}

function serialize(value) {
  const s = new DefaultSerializer();
  s.writeHeader();
  s.writeValue(value);
  return s.releaseBuffer();
}

function deserialize(buffer) {
  checkBytes(buffer, 'buffer');
  const d = new DefaultDeserializer(buffer);
  d.readHeader();
  return d.readValue();
}

module.exports = { Serializer, Deserializer, DefaultSerializer, DefaultDeserializer, serialize, deserialize };

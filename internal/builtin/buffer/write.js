'use strict';

// Writing numbers into a Buffer. The value is checked first, then the offset, then bytes are stored; every method
// returns the offset behind what it wrote.

const { badByteLength, badValue, checkOffset } = require('buffer/bounds');

const words = new Uint32Array(2);
const float = new Float32Array(words.buffer, 0, 1);
const double = new Float64Array(words.buffer);
const unsigned = new BigUint64Array(words.buffer);
const signed = new BigInt64Array(words.buffer);

function writeUInt8(value, offset = 0) {
  value = +value;
  if (value > 0xff || value < 0) badValue(value, 0, 0xff, 1);
  if (this[offset] === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 1);
  this[offset] = value;
  return offset + 1;
}

function writeInt8(value, offset = 0) {
  value = +value;
  if (value > 0x7f || value < -0x80) badValue(value, -0x80, 0x7f, 1);
  if (this[offset] === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 1);
  this[offset] = value;
  return offset + 1;
}

function writeUInt16LE(value, offset = 0) {
  value = +value;
  if (value > 0xffff || value < 0) badValue(value, 0, 0xffff, 2);
  if (this[offset] === undefined || this[offset + 1] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 2);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  return offset + 2;
}

function writeUInt32LE(value, offset = 0) {
  value = +value;
  if (value > 0xffffffff || value < 0) badValue(value, 0, 0xffffffff, 4);
  if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 4);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  this[offset + 2] = value >>> 16;
  this[offset + 3] = value >>> 24;
  return offset + 4;
}

function writeInt16LE(value, offset = 0) {
  value = +value;
  if (value > 0x7fff || value < -0x8000) badValue(value, -0x8000, 0x7fff, 2);
  if (this[offset] === undefined || this[offset + 1] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 2);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  return offset + 2;
}

function writeInt32LE(value, offset = 0) {
  value = +value;
  if (value > 0x7fffffff || value < -0x80000000) badValue(value, -0x80000000, 0x7fffffff, 4);
  if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 4);
  }
  this[offset] = value;
  this[offset + 1] = value >>> 8;
  this[offset + 2] = value >>> 16;
  this[offset + 3] = value >>> 24;
  return offset + 4;
}

function writeUInt16BE(value, offset = 0) {
  value = +value;
  if (value > 0xffff || value < 0) badValue(value, 0, 0xffff, 2);
  if (this[offset] === undefined || this[offset + 1] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 2);
  }
  this[offset] = value >>> 8;
  this[offset + 1] = value;
  return offset + 2;
}

function writeUInt32BE(value, offset = 0) {
  value = +value;
  if (value > 0xffffffff || value < 0) badValue(value, 0, 0xffffffff, 4);
  if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 4);
  }
  this[offset] = value >>> 24;
  this[offset + 1] = value >>> 16;
  this[offset + 2] = value >>> 8;
  this[offset + 3] = value;
  return offset + 4;
}

function writeInt16BE(value, offset = 0) {
  value = +value;
  if (value > 0x7fff || value < -0x8000) badValue(value, -0x8000, 0x7fff, 2);
  if (this[offset] === undefined || this[offset + 1] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 2);
  }
  this[offset] = value >>> 8;
  this[offset + 1] = value;
  return offset + 2;
}

function writeInt32BE(value, offset = 0) {
  value = +value;
  if (value > 0x7fffffff || value < -0x80000000) badValue(value, -0x80000000, 0x7fffffff, 4);
  if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 4);
  }
  this[offset] = value >>> 24;
  this[offset + 1] = value >>> 16;
  this[offset + 2] = value >>> 8;
  this[offset + 3] = value;
  return offset + 4;
}

// One to six bytes.
function writeUIntLE(value, offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return writeUInt8.call(this, value, offset);
    case 2:
      return writeUInt16LE.call(this, value, offset);
    case 3:
      return write24LE(this, value, offset, 0, 0xffffff);
    case 4:
      return writeUInt32LE.call(this, value, offset);
    case 5:
      return write40LE(this, value, offset, 0, 0xffffffffff);
    case 6:
      return write48LE(this, value, offset, 0, 0xffffffffffff);
  }
  badByteLength(byteLength);
}

function writeIntLE(value, offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return writeInt8.call(this, value, offset);
    case 2:
      return writeInt16LE.call(this, value, offset);
    case 3:
      return write24LE(this, value, offset, -0x800000, 0x7fffff);
    case 4:
      return writeInt32LE.call(this, value, offset);
    case 5:
      return write40LE(this, value, offset, -0x8000000000, 0x7fffffffff);
    case 6:
      return write48LE(this, value, offset, -0x800000000000, 0x7fffffffffff);
  }
  badByteLength(byteLength);
}

function writeUIntBE(value, offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return writeUInt8.call(this, value, offset);
    case 2:
      return writeUInt16BE.call(this, value, offset);
    case 3:
      return write24BE(this, value, offset, 0, 0xffffff);
    case 4:
      return writeUInt32BE.call(this, value, offset);
    case 5:
      return write40BE(this, value, offset, 0, 0xffffffffff);
    case 6:
      return write48BE(this, value, offset, 0, 0xffffffffffff);
  }
  badByteLength(byteLength);
}

function writeIntBE(value, offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return writeInt8.call(this, value, offset);
    case 2:
      return writeInt16BE.call(this, value, offset);
    case 3:
      return write24BE(this, value, offset, -0x800000, 0x7fffff);
    case 4:
      return writeInt32BE.call(this, value, offset);
    case 5:
      return write40BE(this, value, offset, -0x8000000000, 0x7fffffffff);
    case 6:
      return write48BE(this, value, offset, -0x800000000000, 0x7fffffffffff);
  }
  badByteLength(byteLength);
}

function write24LE(buf, value, offset, min, max) {
  value = +value;
  if (value > max || value < min) badValue(value, min, max, 3);
  if (buf[offset] === undefined || buf[offset + 2] === undefined || typeof offset !== 'number') {
    checkOffset(offset, buf.length - 3);
  }
  buf[offset] = value;
  buf[offset + 1] = value >>> 8;
  buf[offset + 2] = value >>> 16;
  return offset + 3;
}

function write40LE(buf, value, offset, min, max) {
  value = +value;
  if (value > max || value < min) badValue(value, min, max, 5);
  if (buf[offset] === undefined || buf[offset + 4] === undefined || typeof offset !== 'number') {
    checkOffset(offset, buf.length - 5);
  }
  const high = Math.floor(value / 0x100000000);
  buf[offset] = value;
  buf[offset + 1] = value >>> 8;
  buf[offset + 2] = value >>> 16;
  buf[offset + 3] = value >>> 24;
  buf[offset + 4] = high;
  return offset + 5;
}

function write48LE(buf, value, offset, min, max) {
  value = +value;
  if (value > max || value < min) badValue(value, min, max, 6);
  if (buf[offset] === undefined || buf[offset + 5] === undefined || typeof offset !== 'number') {
    checkOffset(offset, buf.length - 6);
  }
  const high = Math.floor(value / 0x100000000);
  buf[offset] = value;
  buf[offset + 1] = value >>> 8;
  buf[offset + 2] = value >>> 16;
  buf[offset + 3] = value >>> 24;
  buf[offset + 4] = high;
  buf[offset + 5] = high >>> 8;
  return offset + 6;
}

function write24BE(buf, value, offset, min, max) {
  value = +value;
  if (value > max || value < min) badValue(value, min, max, 3);
  if (buf[offset] === undefined || buf[offset + 2] === undefined || typeof offset !== 'number') {
    checkOffset(offset, buf.length - 3);
  }
  buf[offset] = value >>> 16;
  buf[offset + 1] = value >>> 8;
  buf[offset + 2] = value;
  return offset + 3;
}

function write40BE(buf, value, offset, min, max) {
  value = +value;
  if (value > max || value < min) badValue(value, min, max, 5);
  if (buf[offset] === undefined || buf[offset + 4] === undefined || typeof offset !== 'number') {
    checkOffset(offset, buf.length - 5);
  }
  const high = Math.floor(value / 0x100000000);
  buf[offset] = high;
  buf[offset + 1] = value >>> 24;
  buf[offset + 2] = value >>> 16;
  buf[offset + 3] = value >>> 8;
  buf[offset + 4] = value;
  return offset + 5;
}

function write48BE(buf, value, offset, min, max) {
  value = +value;
  if (value > max || value < min) badValue(value, min, max, 6);
  if (buf[offset] === undefined || buf[offset + 5] === undefined || typeof offset !== 'number') {
    checkOffset(offset, buf.length - 6);
  }
  const high = Math.floor(value / 0x100000000);
  buf[offset] = high >>> 8;
  buf[offset + 1] = high;
  buf[offset + 2] = value >>> 24;
  buf[offset + 3] = value >>> 16;
  buf[offset + 4] = value >>> 8;
  buf[offset + 5] = value;
  return offset + 6;
}

function writeFloatLE(value, offset = 0) {
  value = +value;
  if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 4);
  }
  float[0] = value;
  const w = words[0];
  this[offset] = w;
  this[offset + 1] = w >>> 8;
  this[offset + 2] = w >>> 16;
  this[offset + 3] = w >>> 24;
  return offset + 4;
}

function writeDoubleLE(value, offset = 0) {
  value = +value;
  if (this[offset] === undefined || this[offset + 7] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 8);
  }
  double[0] = value;
  let w = words[0];
  this[offset] = w;
  this[offset + 1] = w >>> 8;
  this[offset + 2] = w >>> 16;
  this[offset + 3] = w >>> 24;
  w = words[1];
  this[offset + 4] = w;
  this[offset + 5] = w >>> 8;
  this[offset + 6] = w >>> 16;
  this[offset + 7] = w >>> 24;
  return offset + 8;
}

function writeBigUInt64LE(value, offset = 0) {
  checkBig(value, 0n, 0xffffffffffffffffn);
  if (this[offset] === undefined || this[offset + 7] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 8);
  }
  unsigned[0] = value;
  let w = words[0];
  this[offset] = w;
  this[offset + 1] = w >>> 8;
  this[offset + 2] = w >>> 16;
  this[offset + 3] = w >>> 24;
  w = words[1];
  this[offset + 4] = w;
  this[offset + 5] = w >>> 8;
  this[offset + 6] = w >>> 16;
  this[offset + 7] = w >>> 24;
  return offset + 8;
}

function writeBigInt64LE(value, offset = 0) {
  checkBig(value, -0x8000000000000000n, 0x7fffffffffffffffn);
  if (this[offset] === undefined || this[offset + 7] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 8);
  }
  signed[0] = value;
  let w = words[0];
  this[offset] = w;
  this[offset + 1] = w >>> 8;
  this[offset + 2] = w >>> 16;
  this[offset + 3] = w >>> 24;
  w = words[1];
  this[offset + 4] = w;
  this[offset + 5] = w >>> 8;
  this[offset + 6] = w >>> 16;
  this[offset + 7] = w >>> 24;
  return offset + 8;
}

function writeFloatBE(value, offset = 0) {
  value = +value;
  if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 4);
  }
  float[0] = value;
  const w = words[0];
  this[offset] = w >>> 24;
  this[offset + 1] = w >>> 16;
  this[offset + 2] = w >>> 8;
  this[offset + 3] = w;
  return offset + 4;
}

function writeDoubleBE(value, offset = 0) {
  value = +value;
  if (this[offset] === undefined || this[offset + 7] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 8);
  }
  double[0] = value;
  let w = words[1];
  this[offset] = w >>> 24;
  this[offset + 1] = w >>> 16;
  this[offset + 2] = w >>> 8;
  this[offset + 3] = w;
  w = words[0];
  this[offset + 4] = w >>> 24;
  this[offset + 5] = w >>> 16;
  this[offset + 6] = w >>> 8;
  this[offset + 7] = w;
  return offset + 8;
}

function writeBigUInt64BE(value, offset = 0) {
  checkBig(value, 0n, 0xffffffffffffffffn);
  if (this[offset] === undefined || this[offset + 7] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 8);
  }
  unsigned[0] = value;
  let w = words[1];
  this[offset] = w >>> 24;
  this[offset + 1] = w >>> 16;
  this[offset + 2] = w >>> 8;
  this[offset + 3] = w;
  w = words[0];
  this[offset + 4] = w >>> 24;
  this[offset + 5] = w >>> 16;
  this[offset + 6] = w >>> 8;
  this[offset + 7] = w;
  return offset + 8;
}

function writeBigInt64BE(value, offset = 0) {
  checkBig(value, -0x8000000000000000n, 0x7fffffffffffffffn);
  if (this[offset] === undefined || this[offset + 7] === undefined || typeof offset !== 'number') {
    checkOffset(offset, this.length - 8);
  }
  signed[0] = value;
  let w = words[1];
  this[offset] = w >>> 24;
  this[offset + 1] = w >>> 16;
  this[offset + 2] = w >>> 8;
  this[offset + 3] = w;
  w = words[0];
  this[offset + 4] = w >>> 24;
  this[offset + 5] = w >>> 16;
  this[offset + 6] = w >>> 8;
  this[offset + 7] = w;
  return offset + 8;
}

function checkBig(value, min, max) {
  if (value > max || value < min) badValue(value, min, max, 8);
  if (typeof value !== 'bigint') throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
}

/** @param {any} proto Buffer.prototype; every unsigned method has a second spelling with a small i. */
function addWriters(proto) {
  proto.writeUInt8 = proto.writeUint8 = writeUInt8;
  proto.writeInt8 = writeInt8;
  proto.writeUInt16LE = proto.writeUint16LE = writeUInt16LE;
  proto.writeUInt32LE = proto.writeUint32LE = writeUInt32LE;
  proto.writeInt16LE = writeInt16LE;
  proto.writeInt32LE = writeInt32LE;
  proto.writeUInt16BE = proto.writeUint16BE = writeUInt16BE;
  proto.writeUInt32BE = proto.writeUint32BE = writeUInt32BE;
  proto.writeInt16BE = writeInt16BE;
  proto.writeInt32BE = writeInt32BE;
  proto.writeUIntLE = proto.writeUintLE = writeUIntLE;
  proto.writeIntLE = writeIntLE;
  proto.writeUIntBE = proto.writeUintBE = writeUIntBE;
  proto.writeIntBE = writeIntBE;
  proto.writeFloatLE = writeFloatLE;
  proto.writeDoubleLE = writeDoubleLE;
  proto.writeBigUInt64LE = proto.writeBigUint64LE = writeBigUInt64LE;
  proto.writeBigInt64LE = writeBigInt64LE;
  proto.writeFloatBE = writeFloatBE;
  proto.writeDoubleBE = writeDoubleBE;
  proto.writeBigUInt64BE = proto.writeBigUint64BE = writeBigUInt64BE;
  proto.writeBigInt64BE = writeBigInt64BE;
}

module.exports = { addWriters };

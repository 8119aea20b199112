'use strict';

// Reading numbers out of a Buffer. Each method checks its offset once and then combines bytes with 32-bit integer
// operations; what needs more than 32 bits goes through a scratch array, so no intermediate double or BigInt is made.

const { badByteLength, checkOffset } = require('buffer/bounds');

// One scratch word seen as bytes would; both processors hob runs on are little-endian.
const words = new Uint32Array(2);
const float = new Float32Array(words.buffer, 0, 1);
const double = new Float64Array(words.buffer);
const unsigned = new BigUint64Array(words.buffer);
const signed = new BigInt64Array(words.buffer);

function readUInt8(offset = 0) {
  const first = this[offset];
  if (first === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 1);
  return first;
}

function readInt8(offset = 0) {
  const first = this[offset];
  if (first === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 1);
  return (first << 24) >> 24;
}

function readUInt16LE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 2);
  return first | (last << 8);
}

function readInt16LE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 2);
  return ((first | (last << 8)) << 16) >> 16;
}

function readUInt32LE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 4);
  return (first | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (last << 24)) >>> 0;
}

function readInt32LE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 4);
  return first | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (last << 24);
}

function readUInt16BE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 2);
  return (first << 8) | last;
}

function readInt16BE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 1];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 2);
  return (((first << 8) | last) << 16) >> 16;
}

function readUInt32BE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 4);
  return ((first << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | last) >>> 0;
}

function readInt32BE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 4);
  return (first << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | last;
}

// One to six bytes.
function readUIntLE(offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return readUInt8.call(this, offset);
    case 2:
      return readUInt16LE.call(this, offset);
    case 3: {
      const first = this[offset];
      const last = this[offset + 2];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 3);
      return first | (this[offset + 1] << 8) | (last << 16);
    }
    case 4:
      return readUInt32LE.call(this, offset);
    case 5: {
      const first = this[offset];
      const last = this[offset + 4];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 5);
      return last * 0x100000000 + readUInt32LE.call(this, offset);
    }
    case 6: {
      const first = this[offset];
      const last = this[offset + 5];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 6);
      return (this[offset + 4] | (last << 8)) * 0x100000000 + readUInt32LE.call(this, offset);
    }
  }
  badByteLength(byteLength);
}

function readIntLE(offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return readInt8.call(this, offset);
    case 2:
      return readInt16LE.call(this, offset);
    case 3: {
      const first = this[offset];
      const last = this[offset + 2];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 3);
      return ((first | (this[offset + 1] << 8) | (last << 16)) << 8) >> 8;
    }
    case 4:
      return readInt32LE.call(this, offset);
    case 5: {
      const first = this[offset];
      const last = this[offset + 4];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 5);
      return ((last << 24) >> 24) * 0x100000000 + readUInt32LE.call(this, offset);
    }
    case 6: {
      const first = this[offset];
      const last = this[offset + 5];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 6);
      return (((this[offset + 4] | (last << 8)) << 16) >> 16) * 0x100000000 + readUInt32LE.call(this, offset);
    }
  }
  badByteLength(byteLength);
}

function readUIntBE(offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return readUInt8.call(this, offset);
    case 2:
      return readUInt16BE.call(this, offset);
    case 3: {
      const first = this[offset];
      const last = this[offset + 2];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 3);
      return (first << 16) | (this[offset + 1] << 8) | last;
    }
    case 4:
      return readUInt32BE.call(this, offset);
    case 5: {
      const first = this[offset];
      const last = this[offset + 4];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 5);
      return first * 0x100000000 + readUInt32BE.call(this, offset + 1);
    }
    case 6: {
      const first = this[offset];
      const last = this[offset + 5];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 6);
      return ((first << 8) | this[offset + 1]) * 0x100000000 + readUInt32BE.call(this, offset + 2);
    }
  }
  badByteLength(byteLength);
}

function readIntBE(offset, byteLength) {
  if (offset === undefined) checkOffset(offset, 0);
  switch (byteLength) {
    case 1:
      return readInt8.call(this, offset);
    case 2:
      return readInt16BE.call(this, offset);
    case 3: {
      const first = this[offset];
      const last = this[offset + 2];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 3);
      return (((first << 16) | (this[offset + 1] << 8) | last) << 8) >> 8;
    }
    case 4:
      return readInt32BE.call(this, offset);
    case 5: {
      const first = this[offset];
      const last = this[offset + 4];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 5);
      return ((first << 24) >> 24) * 0x100000000 + readUInt32BE.call(this, offset + 1);
    }
    case 6: {
      const first = this[offset];
      const last = this[offset + 5];
      if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 6);
      return ((((first << 8) | this[offset + 1]) << 16) >> 16) * 0x100000000 + readUInt32BE.call(this, offset + 2);
    }
  }
  badByteLength(byteLength);
}

function readFloatLE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 4);
  words[0] = first | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (last << 24);
  return float[0];
}

function readDoubleLE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 7];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 8);
  words[0] = first | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24);
  words[1] = this[offset + 4] | (this[offset + 5] << 8) | (this[offset + 6] << 16) | (last << 24);
  return double[0];
}

function readBigUInt64LE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 7];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 8);
  words[0] = first | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24);
  words[1] = this[offset + 4] | (this[offset + 5] << 8) | (this[offset + 6] << 16) | (last << 24);
  return unsigned[0];
}

function readBigInt64LE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 7];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 8);
  words[0] = first | (this[offset + 1] << 8) | (this[offset + 2] << 16) | (this[offset + 3] << 24);
  words[1] = this[offset + 4] | (this[offset + 5] << 8) | (this[offset + 6] << 16) | (last << 24);
  return signed[0];
}

function readFloatBE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 3];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 4);
  words[0] = (first << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | last;
  return float[0];
}

function readDoubleBE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 7];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 8);
  words[1] = (first << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3];
  words[0] = (this[offset + 4] << 24) | (this[offset + 5] << 16) | (this[offset + 6] << 8) | last;
  return double[0];
}

function readBigUInt64BE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 7];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 8);
  words[1] = (first << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3];
  words[0] = (this[offset + 4] << 24) | (this[offset + 5] << 16) | (this[offset + 6] << 8) | last;
  return unsigned[0];
}

function readBigInt64BE(offset = 0) {
  const first = this[offset];
  const last = this[offset + 7];
  if (first === undefined || last === undefined || typeof offset !== 'number') checkOffset(offset, this.length - 8);
  words[1] = (first << 24) | (this[offset + 1] << 16) | (this[offset + 2] << 8) | this[offset + 3];
  words[0] = (this[offset + 4] << 24) | (this[offset + 5] << 16) | (this[offset + 6] << 8) | last;
  return signed[0];
}

/** @param {any} proto Buffer.prototype; every unsigned method has a second spelling with a small i. */
function addReaders(proto) {
  proto.readUInt8 = proto.readUint8 = readUInt8;
  proto.readInt8 = readInt8;
  proto.readUInt16LE = proto.readUint16LE = readUInt16LE;
  proto.readInt16LE = readInt16LE;
  proto.readUInt32LE = proto.readUint32LE = readUInt32LE;
  proto.readInt32LE = readInt32LE;
  proto.readUInt16BE = proto.readUint16BE = readUInt16BE;
  proto.readInt16BE = readInt16BE;
  proto.readUInt32BE = proto.readUint32BE = readUInt32BE;
  proto.readInt32BE = readInt32BE;
  proto.readUIntLE = proto.readUintLE = readUIntLE;
  proto.readIntLE = readIntLE;
  proto.readUIntBE = proto.readUintBE = readUIntBE;
  proto.readIntBE = readIntBE;
  proto.readFloatLE = readFloatLE;
  proto.readDoubleLE = readDoubleLE;
  proto.readBigUInt64LE = proto.readBigUint64LE = readBigUInt64LE;
  proto.readBigInt64LE = readBigInt64LE;
  proto.readFloatBE = readFloatBE;
  proto.readDoubleBE = readDoubleBE;
  proto.readBigUInt64BE = proto.readBigUint64BE = readBigUInt64BE;
  proto.readBigInt64BE = readBigInt64BE;
}

module.exports = { addReaders };

'use strict';

// Where the memory of Buffers comes from. Small ones share a pool: a view on memory that exists costs a fraction of a
// new ArrayBuffer, and strings are encoded straight into it.

const { allocUnsafe } = engine;
const { ERR_MEMORY_ALLOCATION_FAILED } = require('shared/errors').codes;
const { validateNumber } = require('shared/validators');
const { charCodeAt } = require('shared/text');

const kMaxLength = Number.MAX_SAFE_INTEGER;
// A string of this many code units, or fewer, is written by a loop: that is quicker than a call into C++.
const kLoopUnits = 24;

/** What every Buffer is an instance of; its prototype is Buffer.prototype. */
class FastBuffer extends Uint8Array {
  constructor(source, byteOffset, length) {
    super(source, byteOffset, length);
  }
}

// Buffer itself, once it exists: poolSize is a public property that programs may set.
let owner = { poolSize: 65536 };
let zeroFill;

let pool;
let poolBytes;
let poolUsed = 0;
let poolLength = 0;

/** @param {{ poolSize: number }} Buffer */
function setPoolOwner(Buffer) {
  Buffer.poolSize = owner.poolSize;
  owner = Buffer;
}

// --zero-fill-buffers, looked at when memory is first taken.
function mustZero() {
  zeroFill ??= require('process/options').flag('--zero-fill-buffers') === true;
  return zeroFill;
}

/**
 * @param {number} size
 * @returns {ArrayBuffer}
 */
function rawMemory(size) {
  if (zeroFill ?? mustZero()) return new ArrayBuffer(size);
  const memory = allocUnsafe(size);
  if (memory === undefined) throw new ERR_MEMORY_ALLOCATION_FAILED();
  return memory;
}

function newPool() {
  poolLength = owner.poolSize;
  pool = rawMemory(poolLength);
  poolBytes = new Uint8Array(pool);
  poolUsed = 0;
}

/**
 * A Buffer with any content, from the pool when it is small.
 * @param {number} size an integer
 */
function allocate(size) {
  if (size >= owner.poolSize >>> 1) return size === 0 ? new FastBuffer() : new FastBuffer(rawMemory(size));
  if (size === 0) return new FastBuffer();
  if (size > poolLength - poolUsed) newPool();
  const buffer = new FastBuffer(pool, poolUsed, size);
  poolUsed = (poolUsed + size + 7) & ~7;
  return buffer;
}

/**
 * @param {string} string not empty
 * @param {number} most no encoding of it takes more bytes
 * @param {(bytes: Uint8Array | ArrayBuffer, string: string, offset: number, max: number) => number} write
 */
function allocateFrom(string, most, write) {
  if (most >= owner.poolSize >>> 1) {
    const memory = rawMemory(most);
    return new FastBuffer(memory, 0, write(memory, string, 0, most));
  }
  if (most > poolLength - poolUsed) newPool();
  const at = poolUsed;
  const length = write(poolBytes, string, at, most);
  poolUsed = (at + length + 7) & ~7;
  return new FastBuffer(pool, at, length);
}

/**
 * UTF-8 of a short string that may be ASCII; undefined when it is not.
 * @param {string} string 1 to kLoopUnits code units
 */
function allocateFromAscii(string) {
  const length = string.length;
  if (length > poolLength - poolUsed) {
    if (length >= owner.poolSize >>> 1) return undefined;
    newPool();
  }
  const at = poolUsed;
  for (let i = 0; i < length; i++) {
    const unit = charCodeAt(string, i);
    if (unit > 0x7f) return undefined;
    poolBytes[at + i] = unit;
  }
  poolUsed = (at + length + 7) & ~7;
  return new FastBuffer(pool, at, length);
}

/** @param {unknown} size */
function validateSize(size) {
  if (typeof size !== 'number' || !(size >= 0 && size <= kMaxLength)) validateNumber(size, 'size', 0, kMaxLength);
}

module.exports = {
  FastBuffer,
  allocate,
  allocateFrom,
  allocateFromAscii,
  kLoopUnits,
  kMaxLength,
  rawMemory,
  setPoolOwner,
  validateSize,
};

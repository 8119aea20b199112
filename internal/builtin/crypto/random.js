'use strict';

// Random bytes, numbers and UUIDs. Small amounts come from batches that one call into Go fills.

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE },
} = require('shared/errors');
const { validateBoolean, validateFunction, validateNumber, validateObject } = require('shared/validators');
const { Buffer, kMaxLength } = require('buffer');

const { random, uuids } = native;

const maxInt32 = 2 ** 31 - 1;
/** Requests up to this size share a batch. */
const small = 64;
const batchSize = 2048;
let batch;
let used = batchSize;

function fill(buffer, offset, size) {
  if (size > small) {
    random(buffer, offset, size);
    return;
  }
  batch ??= Buffer.allocUnsafeSlow(batchSize);
  if (used + size > batchSize) {
    random(batch, 0, batchSize);
    used = 0;
  }
  engine.copy(batch, buffer, offset, used, size);
  // Nobody can read later what somebody was given.
  batch.fill(0, used, used + size);
  used += size;
}

function checkOffset(offset, width, length) {
  validateNumber(offset, 'offset');
  offset *= width;
  const max = Math.min(length, kMaxLength);
  if (Number.isNaN(offset) || offset > max || offset < 0) {
    throw new ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${max}`, offset);
  }
  return offset >>> 0;
}

function checkSize(size, width, offset, length) {
  validateNumber(size, 'size');
  size *= width;
  if (Number.isNaN(size) || size > maxInt32 || size < 0) {
    throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${maxInt32}`, size);
  }
  if (size + offset > length) throw new ERR_OUT_OF_RANGE('size + offset', `<= ${length}`, size + offset);
  return size >>> 0;
}

/**
 * @param {number} size
 * @param {(error: Error | null, bytes?: Buffer) => void} [callback]
 */
function randomBytes(size, callback) {
  size = checkSize(size, 1, 0, Infinity);
  if (callback !== undefined) validateFunction(callback, 'callback');
  const bytes = Buffer.alloc(size);
  if (callback === undefined) {
    fill(bytes, 0, size);
    return bytes;
  }
  random(bytes, 0, size, (error) => callback(error, error ? undefined : bytes));
  return undefined;
}

function checkTarget(buf) {
  if (!engine.isAnyArrayBuffer(buf) && !ArrayBuffer.isView(buf)) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
  }
}

function rangeOf(buf, offset, size) {
  const width = buf.BYTES_PER_ELEMENT || 1;
  const from = checkOffset(offset, width, buf.byteLength);
  return [from, size === undefined ? buf.byteLength - from : checkSize(size, width, from, buf.byteLength)];
}

function randomFillSync(buf, offset = 0, size) {
  checkTarget(buf);
  const [from, n] = rangeOf(buf, offset, size);
  if (n > 0) fill(buf, from, n);
  return buf;
}

function randomFill(buf, offset, size, callback) {
  checkTarget(buf);
  if (typeof offset === 'function') {
    callback = offset;
    offset = 0;
    size = undefined;
  } else if (typeof size === 'function') {
    callback = size;
    size = undefined;
  } else {
    validateFunction(callback, 'callback');
  }
  const [from, n] = rangeOf(buf, offset, size);
  if (n === 0) {
    process.nextTick(callback, null, buf);
    return;
  }
  random(buf, from, n, (error) => (error ? callback(error) : callback(null, buf)));
}

const sixBytes = 2 ** 48 - 1;
const drawsAtOnce = 256;
let draws;
let drawn = drawsAtOnce;

/** A number of six random bytes. */
function sixRandomBytes() {
  if (drawn === drawsAtOnce) {
    draws ??= Buffer.allocUnsafeSlow(6 * drawsAtOnce);
    random(draws, 0, 6 * drawsAtOnce);
    drawn = 0;
  }
  const at = 6 * drawn++;
  const number = draws.readUIntBE(at, 6);
  draws.writeUIntBE(0, at, 6);
  return number;
}

/** A number in [min, max), each as likely as the others. */
function draw(min, range) {
  const limit = sixBytes - (sixBytes % range);
  for (;;) {
    const x = sixRandomBytes();
    if (x < limit) return (x % range) + min;
  }
}

/**
 * @param {number} min
 * @param {any} [max] number, or the callback
 * @param {(error: Error | undefined, n?: number) => void} [callback]
 */
function randomInt(min, max, callback) {
  const minNotGiven = max === undefined || typeof max === 'function';
  if (minNotGiven) {
    callback = max;
    max = min;
    min = 0;
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min)) throw new ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max)) throw new ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  if (max <= min) throw new ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (!(range <= sixBytes)) {
    throw new ERR_OUT_OF_RANGE(minNotGiven ? 'max' : 'max - min', `<= ${sixBytes}`, range);
  }
  const n = draw(min, range);
  if (callback === undefined) return n;
  process.nextTick(callback, undefined, n);
  return undefined;
}

const uuidsAtOnce = 128;
/** So many are cut out of one string: what somebody keeps one of stays in memory as long. */
const uuidsInText = 8;
let uuidBytes;
let uuidText = '';
let uuidNext = uuidsAtOnce;

/**
 * @param {{ disableEntropyCache?: boolean }} [options]
 * @returns {string}
 */
function randomUUID(options) {
  if (options !== undefined) {
    validateObject(options, 'options');
    const { disableEntropyCache = false } = options;
    validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
    if (disableEntropyCache) {
      const one = Buffer.allocUnsafeSlow(36);
      uuids(one);
      return one.latin1Slice(0, 36);
    }
  }
  if (uuidNext === uuidsAtOnce) {
    uuidBytes ??= Buffer.allocUnsafeSlow(36 * uuidsAtOnce);
    uuids(uuidBytes);
    uuidNext = 0;
  }
  const inText = uuidNext % uuidsInText;
  if (inText === 0) uuidText = engine.latin1Slice(uuidBytes, uuidNext * 36, (uuidNext + uuidsInText) * 36);
  uuidNext++;
  return uuidText.slice(inText * 36, inText * 36 + 36);
}

function getRandomValues(array) {
  const DOMException = require('shared/domexception').DOMException;
  if (
    !ArrayBuffer.isView(array) ||
    array instanceof Float32Array ||
    array instanceof Float64Array ||
    array instanceof DataView ||
    array[Symbol.toStringTag] === 'Float16Array'
  ) {
    throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (array.byteLength > 65536) {
    throw new DOMException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
  }
  return randomFillSync(array, 0);
}

module.exports = { getRandomValues, randomBytes, randomFill, randomFillSync, randomInt, randomUUID };

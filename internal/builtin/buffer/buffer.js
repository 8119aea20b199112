'use strict';

// node:buffer. Buffer is a Uint8Array with more methods: instances are made by FastBuffer, whose prototype is
// Buffer.prototype, so that new views need no constructor call of a plain function.

const {
  byteLengthUtf8,
  copy,
  isAnyArrayBuffer,
  setBufferPrototype,
  swap16: swapPairs,
  swap32: swapQuads,
  swap64: swapEights,
} = engine;
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_BUFFER_SIZE } = require('shared/errors').codes;
const { validateArray, validateInteger, validateNumber } = require('shared/validators');
const { FastBuffer, allocate, kMaxLength, rawMemory, setPoolOwner, validateSize } = require('buffer/alloc');
const { encodingOf, isEncoding, utf8 } = require('buffer/encodings');
const { from, fromString } = require('buffer/from');
const { addInspect, inspectLimit } = require('buffer/inspect');
const { addReaders } = require('buffer/read');
const { addSearch, compareBuffers, isUint8Array } = require('buffer/search');
const { addText } = require('buffer/text');
const { atob, btoa, isAscii, isUtf8, transcode } = require('buffer/transcode');
const { addWriters } = require('buffer/write');

// Up to this many bytes are copied by a loop: that is quicker than a call into C++.
const kLoopBytes = 32;
const kStringMaxLength = 536870888;

let warnedConstructor = false;
let warnedSlow = false;

// DEP0005 is told once, and not to programs whose dependencies use the constructor, unless they ask.
function warnConstructor() {
  if (warnedConstructor) return;
  const { insideNodeModules, pendingDeprecation } = require('buffer/deprecation');
  if (!pendingDeprecation() && insideNodeModules()) return;
  warnedConstructor = true;
  process.emitWarning(
    'Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
      'Buffer.allocUnsafe(), or Buffer.from() methods instead.',
    'DeprecationWarning',
    'DEP0005',
  );
}

/**
 * @deprecated
 * @param {unknown} value
 * @param {unknown} [encodingOrOffset]
 * @param {unknown} [length]
 */
function Buffer(value, encodingOrOffset, length) {
  warnConstructor();
  if (typeof value === 'number') {
    if (typeof encodingOrOffset === 'string') throw new ERR_INVALID_ARG_TYPE('string', 'string', value);
    return Buffer.alloc(value);
  }
  return from(value, encodingOrOffset, length);
}

Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(Buffer.prototype, 'constructor', { value: Buffer, enumerable: false });
Object.defineProperty(Buffer, Symbol.species, { configurable: true, enumerable: false, get: () => FastBuffer });
setPoolOwner(Buffer);

Buffer.from = function (value, encodingOrOffset, length) {
  return typeof value === 'string' ? fromString(value, encodingOrOffset) : from(value, encodingOrOffset, length);
};
Object.defineProperty(Buffer.from, 'name', { value: 'from' });

/** @param {Uint8Array} view or any typed array @param {number} [offset] in elements @param {number} [length] */
Buffer.copyBytesFrom = function copyBytesFrom(view, offset, length) {
  if (!ArrayBuffer.isView(view) || view instanceof DataView) {
    throw new ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
  }
  const size = view.length;
  if (size === 0) return new FastBuffer();
  let start = 0;
  let end = size;
  if (offset !== undefined) {
    validateInteger(offset, 'offset', 0);
    if (offset >= size) return new FastBuffer();
    start = offset;
  }
  if (length !== undefined) {
    validateInteger(length, 'length', 0);
    end = Math.min(size, start + length);
  }
  const width = view.BYTES_PER_ELEMENT;
  const bytes = (end - start) * width;
  const buffer = allocate(bytes);
  copy(view, buffer, 0, start * width, bytes);
  return buffer;
};

Buffer.of = function of(...items) {
  const buffer = allocate(items.length);
  for (let i = 0; i < items.length; i++) buffer[i] = items[i];
  return buffer;
};

Buffer.alloc = function alloc(size, fill, encoding) {
  validateSize(size);
  if (fill === undefined || fill === 0 || !(size > 0)) return new FastBuffer(size);
  size = Math.trunc(size);
  return new FastBuffer(rawMemory(size)).fill(fill, 0, size, encoding);
};

Buffer.allocUnsafe = function allocUnsafe(size) {
  validateSize(size);
  return allocate(Math.trunc(size));
};

Buffer.allocUnsafeSlow = function allocUnsafeSlow(size) {
  validateSize(size);
  return new FastBuffer(rawMemory(Math.trunc(size)));
};

Buffer.isBuffer = function isBuffer(b) {
  return b instanceof Buffer;
};

Buffer.compare = function compare(buf1, buf2) {
  return compareBuffers(buf1, buf2);
};

Buffer.isEncoding = function (encoding) {
  return isEncoding(encoding);
};
Object.defineProperty(Buffer.isEncoding, 'name', { value: 'isEncoding' });

Buffer.concat = function concat(list, length) {
  validateArray(list, 'list');
  const count = list.length;
  if (count === 0) return new FastBuffer();
  let total = length;
  if (length === undefined) {
    total = 0;
    for (let i = 0; i < count; i++) {
      const bytes = list[i];
      if (!isUint8Array(bytes)) throw new ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], bytes);
      total += bytes.length;
    }
  } else {
    validateInteger(length, 'length', 0);
  }
  const buffer = allocate(total);
  let used = 0;
  for (let i = 0; i < count; i++) {
    const bytes = list[i];
    if (length !== undefined && !isUint8Array(bytes)) {
      throw new ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], bytes);
    }
    const n = Math.min(bytes.length, total - used);
    if (n <= kLoopBytes) {
      for (let j = 0; j < n; j++) buffer[used + j] = bytes[j];
    } else {
      copy(bytes, buffer, used, 0, n);
    }
    used += n;
  }
  // Memory of the pool has been used before; what nobody wrote must not be seen.
  if (used < total) buffer.fill(0, used, total);
  return buffer;
};

Buffer.byteLength = function byteLength(string, encoding) {
  if (typeof string !== 'string') {
    if (ArrayBuffer.isView(string) || isAnyArrayBuffer(string)) return string.byteLength;
    throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], string);
  }
  if (string.length === 0) return 0;
  if (encoding === undefined || encoding === 'utf8') return byteLengthUtf8(string);
  return (encodingOf(encoding) ?? utf8).byteLength(string);
};

const proto = Buffer.prototype;
addReaders(proto);
addWriters(proto);
addText(proto);
addSearch(proto);
addInspect(proto);

Object.defineProperty(proto, 'parent', {
  enumerable: true,
  get() {
    return this instanceof Buffer ? /** @type {any} */ (this).buffer : undefined;
  },
});
Object.defineProperty(proto, 'offset', {
  enumerable: true,
  get() {
    return this instanceof Buffer ? /** @type {any} */ (this).byteOffset : undefined;
  },
});

proto.toJSON = function toJSON() {
  const length = this.length;
  const data = new Array(length);
  for (let i = 0; i < length; i++) data[i] = this[i];
  return { type: 'Buffer', data };
};

// An index into a buffer of `length` bytes; negative ones count from the end.
function index(value, length) {
  value = Math.trunc(value);
  if (Number.isNaN(value) || value === 0) return 0;
  if (value < 0) return value + length > 0 ? value + length : 0;
  return value < length ? value : length;
}

proto.subarray = function subarray(start, end) {
  const length = this.length;
  start = start >>> 0 === start && start <= length ? start : index(start, length);
  end = end === undefined ? length : end >>> 0 === end && end <= length ? end : index(end, length);
  return new FastBuffer(this.buffer, this.byteOffset + start, end > start ? end - start : 0);
};

proto.slice = function slice(start, end) {
  return this.subarray(start, end);
};

/** Below these lengths a loop is quicker than a call into C++. */
const kLoopSwap16 = 128;
const kLoopSwap32 = 192;

proto.swap16 = function swap16() {
  const length = this.length;
  if (length % 2 !== 0) throw new ERR_INVALID_BUFFER_SIZE('16-bits');
  if (length >= kLoopSwap16 || !(this instanceof Uint8Array)) {
    swapPairs(this);
    return this;
  }
  for (let i = 0; i < length; i += 2) {
    const first = this[i];
    this[i] = this[i + 1];
    this[i + 1] = first;
  }
  return this;
};

proto.swap32 = function swap32() {
  const length = this.length;
  if (length % 4 !== 0) throw new ERR_INVALID_BUFFER_SIZE('32-bits');
  if (length >= kLoopSwap32 || !(this instanceof Uint8Array)) {
    swapQuads(this);
    return this;
  }
  for (let i = 0; i < length; i += 4) {
    const first = this[i];
    const second = this[i + 1];
    this[i] = this[i + 3];
    this[i + 1] = this[i + 2];
    this[i + 2] = second;
    this[i + 3] = first;
  }
  return this;
};

proto.swap64 = function swap64() {
  if (this.length % 8 !== 0) throw new ERR_INVALID_BUFFER_SIZE('64-bits');
  swapEights(this);
  return this;
};

setBufferPrototype(proto);

/**
 * @deprecated
 * @param {number} size
 */
function SlowBuffer(size) {
  if (!warnedSlow) {
    warnedSlow = true;
    process.emitWarning(
      'SlowBuffer() is deprecated. Please use Buffer.allocUnsafeSlow()',
      'DeprecationWarning',
      'DEP0030',
    );
  }
  validateNumber(size, 'size', 0, kMaxLength);
  return Buffer.allocUnsafeSlow(size);
}
Object.setPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
Object.setPrototypeOf(SlowBuffer, Uint8Array);

module.exports = {
  Buffer,
  SlowBuffer,
  transcode,
  isUtf8,
  isAscii,
  kMaxLength,
  kStringMaxLength,
  btoa,
  atob,
};

Object.defineProperties(module.exports, {
  constants: {
    enumerable: true,
    value: Object.defineProperties(
      {},
      {
        MAX_LENGTH: { enumerable: true, value: kMaxLength },
        MAX_STRING_LENGTH: { enumerable: true, value: kStringMaxLength },
      },
    ),
  },
  INSPECT_MAX_BYTES: { configurable: true, enumerable: true, ...inspectLimit },
});

// Few programs use these: their files are loaded when first asked for.
const later = ['Blob', 'resolveObjectURL', 'File'];
for (const name of later) {
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = require('buffer/blob')[name];
      Object.defineProperty(this, name, { value, writable: true });
      return value;
    },
    set(value) {
      Object.defineProperty(this, name, { value, writable: true });
    },
  });
}

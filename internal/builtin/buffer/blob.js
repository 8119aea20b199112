'use strict';

// Blob, File and object URLs.

const codes = require('shared/errors').codes;
const { cloneable } = require('shared/clone');
const { validateDictionary } = require('shared/validators');
const { FilePart, MemoryPart, PartsSource, partOf, readParts, sliceParts } = require('buffer/blob_parts');

const kInspect = Symbol.for('nodejs.util.inspect.custom');
// Handed to the constructor by what makes Blobs of existing parts.
const kParts = Symbol('parts');

function typeOf(type) {
  type = `${type}`;
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}

function listOf(sources) {
  if (
    (typeof sources === 'object' || typeof sources === 'function') &&
    sources !== null &&
    typeof sources[Symbol.iterator] === 'function'
  )
    return [...sources];
  const error = new TypeError('Value cannot be converted to sequence.');
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

function show(object, name, depth, options, fields) {
  if (typeof depth === 'number' && depth < 0) return `[${name}]`;
  if (options != null && options.depth != null) options = { ...options, depth: options.depth - 1 };
  return `${name} ${require('util/inspect').inspect(fields, options)}`;
}

class Blob {
  #parts;
  #size;
  #type;

  /**
   * @param {Iterable<unknown> | typeof kParts} [sources] kParts: a Blob of `options.parts`
   * @param {Options & { type?: string, endings?: 'transparent' | 'native' }} [options]
   */
  constructor(sources = [], options = undefined) {
    if (sources === kParts) {
      this.#parts = options.parts;
      this.#size = options.size;
      this.#type = options.type;
      return;
    }
    const list = listOf(sources);
    validateDictionary(options, 'options');
    const endings = options?.endings ?? 'transparent';
    const type = options?.type ?? '';
    if (endings !== 'transparent' && endings !== 'native') {
      throw new codes.ERR_INVALID_ARG_VALUE('options.endings', endings);
    }
    const parts = [];
    let size = 0;
    for (const source of list) {
      if (typeof source === 'object' && source !== null && #parts in source) {
        parts.push(...source.#parts);
        size += source.#size;
      } else {
        const part = partOf(source, endings === 'native');
        if (part.size > 0) parts.push(part);
        size += part.size;
      }
    }
    this.#parts = parts;
    this.#size = size;
    this.#type = typeOf(type);
  }

  get type() {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    return this.#type;
  }

  get size() {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    return this.#size;
  }

  /**
   * @param {number} [start]
   * @param {number} [end]
   * @param {string} [contentType]
   * @returns {Blob}
   */
  slice(start = 0, end = this.size, contentType = '') {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    const size = this.#size;
    const from = position(start, size);
    const to = Math.max(position(end, size), from);
    return new Blob(kParts, { parts: sliceParts(this.#parts, from, to), size: to - from, type: typeOf(contentType) });
  }

  /** @returns {Promise<ArrayBuffer>} */
  async arrayBuffer() {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    return (await readParts(this.#parts, this.#size)).buffer;
  }

  /** @returns {Promise<string>} */
  async text() {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    const { TextDecoder } = require('encoding');
    return new TextDecoder().decode(await readParts(this.#parts, this.#size));
  }

  /** @returns {Promise<Uint8Array>} */
  async bytes() {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    return readParts(this.#parts, this.#size);
  }

  /** @returns {ReadableStream} */
  stream() {
    if (!isBlob(this)) throw new codes.ERR_INVALID_THIS('Blob');
    const { ReadableStream } = require('stream/web');
    return new ReadableStream(new PartsSource(this.#parts), { highWaterMark: 0 });
  }

  /** @returns {ReadableStream} of strings */
  textStream() {
    const { TextDecoderStream } = require('stream/web');
    return this.stream().pipeThrough(new TextDecoderStream());
  }

  [kInspect](depth, options) {
    return show(this, 'Blob', depth, options, { size: this.size, type: this.type });
  }

  static isBlob(value) {
    return typeof value === 'object' && value !== null && #parts in value;
  }

  static partsOf(blob) {
    return blob.#parts;
  }
}

const { isBlob, partsOf } = Blob;
delete Blob.isBlob;
delete Blob.partsOf;

// Negative positions count from the end.
function position(value, size) {
  value = Math.trunc(value);
  if (Number.isNaN(value)) return 0;
  return value < 0 ? Math.max(size + value, 0) : Math.min(value, size);
}

class File extends Blob {
  #name;
  #lastModified;

  /**
   * @param {Iterable<unknown> | typeof kParts} fileBits
   * @param {string} fileName
   * @param {Options & { type?: string, endings?: 'transparent' | 'native', lastModified?: number }} [options]
   */
  constructor(fileBits, fileName, options = undefined) {
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('fileBits', 'fileName');
    super(fileBits, options);
    if (fileBits === kParts) {
      this.#lastModified = options.lastModified;
    } else {
      const lastModified = options?.lastModified;
      this.#lastModified = lastModified === undefined ? Date.now() : Math.trunc(+lastModified) || 0;
    }
    this.#name = `${fileName}`.toWellFormed();
  }

  get name() {
    if (!isFile(this)) throw new codes.ERR_INVALID_THIS('File');
    return this.#name;
  }

  get lastModified() {
    if (!isFile(this)) throw new codes.ERR_INVALID_THIS('File');
    return this.#lastModified;
  }

  [kInspect](depth, options) {
    return show(this, 'File', depth, options, {
      size: this.size,
      type: this.type,
      name: this.name,
      lastModified: this.lastModified,
    });
  }

  static isFile(value) {
    return typeof value === 'object' && value !== null && #name in value;
  }
}

const { isFile } = File;
delete File.isFile;

const enumerable = { __proto__: null, enumerable: true };
Object.defineProperties(Blob.prototype, {
  type: enumerable,
  size: enumerable,
  slice: enumerable,
  arrayBuffer: enumerable,
  text: enumerable,
  bytes: enumerable,
  stream: enumerable,
  textStream: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'Blob' },
});
Object.defineProperties(File.prototype, {
  name: enumerable,
  lastModified: enumerable,
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'File' },
});

/**
 * A Blob whose bytes stay in a file until they are read: fs.openAsBlob.
 * @param {object} source a FileSource of buffer/blob_parts
 * @param {number} size
 * @param {string} type
 */
function createFileBlob(source, size, type) {
  return new Blob(kParts, { parts: [new FilePart(source, 0, size)], size, type: typeOf(type) });
}

/**
 * What structured cloning carries of a Blob or File: plain data. `deserializeBlob` makes it one again.
 * @param {Blob} blob
 */
function serializeBlob(blob) {
  const parts = partsOf(blob);
  if (parts.some((part) => part instanceof FilePart)) {
    throw new codes.ERR_INVALID_STATE('File-backed Blobs are not cloneable');
  }
  const data = { parts: parts.map((part) => part.bytes), size: blob.size, type: blob.type };
  if (!isFile(blob)) return data;
  const { name, lastModified } = /** @type {File} */ (blob);
  return { ...data, name, lastModified };
}

/** @param {ReturnType<typeof serializeBlob>} data */
function deserializeBlob(data) {
  const init = { ...data, parts: data.parts.map((bytes) => new MemoryPart(bytes)) };
  return data.name === undefined ? new Blob(kParts, init) : new File(kParts, data.name, init);
}

// Object URLs of this runtime. A Blob stays registered until it is revoked.
const registered = new Map();
const kPrefix = 'blob:nodedata:';

/**
 * URL.createObjectURL.
 * @param {Blob} obj
 * @returns {string}
 */
function createObjectURL(obj) {
  if (!isBlob(obj)) throw new codes.ERR_INVALID_ARG_TYPE('obj', 'Blob', obj);
  const url = `${kPrefix}${require('crypto').randomUUID()}`;
  registered.set(url, obj);
  return url;
}

function withoutFragment(url) {
  const hash = url.indexOf('#');
  return hash === -1 ? url : url.slice(0, hash);
}

/** @param {string} url */
function revokeObjectURL(url) {
  registered.delete(withoutFragment(`${url}`));
}

/**
 * @param {string} url
 * @returns {Blob | undefined}
 */
function resolveObjectURL(url) {
  const blob = registered.get(withoutFragment(`${url}`));
  return blob === undefined ? undefined : blob.slice(0, blob.size, blob.type);
}

cloneable(Blob, function clone() {
  return deserializeBlob(serializeBlob(this));
});

module.exports = {
  Blob,
  File,
  createFileBlob,
  createObjectURL,
  isBlob,
  isFile,
  resolveObjectURL,
  revokeObjectURL,
};

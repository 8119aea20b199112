'use strict';

// What a Blob is made of: a list of parts, each immutable bytes in memory or a range of a file. Blobs share parts; a
// slice copies nothing.

const { copy, isAnyArrayBuffer } = engine;
const { bytesOf } = require('buffer/from');
const { utf8 } = require('buffer/encodings');

// How much of a file one chunk of a stream holds.
const kFileChunk = 65536;

class MemoryPart {
  /** @param {Uint8Array} bytes nobody else writes to them */
  constructor(bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
    this.chunk = bytes.length;
  }

  /** @returns {Uint8Array | Promise<Uint8Array>} */
  read(start, end) {
    return this.bytes.subarray(start, end);
  }

  slice(start, end) {
    return new MemoryPart(this.bytes.subarray(start, end));
  }
}

/**
 * A file, however it is read: `read(start, end)` rejects when it has changed since the Blob was made.
 * @typedef {{ read(start: number, end: number): Promise<Uint8Array> }} FileSource
 */
class FilePart {
  /**
   * @param {FileSource} source
   * @param {number} start
   * @param {number} size
   */
  constructor(source, start, size) {
    this.source = source;
    this.start = start;
    this.size = size;
    this.chunk = kFileChunk;
  }

  read(start, end) {
    return this.source.read(this.start + start, this.start + end);
  }

  slice(start, end) {
    return new FilePart(this.source, this.start + start, end - start);
  }
}

/**
 * One element of a Blob's sources.
 * @param {any} source anything but a Blob
 * @param {boolean} nativeEndings
 */
function partOf(source, nativeEndings) {
  if (ArrayBuffer.isView(source) || isAnyArrayBuffer(source)) {
    const bytes = new Uint8Array(source.byteLength);
    copy(source, bytes, 0, 0, bytes.length);
    return new MemoryPart(bytes);
  }
  let text = `${source}`;
  if (nativeEndings) text = text.replace(/\r\n?|\n/g, require('os').EOL);
  return new MemoryPart(bytesOf(text, utf8));
}

/** The parts that make up [start, end) of `parts`. */
function sliceParts(parts, start, end) {
  const kept = [];
  let at = 0;
  for (const part of parts) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, part.size);
    if (from < to) kept.push(from === 0 && to === part.size ? part : part.slice(from, to));
    at += part.size;
    if (at >= end) break;
  }
  return kept;
}

/** All bytes, in memory of their own. */
async function readParts(parts, size) {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    // An empty file is read, too: it may have grown.
    const bytes = part instanceof FilePart ? await part.read(0, part.size) : part.bytes;
    copy(bytes, all, at, 0, bytes.length);
    at += bytes.length;
  }
  return all;
}

/** The underlying source of a byte stream over `parts`. */
class PartsSource {
  type = 'bytes';

  constructor(parts) {
    this.parts = parts;
    this.index = 0;
    this.at = 0;
  }

  async pull(controller) {
    const part = this.parts[this.index];
    if (part === undefined) {
      controller.close();
      controller.byobRequest?.respond(0);
      return;
    }
    const end = Math.min(this.at + part.chunk, part.size);
    let bytes = part.read(this.at, end);
    if (bytes instanceof Promise) bytes = await bytes;
    this.at = end;
    if (end === part.size) {
      this.index++;
      this.at = 0;
    }
    // A stream hands its memory over, so it gets a copy.
    if (bytes.length > 0) controller.enqueue(new Uint8Array(bytes));
    else await this.pull(controller);
  }

  cancel() {
    this.parts = [];
    this.index = 0;
  }
}

module.exports = { FilePart, MemoryPart, PartsSource, partOf, readParts, sliceParts };

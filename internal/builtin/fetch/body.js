'use strict';

// Bodies of requests and answers (the Fetch Standard's Body mixin). A body that was given whole stays as it was given
// until somebody asks for it: the stream is made only for who wants a stream.

const { Blob } = require('buffer/blob');
const { Buffer } = require('buffer');
const { URLSearchParams } = require('url');

const { isArrayBuffer, isSharedArrayBuffer } = engine;

/** A body: bytes, text or blob in `source`, or a stream. */
class Body {
  /** @param {string | Uint8Array | Blob | null} source @param {any} stream @param {string | null} type */
  constructor(source, stream, type) {
    this.source = source;
    this.stream = stream;
    this.type = type;
    this.used = false;
  }

  get length() {
    const { source } = this;
    if (source === null) return null;
    if (typeof source === 'string') return Buffer.byteLength(source);
    return source instanceof Blob ? source.size : source.byteLength;
  }

  asStream() {
    if (this.stream !== null) return this.stream;
    const { ReadableStream } = require('stream/web');
    const { source } = this;
    if (source instanceof Blob) {
      this.stream = source.stream();
    } else {
      const bytes = typeof source === 'string' ? engine.encodeUtf8(source) : source;
      this.stream = new ReadableStream({
        type: 'bytes',
        pull(controller) {
          if (bytes.byteLength > 0) controller.enqueue(new Uint8Array(bytes));
          controller.close();
          controller.byobRequest?.respond(0);
        },
      });
    }
    if (this.used) this.stream.getReader();
    return this.stream;
  }

  get disturbed() {
    return this.used || (this.stream !== null && require('stream').isDisturbed(this.stream));
  }

  get locked() {
    return this.stream?.locked === true;
  }

  /** All of it. @returns {Promise<Buffer> | Buffer} */
  bytes() {
    this.used = true;
    if (this.stream !== null) return readAll(this.stream);
    const { source } = this;
    if (typeof source === 'string') return Buffer.from(source);
    if (source instanceof Blob) return source.arrayBuffer().then((b) => Buffer.from(b));
    return Buffer.from(source);
  }

  text() {
    if (this.stream === null && typeof this.source === 'string') {
      this.used = true;
      return this.source.toWellFormed();
    }
    const bytes = this.bytes();
    return bytes instanceof Promise ? bytes.then(toText) : toText(bytes);
  }

  /** A second body with the same content. */
  fork() {
    if (this.stream === null) return new Body(this.source, null, this.type);
    const [a, b] = this.stream.tee();
    this.stream = a;
    return new Body(this.source, b, this.type);
  }
}

/** Decoded, without the byte order mark. */
function toText(bytes) {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.utf8Slice(start, bytes.length);
}

async function readAll(stream) {
  const chunks = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    if (!ArrayBuffer.isView(value) || !(value instanceof Uint8Array))
      throw new TypeError('Received non-Uint8Array chunk');
    chunks.push(value);
  }
}

/**
 * The body that a constructor was given.
 * @param {any} value
 * @returns {Body | null}
 */
function extract(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return new Body(value, null, 'text/plain;charset=UTF-8');
  if (typeof value === 'object') {
    if (ArrayBuffer.isView(value)) {
      return new Body(
        new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)),
        null,
        null,
      );
    }
    if (isArrayBuffer(value) || isSharedArrayBuffer(value)) return new Body(new Uint8Array(value.slice(0)), null, null);
    if (value instanceof URLSearchParams) {
      return new Body(`${value}`, null, 'application/x-www-form-urlencoded;charset=UTF-8');
    }
    if (value instanceof Blob) return new Body(value, null, value.type === '' ? null : value.type);
    const { ReadableStream } = require('stream/web');
    if (value instanceof ReadableStream) {
      if (require('stream').isDisturbed(value) || value.locked) {
        throw new TypeError('Response body object should not be disturbed or locked');
      }
      return new Body(null, value, null);
    }
    const { FormData, encodeMultipart } = require('fetch/form_data');
    if (value instanceof FormData) {
      const { blob, type } = encodeMultipart(value);
      return new Body(blob, null, type);
    }
    if (value[Symbol.asyncIterator] !== undefined) return new Body(null, ReadableStream.from(value), null);
  }
  return new Body(`${value}`.toWellFormed(), null, 'text/plain;charset=UTF-8');
}

/**
 * Gives a class the Body mixin.
 * @param {Function} Class
 * @param {(instance: any) => Body | null} bodyOf throws for what is no instance
 * @param {(instance: any) => any} headersOf
 */
function mixin(Class, bodyOf, headersOf) {
  /** Reads the body once and hands it on; an absent body is empty. */
  const consumer = (name, ofText, convert) =>
    ({
      async [name]() {
        const body = bodyOf(this);
        if (body === null) return convert(ofText ? '' : Buffer.alloc(0), this);
        if (body.disturbed || body.locked) throw new TypeError('Body is unusable: Body has already been read');
        return convert(ofText ? await body.text() : await body.bytes(), this);
      },
    })[name];
  const typeOf = (self) => headersOf(self).get('content-type') ?? '';
  const methods = {
    text: consumer('text', true, (text) => text),
    json: consumer('json', true, (text) => JSON.parse(text)),
    arrayBuffer: consumer('arrayBuffer', false, (b) => b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength)),
    bytes: consumer('bytes', false, (b) => new Uint8Array(b)),
    blob: consumer('blob', false, (b, self) => new Blob([b], { type: typeOf(self) })),
    formData: consumer('formData', false, (b, self) => {
      const { parseMultipart, parseUrlencoded } = require('fetch/form_data');
      const type = typeOf(self);
      const boundary = /^multipart\/form-data\b.*;\s*boundary="?([^";]+)/i.exec(type)?.[1];
      if (boundary !== undefined) return parseMultipart(b, boundary);
      if (/^application\/x-www-form-urlencoded\b/i.test(type)) return parseUrlencoded(toText(b));
      throw new TypeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
    }),
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(Class.prototype, name, { value, writable: true, enumerable: true, configurable: true });
  }
  Object.defineProperty(Class.prototype, 'body', {
    get() {
      return bodyOf(this)?.asStream() ?? null;
    },
    enumerable: true,
    configurable: true,
  });
  Object.defineProperty(Class.prototype, 'bodyUsed', {
    get() {
      return bodyOf(this)?.disturbed ?? false;
    },
    enumerable: true,
    configurable: true,
  });
}

module.exports = { Body, extract, mixin };

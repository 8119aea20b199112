// TextEncoderStream and TextDecoderStream.

const { TransformStream } = require('stream/web_transform');
const { inspectAs, kInspect, wrongThis } = require('stream/web_shared');

class TextEncoderStream {
  #transform;
  /** The first half of a surrogate pair whose second half is in the next chunk. */
  #highSurrogate = '';

  constructor() {
    const encoder = new TextEncoder();
    this.#transform = new TransformStream({
      transform: (chunk, controller) => {
        let text = this.#highSurrogate + chunk;
        this.#highSurrogate = '';
        const last = text.charCodeAt(text.length - 1);
        if (last >= 0xd800 && last <= 0xdbff) {
          this.#highSurrogate = text[text.length - 1];
          text = text.slice(0, -1);
        }
        if (text !== '') controller.enqueue(encoder.encode(text));
      },
      flush: (controller) => {
        if (this.#highSurrogate !== '') controller.enqueue(encoder.encode(this.#highSurrogate));
      },
    });
  }

  get encoding() {
    if (!isEncoderStream(this)) throw wrongThis('TextEncoderStream');
    return 'utf-8';
  }

  get readable() {
    if (!isEncoderStream(this)) throw wrongThis('TextEncoderStream');
    return this.#transform.readable;
  }

  get writable() {
    if (!isEncoderStream(this)) throw wrongThis('TextEncoderStream');
    return this.#transform.writable;
  }

  [kInspect](depth, options) {
    if (!isEncoderStream(this)) throw wrongThis('TextEncoderStream');
    return inspectAs(this, 'TextEncoderStream', {
      encoding: this.encoding, readable: this.readable, writable: this.writable,
    }, depth, options);
  }

  static has(value) {
    return typeof value === 'object' && value !== null && #transform in value;
  }
}
const { has: isEncoderStream } = TextEncoderStream;
delete TextEncoderStream.has;

class TextDecoderStream {
  #decoder;
  #transform;

  /**
   * @param {string} [encoding]
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options]
   */
  constructor(encoding = 'utf-8', options = {}) {
    const decoder = this.#decoder = new TextDecoder(encoding, options);
    this.#transform = new TransformStream({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        if (text !== '') controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text !== '') controller.enqueue(text);
      },
    });
  }

  get encoding() {
    if (!isDecoderStream(this)) throw wrongThis('TextDecoderStream');
    return this.#decoder.encoding;
  }

  get fatal() {
    if (!isDecoderStream(this)) throw wrongThis('TextDecoderStream');
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    if (!isDecoderStream(this)) throw wrongThis('TextDecoderStream');
    return this.#decoder.ignoreBOM;
  }

  get readable() {
    if (!isDecoderStream(this)) throw wrongThis('TextDecoderStream');
    return this.#transform.readable;
  }

  get writable() {
    if (!isDecoderStream(this)) throw wrongThis('TextDecoderStream');
    return this.#transform.writable;
  }

  [kInspect](depth, options) {
    if (!isDecoderStream(this)) throw wrongThis('TextDecoderStream');
    return inspectAs(this, 'TextDecoderStream', {
      encoding: this.encoding,
      fatal: this.fatal,
      ignoreBOM: this.ignoreBOM,
      readable: this.readable,
      writable: this.writable,
    }, depth, options);
  }

  static has(value) {
    return typeof value === 'object' && value !== null && #decoder in value;
  }
}
const { has: isDecoderStream } = TextDecoderStream;
delete TextDecoderStream.has;

module.exports = { TextDecoderStream, TextEncoderStream };

'use strict';

// TextEncoderStream and TextDecoderStream. Their getters fail on other objects as private fields do, which is what Node
// shows.

const { ERR_INVALID_ARG_TYPE } = require('shared/errors').codes;
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
    this.#transform;
    return 'utf-8';
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }

  [kInspect](depth, options) {
    if (typeof this !== 'object' || !(#transform in this)) throw wrongThis('TextEncoderStream');
    return inspectAs(
      this,
      'TextEncoderStream',
      {
        encoding: this.encoding,
        readable: this.readable,
        writable: this.writable,
      },
      depth,
      options,
    );
  }
}

class TextDecoderStream {
  #decoder;
  #transform;

  /**
   * @param {string} [encoding]
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options]
   */
  constructor(encoding = 'utf-8', options = {}) {
    const decoder = (this.#decoder = new TextDecoder(encoding, options));
    this.#transform = new TransformStream({
      transform(chunk, controller) {
        if (chunk === undefined) throw new ERR_INVALID_ARG_TYPE('chunk', 'string', chunk);
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
    return this.#decoder.encoding;
  }

  get fatal() {
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    return this.#decoder.ignoreBOM;
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }

  [kInspect](depth, options) {
    if (typeof this !== 'object' || !(#transform in this)) throw wrongThis('TextDecoderStream');
    return inspectAs(
      this,
      'TextDecoderStream',
      {
        encoding: this.encoding,
        fatal: this.fatal,
        ignoreBOM: this.ignoreBOM,
        readable: this.readable,
        writable: this.writable,
      },
      depth,
      options,
    );
  }
}

module.exports = { TextDecoderStream, TextEncoderStream };

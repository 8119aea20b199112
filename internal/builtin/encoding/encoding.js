'use strict';

// TextEncoder and TextDecoder. Whole texts, the common case, take one call into C++; only decoding in chunks makes a
// decoder with state.

const { encodeInto, encodeUtf8, isAnyArrayBuffer, utf8Slice, utf8SliceFatal } = engine;
const { ERR_ENCODING_INVALID_ENCODED_DATA, ERR_ENCODING_NOT_SUPPORTED, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } =
  require('shared/errors').codes;
const { validateString } = require('shared/validators');
const { encodingFromLabel } = require('encoding/labels');

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const progress = new Uint32Array(2);

class TextEncoder {
  #brand;

  get encoding() {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    return 'utf-8';
  }

  /**
   * @param {string} [input]
   * @returns {Uint8Array}
   */
  encode(input = '') {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    return encodeUtf8(typeof input === 'string' ? input : `${input}`);
  }

  /**
   * @param {string} src
   * @param {Uint8Array} dest
   * @returns {{ read: number, written: number }}
   */
  encodeInto(src, dest) {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    validateString(src, 'src');
    if (!(dest instanceof Uint8Array) && !require('buffer/search').isUint8Array(dest)) {
      throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', dest);
    }
    encodeInto(src, dest, progress);
    return { read: progress[0], written: progress[1] };
  }

  [kInspect](depth, options) {
    if (!(#brand in this)) throw new ERR_INVALID_THIS('TextEncoder');
    if (typeof depth === 'number' && depth < 0) return '[TextEncoder]';
    return require('util/inspect').inspect({ encoding: 'utf-8' }, options);
  }
}

function optionsOf(options) {
  if (options != null && typeof options !== 'object' && typeof options !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options', 'object', options);
  }
  return options;
}

function bytesOf(input) {
  if (ArrayBuffer.isView(input)) {
    return input instanceof Uint8Array ? input : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  if (isAnyArrayBuffer(input)) return new Uint8Array(input);
  const error = new TypeError(
    'The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ' + 'ArrayBufferView.',
  );
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #utf8;
  // Made when it is needed: for chunks, and for anything but UTF-8.
  #decoder;
  #streaming = false;
  #begun = false;

  /**
   * @param {string} [encoding] a label
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options]
   */
  constructor(encoding = 'utf-8', options = undefined) {
    const label = `${encoding}`;
    const name = encodingFromLabel(label);
    optionsOf(options);
    if (name === undefined || name === 'replacement') {
      throw new ERR_ENCODING_NOT_SUPPORTED(name ?? label);
    }
    this.#encoding = name;
    this.#utf8 = name === 'utf-8';
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding() {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    return this.#encoding;
  }

  get fatal() {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    return this.#fatal;
  }

  get ignoreBOM() {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    return this.#ignoreBOM;
  }

  /**
   * @param {ArrayBufferLike | ArrayBufferView} [input]
   * @param {{ stream?: boolean }} [options]
   * @returns {string}
   */
  decode(input = undefined, options = undefined) {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    const stream = options !== undefined && Boolean(optionsOf(options)?.stream);
    if (this.#utf8 && !stream && !this.#streaming) {
      if (input === undefined) return '';
      const length = ArrayBuffer.isView(input) || isAnyArrayBuffer(input) ? input.byteLength : bytesOf(input).length;
      const text = this.#fatal ? utf8SliceFatal(input, 0, length) : utf8Slice(input, 0, length);
      if (text === undefined) this.#fail(length);
      return !this.#ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
    const bytes = input === undefined ? new Uint8Array(0) : bytesOf(input);
    this.#decoder ??= require('encoding/decoders').newDecoder(this.#encoding);
    const decoder = this.#decoder;
    this.#streaming = stream;
    let text = decoder.decode(bytes, this.#fatal, !stream);
    if (text === undefined) this.#fail(bytes.length);
    if (text !== '' && !this.#begun) {
      if (decoder.unicode && !this.#ignoreBOM && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      this.#begun = true;
    }
    if (!stream) this.#begun = false;
    return text;
  }

  #fail(length) {
    this.#decoder = undefined;
    this.#streaming = this.#begun = false;
    const { kStringMaxLength } = require('buffer');
    if (!this.#fatal || length > kStringMaxLength * 4) {
      throw new (require('shared/errors').codes.ERR_STRING_TOO_LONG)();
    }
    throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding, undefined);
  }

  [kInspect](depth, options) {
    if (!(#encoding in this)) throw new ERR_INVALID_THIS('TextDecoder');
    if (typeof depth === 'number' && depth < 0) return '[TextDecoder]';
    const shown = { encoding: this.#encoding, fatal: this.#fatal, ignoreBOM: this.#ignoreBOM };
    return `${this.constructor.name} ${require('util/inspect').inspect(shown, options)}`;
  }
}

const enumerable = { __proto__: null, enumerable: true };
Object.defineProperties(TextEncoder.prototype, {
  encoding: enumerable,
  encode: enumerable,
  encodeInto: enumerable,
  [kInspect]: { __proto__: null, enumerable: false },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'TextEncoder' },
});
Object.defineProperties(TextDecoder.prototype, {
  encoding: enumerable,
  fatal: enumerable,
  ignoreBOM: enumerable,
  decode: enumerable,
  [kInspect]: { __proto__: null, enumerable: false },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'TextDecoder' },
});

module.exports = { TextDecoder, TextEncoder };

'use strict';

// node:string_decoder: text out of chunks whose borders may cut characters. What is left of a character at the end of one
// chunk waits for the next.

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_STRING_TOO_LONG, ERR_UNKNOWN_ENCODING },
} = require('shared/errors');

const { utf8Slice, latin1Slice, asciiSlice, ucs2Slice, hexSlice, base64Slice, base64urlSlice, copy } = engine;

const kState = Symbol('kState');
const longestString = 0x1fffffe8;

const names = {
  __proto__: null,
  utf8: 'utf8',
  'utf-8': 'utf8',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  utf16le: 'utf16le',
  'utf-16le': 'utf16le',
  latin1: 'latin1',
  binary: 'latin1',
  base64: 'base64',
  base64url: 'base64url',
  ascii: 'ascii',
  hex: 'hex',
};

function nameOf(encoding) {
  if (encoding === undefined || encoding === null || encoding === '' || encoding === 'utf8') return 'utf8';
  const name = typeof encoding === 'string' ? (names[encoding] ?? names[encoding.toLowerCase()]) : undefined;
  if (name === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return name;
}

/** How many bytes a UTF-8 character that begins with `byte` has; 0 for a byte that does not begin one. */
function utf8Length(byte) {
  if (byte < 0x80) return 1;
  if (byte >> 5 === 0x06) return 2;
  if (byte >> 4 === 0x0e) return 3;
  return byte >> 3 === 0x1e ? 4 : 0;
}

const wholes = {
  __proto__: null,
  utf8: utf8Slice,
  utf16le: ucs2Slice,
  latin1: latin1Slice,
  base64: base64Slice,
  base64url: base64urlSlice,
  ascii: asciiSlice,
  hex: hexSlice,
};

class State {
  constructor(encoding) {
    this.encoding = encoding;
    this.slice = wholes[encoding];
    this.bytes = undefined; // of a character that is not complete
    this.have = 0;
    this.total = 0; // how many bytes it will have
  }

  /** Moves the last `n` bytes of a chunk here. */
  keep(chunk, end, n, total) {
    this.bytes ??= Buffer.alloc(4);
    copy(chunk, this.bytes, 0, end - n, n);
    this.have = n;
    this.total = total;
  }

  take() {
    const text = this.slice(this.bytes, 0, this.have);
    this.have = this.total = 0;
    return text;
  }

  write(chunk) {
    const end = chunk.byteLength;
    switch (this.encoding) {
      case 'utf8':
        return this.utf8(chunk, end);
      case 'utf16le':
        return this.utf16(chunk, end);
      case 'base64':
      case 'base64url':
        return this.base64(chunk, end);
      default:
        return this.slice(chunk, 0, end);
    }
  }

  utf8(chunk, end) {
    let start = 0;
    let text = '';
    if (this.have !== 0) {
      while (this.have < this.total) {
        if (start === end) return '';
        if ((chunk[start] & 0xc0) !== 0x80) break; // the character ends here, malformed
        this.bytes[this.have++] = chunk[start++];
      }
      text = this.take();
      if (start === end) return text;
    }
    // Of the last three bytes, does one begin a character that goes on?
    let stop = end;
    for (let back = 1; back <= 3 && end - back >= start; back++) {
      const byte = chunk[end - back];
      if ((byte & 0xc0) === 0x80) continue;
      const total = utf8Length(byte);
      if (total > back) {
        this.keep(chunk, end, back, total);
        stop = end - back;
      }
      break;
    }
    if (stop > start) {
      const rest = utf8Slice(chunk, start, stop);
      text = text === '' ? rest : text + rest;
    }
    return text;
  }

  utf16(chunk, end) {
    let start = 0;
    let text = '';
    if (this.have !== 0) {
      while (this.have < this.total) {
        if (start === end) return '';
        this.bytes[this.have++] = chunk[start++];
        // A high surrogate waits for its other half.
        if (this.have === 2 && (this.bytes[1] & 0xfc) === 0xd8) this.total = 4;
      }
      text = this.take();
    }
    const length = end - start;
    let kept = length & 1;
    if (kept === 1) this.keep(chunk, end, 1, 2);
    else if (length !== 0 && (chunk[end - 1] & 0xfc) === 0xd8) this.keep(chunk, end, (kept = 2), 4);
    return kept === length ? text : text + ucs2Slice(chunk, start, end - kept);
  }

  base64(chunk, end) {
    let start = 0;
    let text = '';
    if (this.have !== 0) {
      while (this.have < 3) {
        if (start === end) return '';
        this.bytes[this.have++] = chunk[start++];
      }
      text = this.take();
    }
    const kept = (end - start) % 3;
    if (kept !== 0) this.keep(chunk, end, kept, 3);
    return kept === end - start ? text : text + this.slice(chunk, start, end - kept);
  }
}

/**
 * @class
 * @param {string} [encoding]
 */
function StringDecoder(encoding) {
  this.encoding = nameOf(encoding);
  this[kState] = new State(this.encoding);
}

function stateOf(decoder) {
  const state = decoder[kState];
  if (state === undefined) throw new ERR_INVALID_THIS('StringDecoder');
  return state;
}

function bytesOf(chunk) {
  return chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** @param {string | ArrayBufferView} buf @returns {string} */
StringDecoder.prototype.write = function write(buf) {
  if (typeof buf === 'string') return buf;
  if (!ArrayBuffer.isView(buf)) throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], buf);
  const state = stateOf(this);
  if (buf.byteLength > longestString) throw new ERR_STRING_TOO_LONG(longestString);
  return state.write(bytesOf(buf));
};

/** @param {string | ArrayBufferView} [buf] @returns {string} */
StringDecoder.prototype.end = function end(buf) {
  const text = buf === undefined ? '' : this.write(buf);
  const state = stateOf(this);
  return state.have === 0 ? text : text + state.take();
};

/** Decodes from `offset`, forgetting what waits. @param {Buffer} buf @param {number} offset @returns {string} */
StringDecoder.prototype.text = function text(buf, offset) {
  const state = stateOf(this);
  state.have = state.total = 0;
  return this.write(buf.slice(offset));
};

Object.defineProperties(StringDecoder.prototype, {
  lastChar: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const state = stateOf(this);
      return (state.bytes ??= Buffer.alloc(4));
    },
  },
  lastNeed: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const state = stateOf(this);
      return state.total - state.have;
    },
  },
  lastTotal: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return stateOf(this).total;
    },
  },
});

module.exports = { StringDecoder };

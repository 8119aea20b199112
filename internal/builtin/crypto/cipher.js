'use strict';

// Cipheriv and Decipheriv, and what there is to know about ciphers.

const {
  codes: {
    ERR_CRYPTO_INVALID_AUTH_TAG,
    ERR_CRYPTO_INVALID_IV,
    ERR_CRYPTO_INVALID_KEYLEN,
    ERR_CRYPTO_INVALID_STATE,
    ERR_CRYPTO_UNKNOWN_CIPHER,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
  },
} = require('shared/errors');
const { validateInt32, validateObject, validateString, validateUint32 } = require('shared/validators');
const LazyTransform = require('crypto/lazy_transform');
const { bufferTypes, updateData } = require('crypto/bytes');
const { secretBytes } = require('crypto/keys');
const { StringDecoder } = require('string_decoder');

const { cipherAAD, cipherDrop, cipherFinal, cipherInfo, cipherNew, cipherUpdate } = native;

const kId = Symbol('id');
const kKind = Symbol('kind');
const kEncrypts = Symbol('encrypts');
const kTag = Symbol('tag');
const kTagLength = Symbol('tagLength');
const kPadding = Symbol('padding');
const kDecoder = Symbol('decoder');
const kStarted = Symbol('started');

const kinds = new Map();

/**
 * @typedef {{ name: string, mode: string, nid: number, block: number, iv: number, key: number,
 *   authenticated: boolean }} Kind
 * @returns {Kind | null}
 */
function kindOf(name) {
  let kind = kinds.get(name);
  if (kind === undefined) {
    const info = cipherInfo(name);
    kind =
      info === undefined
        ? null
        : {
            name: info[0],
            mode: info[1],
            nid: info[2],
            block: info[3],
            iv: info[4],
            key: info[5],
            authenticated: info[6],
          };
    if (kinds.size < 200) kinds.set(name, kind);
  }
  return kind;
}

let dropped;
const tagLengths = new Set([4, 8, 12, 13, 14, 15, 16]);

function start(cipher, name, key, iv, options, encrypt) {
  validateString(name, 'cipher');
  const bytes = secretBytes(key, options);
  const kind = kindOf(name);
  let tagLength;
  if (options !== undefined && options !== null && options.authTagLength !== undefined) {
    tagLength = options.authTagLength;
    if (typeof tagLength !== 'number' || tagLength < 0 || tagLength !== tagLength >>> 0) {
      throw new ERR_INVALID_ARG_VALUE('options.authTagLength', tagLength);
    }
  }
  if (iv !== null && typeof iv !== 'string' && !ArrayBuffer.isView(iv) && !engine.isAnyArrayBuffer(iv)) {
    throw new ERR_INVALID_ARG_TYPE('iv', ['string', ...bufferTypes], iv);
  }
  if (kind === null) throw new ERR_CRYPTO_UNKNOWN_CIPHER();
  const vector =
    iv === null ? null : typeof iv === 'string' ? Buffer.from(iv) : ArrayBuffer.isView(iv) ? iv : new Uint8Array(iv);
  checkVector(kind, vector);
  if (bytes.length !== kind.key) throw new ERR_CRYPTO_INVALID_KEYLEN();
  if (kind.authenticated && tagLength !== undefined) {
    if (kind.mode === 'gcm' ? !tagLengths.has(tagLength) : tagLength > 16) {
      throw new ERR_CRYPTO_INVALID_AUTH_TAG(tagLength);
    }
  }
  LazyTransform.call(cipher, options);
  cipher[kKind] = kind;
  cipher[kEncrypts] = encrypt;
  cipher[kTag] = undefined;
  cipher[kTagLength] = tagLength;
  cipher[kPadding] = true;
  cipher[kDecoder] = undefined;
  cipher[kStarted] = false;
  const id = (cipher[kId] = cipherNew(name, bytes, vector ?? undefined, encrypt));
  dropped ??= new FinalizationRegistry(cipherDrop);
  dropped.register(cipher, id, cipher);
}

function checkVector(kind, iv) {
  if (iv === null) {
    if (kind.iv !== 0) throw new ERR_CRYPTO_INVALID_IV();
    return;
  }
  const n = iv.byteLength;
  if (kind.authenticated ? n === 0 || (kind.mode === 'stream' && n > 12) : n !== kind.iv) {
    throw new ERR_CRYPTO_INVALID_IV();
  }
}

function toText(cipher, bytes, encoding, last) {
  if (!encoding || encoding === 'buffer') return bytes;
  const decoder = (cipher[kDecoder] ??= new StringDecoder(encoding));
  if (decoder.encoding !== new StringDecoder(encoding).encoding) {
    throw new ERR_INVALID_ARG_VALUE('outputEncoding', encoding, 'Cannot change encoding');
  }
  return last ? decoder.end(bytes) : decoder.write(bytes);
}

const methods = {
  update(data, inputEncoding, outputEncoding) {
    const bytes = updateData(data, inputEncoding);
    if (bytes.byteLength > 2 ** 31 - 1) {
      throw new (require('shared/errors').codes.ERR_OUT_OF_RANGE)('data', `<= ${2 ** 31 - 1}`, bytes.byteLength);
    }
    if (this[kId] === 0) throw new Error('Trying to add data in unsupported state');
    this[kStarted] = true;
    return toText(this, cipherUpdate(this[kId], bytes), outputEncoding, false);
  },
  final(outputEncoding) {
    const id = this[kId];
    if (id === 0) {
      const error = new ERR_CRYPTO_INVALID_STATE('final');
      error.message = 'Invalid state';
      throw error;
    }
    this[kId] = 0;
    dropped.unregister(this);
    const [rest, tag] = cipherFinal(id, this[kPadding], this[kTag]);
    if (tag !== undefined) this[kTag] = this[kTagLength] === undefined ? tag : tag.subarray(0, this[kTagLength]);
    return toText(this, rest, outputEncoding, true);
  },
  setAutoPadding(padding) {
    if (this[kId] === 0) throw new ERR_CRYPTO_INVALID_STATE('setAutoPadding');
    this[kPadding] = padding === undefined || Boolean(padding);
    return this;
  },
  setAAD(data, options) {
    if (options !== undefined && options !== null && options.plaintextLength !== undefined) {
      validateInt32(options.plaintextLength, 'options.plaintextLength', 0);
    }
    const bytes =
      typeof data === 'string'
        ? Buffer.from(data, options?.encoding)
        : engine.isAnyArrayBuffer(data)
          ? new Uint8Array(data)
          : data;
    if (!ArrayBuffer.isView(bytes)) throw new ERR_INVALID_ARG_TYPE('buffer', bufferTypes, data);
    if (this[kId] === 0 || !this[kKind].authenticated) throw new ERR_CRYPTO_INVALID_STATE('setAAD');
    cipherAAD(this[kId], bytes);
    return this;
  },
  _transform(chunk, encoding, callback) {
    try {
      this.push(this.update(chunk, encoding));
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  },
  _flush(callback) {
    try {
      this.push(this.final());
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  },
};

/**
 * @constructor
 * @param {string} name
 * @param {any} key
 * @param {any} iv
 * @param {any} [options]
 * @returns {void}
 */
function Cipheriv(name, key, iv, options) {
  if (!(this instanceof Cipheriv)) return new Cipheriv(name, key, iv, options);
  start(this, name, key, iv, options, true);
}
Object.setPrototypeOf(Cipheriv.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Cipheriv, LazyTransform);
Object.assign(Cipheriv.prototype, methods);
Cipheriv.prototype.getAuthTag = function () {
  if (this[kId] !== 0 || this[kTag] === undefined) throw new ERR_CRYPTO_INVALID_STATE('getAuthTag');
  return this[kTag];
};

/**
 * @constructor
 * @param {string} name
 * @param {any} key
 * @param {any} iv
 * @param {any} [options]
 * @returns {void}
 */
function Decipheriv(name, key, iv, options) {
  if (!(this instanceof Decipheriv)) return new Decipheriv(name, key, iv, options);
  start(this, name, key, iv, options, false);
}
Object.setPrototypeOf(Decipheriv.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Decipheriv, LazyTransform);
Object.assign(Decipheriv.prototype, methods);

let shortTagWarned = false;

Decipheriv.prototype.setAuthTag = function (tag, encoding) {
  const bytes =
    typeof tag === 'string' ? Buffer.from(tag, encoding) : engine.isAnyArrayBuffer(tag) ? new Uint8Array(tag) : tag;
  if (!ArrayBuffer.isView(bytes)) throw new ERR_INVALID_ARG_TYPE('buffer', ['string', ...bufferTypes], tag);
  const kind = this[kKind];
  if (this[kId] === 0 || !kind.authenticated || this[kTag] !== undefined) {
    throw new ERR_CRYPTO_INVALID_STATE('setAuthTag');
  }
  const n = bytes.byteLength;
  const wanted = this[kTagLength];
  if (kind.mode === 'gcm') {
    if ((wanted !== undefined && wanted !== n) || !tagLengths.has(n)) throw new ERR_CRYPTO_INVALID_AUTH_TAG(n);
    if (wanted === undefined && n < 16 && !shortTagWarned) {
      shortTagWarned = true;
      process.emitWarning(
        'Using AES-GCM authentication tags of less than 128 bits without specifying the ' +
          'authTagLength option when initializing decryption is deprecated.',
        'DeprecationWarning',
        'DEP0182',
      );
    }
  } else if (n > 16 || n === 0 || n !== (wanted ?? 16)) {
    throw new ERR_CRYPTO_INVALID_AUTH_TAG(n);
  }
  this[kTag] = Buffer.from(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + n));
  return this;
};

const cipherNames = [];
for (const bits of [128, 192, 256]) {
  for (const mode of ['cbc', 'cfb', 'cfb8', 'ctr', 'ecb', 'gcm', 'ofb']) cipherNames.push(`aes-${bits}-${mode}`);
  cipherNames.push(`aes${bits}`, `id-aes${bits}-gcm`);
}
cipherNames.push('chacha20-poly1305', 'des-ede3-cbc', 'des3');
cipherNames.sort();

/** @returns {string[]} */
function getCiphers() {
  return cipherNames.slice();
}

const nameOfNid = new Map();

/**
 * @param {string | number} nameOrNid
 * @param {{ keyLength?: number, ivLength?: number }} [options]
 */
function getCipherInfo(nameOrNid, options) {
  if (typeof nameOrNid !== 'string' && typeof nameOrNid !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('nameOrNid', ['string', 'number'], nameOrNid);
  }
  if (typeof nameOrNid === 'number') validateInt32(nameOrNid, 'nameOrNid');
  let keyLength;
  let ivLength;
  if (options !== undefined) {
    validateObject(options, 'options');
    ({ keyLength, ivLength } = options);
    if (keyLength !== undefined) validateUint32(keyLength, 'options.keyLength');
    if (ivLength !== undefined) validateUint32(ivLength, 'options.ivLength');
  }
  if (typeof nameOrNid === 'number') {
    if (nameOfNid.size === 0) for (const name of cipherNames) nameOfNid.set(kindOf(name).nid, name);
    nameOrNid = nameOfNid.get(nameOrNid);
    if (nameOrNid === undefined) return undefined;
  }
  const kind = kindOf(nameOrNid);
  if (kind === null) return undefined;
  if (keyLength !== undefined && keyLength !== kind.key) return undefined;
  if (
    ivLength !== undefined &&
    !(kind.authenticated ? ivLength > 0 && (kind.mode !== 'stream' || ivLength <= 12) : ivLength === kind.iv)
  ) {
    return undefined;
  }
  const info = { __proto__: Object.prototype, mode: kind.mode, name: kind.name, nid: kind.nid };
  if ((kind.mode !== 'stream' && kind.mode !== 'ctr') || kind.block > 1) info.blockSize = kind.block;
  if (kind.iv > 0) info.ivLength = ivLength ?? kind.iv;
  info.keyLength = kind.key;
  return info;
}

function createCipheriv(name, key, iv, options) {
  return new Cipheriv(name, key, iv, options);
}

function createDecipheriv(name, key, iv, options) {
  return new Decipheriv(name, key, iv, options);
}

module.exports = { Cipheriv, Decipheriv, createCipheriv, createDecipheriv, getCipherInfo, getCiphers };

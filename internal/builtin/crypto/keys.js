'use strict';

// Keys: KeyObject and its secret kind. The bytes of a key are copied when it is made.

const {
  codes: { ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('shared/errors');
const {
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
} = require('shared/validators');
const { equalTo } = require('assert/deep_equal');
const { bufferOver, bufferTypes } = require('crypto/bytes');
const { Buffer } = require('buffer');
const brands = require('util/brands');
const { cloneable } = require('shared/clone');

const { timingSafeEqual: sameBytes } = native;

/** @type {(key: any) => Buffer | undefined} the bytes of a secret key, undefined for anything else */
let bytesOfKey;
/** @type {(key: any) => boolean} */
let isKeyObject;

class KeyObject {
  #type;
  #bytes;

  /**
   * @param {'secret' | 'public' | 'private'} type
   * @param {any} handle the bytes of a secret
   */
  constructor(type, handle) {
    if (type !== 'secret' && type !== 'public' && type !== 'private') throw new ERR_INVALID_ARG_VALUE('type', type);
    if (!Buffer.isBuffer(handle)) throw new ERR_INVALID_ARG_TYPE('handle', 'object', handle);
    this.#type = type;
    this.#bytes = handle;
  }

  static {
    bytesOfKey = (key) => (typeof key === 'object' && key !== null && #bytes in key ? key.#bytes : undefined);
    isKeyObject = (key) => typeof key === 'object' && key !== null && #bytes in key;
  }

  get type() {
    return this.#type;
  }

  /** @param {any} key */
  static from(key) {
    const bytes = require('crypto/web').bytesOfCryptoKey(key);
    if (bytes === undefined) throw new ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
    return new SecretKeyObject(bytes);
  }

  /** @param {any} other */
  equals(other) {
    if (!isKeyObject(other)) throw new ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', other);
    return other.type === this.#type && this[equalTo](other);
  }

  [equalTo](other) {
    const bytes = bytesOfKey(other);
    return (
      bytes !== undefined &&
      other.type === this.#type &&
      bytes.length === this.#bytes.length &&
      sameBytes(bytes, this.#bytes)
    );
  }
}
Object.defineProperties(KeyObject.prototype, {
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'KeyObject' },
  equals: { __proto__: null, enumerable: true },
  type: { __proto__: null, enumerable: true },
});
Object.defineProperty(KeyObject.prototype, equalTo, { __proto__: null, enumerable: false });

class SecretKeyObject extends KeyObject {
  constructor(bytes) {
    super('secret', bytes);
  }

  get symmetricKeySize() {
    return bytesOfKey(this).length;
  }

  /** @param {{ format?: 'buffer' | 'jwk' }} [options] */
  export(options) {
    const bytes = bytesOfKey(this);
    if (options !== undefined) {
      validateObject(options, 'options');
      validateOneOf(options.format, 'options.format', [undefined, 'buffer', 'jwk']);
      if (options.format === 'jwk') return { kty: 'oct', k: bytes.toString('base64url') };
    }
    return Buffer.from(bytes);
  }

  toCryptoKey(algorithm, extractable, usages) {
    return require('crypto/web').cryptoKeyOf(bytesOfKey(this), algorithm, extractable, usages);
  }
}
cloneable(SecretKeyObject, function clone() {
  return new SecretKeyObject(bytesOfKey(this));
});

function copyBytes(view) {
  const from = bufferOver(view);
  const copy = Buffer.allocUnsafeSlow(from.length);
  engine.copy(from, copy, 0, 0, from.length);
  return copy;
}

/**
 * @param {any} key
 * @param {string} [encoding]
 */
function createSecretKey(key, encoding) {
  if (typeof key === 'string') return new SecretKeyObject(Buffer.from(key, encoding));
  if (!ArrayBuffer.isView(key) && !engine.isAnyArrayBuffer(key)) {
    throw new ERR_INVALID_ARG_TYPE('key', bufferTypes, key);
  }
  return new SecretKeyObject(copyBytes(key));
}

/** The bytes of the key of a MAC or cipher, copied: the caller may change its own afterwards. */
function secretBytes(key, options) {
  const own = bytesOfKey(key);
  if (own !== undefined) {
    if (key.type !== 'secret') throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, 'secret');
    return own;
  }
  if (typeof key === 'string') return Buffer.from(key, options?.encoding);
  if (ArrayBuffer.isView(key) || engine.isAnyArrayBuffer(key)) return copyBytes(key);
  const web = brands.isCryptoKey?.(key) ? require('crypto/web').bytesOfCryptoKey(key) : undefined;
  if (web !== undefined) return web;
  throw new ERR_INVALID_ARG_TYPE('key', ['string', ...bufferTypes, 'KeyObject', 'CryptoKey'], key);
}

/** The key that others are derived from: hkdf takes a SecretKeyObject, too. */
function derivationKey(key) {
  const own = bytesOfKey(key);
  if (own !== undefined) return own;
  if (typeof key === 'string') return Buffer.from(key);
  if (ArrayBuffer.isView(key)) return key;
  if (engine.isAnyArrayBuffer(key)) return new Uint8Array(key);
  throw new ERR_INVALID_ARG_TYPE('ikm', ['string', 'SecretKeyObject', ...bufferTypes], key);
}

function checkGenerate(type, options) {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  if (type === 'hmac') {
    validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
  } else if (type === 'aes') {
    validateOneOf(length, 'options.length', [128, 192, 256]);
  } else {
    throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  }
  return length >> 3;
}

function generateKeySync(type, options) {
  return new SecretKeyObject(require('crypto/random').randomBytes(checkGenerate(type, options)));
}

function generateKey(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'callback');
  const n = checkGenerate(type, options);
  require('crypto/random').randomBytes(n, (error, bytes) => {
    if (error) callback(error);
    else callback(null, new SecretKeyObject(bytes));
  });
}

brands.isKeyObject = isKeyObject;

module.exports = {
  KeyObject,
  createSecretKey,
  derivationKey,
  generateKey,
  generateKeySync,
  secretBytes,
};

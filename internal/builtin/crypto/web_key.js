'use strict';

// CryptoKey, and how an algorithm as the caller names it becomes one that is known: Web Crypto's normalizing, with the
// checks of Web IDL. Only secret keys can be made yet.

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
  fromNative,
} = require('shared/errors');
const DOMException = require('shared/domexception').DOMException;
const { NotYet } = require('shared/later');
const { bufferOver } = require('crypto/bytes');
const { cloneable } = require('shared/clone');
const { equalTo } = require('assert/deep_equal');
const brands = require('util/brands');

const kMake = Symbol('make');
const kInspect = Symbol.for('nodejs.util.inspect.custom');

/** In the order in which a key lists them. */
const keyUsages = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];
const keyFormats = new Set(['raw', 'raw-secret', 'raw-public', 'raw-seed', 'jwk', 'pkcs8', 'spki']);

const cipherUsages = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
/** What keys of an algorithm may be used for. */
const usagesOf = {
  __proto__: null,
  HMAC: ['sign', 'verify'],
  'AES-CBC': cipherUsages,
  'AES-CTR': cipherUsages,
  'AES-GCM': cipherUsages,
  'AES-KW': ['wrapKey', 'unwrapKey'],
  HKDF: ['deriveKey', 'deriveBits'],
  PBKDF2: ['deriveKey', 'deriveBits'],
};

const hashes = {
  __proto__: null,
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};

// What Web Crypto has and hob has not: an error of its own, so that nobody looks for a misspelt name.
const later = {
  __proto__: null,
  'RSASSA-PKCS1-V1_5': 'sign verify generateKey importKey exportKey',
  'RSA-PSS': 'sign verify generateKey importKey exportKey',
  'RSA-OAEP': 'encrypt decrypt wrapKey unwrapKey generateKey importKey exportKey',
  ECDSA: 'sign verify generateKey importKey exportKey',
  ECDH: 'deriveKey deriveBits generateKey importKey exportKey',
  ED25519: 'sign verify generateKey importKey exportKey',
  ED448: 'sign verify generateKey importKey exportKey',
  X25519: 'deriveKey deriveBits generateKey importKey exportKey',
  X448: 'deriveKey deriveBits generateKey importKey exportKey',
  'CHACHA20-POLY1305': 'encrypt decrypt wrapKey unwrapKey generateKey importKey exportKey',
  'AES-OCB': 'encrypt decrypt wrapKey unwrapKey generateKey importKey exportKey',
  KMAC128: 'sign verify generateKey importKey exportKey',
  KMAC256: 'sign verify generateKey importKey exportKey',
};

/** @param {string} message @param {string} name */
function fail(message, name) {
  return new DOMException(message, name);
}

/** Web IDL's errors are all TypeErrors. */
function typeError(code, message) {
  return fromNative(1, code, message);
}

/** @param {string} message @param {any} cause */
function operationError(message, cause) {
  return new DOMException(message, { name: 'OperationError', cause });
}

const isBytes = (value) => ArrayBuffer.isView(value) || engine.isAnyArrayBuffer(value);

/** A copy: the caller may change its own while the work is under way. */
function copyOf(value) {
  return Buffer.from(bufferOver(value));
}

// Each: [dictionary's name, member -> kind]; a "?" behind the kind makes it optional.
const dictionaries = {
  __proto__: null,
  'HMAC import': ['HmacImportParams', { hash: 'hash', length: 'u32?' }],
  'HMAC generate': ['HmacKeyGenParams', { hash: 'hash', length: 'u32?' }],
  'AES generate': ['AesKeyGenParams', { length: 'u16' }],
  'AES derived': ['AesDerivedKeyParams', { length: 'u16' }],
  'AES-CBC': ['AesCbcParams', { iv: 'bytes' }],
  'AES-CTR': ['AesCtrParams', { counter: 'bytes', length: 'u8' }],
  'AES-GCM': ['AeadParams', { iv: 'bytes', additionalData: 'bytes?', tagLength: 'u8?' }],
  HKDF: ['HkdfParams', { hash: 'hash', salt: 'bytes', info: 'bytes' }],
  PBKDF2: ['Pbkdf2Params', { hash: 'hash', iterations: 'u32', salt: 'bytes' }],
};
const limits = { __proto__: null, u8: 255, u16: 65535, u32: 4294967295 };
const prefix = 'Failed to normalize algorithm';

/**
 * @param {number} max
 * @param {any} value
 * @param {string} what begins the message
 */
function toInteger(max, value, what) {
  const n = Number(value);
  if (!Number.isFinite(n)) throw typeError('ERR_INVALID_ARG_TYPE', `${what} is not a finite number.`);
  const i = Math.trunc(n);
  if (i < 0 || i > max) {
    throw typeError('ERR_OUT_OF_RANGE', `${what} is outside the expected range of 0 to ${max}.`);
  }
  return i === 0 ? 0 : i;
}

function member(dictionary, name, kind, value) {
  if (kind === 'bytes') {
    if (isBytes(value)) return copyOf(value);
    throw typeError(
      'ERR_INVALID_ARG_TYPE',
      `${prefix}: ${name} in passed algorithm is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
    );
  }
  if (kind === 'hash') {
    const text = nameOf(value);
    const hash = text?.toUpperCase();
    if (hashes[hash] === undefined) throw fail(`Only SHA hashes are supported in ${dictionary}`, 'NotSupportedError');
    return { name: hash };
  }
  return toInteger(limits[kind], value, `${prefix}: ${name} in passed algorithm`);
}

function nameOf(algorithm) {
  if (typeof algorithm !== 'object' || algorithm === null) return `${algorithm}`;
  return algorithm.name === undefined ? undefined : `${algorithm.name}`;
}

function missing(name, dictionary) {
  return typeError(
    'ERR_MISSING_OPTION',
    `${prefix}: passed algorithm cannot be converted to '${dictionary}' because '${name}' is required in ` +
      `'${dictionary}'.`,
  );
}

/** Which algorithms an operation takes, and which dictionary each reads. */
const operations = {
  __proto__: null,
  sign: { HMAC: undefined },
  verify: { HMAC: undefined },
  encrypt: { 'AES-CBC': 'AES-CBC', 'AES-CTR': 'AES-CTR', 'AES-GCM': 'AES-GCM' },
  wrapKey: { 'AES-KW': undefined },
  generateKey: {
    HMAC: 'HMAC generate',
    'AES-CBC': 'AES generate',
    'AES-CTR': 'AES generate',
    'AES-GCM': 'AES generate',
    'AES-KW': 'AES generate',
  },
  importKey: {
    HMAC: 'HMAC import',
    'AES-CBC': undefined,
    'AES-CTR': undefined,
    'AES-GCM': undefined,
    'AES-KW': undefined,
    HKDF: undefined,
    PBKDF2: undefined,
  },
  deriveBits: { HKDF: 'HKDF', PBKDF2: 'PBKDF2' },
  getKeyLength: {
    HMAC: 'HMAC import',
    'AES-CBC': 'AES derived',
    'AES-CTR': 'AES derived',
    'AES-GCM': 'AES derived',
    'AES-KW': 'AES derived',
    HKDF: undefined,
    PBKDF2: undefined,
  },
};
operations.decrypt = operations.encrypt;
operations.unwrapKey = operations.wrapKey;

/**
 * @param {any} algorithm as the caller gave it
 * @param {string} operation
 * @param {string} [method] the method that the caller called, for the error
 * @returns {any} name and members, checked and copied
 */
function normalize(algorithm, operation, method = operation) {
  const given = nameOf(algorithm);
  if (given === undefined) throw missing('name', 'Algorithm');
  const upper = given.toUpperCase();
  const known = operations[operation];
  if (!Object.hasOwn(known, upper)) {
    if (later[upper]?.split(' ').includes(method)) throw new NotYet(`crypto.subtle.${method} with ${given}`);
    throw fail('Unrecognized algorithm name', 'NotSupportedError');
  }
  const out = { name: upper };
  if (known[upper] === undefined) return out;
  const [dictionary, members] = dictionaries[known[upper]];
  for (const name of Object.keys(members).sort()) {
    const optional = members[name].endsWith('?');
    const kind = optional ? members[name].slice(0, -1) : members[name];
    const value = algorithm[name];
    if (value === undefined) {
      if (!optional) throw missing(name, dictionary);
    } else {
      out[name] = member(dictionary, name, kind, value);
    }
  }
  return out;
}

/** @type {(key: any) => any} undefined for what is no CryptoKey */
let slotsOf;

class CryptoKey {
  #slots;
  #algorithm;
  #usages;

  constructor(token, slots) {
    if (token !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#slots = slots;
  }

  static {
    slotsOf = (key) => (typeof key === 'object' && key !== null && #slots in key ? key.#slots : undefined);
  }

  get type() {
    return own(this).type;
  }

  get extractable() {
    return own(this).extractable;
  }

  // A program may change what it gets, which changes nothing about the key.
  get algorithm() {
    const { algorithm } = own(this);
    if (this.#algorithm === undefined) {
      const { name, length, hash } = algorithm;
      this.#algorithm = { name };
      if (length !== undefined) this.#algorithm.length = length;
      if (hash !== undefined) this.#algorithm.hash = { ...hash };
    }
    return this.#algorithm;
  }

  get usages() {
    const { usages } = own(this);
    return (this.#usages ??= [...usages]);
  }

  [kInspect](depth, options) {
    if (depth < 0) return this;
    const { type, extractable, algorithm, usages } = this;
    const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
    return `CryptoKey ${require('util/inspect').inspect({ type, extractable, algorithm, usages }, inner)}`;
  }
}
Object.defineProperty(CryptoKey.prototype, equalTo, {
  __proto__: null,
  value(other) {
    const [a, b] = [slotsOf(this), slotsOf(other)];
    return (
      b !== undefined &&
      a.type === b.type &&
      a.extractable === b.extractable &&
      a.algorithm.name === b.algorithm.name &&
      a.algorithm.length === b.algorithm.length &&
      a.algorithm.hash?.name === b.algorithm.hash?.name &&
      a.usages.join() === b.usages.join() &&
      a.bytes.equals(b.bytes)
    );
  },
});
cloneable(CryptoKey, function clone() {
  return new CryptoKey(kMake, own(this));
});
Object.defineProperties(CryptoKey, { length: { __proto__: null, value: 0 } });
for (const name of ['type', 'extractable', 'algorithm', 'usages']) {
  Object.defineProperty(CryptoKey.prototype, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(CryptoKey.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'CryptoKey',
});

function own(key) {
  const slots = slotsOf(key);
  if (slots === undefined) throw new ERR_INVALID_THIS('CryptoKey');
  return slots;
}

/** Usages in the order of a key, each once. */
function ordered(usages) {
  return keyUsages.filter((u) => usages.includes(u));
}

/**
 * @param {Buffer} bytes
 * @param {any} algorithm name, length, hash
 * @param {boolean} extractable
 * @param {string[]} usages
 * @returns {CryptoKey}
 */
function makeSecret(bytes, algorithm, extractable, usages) {
  return new CryptoKey(kMake, { type: 'secret', extractable, algorithm, usages: ordered(usages), bytes });
}

brands.isCryptoKey = (value) => slotsOf(value) !== undefined;

/** @param {any} key @returns {Buffer | undefined} */
function bytesOfCryptoKey(key) {
  return slotsOf(key)?.bytes;
}

module.exports = {
  CryptoKey,
  bytesOfCryptoKey,
  copyOf,
  fail,
  hashes,
  isBytes,
  keyFormats,
  keyUsages,
  makeSecret,
  normalize,
  operationError,
  slotsOf,
  toInteger,
  typeError,
  usagesOf,
};

'use strict';

// globalThis.crypto: random values, UUIDs, and Web Crypto's methods, which check their arguments here. What they do with
// keys is in web_secret.js; key pairs are not there yet.

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('shared/errors');
const {
  CryptoKey,
  bytesOfCryptoKey,
  copyOf,
  fail,
  hashes,
  isBytes,
  keyFormats,
  keyUsages,
  normalize,
  slotsOf,
  toInteger,
  typeError,
} = require('crypto/web_key');

const kMake = Symbol('make');

const ordinals = ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th'];

function failedTo(method) {
  return `Failed to execute '${method}' on 'SubtleCrypto'`;
}

/** The checks that come first. */
function begin(self, method, required, given) {
  if (self !== subtle) throw new ERR_INVALID_THIS('SubtleCrypto');
  if (given < required) {
    throw typeError(
      'ERR_MISSING_ARGS',
      `${failedTo(method)}: ${required} argument${required === 1 ? '' : 's'} required, but only ${given} present.`,
    );
  }
}

function badType(method, index, what) {
  return typeError('ERR_INVALID_ARG_TYPE', `${failedTo(method)}: ${ordinals[index]} argument ${what}`);
}

function bytesAt(method, index, value) {
  if (!isBytes(value)) {
    throw badType(method, index, 'is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.');
  }
  return copyOf(value);
}

function keyAt(method, index, value) {
  const slots = slotsOf(value);
  if (slots === undefined) throw badType(method, index, 'is not of type CryptoKey.');
  return slots;
}

function badValue(method, index, at, value, type) {
  return typeError(
    'ERR_INVALID_ARG_VALUE',
    `${failedTo(method)}: ${ordinals[index]} argument${at} '${value}' is not a valid enum value of type ${type}.`,
  );
}

function formatAt(method, index, value) {
  const format = `${value}`;
  if (!keyFormats.has(format)) throw badValue(method, index, '', format, 'KeyFormat');
  return format;
}

function usagesAt(method, index, value) {
  if (typeof value !== 'object' || value === null || typeof value[Symbol.iterator] !== 'function') {
    throw badType(method, index, 'cannot be converted to sequence.');
  }
  const list = Array.from(value, (u) => `${u}`);
  list.forEach((name, i) => {
    if (!keyUsages.includes(name)) throw badValue(method, index, `[${i}]`, name, 'KeyUsage');
  });
  return list;
}

/** A key may be used for the algorithm it was made for, and for what its maker allowed. */
function allow(slots, algorithm, usage, message = `Unable to use this key to ${usage}`) {
  if (slots.algorithm.name !== algorithm.name) throw fail('Key algorithm mismatch', 'InvalidAccessError');
  if (!slots.usages.includes(usage)) throw fail(message, 'InvalidAccessError');
}

const secret = () => require('crypto/web_secret');

/** Wrapping takes what can wrap, and what can encrypt. */
function wrapping(algorithm, method) {
  const name = (typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm) ?? '';
  return normalize(algorithm, `${name}`.toUpperCase() === 'AES-KW' ? method : 'encrypt', method);
}

class SubtleCrypto {
  constructor(key) {
    if (key !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /**
   * @param {string | { name: string }} algorithm
   * @param {ArrayBuffer | ArrayBufferView} data
   * @returns {Promise<ArrayBuffer>}
   */
  async digest(algorithm, data) {
    begin(this, 'digest', 2, arguments.length);
    if (!isBytes(data)) bytesAt('digest', 1, data);
    const name = `${typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm}`;
    const known = hashes[name.toUpperCase()];
    if (known === undefined) throw fail('Unrecognized algorithm name', 'NotSupportedError');
    const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
    const out = require('crypto/hash').hash(known, bytes, 'buffer');
    return out.buffer.slice(out.byteOffset, out.byteOffset + out.byteLength);
  }

  async sign(algorithm, key, data) {
    begin(this, 'sign', 3, arguments.length);
    const slots = keyAt('sign', 1, key);
    const bytes = bytesAt('sign', 2, data);
    allow(slots, normalize(algorithm, 'sign'), 'sign');
    return secret().exact(secret().mac(key, bytes));
  }

  async verify(algorithm, key, signature, data) {
    begin(this, 'verify', 4, arguments.length);
    const slots = keyAt('verify', 1, key);
    const [mac, bytes] = [bytesAt('verify', 2, signature), bytesAt('verify', 3, data)];
    allow(slots, normalize(algorithm, 'verify'), 'verify');
    return secret().verify(key, mac, bytes);
  }

  async encrypt(algorithm, key, data) {
    begin(this, 'encrypt', 3, arguments.length);
    const slots = keyAt('encrypt', 1, key);
    const bytes = bytesAt('encrypt', 2, data);
    const a = normalize(algorithm, 'encrypt');
    allow(slots, a, 'encrypt');
    return secret().exact(secret().crypt(true, a, key, bytes));
  }

  async decrypt(algorithm, key, data) {
    begin(this, 'decrypt', 3, arguments.length);
    const slots = keyAt('decrypt', 1, key);
    const bytes = bytesAt('decrypt', 2, data);
    const a = normalize(algorithm, 'decrypt');
    allow(slots, a, 'decrypt');
    return secret().exact(secret().crypt(false, a, key, bytes));
  }

  async generateKey(algorithm, extractable, usages) {
    begin(this, 'generateKey', 3, arguments.length);
    const list = usagesAt('generateKey', 2, usages);
    return secret().generate(normalize(algorithm, 'generateKey'), Boolean(extractable), list);
  }

  async importKey(format, data, algorithm, extractable, usages) {
    begin(this, 'importKey', 5, arguments.length);
    const form = formatAt('importKey', 0, format);
    if (form !== 'jwk' && !isBytes(data)) bytesAt('importKey', 1, data);
    const list = usagesAt('importKey', 4, usages);
    return secret().importKey(form, data, normalize(algorithm, 'importKey'), Boolean(extractable), list);
  }

  async exportKey(format, key) {
    begin(this, 'exportKey', 2, arguments.length);
    const form = formatAt('exportKey', 0, format);
    keyAt('exportKey', 1, key);
    return secret().exportKey(form, key);
  }

  async deriveBits(algorithm, baseKey, length = null) {
    begin(this, 'deriveBits', 2, arguments.length);
    const slots = keyAt('deriveBits', 1, baseKey);
    if (length !== null) length = toInteger(4294967295, length, `${failedTo('deriveBits')}: 3rd argument`);
    const a = normalize(algorithm, 'deriveBits');
    allow(slots, a, 'deriveBits', 'baseKey does not have deriveBits usage');
    return secret().deriveBits(a, baseKey, length);
  }

  async deriveKey(algorithm, baseKey, derivedKeyType, extractable, usages) {
    begin(this, 'deriveKey', 5, arguments.length);
    const slots = keyAt('deriveKey', 1, baseKey);
    const list = usagesAt('deriveKey', 4, usages);
    const a = normalize(algorithm, 'deriveBits', 'deriveKey');
    const made = normalize(derivedKeyType, 'importKey');
    const length = secret().keyLength(normalize(derivedKeyType, 'getKeyLength', 'importKey'));
    allow(slots, a, 'deriveKey', 'baseKey does not have deriveKey usage');
    const bits = await secret().deriveBits(a, baseKey, length);
    return secret().importKey('raw-secret', bits, made, Boolean(extractable), list);
  }

  async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
    begin(this, 'wrapKey', 4, arguments.length);
    const form = formatAt('wrapKey', 0, format);
    keyAt('wrapKey', 1, key);
    const slots = keyAt('wrapKey', 2, wrappingKey);
    const a = wrapping(wrapAlgorithm, 'wrapKey');
    allow(slots, a, 'wrapKey');
    const exported = secret().exportKey(form, key);
    let bytes = form === 'jwk' ? Buffer.from(JSON.stringify(exported)) : Buffer.from(exported);
    // Key wrap takes whole words: JSON may end in blanks.
    if (form === 'jwk' && a.name === 'AES-KW' && bytes.length % 8 !== 0) {
      bytes = Buffer.concat([bytes, Buffer.alloc(8 - (bytes.length % 8), ' ')]);
    }
    return secret().exact(secret().crypt(true, a, wrappingKey, bytes));
  }

  async unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, usages) {
    begin(this, 'unwrapKey', 7, arguments.length);
    const form = formatAt('unwrapKey', 0, format);
    const wrapped = bytesAt('unwrapKey', 1, wrappedKey);
    const slots = keyAt('unwrapKey', 2, unwrappingKey);
    const list = usagesAt('unwrapKey', 6, usages);
    const a = wrapping(unwrapAlgorithm, 'unwrapKey');
    const made = normalize(unwrappedKeyAlgorithm, 'importKey');
    allow(slots, a, 'unwrapKey');
    let data = secret().crypt(false, a, unwrappingKey, wrapped);
    if (form === 'jwk') {
      try {
        data = JSON.parse(data.toString());
      } catch {
        throw fail('Invalid wrapped JWK key', 'DataError');
      }
    }
    return secret().importKey(form, data, made, Boolean(extractable), list);
  }
}
finish(SubtleCrypto, Object.getOwnPropertyNames(SubtleCrypto.prototype).slice(1));
Object.defineProperty(SubtleCrypto.prototype.deriveBits, 'length', { __proto__: null, value: 2, configurable: true });

class Crypto {
  constructor(key) {
    if (key !== kMake) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get subtle() {
    if (this !== crypto) throw new ERR_INVALID_THIS('Crypto');
    return subtle;
  }

  getRandomValues(array) {
    if (this !== crypto) throw new ERR_INVALID_THIS('Crypto');
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('array');
    return require('crypto/random').getRandomValues(array);
  }

  randomUUID(options) {
    if (this !== crypto) throw new ERR_INVALID_THIS('Crypto');
    return require('crypto/random').randomUUID(options);
  }
}
finish(Crypto, ['subtle', 'getRandomValues', 'randomUUID']);

function finish(Class, names) {
  for (const name of names) Object.defineProperty(Class.prototype, name, { __proto__: null, enumerable: true });
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    __proto__: null,
    configurable: true,
    value: Class.name,
  });
}

const subtle = new SubtleCrypto(kMake);
const crypto = new Crypto(kMake);

/** A secret KeyObject's bytes as a CryptoKey. */
function cryptoKeyOf(bytes, algorithm, extractable, usages) {
  const list = usagesAt('importKey', 4, usages);
  return secret().importKey('raw-secret', bytes, normalize(algorithm, 'importKey'), Boolean(extractable), list);
}

module.exports = { Crypto, CryptoKey, SubtleCrypto, bytesOfCryptoKey, crypto, cryptoKeyOf, subtle };

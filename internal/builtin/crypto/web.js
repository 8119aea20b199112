'use strict';

// globalThis.crypto: random values, UUIDs and digests. Keys of the Web Crypto API are not there yet.

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('shared/errors');
const { later } = require('shared/later');

const kMake = Symbol('make');

const digests = {
  __proto__: null,
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};

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
    if (this !== subtle) throw new ERR_INVALID_THIS('SubtleCrypto');
    if (arguments.length < 2) {
      throw new ERR_MISSING_ARGS('algorithm', 'data');
    }
    const name = `${typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm}`;
    const known = digests[name.toUpperCase()];
    if (known === undefined) {
      const { DOMException } = require('shared/domexception');
      throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
    }
    if (!ArrayBuffer.isView(data) && !engine.isArrayBuffer(data)) {
      throw new ERR_INVALID_ARG_TYPE('data', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
    const out = require('crypto/hash').hash(known, bytes, 'buffer');
    return out.buffer.slice(out.byteOffset, out.byteOffset + out.byteLength);
  }
}
for (const name of [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'generateKey',
  'deriveKey',
  'deriveBits',
  'importKey',
  'exportKey',
  'wrapKey',
  'unwrapKey',
]) {
  const missing = later(`crypto.subtle.${name}`);
  Object.defineProperty(SubtleCrypto.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    writable: true,
    value: {
      async [name]() {
        missing();
      },
    }[name],
  });
}
finish(SubtleCrypto, ['digest']);

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

class CryptoKey {
  constructor() {
    throw new ERR_ILLEGAL_CONSTRUCTOR();
  }
}
finish(CryptoKey, []);

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

/** No CryptoKey can be made yet. */
function bytesOfCryptoKey() {
  return undefined;
}

module.exports = {
  Crypto,
  CryptoKey,
  SubtleCrypto,
  bytesOfCryptoKey,
  crypto,
  cryptoKeyOf: later('KeyObject.toCryptoKey'),
  subtle,
};

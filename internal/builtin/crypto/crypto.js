'use strict';

// node:crypto. Parts that hashes and random numbers don't need are loaded when they are first used.

const { Hash, Hmac, createHash, createHmac, getHashes, hash } = require('crypto/hash');
const random = require('crypto/random');
const {
  codes: { ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH, ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { later } = require('shared/later');

const { timingSafeEqual: sameBytes } = native;

function checkBytes(value, name) {
  if (!ArrayBuffer.isView(value) && !engine.isAnyArrayBuffer(value)) {
    const error = new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
    error.message = error.message.slice(0, error.message.indexOf(' Received'));
    throw error;
  }
}

/**
 * @param {ArrayBufferView | ArrayBuffer} buf1
 * @param {ArrayBufferView | ArrayBuffer} buf2
 */
function timingSafeEqual(buf1, buf2) {
  checkBytes(buf1, 'buf1');
  checkBytes(buf2, 'buf2');
  if (buf1.byteLength !== buf2.byteLength) throw new ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
  return sameBytes(buf1, buf2);
}

function getFips() {
  return 0;
}

function setFips(on) {
  if (on) later('crypto.setFips')();
}

function secureHeapUsed() {
  return undefined;
}

const exported = {
  createHash,
  createHmac,
  getHashes,
  hash,
  timingSafeEqual,
  getFips,
  setFips,
  secureHeapUsed,
  randomBytes: random.randomBytes,
  randomFill: random.randomFill,
  randomFillSync: random.randomFillSync,
  randomInt: random.randomInt,
  randomUUID: random.randomUUID,
  getRandomValues(array) {
    return require('crypto/web').crypto.getRandomValues(array);
  },
};

/** Property `name` of the module `id`, loaded when it is first read. */
function lazily(id, names) {
  for (const name of names) {
    Object.defineProperty(exported, name, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      get() {
        const value = require(id)[name];
        Object.defineProperty(exported, name, { __proto__: null, value, writable: true });
        return value;
      },
      set(value) {
        Object.defineProperty(exported, name, { __proto__: null, value, writable: true });
      },
    });
  }
}

lazily('crypto/kdf', ['hkdf', 'hkdfSync', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync']);
lazily('crypto/keys', ['KeyObject', 'createSecretKey', 'generateKey', 'generateKeySync']);
lazily('crypto/cipher', [
  'Cipheriv',
  'Decipheriv',
  'createCipheriv',
  'createDecipheriv',
  'getCipherInfo',
  'getCiphers',
]);
lazily('crypto/constants', ['constants']);

// The classes were never meant to be called.
for (const [name, Class, code] of [
  ['Hash', Hash, 'DEP0179'],
  ['Hmac', Hmac, 'DEP0181'],
]) {
  let wrapped;
  Object.defineProperty(exported, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return (wrapped ??= require('util').deprecate(Class, `crypto.${name} constructor is deprecated.`, code));
    },
    set(value) {
      wrapped = value;
    },
  });
}

let pseudo;
for (const name of ['pseudoRandomBytes', 'prng', 'rng']) {
  Object.defineProperty(exported, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      return name === 'pseudoRandomBytes'
        ? (pseudo ??= require('util').deprecate(
            random.randomBytes,
            'crypto.pseudoRandomBytes is deprecated.',
            'DEP0115',
          ))
        : random.randomBytes;
    },
    set: undefined,
  });
}

for (const [name, key] of [
  ['webcrypto', 'crypto'],
  ['subtle', 'subtle'],
]) {
  Object.defineProperty(exported, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => require('crypto/web')[key],
    set: undefined,
  });
}

for (const name of [
  'argon2',
  'argon2Sync',
  'checkPrime',
  'checkPrimeSync',
  'createDiffieHellman',
  'createDiffieHellmanGroup',
  'createECDH',
  'createPrivateKey',
  'createPublicKey',
  'createSign',
  'createVerify',
  'diffieHellman',
  'generatePrime',
  'generatePrimeSync',
  'getCurves',
  'getDiffieHellman',
  'generateKeyPair',
  'generateKeyPairSync',
  'privateDecrypt',
  'privateEncrypt',
  'publicDecrypt',
  'publicEncrypt',
  'sign',
  'setEngine',
  'verify',
  'encapsulate',
  'decapsulate',
  'Certificate',
  'DiffieHellman',
  'DiffieHellmanGroup',
  'ECDH',
  'Sign',
  'Verify',
  'X509Certificate',
]) {
  exported[name] = later(`crypto.${name}`);
}

module.exports = exported;

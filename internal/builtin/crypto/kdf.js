'use strict';

// Keys from passwords and from other keys: pbkdf2, scrypt, hkdf. The work is done in the pool's crypto lane.

const {
  codes: {
    ERR_CRYPTO_INVALID_DIGEST,
    ERR_CRYPTO_INVALID_KEYLEN,
    ERR_CRYPTO_INVALID_SCRYPT_PARAMS,
    ERR_INCOMPATIBLE_OPTION_PAIR,
    ERR_OUT_OF_RANGE,
  },
} = require('shared/errors');
const {
  validateFunction,
  validateInt32,
  validateInteger,
  validateString,
  validateUint32,
} = require('shared/validators');
const { algorithmOf } = require('crypto/hash');
const { bytesOf } = require('crypto/bytes');

const { hkdf: deriveHkdf, pbkdf2: derivePbkdf2, scrypt: deriveScrypt } = native;

function digestOf(name) {
  const a = algorithmOf(name);
  if (a === null || a.xof) throw new ERR_CRYPTO_INVALID_DIGEST(name);
  return a;
}

function pbkdf2Args(password, salt, iterations, keylen, digest) {
  validateString(digest, 'digest');
  password = bytesOf(password, 'password');
  salt = bytesOf(salt, 'salt');
  validateInt32(iterations, 'iterations', 1);
  validateInt32(keylen, 'keylen', 0);
  return [digestOf(digest).id, password, salt, iterations, keylen];
}

function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === 'function') {
    callback = digest;
    digest = undefined;
  }
  const args = pbkdf2Args(password, salt, iterations, keylen, digest);
  validateFunction(callback, 'callback');
  derivePbkdf2(...args, callback);
}

function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  return derivePbkdf2(...pbkdf2Args(password, salt, iterations, keylen, digest));
}

function hkdfArgs(hash, key, salt, info, length) {
  validateString(hash, 'digest');
  key = require('crypto/keys').derivationKey(key);
  salt = bytesOf(salt, 'salt');
  info = bytesOf(info, 'info');
  validateInteger(length, 'length', 0);
  if (info.byteLength > 1024) {
    throw new ERR_OUT_OF_RANGE('info', 'must not contain more than 1024 bytes', info.byteLength);
  }
  const a = digestOf(hash);
  if (length > a.size * 255) throw new ERR_CRYPTO_INVALID_KEYLEN();
  return [a.id, key, salt, info, length];
}

function exact(buffer) {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}

function hkdf(hash, key, salt, info, length, callback) {
  const args = hkdfArgs(hash, key, salt, info, length);
  validateFunction(callback, 'callback');
  deriveHkdf(...args, (error, bytes) => (error ? callback(error) : callback(null, exact(bytes))));
}

function hkdfSync(hash, key, salt, info, length) {
  return exact(deriveHkdf(...hkdfArgs(hash, key, salt, info, length)));
}

const scryptNames = { N: 'cost', r: 'blockSize', p: 'parallelization' };

function scryptArgs(password, salt, keylen, options) {
  password = bytesOf(password, 'password');
  salt = bytesOf(salt, 'salt');
  validateInt32(keylen, 'keylen', 0);
  const o = { N: 16384, r: 8, p: 1 };
  let maxmem = 32 << 20;
  if (options) {
    // Each option is read once: a getter may say something else the second time.
    for (const [short, long] of Object.entries(scryptNames)) {
      const value = options[short];
      if (value !== undefined) {
        validateUint32(value, short);
        o[short] = value;
      }
      const named = options[long];
      if (named !== undefined) {
        if (value !== undefined) throw new ERR_INCOMPATIBLE_OPTION_PAIR(short, long);
        validateUint32(named, long);
        o[short] = named;
      }
    }
    if (options.maxmem !== undefined) {
      ({ maxmem } = options);
      validateInteger(maxmem, 'maxmem', 0);
    }
    // Nothing given is the default, as OpenSSL's.
    o.N ||= 16384;
    o.r ||= 8;
    o.p ||= 1;
    if (!maxmem) maxmem = 32 << 20;
  }
  const { N, r, p } = o;
  if (N < 2 || (N & (N - 1)) !== 0) throw new ERR_CRYPTO_INVALID_SCRYPT_PARAMS();
  if (N >= 2 ** (16 * r) || p > (2 ** 30 - 1) / r || 128 * N * r + 128 * r * (p + 2) > maxmem) {
    const error = new ERR_CRYPTO_INVALID_SCRYPT_PARAMS();
    error.message += ': error:030000AC:digital envelope routines::memory limit exceeded';
    throw error;
  }
  return [password, salt, N, r, p, keylen];
}

function scrypt(password, salt, keylen, options, callback) {
  if (callback === undefined && typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  const args = scryptArgs(password, salt, keylen, options);
  validateFunction(callback, 'callback');
  deriveScrypt(...args, callback);
}

function scryptSync(password, salt, keylen, options) {
  return deriveScrypt(...scryptArgs(password, salt, keylen, options));
}

module.exports = { hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };

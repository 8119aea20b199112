'use strict';

// What Web Crypto does with secret keys: HMAC, AES in its modes, HKDF and PBKDF2; importing, exporting and making them.

const { timingSafeEqual } = native;
const { algorithmOf } = require('crypto/hash');
const { copyOf, fail, hashes, makeSecret, operationError, slotsOf, usagesOf } = require('crypto/web_key');

const specific = 'The operation failed for an operation-specific reason';

const failed = (cause) => operationError(specific, cause);
const exact = (b) => b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);

function checkUsages(name, usages) {
  if (usages.some((u) => !usagesOf[name].includes(u)))
    throw fail(`Unsupported key usage for ${name} key`, 'SyntaxError');
}

function hashBits(hash) {
  return algorithmOf(hashes[hash.name]).block * 8;
}

/** A random key for the normalized algorithm. */
function generate(algorithm, extractable, usages) {
  const { name } = algorithm;
  checkUsages(name, usages);
  const kept = { name, length: algorithm.length };
  if (name === 'HMAC') {
    if (algorithm.length === 0) throw fail('HmacKeyGenParams.length cannot be 0', 'OperationError');
    kept.length ??= hashBits(algorithm.hash);
    kept.hash = algorithm.hash;
  } else {
    checkAesLength(algorithm.length);
  }
  if (usages.length === 0) throw fail('Usages cannot be empty when creating a key.', 'SyntaxError');
  const bytes = require('crypto/random').randomBytes(Math.ceil(kept.length / 8));
  return makeSecret(bytes, kept, extractable, usages);
}

function checkAesLength(length) {
  if (length !== 128 && length !== 192 && length !== 256) {
    throw fail('AES key length must be 128, 192, or 256 bits', 'OperationError');
  }
}

const macNames = { __proto__: null, 'SHA-1': 'HS1', 'SHA-256': 'HS256', 'SHA-384': 'HS384', 'SHA-512': 'HS512' };

/** The name of a key in JWK's "alg"; undefined where there is none. */
function jwkName(algorithm, length) {
  return algorithm.name === 'HMAC' ? macNames[algorithm.hash.name] : `A${length}${algorithm.name.slice(4)}`;
}

function bytesOfJwk(jwk, algorithm, extractable, usages) {
  const bad = (message) => fail(message, 'DataError');
  if (jwk === null || typeof jwk !== 'object' || !jwk.kty) throw bad('Invalid keyData');
  if (jwk.kty !== 'oct') throw bad('Invalid JWK "kty" Parameter');
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== (algorithm.name === 'HMAC' ? 'sig' : 'enc')) {
    throw bad('Invalid JWK "use" Parameter');
  }
  if (jwk.key_ops !== undefined) {
    if (!Array.isArray(jwk.key_ops)) throw bad('Invalid keyData');
    if (new Set(jwk.key_ops).size !== jwk.key_ops.length) throw bad('Duplicate key operation');
    if (!usages.every((u) => jwk.key_ops.includes(u))) throw bad('Key operations and usage mismatch');
  }
  if (jwk.ext !== undefined && Boolean(jwk.ext) === false && extractable) {
    throw bad('JWK "ext" Parameter and extractable mismatch');
  }
  if (typeof jwk.k !== 'string') throw bad('Invalid keyData');
  return Buffer.from(jwk.k, 'base64url');
}

function importKey(format, data, algorithm, extractable, usages) {
  const { name } = algorithm;
  const derives = name === 'HKDF' || name === 'PBKDF2';
  if (derives && extractable) throw fail(`${name} keys are not extractable`, 'SyntaxError');
  checkUsages(name, usages);
  let bytes;
  if (format === 'jwk' && !derives) bytes = bytesOfJwk(data, algorithm, extractable, usages);
  else if (format === 'raw' || format === 'raw-secret') bytes = copyOf(data);
  else throw fail(`Unable to import ${name} using ${format} format`, 'NotSupportedError');
  const bits = bytes.length * 8;
  const kept = { name };
  if (name === 'HMAC') {
    if (bits === 0) throw fail('Zero-length key is not supported', 'DataError');
    if (algorithm.length === 0) throw fail('HmacImportParams.length cannot be 0', 'DataError');
    kept.length = algorithm.length ?? bits;
    kept.hash = algorithm.hash;
    if (kept.length > bits || kept.length <= bits - 8) throw fail('Invalid key length', 'DataError');
  } else if (!derives) {
    if (bits !== 128 && bits !== 192 && bits !== 256) throw fail('Invalid key length', 'DataError');
    kept.length = bits;
  }
  if (format === 'jwk' && data.alg !== undefined) {
    const expected = jwkName(kept, bits);
    if (expected !== undefined && data.alg !== expected) {
      throw fail('JWK "alg" does not match the requested algorithm', 'DataError');
    }
  }
  if (usages.length === 0) throw fail('Usages cannot be empty when importing a secret key.', 'SyntaxError');
  return makeSecret(bytes, kept, extractable, usages);
}

function exportKey(format, key) {
  const { algorithm, bytes, extractable, usages } = slotsOf(key);
  if (!extractable) throw fail('key is not extractable', 'InvalidAccessError');
  if (format === 'raw' || format === 'raw-secret') return exact(bytes);
  if (format !== 'jwk') {
    throw fail(`Unable to export ${algorithm.name} secret key using ${format} format`, 'NotSupportedError');
  }
  const jwk = { key_ops: [...usages], ext: true };
  const alg = jwkName(algorithm, algorithm.length);
  if (alg !== undefined) jwk.alg = alg;
  return Object.assign(jwk, { kty: 'oct', k: bytes.toString('base64url') });
}

function mac(key, data) {
  const { algorithm, bytes } = slotsOf(key);
  return require('crypto/hash').createHmac(hashes[algorithm.hash.name], bytes).update(data).digest();
}

function verify(key, signature, data) {
  const expected = mac(key, data);
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

const tagBits = new Set([32, 64, 96, 104, 112, 120, 128]);

function crypt(encrypt, algorithm, key, data) {
  const { bytes } = slotsOf(key);
  switch (algorithm.name) {
    case 'AES-CBC':
      if (algorithm.iv.length !== 16) throw fail('algorithm.iv must contain exactly 16 bytes', 'OperationError');
      return run(encrypt, 'cbc', bytes, algorithm.iv, data);
    case 'AES-CTR':
      return count(algorithm, bytes, data);
    case 'AES-GCM':
      return seal(encrypt, algorithm, bytes, data);
    default:
      return encrypt ? wrap(bytes, data) : unwrap(bytes, data);
  }
}

function cipher(encrypt, mode, key, iv, options) {
  const { createCipheriv, createDecipheriv } = require('crypto/cipher');
  return (encrypt ? createCipheriv : createDecipheriv)(`aes-${key.length * 8}-${mode}`, key, iv, options);
}

function run(encrypt, mode, key, iv, data) {
  try {
    const c = cipher(encrypt, mode, key, iv);
    return Buffer.concat([c.update(data), c.final()]);
  } catch (error) {
    throw failed(error);
  }
}

/** CTR counts in the last bits of its block only; the rest stays as it is when they wrap around. */
function count({ counter, length }, key, data) {
  if (counter.length !== 16) throw fail('algorithm.counter must contain exactly 16 bytes', 'OperationError');
  if (length === 0 || length > 128) {
    throw fail('AES-CTR algorithm.length must be between 1 and 128', 'OperationError');
  }
  const mask = (1n << BigInt(length)) - 1n;
  const start = BigInt(`0x${counter.toString('hex')}`);
  const blocks = BigInt(Math.ceil(data.length / 16));
  if (blocks > mask + 1n) throw failed(new Error('Cipher job failed'));
  const first = mask + 1n - (start & mask);
  if (blocks <= first) return run(true, 'ctr', key, counter, data);
  const cut = Number(first) * 16;
  const again = Buffer.from((start & ~mask).toString(16).padStart(32, '0'), 'hex');
  return Buffer.concat([
    run(true, 'ctr', key, counter, data.subarray(0, cut)),
    run(true, 'ctr', key, again, data.subarray(cut)),
  ]);
}

function seal(encrypt, { iv, additionalData, tagLength = 128 }, key, data) {
  if (!tagBits.has(tagLength)) throw fail(`${tagLength} is not a valid AES-GCM tag length`, 'OperationError');
  if (iv.length === 0) throw failed(new Error('Invalid initialization vector'));
  const n = tagLength / 8;
  if (!encrypt && data.length < n) throw failed(new Error('Cipher job failed'));
  const c = cipher(encrypt, 'gcm', key, iv, { authTagLength: n });
  if (additionalData !== undefined) c.setAAD(additionalData);
  if (encrypt) return Buffer.concat([c.update(data), c.final(), c.getAuthTag()]);
  c.setAuthTag(data.subarray(data.length - n));
  try {
    return Buffer.concat([c.update(data.subarray(0, data.length - n)), c.final()]);
  } catch {
    throw failed(new Error('Cipher job failed'));
  }
}

const integrity = Buffer.alloc(8, 0xa6);

/** AES key wrap of RFC 3394. */
function wrap(key, data) {
  if (data.length < 16 || data.length % 8 !== 0) {
    throw failed(new Error('error:1C8000E6:Provider routines::invalid input length'));
  }
  const n = data.length / 8;
  const out = Buffer.concat([integrity, data]);
  const c = cipher(true, 'ecb', key, null).setAutoPadding(false);
  const block = Buffer.alloc(16);
  for (let t = 1; t <= 6 * n; t++) {
    const at = 8 + ((t - 1) % n) * 8;
    out.copy(block, 0, 0, 8);
    out.copy(block, 8, at, at + 8);
    const b = c.update(block);
    b.writeUInt32BE((b.readUInt32BE(4) ^ t) >>> 0, 4);
    b.copy(out, 0, 0, 8);
    b.copy(out, at, 8, 16);
  }
  return out;
}

function unwrap(key, data) {
  const bad = () => failed(new Error('error:1C800066:Provider routines::cipher operation failed'));
  if (data.length < 24 || data.length % 8 !== 0) throw bad();
  const n = data.length / 8 - 1;
  const out = Buffer.from(data);
  const block = Buffer.alloc(16);
  for (let t = 6 * n; t >= 1; t--) {
    const at = 8 + ((t - 1) % n) * 8;
    out.writeUInt32BE((out.readUInt32BE(4) ^ t) >>> 0, 4);
    out.copy(block, 0, 0, 8);
    out.copy(block, 8, at, at + 8);
    const c = cipher(false, 'ecb', key, null).setAutoPadding(false);
    const b = Buffer.concat([c.update(block), c.final()]);
    b.copy(out, 0, 0, 8);
    b.copy(out, at, 8, 16);
  }
  if (!timingSafeEqual(out.subarray(0, 8), integrity)) throw bad();
  return out.subarray(8);
}

/** Derives on the pool. @returns {Promise<ArrayBuffer>} */
function deriveBits(algorithm, key, length) {
  if (length === null || length === undefined) throw fail('length cannot be null', 'OperationError');
  if (length % 8 !== 0) throw fail('length must be a multiple of 8', 'OperationError');
  const { bytes } = slotsOf(key);
  const hash = hashes[algorithm.hash.name];
  const kdf = require('crypto/kdf');
  if (algorithm.name === 'PBKDF2' && algorithm.iterations === 0) {
    throw fail('iterations cannot be zero', 'OperationError');
  }
  if (length === 0) return Promise.resolve(new ArrayBuffer(0));
  return new Promise((resolve, reject) => {
    const done = (error, result) => {
      if (error) reject(failed(error));
      else resolve(ArrayBuffer.isView(result) ? exact(result) : result);
    };
    try {
      if (algorithm.name === 'PBKDF2') {
        kdf.pbkdf2(bytes, algorithm.salt, algorithm.iterations, length / 8, hash, done);
      } else {
        kdf.hkdf(hash, bytes, algorithm.salt, algorithm.info, length / 8, done);
      }
    } catch (error) {
      reject(failed(error));
    }
  });
}

/** How many bits a derived key of this algorithm has: null when it takes any number. */
function keyLength(algorithm) {
  if (algorithm.name === 'HKDF' || algorithm.name === 'PBKDF2') return null;
  if (algorithm.name !== 'HMAC') {
    checkAesLength(algorithm.length);
    return algorithm.length;
  }
  if (algorithm.length === 0) throw fail('HmacImportParams.length cannot be 0', 'DataError');
  return algorithm.length ?? hashBits(algorithm.hash);
}

module.exports = { crypt, deriveBits, exact, exportKey, generate, importKey, keyLength, mac, verify };

'use strict';

// Hash, Hmac and hash(). Small updates gather in one buffer that all hashes share (the stage): the hash that added to
// it last owns it, and hands its bytes to Go when another wants it. So hashing a short text is one call into Go, which
// also leaves the digest in the stage.

const {
  codes: {
    ERR_CRYPTO_HASH_FINALIZED,
    ERR_CRYPTO_HASH_UPDATE_FAILED,
    ERR_CRYPTO_INVALID_DIGEST,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
  },
  genericError,
} = require('shared/errors');
const { validateString, validateUint32 } = require('shared/validators');
const LazyTransform = require('crypto/lazy_transform');
const { encoded, updateData } = require('crypto/bytes');
const { Buffer } = require('buffer');

const { algorithm, hashCopy, hashDigest, hashDrop, hashOnce, hashUpdate, hmacOnce, hmacStart } = native;

const stageSize = 16 << 10;
/** What is longer goes to Go at once. */
const longest = 4 << 10;
/** @type {Buffer} */
let stage;
let staged = 0;
let owner = null;

const kAlgorithm = Symbol('algorithm');
const kId = Symbol('id');
const kKey = Symbol('key');
const kSize = Symbol('size');
const kFinalized = Symbol('finalized');
const kDigest = Symbol('digest');

/** @typedef {{ id: number, size: number, block: number, xof: boolean, name: string }} Algorithm */

/** @type {Map<string, Algorithm | null>} */
const found = new Map();

/**
 * @param {string} name
 * @returns {Algorithm | null}
 */
function algorithmOf(name) {
  let a = found.get(name);
  if (a === undefined) {
    const info = algorithm(name);
    a = info === undefined ? null : { id: info[0], size: info[1], block: info[2], xof: info[3], name: info[4] };
    if (found.size < 200) found.set(name, a);
  }
  return a;
}

/** Algorithms that OpenSSL knows and Node's configuration of it does not offer. */
const legacy = new Set(['md4', 'rsa-md4', 'mdc2', 'rsa-mdc2', 'whirlpool', 'md4withrsaencryption']);

function unsupported(name, message) {
  if (!legacy.has(name.toLowerCase())) return new Error(message);
  return genericError('error:0308010C:digital envelope routines::unsupported', {
    opensslErrorStack: ['error:03000086:digital envelope routines::initialization error'],
    library: 'digital envelope routines',
    reason: 'unsupported',
    code: 'ERR_OSSL_EVP_UNSUPPORTED',
  });
}

/** A running hash in Go is given back when its object is collected. */
let dropped;
function watch(hash, id) {
  dropped ??= new FinalizationRegistry(hashDrop);
  dropped.register(hash, id, hash);
}

/** Hands the staged bytes of their owner to Go, so that the stage is free. */
function unstage() {
  if (owner !== null && staged > 0) sendTo(owner, stage, staged);
  owner = null;
  staged = 0;
}

function sendTo(hash, data, length) {
  if (hash[kId] === 0) {
    hash[kId] = hash[kKey] === null ? hashUpdate(0, hash[kAlgorithm].id, data, length) : startMac(hash, data, length);
    watch(hash, hash[kId]);
  } else {
    hashUpdate(hash[kId], 0, data, length);
  }
}

function startMac(hash, data, length) {
  const id = hmacStart(hash[kAlgorithm].id, hash[kKey]);
  hashUpdate(id, 0, data, length);
  return id;
}

function add(hash, data, encoding) {
  if (typeof data === 'string') {
    if ((encoding === undefined || encoding === 'utf8') && data.length * 3 <= longest) {
      own(hash, data.length * 3);
      staged += engine.utf8Write(stage, data, staged, stageSize);
      return;
    }
  }
  const bytes = updateData(data, encoding);
  const length = bytes.byteLength;
  if (length > longest) {
    if (owner === hash) unstage();
    sendTo(hash, bytes, -1);
    return;
  }
  own(hash, length);
  engine.copy(bytes, stage, staged, 0, length);
  staged += length;
}

/** The stage is `hash`'s and has room for n bytes. */
function own(hash, n) {
  stage ??= Buffer.allocUnsafeSlow(stageSize);
  if (owner !== hash || staged + n > stageSize) {
    unstage();
    owner = hash;
  }
}

/** Ends the hash; the digest is in the buffer that comes back, from its beginning. */
function finish(hash) {
  const size = hash[kSize];
  stage ??= Buffer.allocUnsafeSlow(stageSize);
  const out = size > stageSize ? Buffer.allocUnsafeSlow(size) : stage;
  const id = hash[kId];
  let n = 0;
  if (owner === hash) {
    n = staged;
  } else if (id === 0) {
    unstage();
  } else if (owner !== null) {
    unstage();
  }
  owner = null;
  staged = 0;
  if (id !== 0) {
    dropped.unregister(hash);
    hash[kId] = 0;
    hashDigest(id, hash[kKey] === null ? hash[kAlgorithm].id : -1, stage, n, out, size);
  } else if (hash[kKey] === null) {
    hashOnce(hash[kAlgorithm].id, stage, n, out, size);
  } else {
    hmacOnce(hash[kAlgorithm].id, hash[kKey], stage, n, out);
  }
  return out;
}

function textOrBuffer(bytes, size, encoding) {
  if (encoding === 'hex') return engine.hexSlice(bytes, 0, size);
  if (encoding === 'base64') return engine.base64Slice(bytes, 0, size);
  return encoded(bytes === stage ? Buffer.from(bytes.subarray(0, size)) : bytes, encoding);
}

/**
 * @constructor
 * @param {string} name
 * @param {any} [options]
 * @returns {void}
 */
function Hash(name, options) {
  if (!(this instanceof Hash)) return new Hash(name, options);
  validateString(name, 'algorithm');
  init(this, name, options);
}
Object.setPrototypeOf(Hash.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Hash, LazyTransform);

let shakeWarned = false;

function warnOfShake() {
  if (shakeWarned || !require('buffer/deprecation').pendingDeprecation()) return;
  shakeWarned = true;
  process.emitWarning(
    'Creating SHAKE128/256 digests without an explicit options.outputLength is deprecated.',
    'DeprecationWarning',
    'DEP0198',
  );
}

function init(hash, name, options, isCopy) {
  const a = algorithmOf(name);
  let size;
  if (options !== undefined && options !== null && options.outputLength !== undefined) {
    size = options.outputLength;
    validateUint32(size, 'options.outputLength');
  }
  if (a === null) throw unsupported(name, 'Digest method not supported');
  checkLength(a, size);
  if (size === undefined && a.xof && !isCopy) warnOfShake();
  LazyTransform.call(hash, options);
  hash[kAlgorithm] = a;
  hash[kSize] = size === undefined ? a.size : size;
  hash[kKey] = null;
  hash[kId] = 0;
  hash[kFinalized] = false;
  hash[kDigest] = null;
}

function checkLength(a, size) {
  if (size !== undefined && !a.xof && size !== a.size) {
    throw genericError('error:030000B2:digital envelope routines::not XOF or invalid length', {
      library: 'digital envelope routines',
      reason: 'not XOF or invalid length',
      code: 'ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH',
    });
  }
}

Hash.prototype.copy = function (options) {
  if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  const copy = Object.create(Hash.prototype);
  init(copy, this[kAlgorithm].name, options, true);
  if (owner === this) unstage();
  if (this[kId] !== 0) {
    copy[kId] = hashCopy(this[kId]);
    watch(copy, copy[kId]);
  }
  return copy;
};

Hash.prototype._transform = function (chunk, encoding, callback) {
  add(this, chunk, typeof chunk === 'string' ? encoding : undefined);
  callback();
};

Hash.prototype._flush = function (callback) {
  this[kDigest] ??= textOrBuffer(finish(this), this[kSize], undefined);
  this.push(this[kDigest]);
  callback();
};

/**
 * @param {string | ArrayBufferView} data
 * @param {string} [encoding] of a string
 */
Hash.prototype.update = function (data, encoding) {
  if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  if (this[kDigest] !== null) throw new ERR_CRYPTO_HASH_UPDATE_FAILED();
  add(this, data, encoding);
  return this;
};

/** @param {string} [encoding] */
Hash.prototype.digest = function (encoding) {
  if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
  if (encoding !== undefined && typeof encoding !== 'string') encoding = `${encoding}`;
  if (encoding !== undefined) encoding = encoding.toLowerCase();
  this[kFinalized] = true;
  if (this[kDigest] !== null) return encoded(this[kDigest], encoding);
  return textOrBuffer(finish(this), this[kSize], encoding);
};

/**
 * @constructor
 * @param {string} name
 * @param {any} key
 * @param {any} [options]
 * @returns {void}
 */
function Hmac(name, key, options) {
  if (!(this instanceof Hmac)) return new Hmac(name, key, options);
  validateString(name, 'hmac');
  const bytes = require('crypto/keys').secretBytes(key, options);
  const a = algorithmOf(name);
  if (a === null) throw new ERR_CRYPTO_INVALID_DIGEST(name);
  if (a.xof) throw new Error('error:00000000:lib(0)::reason(0)');
  LazyTransform.call(this, options);
  this[kAlgorithm] = a;
  this[kSize] = a.size;
  this[kKey] = bytes;
  this[kId] = 0;
  this[kFinalized] = false;
  this[kDigest] = null;
}
Object.setPrototypeOf(Hmac.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Hmac, LazyTransform);

/** A secret is no matter for a log. */
Hash.prototype[Symbol.for('nodejs.util.inspect.custom')] = function (depth, options, inspect) {
  if (depth < 0) return `[${this.constructor.name}]`;
  return `${this.constructor.name} ${inspect(
    { algorithm: this[kAlgorithm]?.name, outputLength: this[kSize] },
    { ...options, depth: null },
  )}`;
};
Hmac.prototype[Symbol.for('nodejs.util.inspect.custom')] = Hash.prototype[Symbol.for('nodejs.util.inspect.custom')];

Hmac.prototype.update = Hash.prototype.update;
Hmac.prototype._transform = Hash.prototype._transform;
Hmac.prototype._flush = Hash.prototype._flush;
Hmac.prototype.digest = function (encoding) {
  if (this[kFinalized]) return encoded(Buffer.alloc(0), encoding);
  return Hash.prototype.digest.call(this, encoding);
};

/**
 * @param {string} name
 * @param {any} [options]
 */
function createHash(name, options) {
  return new Hash(name, options);
}

/**
 * @param {string} name
 * @param {any} key
 * @param {any} [options]
 */
function createHmac(name, key, options) {
  return new Hmac(name, key, options);
}

/**
 * The digest of one piece.
 * @param {string} name
 * @param {string | ArrayBufferView} input
 * @param {string | { outputEncoding?: string, outputLength?: number }} [options]
 */
function hash(name, input, options) {
  validateString(name, 'algorithm');
  if (typeof input !== 'string' && !ArrayBuffer.isView(input)) {
    throw new ERR_INVALID_ARG_TYPE('input', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
  }
  let encoding;
  let size;
  if (typeof options === 'string') {
    encoding = options;
  } else if (options !== undefined) {
    require('shared/validators').validateObject(options, 'options');
    ({ outputEncoding: encoding, outputLength: size } = options);
    if (size !== undefined) validateUint32(size, 'outputLength');
  }
  if (encoding === undefined) {
    encoding = 'hex';
  } else {
    validateString(encoding, 'outputEncoding');
    if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
      throw new ERR_INVALID_ARG_VALUE('outputEncoding', encoding);
    }
    encoding = encoding.toLowerCase();
  }
  const a = algorithmOf(name);
  if (a === null) throw unsupported(name, `Digest method ${name} is not supported`);
  if (size !== undefined && !a.xof && size !== a.size) {
    throw new Error(`Output length ${size} is invalid for ${name}, which does not support XOF`);
  }
  if (size === undefined) {
    size = a.size;
    if (a.xof) warnOfShake();
  }
  stage ??= Buffer.allocUnsafeSlow(stageSize);
  if (owner !== null) unstage();
  const out = size > stageSize ? Buffer.allocUnsafeSlow(size) : stage;
  hashOnce(a.id, input, -1, out, size);
  return textOrBuffer(out, size, encoding);
}

const hashNames = (
  'RSA-MD5 RSA-RIPEMD160 RSA-SHA1 RSA-SHA1-2 RSA-SHA224 RSA-SHA256 RSA-SHA3-224 RSA-SHA3-256 ' +
  'RSA-SHA3-384 RSA-SHA3-512 RSA-SHA384 RSA-SHA512 RSA-SHA512/224 RSA-SHA512/256 blake2b512 blake2s256 ' +
  'id-rsassa-pkcs1-v1_5-with-sha3-224 id-rsassa-pkcs1-v1_5-with-sha3-256 id-rsassa-pkcs1-v1_5-with-sha3-384 ' +
  'id-rsassa-pkcs1-v1_5-with-sha3-512 md5 md5-sha1 md5WithRSAEncryption ripemd ripemd160 ripemd160WithRSA rmd160 ' +
  'sha1 sha1WithRSAEncryption sha224 sha224WithRSAEncryption sha256 sha256WithRSAEncryption sha3-224 sha3-256 ' +
  'sha3-384 sha3-512 sha384 sha384WithRSAEncryption sha512 sha512-224 sha512-224WithRSAEncryption sha512-256 ' +
  'sha512-256WithRSAEncryption sha512WithRSAEncryption shake128 shake256 ssl3-md5 ssl3-sha1'
).split(' ');

/** @returns {string[]} */
function getHashes() {
  return hashNames.slice();
}

module.exports = { Hash, Hmac, algorithmOf, createHash, createHmac, getHashes, hash };

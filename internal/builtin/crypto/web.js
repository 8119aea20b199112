'use strict';

// globalThis.crypto.

const { later } = require('shared/later');
const c = require('crypto');

class Crypto {
  getRandomValues(array) { return c.randomFillSync(array); }
  randomUUID(options) { return c.randomUUID(options); }
  get subtle() { return later('crypto.subtle')(); }
}
class CryptoKey {}
class SubtleCrypto {}

module.exports = { bytesOfCryptoKey: () => undefined, Crypto, CryptoKey, SubtleCrypto, crypto: new Crypto() };

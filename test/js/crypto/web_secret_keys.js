'use strict';

// Web Crypto's secret keys, as hono, jose and pg's SCRAM use them: HMAC, AES, PBKDF2, HKDF. Values are Node's.

const assert = require('assert');
const { subtle } = globalThis.crypto;

const b = Buffer.alloc(32, 1);
const hex = (data) => Buffer.from(data).toString('hex');
const hmac = { name: 'HMAC', hash: 'SHA-256' };

let done = false;
process.on('exit', () => assert.ok(done, 'a promise was never settled'));

(async () => {
  const key = await subtle.importKey('raw', b, hmac, true, ['verify', 'sign']);
  assert.deepStrictEqual([key.type, key.extractable, key.usages], ['secret', true, ['sign', 'verify']]);
  assert.deepStrictEqual(key.algorithm, { name: 'HMAC', length: 256, hash: { name: 'SHA-256' } });
  const mac = await subtle.sign('HMAC', key, Buffer.from('a'));
  assert.strictEqual(hex(mac), '8fed454e4af2e38d7a0c4f0345a12d8ca418554236df19d57b6a239c212bd8ea');
  assert.strictEqual(await subtle.verify('HMAC', key, mac, Buffer.from('a')), true);
  assert.strictEqual(await subtle.verify('HMAC', key, mac, Buffer.from('b')), false);
  const jwk = await subtle.exportKey('jwk', key);
  assert.deepStrictEqual(jwk, {
    key_ops: ['sign', 'verify'],
    ext: true,
    alg: 'HS256',
    kty: 'oct',
    k: b.toString('base64url'),
  });
  const again = await subtle.importKey('jwk', jwk, hmac, false, ['sign']);
  await assert.rejects(subtle.exportKey('raw', again), {
    name: 'InvalidAccessError',
    message: 'key is not extractable',
  });
  assert.deepStrictEqual(structuredClone(key), key);
  assert.notDeepStrictEqual(again, key);

  const gcm = await subtle.importKey('raw', b, 'aes-gcm', false, ['encrypt', 'decrypt']);
  const sealed = { name: 'AES-GCM', iv: Buffer.alloc(12, 2), additionalData: b, tagLength: 96 };
  const box = await subtle.encrypt(sealed, gcm, Buffer.from('hello'));
  assert.strictEqual(hex(box), '6fb3a5252550fb92cdd97b3f6d4912e603');
  assert.strictEqual(Buffer.from(await subtle.decrypt(sealed, gcm, box)).toString(), 'hello');
  new Uint8Array(box)[0] ^= 1;
  await assert.rejects(subtle.decrypt(sealed, gcm, box), { name: 'OperationError' });

  // A counter of 4 bits wraps around within the message.
  const ctr = await subtle.importKey('raw', b.subarray(8), 'AES-CTR', false, ['encrypt', 'decrypt']);
  const counted = { name: 'AES-CTR', counter: Buffer.alloc(16, 255), length: 4 };
  const stream = hex(await subtle.encrypt(counted, ctr, Buffer.alloc(40)));
  assert.strictEqual(stream, '4581fc33ca32b89d044dad8d7d9eb2328bf825059e6c11dc61b5b2df805ccaa37ab235687cce6806');

  const kw = await subtle.importKey('raw', b.subarray(16), 'AES-KW', false, ['wrapKey', 'unwrapKey']);
  const wrapped = await subtle.wrapKey('raw', key, kw, 'AES-KW');
  assert.strictEqual(hex(wrapped), '814077d389f1c1668518172c46593238bab625931973233c1c6389f0b753d388ecddc5b58d3fba0d');
  assert.deepStrictEqual(await subtle.unwrapKey('raw', wrapped, kw, 'AES-KW', hmac, true, key.usages), key);

  const password = await subtle.importKey('raw', Buffer.from('pw'), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  const slow = { name: 'PBKDF2', hash: 'SHA-256', salt: b, iterations: 10 };
  const bits = hex(await subtle.deriveBits(slow, password, 256));
  assert.strictEqual(bits, 'aef6feb39548e987dc0539ea5b9eaeb7218bfa97a3501c0bc7af9116d8b4b328');
  const derived = await subtle.deriveKey(slow, password, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  assert.strictEqual(hex(await subtle.exportKey('raw', derived)), bits);

  const secret = await subtle.importKey('raw', Buffer.from('pw'), 'HKDF', false, ['deriveBits']);
  const quick = { name: 'HKDF', hash: 'SHA-384', salt: b, info: b };
  assert.strictEqual(hex(await subtle.deriveBits(quick, secret, 128)), '542d2689432bbb3ca9d830ae032d211f');

  await assert.rejects(subtle.importKey('raw', b, { name: 'HMAC' }, true, ['sign']), { code: 'ERR_MISSING_OPTION' });
  await assert.rejects(subtle.sign('HMAC', gcm, b), { name: 'InvalidAccessError' });
  await assert.rejects(subtle.importKey('raw', b, 'FOO', true, ['sign']), { name: 'NotSupportedError' });
  const pair = { name: 'ECDSA', namedCurve: 'P-256' };
  await assert.rejects(subtle.generateKey(pair, true, ['sign']), { code: 'ERR_HOB_NOT_YET' });
})().then(() => {
  done = true;
});

// Deriving keys takes place on the pool, in a lane of its own: timers and files go on meanwhile, however many keys there are.
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');

const order = [];
for (let i = 0; i < 4; i++) crypto.pbkdf2('password', 'salt', 300_000, 64, 'sha512', () => order.push('key'));
setTimeout(() => order.push('timer'), 1);
fs.stat('.', () => order.push('file'));
process.on('exit', () => {
  assert.deepStrictEqual(order.slice(0, 2).sort(), ['file', 'timer']);
  assert.deepStrictEqual(order.slice(2), ['key', 'key', 'key', 'key']);
});

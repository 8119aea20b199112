// A program that does not exist: an 'error' event behind the call, with what was tried; thrown by execFileSync.
const assert = require('node:assert');
const { execFile, execFileSync, spawn, spawnSync } = require('node:child_process');

const want = {
  code: 'ENOENT',
  errno: -2,
  syscall: 'spawn no-such-program',
  path: 'no-such-program',
  spawnargs: ['a', 'b'],
  message: 'spawn no-such-program ENOENT',
};
const check = (err) => {
  for (const key of Object.keys(want)) assert.deepStrictEqual(err[key], want[key], key);
};
let seen = 0;
const child = spawn('no-such-program', ['a', 'b']);
assert.strictEqual(child.pid, undefined);
child.on('error', (err) => {
  seen++;
  check(err);
});
execFile('no-such-program', ['a', 'b'], (err, stdout, stderr) => {
  seen++;
  assert.strictEqual(err.code, 'ENOENT');
  assert.strictEqual(err.cmd, 'no-such-program a b');
  assert.strictEqual(stdout + stderr, '');
});
const { error, status, pid } = spawnSync('no-such-program', ['a', 'b']);
assert.deepStrictEqual([error.code, error.syscall, status, pid], ['ENOENT', 'spawnSync no-such-program', null, 0]);
assert.throws(() => execFileSync('no-such-program', ['a', 'b']), { code: 'ENOENT', path: 'no-such-program' });
process.on('exit', () => assert.strictEqual(seen, 2));

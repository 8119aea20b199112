// What a child wrote before process.exit arrives whole, and its code and signal are told.
const assert = require('node:assert');
const { execFile, spawn } = require('node:child_process');

let calls = 0;
execFile(process.execPath, ['-e', `process.stdout.write('x'.repeat(300_000)); process.exit(5)`], (err, stdout) => {
  calls++;
  assert.strictEqual(err.code, 5);
  assert.strictEqual(err.killed, false);
  assert.strictEqual(stdout.length, 300_000);
});
const sleeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
sleeper.on('spawn', () => assert.strictEqual(sleeper.kill(), true));
sleeper.on('close', (code, signal) => {
  calls++;
  assert.deepStrictEqual([code, signal, sleeper.killed], [null, 'SIGTERM', true]);
});
process.on('exit', () => assert.strictEqual(calls, 2));

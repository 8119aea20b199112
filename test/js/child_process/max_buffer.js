// execFile stops a child that prints more than maxBuffer, and gives what came until then.
const assert = require('node:assert');
const { execFile, spawnSync } = require('node:child_process');

const script = `process.stdout.write('x'.repeat(5000))`;
let calls = 0;
execFile(process.execPath, ['-e', script], { maxBuffer: 1000 }, (err, stdout) => {
  calls++;
  assert.ok(err instanceof RangeError);
  assert.strictEqual(err.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
  assert.strictEqual(err.message, 'stdout maxBuffer length exceeded');
  assert.strictEqual(stdout, 'x'.repeat(1000));
});
execFile(process.execPath, ['-e', script], { maxBuffer: 5000 }, (err, stdout) => {
  calls++;
  assert.strictEqual(err, null);
  assert.strictEqual(stdout.length, 5000);
});
const { error, stdout } = spawnSync(process.execPath, ['-e', script], { maxBuffer: 1000 });
assert.strictEqual(error.code, 'ENOBUFS');
assert.ok(stdout.length >= 1000); // the read that went beyond it counts
process.on('exit', () => assert.strictEqual(calls, 2));

// An aborted readFile or writeFile ends once, with an AbortError, whenever the signal came.
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const file = path.join(process.env.TEST_TMP ?? require('node:os').tmpdir(), 'abort.txt');
const aborted = { name: 'AbortError', code: 'ABORT_ERR' };
fs.writeFileSync(file, 'x'.repeat(100_000));
let calls = 0;

const before = AbortSignal.abort('why');
const during = () => {
  const c = new AbortController();
  process.nextTick(() => c.abort());
  return c.signal;
};
for (const signal of [before, during(), during()]) {
  fs.readFile(file, { signal }, (err, data) => {
    calls++;
    assert.strictEqual(err.name, 'AbortError');
    assert.strictEqual(data, undefined);
  });
}
fs.writeFile(file, 'y'.repeat(100_000), { signal: during() }, (err) => {
  calls++;
  assert.strictEqual(err.name, 'AbortError');
});
Promise.all([
  assert.rejects(fs.promises.readFile(file, { signal: before }), aborted),
  assert.rejects(fs.promises.readFile(file, { signal: during() }), aborted),
  assert.rejects(fs.promises.writeFile(file, 'z', { signal: before }), aborted),
  assert.rejects(fs.promises.writeFile(file, 'z', { signal: during() }), aborted),
]).then(() => calls++);
process.on('exit', () => assert.strictEqual(calls, 5));

// System errors have code, errno, syscall, path and Node's message, in all three forms.
const assert = require('node:assert');
const fs = require('node:fs');
const want = {
  code: 'ENOENT',
  errno: -2,
  syscall: 'open',
  path: '/no/such/file',
  message: "ENOENT: no such file or directory, open '/no/such/file'",
};
assert.throws(() => fs.readFileSync('/no/such/file'), want);
fs.readFile('/no/such/file', (err) => {
  for (const key of Object.keys(want)) assert.strictEqual(err[key], want[key]);
});
assert.rejects(fs.promises.readFile('/no/such/file'), want);

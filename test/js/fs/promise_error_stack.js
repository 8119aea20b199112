// An error of fs.promises tells who awaited, and has errno, code, syscall and path.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs/promises');

async function reader() {
  await fs.readFile('/no/such/file');
}

assert
  .rejects(reader, (error) => {
    assert.strictEqual(error.message, "ENOENT: no such file or directory, open '/no/such/file'");
    assert.deepStrictEqual({ ...error }, { errno: -2, code: 'ENOENT', syscall: 'open', path: '/no/such/file' });
    assert.match(error.stack, /at async reader /);
    return true;
  })
  .then(() => {});

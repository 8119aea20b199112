// The three forms of fs agree: synchronous, callback, promise; and a file is what was written.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hob-fs-'));
const file = path.join(dir, 'é.txt');
const text = 'a line – with more than ASCII\n'.repeat(5000);

fs.writeFileSync(file, text);
assert.strictEqual(fs.readFileSync(file, 'utf8'), text);
fs.appendFileSync(file, 'end');
fs.readFile(file, 'latin1', async (error, content) => {
  assert.ifError(error);
  assert.strictEqual(Buffer.from(content, 'latin1').toString(), `${text}end`);
  assert.ok((await fs.promises.readFile(file)).equals(Buffer.from(`${text}end`)));
  assert.strictEqual(
    (await fs.promises.stat(file)).size,
    fs.statSync(file, { bigint: true }).size === 0n ? -1 : Buffer.byteLength(text) + 3,
  );
  assert.deepStrictEqual(await fs.promises.readdir(dir), ['é.txt']);
  fs.rmSync(dir, { recursive: true });
  assert.strictEqual(fs.existsSync(dir), false);
});

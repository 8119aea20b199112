// A read stream gives the bytes from start to end, both included, in chunks of highWaterMark; a write stream puts them
// where it starts.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hob-fs-'));
const file = path.join(dir, 'x');
const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => i & 255));
fs.writeFileSync(file, bytes);

const chunks = [];
fs.createReadStream(file, { start: 10, end: 109, highWaterMark: 30 })
  .on('data', (chunk) => chunks.push(chunk))
  .on('close', () => {
    assert.deepStrictEqual(
      chunks.map((c) => c.length),
      [30, 30, 30, 10],
    );
    assert.ok(Buffer.concat(chunks).equals(bytes.subarray(10, 110)));
    const out = fs.createWriteStream(file, { flags: 'r+', start: 500 });
    out.write('ab');
    out.write('cd');
    out.end('ef', () => {
      assert.strictEqual(out.bytesWritten, 6);
      const now = fs.readFileSync(file);
      assert.strictEqual(now.toString('latin1', 500, 506), 'abcdef');
      assert.strictEqual(now.length, 1000);
      fs.rmSync(dir, { recursive: true });
    });
  });

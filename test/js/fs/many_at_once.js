// Two hundred files written, read and removed at once: the pool works them off and every answer goes to its question.
const assert = require('node:assert');
const fs = require('node:fs/promises');
const path = require('node:path');

async function main() {
  const dir = await fs.mkdtemp(path.join(process.env.TEST_TMP ?? require('node:os').tmpdir(), 'many-'));
  const names = Array.from({ length: 200 }, (_, i) => path.join(dir, `file ${i}`));
  await Promise.all(names.map((name, i) => fs.writeFile(name, `content ${i}`)));
  const texts = await Promise.all(names.map((name) => fs.readFile(name, 'utf8')));
  texts.forEach((text, i) => assert.strictEqual(text, `content ${i}`));
  await fs.rm(dir, { recursive: true });
  await assert.rejects(fs.stat(dir), { code: 'ENOENT' });
}
main();

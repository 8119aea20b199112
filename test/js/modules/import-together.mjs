// import() reads its graph ahead, without blocking: what several imports and a require() that come in between share runs
// once, failures take nothing with them that others use, and what failed is tried again.
import assert from 'node:assert';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'hob-import-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
const write = (files) => {
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(dir, name), text);
};
const at = (name) => path.join(dir, name);
globalThis.ran = [];
const ran = (name) => `globalThis.ran.push('${name}');`;
write({
  'a.mjs': `import './b.mjs'; import './shared.mjs'; ${ran('a')} export { b } from './b.mjs';`,
  'b.mjs': `import './a.mjs'; import './shared.mjs'; await null; ${ran('b')} export const b = 1;`,
  'c.mjs': `import './shared.mjs'; import missing from './missing.mjs';`,
  'd.mjs': `import './c.mjs'; import './shared.mjs'; ${ran('d')}`,
  'shared.mjs': `import x from './x.cjs'; import { named } from './y.cjs'; ${ran('shared')} export default [x, named];`,
  'x.cjs': `${ran('x')} module.exports = { x: 1 };`,
  'y.cjs': `${ran('y')} module.exports = require('./z.cjs');`,
  'z.cjs': `exports.named = 2;`,
  'r.mjs': `import './shared.mjs'; ${ran('r')} export default 3;`,
  'typed.mts': `import './shared.mjs'; enum E { A = 5 } export default E.A as number;`,
  'broken.mts': `const x: = 1;`,
});
const url = (name) => `file://${at(name)}`;
const reason = (p) => p.then(assert.fail, (err) => err);

const together = Promise.all([
  import(url('a.mjs')),
  import(url('b.mjs')),
  reason(import(url('c.mjs'))),
  reason(import(url('d.mjs'))),
  import(url('r.mjs')),
  import(url('typed.mts')),
  reason(import(url('broken.mts'))),
]);
// Now, in the middle of it.
assert.strictEqual(createRequire(import.meta.url)(at('r.mjs')).default, 3);
assert.deepStrictEqual(globalThis.ran, ['x', 'y', 'shared', 'r']);

const [a, b, c, d, r, typed, broken] = await together;
assert.strictEqual(a.b, 1);
assert.strictEqual(b.b, 1);
assert.strictEqual(c.code, 'ERR_MODULE_NOT_FOUND');
assert.match(c.message, /missing\.mjs' imported from .*c\.mjs$/);
assert.strictEqual(d.code, 'ERR_MODULE_NOT_FOUND');
assert.strictEqual(r.default, 3);
assert.strictEqual(typed.default, 5);
assert.strictEqual(broken.code, 'ERR_INVALID_TYPESCRIPT_SYNTAX');
assert.match(broken.stack, /broken\.mts:1\nconst x: = 1;\n {9}\^/);
assert.deepStrictEqual(globalThis.ran, ['x', 'y', 'shared', 'r', 'b', 'a']);

// What failed is tried again, and what it shares with others does not run again.
write({ 'missing.mjs': 'export default 4;', 'broken.mts': 'export const x: number = 1;' });
await import(url('d.mjs'));
assert.strictEqual((await import(url('broken.mts'))).x, 1);
assert.strictEqual((await import(url('shared.mjs'))).default[1], 2);
assert.deepStrictEqual(globalThis.ran, ['x', 'y', 'shared', 'r', 'b', 'a', 'd']);

// What is loaded needs no file: it comes before a tick of the loop.
let ticked = false;
setImmediate(() => {
  ticked = true;
});
assert.strictEqual(await import(url('a.mjs')), a);
assert.strictEqual((await import('node:fs')).default, fs);
assert.strictEqual(ticked, false);

const error = await reason(import(url('unexported.mjs')));
assert.strictEqual(error.code, 'ERR_MODULE_NOT_FOUND');
write({ 'unexported.mjs': `import { no } from './shared.mjs';` });
const first = await reason(import(url('unexported.mjs')));
assert.strictEqual(first.name, 'SyntaxError');
assert.strictEqual(await reason(import(url('unexported.mjs'))), first);

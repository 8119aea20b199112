// module.register: hooks in a thread of their own, asked by import() without blocking and by require() and
// import.meta.resolve with; what they throw, and where they end.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createRequire, register } from 'node:module';

globalThis.inProgram = true;
assert.throws(() => register('./fixtures/hooks.mjs', import.meta.url, { data: { fail: true } }), {
  name: 'RangeError',
  code: 'ERR_HERE',
  message: 'not so',
});
assert.throws(() => register('./fixtures/no-hooks.mjs', import.meta.url), { code: 'ERR_MODULE_NOT_FOUND' });
assert.throws(() => register('./fixtures/hooks.mjs', import.meta.url, { data: () => {} }), { name: 'DataCloneError' });
register('./fixtures/hooks.mjs', { parentURL: import.meta.url, data: { prefix: 'one:' } });
register('./fixtures/hooks.mjs?2', import.meta.url, { data: { prefix: 'two:' } });

let ticks = 0;
const timer = setInterval(() => {
  ticks++;
}, 1);
const [one, two] = await Promise.all([import('one:a'), import('two:b')]);
assert.deepStrictEqual(one.default, ['a', 'undefined']);
assert.deepStrictEqual(two.default, ['b', 'undefined']);
while (ticks === 0) await import(`one:${Math.random()}`);
clearInterval(timer);

assert.strictEqual(await import('one:a'), one);
assert.strictEqual(import.meta.resolve('two:x'), 'two:x');
assert.strictEqual(import.meta.resolve('fs'), 'node:fs');
await assert.rejects(import('one:throws'), { name: 'TypeError', message: 'as asked' });
await assert.rejects(import('three:x'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });

// The rest of the world is as it was.
const require = createRequire(import.meta.url);
assert.strictEqual(require('./fixtures/plain.cjs').plain, 1);
assert.strictEqual((await import('./fixtures/plain.cjs')).plain, 1);
assert.strictEqual((await import('./fixtures/data.json', { with: { type: 'json' } })).default.answer, 42);

const run = (hooks, code) => {
  const loader = `data:text/javascript,${encodeURIComponent(hooks)}`;
  return spawnSync(
    process.execPath,
    ['--no-warnings', '--experimental-loader', loader, '--input-type=module', '-e', code],
    {
      encoding: 'utf8',
    },
  );
};
assert.strictEqual(run('export function resolve() { process.exit(42) }', 'import "x"').status, 42);
assert.strictEqual(run('process.exit(43)', '').status, 43);
const { status, stdout } = run(
  'export const load = (u, c, n) => n(u, c)',
  'import os from "os"; console.log(typeof os)',
);
assert.strictEqual(stdout, 'object\n');
assert.strictEqual(status, 0);

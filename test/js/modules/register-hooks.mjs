// module.registerHooks: what the hooks see and may answer, for require() and import alike, once for each module.
import assert from 'node:assert';
import { createRequire, registerHooks } from 'node:module';

const require = createRequire(import.meta.url);
const seen = [];
const name = (url) => url.replace(/^.*\//, '');
const watch = registerHooks({
  resolve(specifier, context, next) {
    const result = next(specifier, context);
    assert.ok(context.conditions.includes('node'));
    seen.push(`resolve ${name(specifier)} ${result.format}`);
    return result;
  },
  load(url, context, next) {
    const result = next(url, context);
    seen.push(`load ${name(url)} ${result.format} ${typeof result.source}`);
    return result;
  },
});
const { named } = require('./fixtures/cycle.cjs');
assert.ok(named);
const typed = await import('./fixtures/hooked.mts');
assert.deepStrictEqual(typed.default, { answer: 42, plain: 1 });
watch.deregister();
assert.deepStrictEqual(seen.slice(-6), [
  'resolve hooked.mts module-typescript',
  'load hooked.mts module-typescript object',
  'resolve data.json json',
  'load data.json json object',
  'resolve plain.cjs commonjs',
  'load plain.cjs commonjs object',
]);

// Of a parent without a folder what is relative is relative to wherever the program was started.
const plain = require.resolve('./fixtures/plain.cjs');
const answer = registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('virtual:')) return { url: specifier, format: specifier.slice(8), shortCircuit: true };
    if (specifier === 'silent') return { url: 'virtual:module' };
    return next(specifier === 'renamed' ? plain : specifier, context);
  },
  load(url, context, next) {
    switch (url) {
      case 'virtual:module':
        return { format: 'module', source: Buffer.from('export default 1'), shortCircuit: true };
      case 'virtual:commonjs':
        return { format: 'commonjs', source: 'exports.two = require("renamed").plain + 1', shortCircuit: true };
      case 'virtual:json':
        return { format: 'json', source: '{"three":3}', shortCircuit: true };
      case 'virtual:none':
        return { format: 'none', source: '', shortCircuit: true };
    }
    return next(url, context);
  },
});
for (const load of [require, (s) => import(s)]) {
  assert.strictEqual((await load('virtual:module')).default, 1);
  assert.strictEqual((await load('virtual:commonjs')).two, 2);
  await assert.rejects(async () => load('silent'), { code: 'ERR_INVALID_RETURN_PROPERTY_VALUE' });
}
assert.strictEqual(require('virtual:json').three, 3);
assert.strictEqual((await import('virtual:json', { with: { type: 'json' } })).default.three, 3);
await assert.rejects(import('virtual:none'), { code: 'ERR_UNKNOWN_MODULE_FORMAT' });
answer.deregister();
await assert.rejects(import('renamed'), { code: 'ERR_MODULE_NOT_FOUND' });

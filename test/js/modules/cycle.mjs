// An ES module and a CommonJS one that need each other, top-level await, import.meta and a JSON import.
import assert from 'node:assert';
import { createRequire } from 'node:module';
import path from 'node:path';
import cjs, { named } from './fixtures/cycle.cjs';
import data from './fixtures/data.json' with { type: 'json' };

assert.deepStrictEqual(data, { answer: 42 });
assert.strictEqual(cjs.named, named);
assert.strictEqual(cjs.half.first, 1);
assert.strictEqual(await Promise.resolve(7), 7);
assert.strictEqual(import.meta.filename, path.join(import.meta.dirname, 'cycle.mjs'));
assert.strictEqual(import.meta.main, true);
assert.strictEqual(createRequire(import.meta.url)('./fixtures/cycle.cjs'), cjs);
await assert.rejects(import('./fixtures/missing.mjs'), { code: 'ERR_MODULE_NOT_FOUND' });
assert.throws(() => createRequire(import.meta.url)('./fixtures/missing'), { code: 'MODULE_NOT_FOUND' });

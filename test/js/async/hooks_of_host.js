'use strict';
// Work of the host has ids of its own: init when it is asked for, before and after around its callback, destroy when
// that is done; after comes even when the callback throws. A hook's callbacks find their state by `this`.
const assert = require('node:assert');
const { createHook, executionAsyncId, executionAsyncResource, AsyncResource } = require('node:async_hooks');

const seen = new Map();
const hook = createHook({
  init(id, type, trigger) {
    assert.strictEqual(this, hook);
    if (type === 'FSREQCALLBACK' || type === 'RANDOMBYTESREQUEST' || type === 'Mine') seen.set(id, [type, trigger]);
  },
  before: (id) => seen.get(id)?.push('before'),
  after: (id) => seen.get(id)?.push('after'),
  destroy: (id) => seen.get(id)?.push('destroy'),
}).enable();

let inFs;
require('node:fs').stat(__filename, () => {
  inFs = executionAsyncId();
  assert.strictEqual(typeof executionAsyncResource(), 'object');
  new AsyncResource('Mine').runInAsyncScope(() => {
    require('node:crypto').randomBytes(4, () => {
      throw new Error('bye');
    });
  });
});
process.once('uncaughtException', (error) => {
  assert.strictEqual(error.message, 'bye');
  assert.strictEqual(seen.get(executionAsyncId())[0], 'RANDOMBYTESREQUEST');
});
process.on('exit', () => {
  const all = [...seen.values()];
  const mine = [...seen].find(([, [type]]) => type === 'Mine');
  assert.deepStrictEqual(seen.get(inFs), ['FSREQCALLBACK', 1, 'before', 'after', 'destroy']);
  assert.deepStrictEqual(all.find(([type]) => type === 'RANDOMBYTESREQUEST').slice(1, 4), [mine[0], 'before', 'after']);
  assert.deepStrictEqual(mine[1].slice(0, 4), ['Mine', inFs, 'before', 'after']);
});

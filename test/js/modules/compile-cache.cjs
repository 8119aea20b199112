// module.enableCompileCache: the second run compiles with what the first has written; a changed text does not.
const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hob-cache-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
fs.writeFileSync(path.join(dir, 'main.cjs'), `require('./part.cjs'); import('./module.mjs');`);
fs.writeFileSync(path.join(dir, 'part.cjs'), 'exports.f = function () { return 1; }; exports.f();');
fs.writeFileSync(path.join(dir, 'module.mjs'), 'console.log(1);');

function run() {
  const { status, stderr, stdout } = spawnSync(process.execPath, [path.join(dir, 'main.cjs')], {
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(dir, 'cache'), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
  });
  assert.strictEqual(status, 0, stderr);
  assert.strictEqual(stdout, '1\n');
  return ['accepted', 'not initialized', 'writing', 'mismatch'].map((word) => stderr.split(word).length - 1);
}
assert.deepStrictEqual(run(), [0, 3, 3, 0]);
assert.deepStrictEqual(run(), [3, 0, 0, 0]);
fs.appendFileSync(path.join(dir, 'part.cjs'), '\n// changed');
assert.deepStrictEqual(run(), [2, 1, 1, 1]);
assert.deepStrictEqual(run(), [3, 0, 0, 0]);

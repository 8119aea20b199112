// The compile cache leaves alone what a patched Module.wrapper makes: V8 has no code to keep of that, and ended the process.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const dir = mkdtempSync(join(require('node:os').tmpdir(), 'hob-cache-'));
writeFileSync(join(dir, 'b.js'), 'exports.a = 1;');
const source = `const { Module } = require('module'); Module.wrapper = Module.wrapper; console.log(require('${dir}/b.js').a)`;
const env = { ...process.env, NODE_COMPILE_CACHE: join(dir, 'cache') };
const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', source], { env, encoding: 'utf8' });
rmSync(dir, { recursive: true });
assert.deepStrictEqual([status, stdout], [0, '1\n'], stderr);

// --trace-exit tells who ends the program, and --trace-uncaught where something that is no error was thrown.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const leave = 'function leave() { process.exit(3); } leave();';
const told = run('--trace-exit', '-e', leave);
assert.strictEqual(told.status, 3);
assert.match(
  told.stderr,
  /^\(node:\d+\) WARNING: Exited the environment with code 3\n {4}at .*exit .*\n {4}at leave \(/,
);
assert.strictEqual(run('-e', leave).stderr, '');
assert.strictEqual(run('--trace-exit', '-e', '1').stderr, '');

const plain = run('-e', 'throw "text"').stderr;
assert.match(plain, /Use `node --trace-uncaught/);
const traced = run('--trace-uncaught', '-e', 'throw "text"').stderr;
assert.match(traced, /\ntext\nThrown at:\n {4}at \[eval\]:1:1\n/);
assert.doesNotMatch(traced, /Use `node/);

// A child's standard streams are pipes, both ways, to the last byte.
const assert = require('node:assert');
const { spawn } = require('node:child_process');

const echo = `process.stdin.on('data', (d) => process.stdout.write(d)).on('end', () => process.stderr.write('end'));`;
const child = spawn(process.execPath, ['-e', echo]);
const sent = Buffer.alloc(1_000_000, '0123456789abcdef');
const got = [];
let errors = '';
const order = [];
child.stdout.on('data', (d) => got.push(d));
child.stderr.setEncoding('utf8').on('data', (d) => {
  errors += d;
});
child.on('exit', (code, signal) => order.push('exit', code, signal));
child.on('close', (code, signal) => {
  order.push('close', code, signal);
  assert.ok(Buffer.concat(got).equals(sent));
  assert.strictEqual(errors, 'end');
});
child.stdin.end(sent);
process.on('exit', () => assert.deepStrictEqual(order, ['exit', 0, null, 'close', 0, null]));

'use strict';

// The synchronous calls that don't go through Go: what they answer with, and their errors, for every kind of path.

const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sync-calls-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));
const at = (name) => path.join(dir, name);

// Names of one byte a character, of two, of bytes; a lone surrogate is U+FFFD.
for (const name of [
  'plain',
  'caf\u00e9',
  '\u65e5\u672c',
  '\ud83d\ude00',
  '\ud800',
  Buffer.from('bytes\xff', 'latin1'),
]) {
  const file = typeof name === 'string' ? at(name) : Buffer.concat([Buffer.from(`${dir}/`), name]);
  assert.strictEqual(fs.existsSync(file), false);
  fs.writeFileSync(file, 'sch\u00f6n \u65e5\u672c');
  assert.strictEqual(fs.existsSync(file), true);
  fs.accessSync(file, fs.constants.R_OK);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'sch\u00f6n \u65e5\u672c');
  assert.strictEqual(fs.readFileSync(file, 'latin1').length, 13);
  assert.strictEqual(fs.statSync(file).size, 13);
  assert.strictEqual(fs.statSync(file, { bigint: true }).size, 13n);
  const fd = fs.openSync(file, 'r+');
  assert.strictEqual(fs.fstatSync(fd).ino, fs.lstatSync(file).ino);
  assert.strictEqual(fs.writeSync(fd, '\u00fc', 3), 2);
  assert.strictEqual(fs.writeSync(fd, new Uint16Array([0x4141]), 0, 1, 0n), 1);
  const tiny = new Uint8Array(8); // lies on V8's heap
  assert.strictEqual(fs.readSync(fd, tiny, 2, 5, 0), 5);
  assert.deepStrictEqual([...tiny], [0, 0, 0x41, 0x63, 0x68, 0xc3, 0xbc, 0]);
  assert.strictEqual(fs.readSync(fd, tiny, { position: 13 }), 0);
  assert.strictEqual(fs.readSync(fd, tiny, 0, 2, null), 2);
  assert.strictEqual(fs.readSync(fd, tiny, 0, 2, -1), 2);
  fs.closeSync(fd);
}

// The file's own content, not what a Buffer's memory held before.
fs.writeFileSync(at('empty'), '');
assert.strictEqual(fs.readFileSync(at('empty')).length, 0);
assert.strictEqual(fs.readFileSync(at('empty'), 'utf8'), '');
fs.writeFileSync(at('large'), Buffer.alloc(3 << 20, 'x'));
assert.strictEqual(fs.readFileSync(at('large'), 'utf8'), 'x'.repeat(3 << 20));
assert.strictEqual(fs.readFileSync(at('large')).buffer.byteLength, 3 << 20);
fs.appendFileSync(at('large'), 'y');
assert.strictEqual(fs.readFileSync(at('large')).at(-1), 'y'.charCodeAt(0));
fs.writeFileSync(at('broken'), Buffer.from([0x61, 0xff, 0x62]));
assert.strictEqual(fs.readFileSync(at('broken'), 'utf8'), 'a\ufffdb');
// Files without a size.
assert.match(fs.readFileSync('/proc/self/status', 'utf8'), /^Name:/);
assert.ok(fs.readFileSync('/proc/self/cmdline').length > 0);

assert.strictEqual(fs.realpathSync.native(dir + '/.//'), fs.realpathSync(dir));
assert.strictEqual(fs.realpathSync.native(dir, 'buffer').toString(), fs.realpathSync(dir));

const missing = at('missing');
assert.strictEqual(fs.statSync(missing, { throwIfNoEntry: false }), undefined);
assert.strictEqual(fs.lstatSync(missing, { throwIfNoEntry: false }), undefined);
assert.strictEqual(fs.statSync(at('plain/below'), { throwIfNoEntry: false }), undefined);
assert.throws(() => fs.lstatSync(at('plain/below'), { throwIfNoEntry: false }), { code: 'ENOTDIR' });

function fails(call, fields, message) {
  assert.throws(call, (error) => {
    assert.deepStrictEqual({ ...error }, fields);
    assert.deepStrictEqual(Object.keys(error), Object.keys(fields));
    assert.strictEqual(error.message, message);
    assert.strictEqual(error.constructor, Error);
    assert.ok(error.stack.startsWith(`Error: ${message}\n    at `), error.stack);
    return true;
  });
}

const enoent = (syscall, p = missing) => [
  { errno: -2, code: 'ENOENT', syscall, path: p },
  `ENOENT: no such file or directory, ${syscall} '${p}'`,
];
fails(() => fs.statSync(missing), ...enoent('stat'));
fails(() => fs.lstatSync(missing), ...enoent('lstat'));
fails(() => fs.accessSync(missing), ...enoent('access'));
fails(() => fs.openSync(missing), ...enoent('open'));
fails(() => fs.openSync(Buffer.from(missing)), ...enoent('open'));
fails(() => fs.readFileSync(missing), ...enoent('open'));
fails(() => fs.realpathSync.native(missing), ...enoent('realpath'));
fails(() => fs.writeFileSync(`${missing}/x`, ''), ...enoent('open', `${missing}/x`));
fails(() => fs.statSync(''), ...enoent('stat', ''));
fails(
  () => fs.readFileSync(dir),
  { errno: -21, code: 'EISDIR', syscall: 'read' },
  'EISDIR: illegal operation on a directory, read',
);
const long = `/${'x'.repeat(5000)}`;
for (const p of [long, `${long}\u00e9`, `/${'\u00e9'.repeat(3000)}`]) {
  assert.strictEqual(fs.existsSync(p), false);
  assert.throws(() => fs.statSync(p), { code: 'ENAMETOOLONG', path: p });
  assert.throws(() => fs.readFileSync(p), { code: 'ENAMETOOLONG', path: p });
}
const closed = fs.openSync(at('plain'));
fs.closeSync(closed);
fails(() => fs.closeSync(closed), { errno: -9, code: 'EBADF', syscall: 'close' }, 'EBADF: bad file descriptor, close');
fails(() => fs.fstatSync(closed), { errno: -9, code: 'EBADF', syscall: 'fstat' }, 'EBADF: bad file descriptor, fstat');
assert.throws(() => fs.readSync(closed, Buffer.alloc(1)), { code: 'EBADF', syscall: 'read' });
assert.throws(() => fs.writeSync(closed, 'x'), { code: 'EBADF', syscall: 'write' });
assert.throws(() => fs.readFileSync(closed), { code: 'EBADF' });
if (fs.existsSync('/dev/full')) {
  fails(
    () => fs.writeFileSync('/dev/full', 'x'),
    { errno: -28, code: 'ENOSPC', syscall: 'write' },
    'ENOSPC: no space left on device, write',
  );
}

// Many small writes gathered, and ranges of a larger memory.
{
  const fd = fs.openSync(at('gathered'), 'w');
  const whole = Buffer.from('0123456789'.repeat(100));
  const parts = Array.from({ length: 300 }, (_, i) => whole.subarray(i % 90, (i % 90) + (i % 7)));
  fs.writev(fd, parts, (error, written) => {
    assert.ifError(error);
    const all = Buffer.concat(parts);
    assert.strictEqual(written, all.length);
    fs.writev(fd, parts, 5, (failure, again) => {
      assert.ifError(failure);
      assert.strictEqual(again, all.length);
      assert.deepStrictEqual(fs.readFileSync(at('gathered')), Buffer.concat([all.subarray(0, 5), all]));
      fs.closeSync(fd);
      // Listings that use the same memory again don't mix.
      const names = fs.readdirSync(dir);
      const first = fs.readdirSync(dir, 'buffer');
      fs.readdirSync('/');
      assert.deepStrictEqual(first, fs.readdirSync(dir, 'buffer'));
      assert.deepStrictEqual([...names].sort(), [...fs.readdirSync(dir)].sort());
      assert.ok(names.includes('gathered'));
    });
  });
}

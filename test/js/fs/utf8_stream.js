'use strict';
// fs.Utf8Stream: writes gather up to minLength, flush and end write them all, a full pipe loses and tears nothing, and
// reopen() goes on in a new file.
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const finished = [];
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hob-utf8-stream-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true }));

const file = path.join(dir, 'deep', 'a.log');
const log = new fs.Utf8Stream({ dest: file, mkdir: true, minLength: 100 });
log.once('ready', () => {
  log.write('one \u2603\n');
  assert.strictEqual(fs.readFileSync(file, 'utf8'), '');
  log.flush((err) => {
    assert.ifError(err);
    assert.strictEqual(fs.readFileSync(file, 'utf8'), 'one \u2603\n');
    fs.renameSync(file, `${file}.1`);
    log.reopen();
    log.once('ready', () => {
      log.write('two\n');
      log.end();
      log.on('finish', () => {
        assert.strictEqual(fs.readFileSync(`${file}.1`, 'utf8'), 'one \u2603\n');
        assert.strictEqual(fs.readFileSync(file, 'utf8'), 'two\n');
        finished.push('reopen');
      });
    });
  });
});

// A descriptor that takes seven bytes at a time, in the midst of characters.
const slow = path.join(dir, 'slow.log');
const text = '\u{1f332}\u20ac\u00e9x'.repeat(20);
const stream = new fs.Utf8Stream({
  dest: slow,
  sync: true,
  fs: {
    writeSync: (fd, chunk) => fs.writeSync(fd, Buffer.from(chunk).subarray(0, 7)),
  },
});
stream.write(text);
stream.end();
stream.on('close', () => {
  assert.strictEqual(fs.readFileSync(slow, 'utf8'), text);
  finished.push('slow');
});

const bounded = new fs.Utf8Stream({ fd: fs.openSync(path.join(dir, 'c'), 'w'), minLength: 50, maxLength: 10 });
bounded.on('drop', (data) => finished.push(data));
bounded.write('0123456789');
bounded.write('too much');
bounded.destroy();
assert.throws(() => bounded.write('x'), { code: 'ERR_INVALID_STATE' });

process.on('exit', () => assert.deepStrictEqual(finished.sort(), ['reopen', 'slow', 'too much']));

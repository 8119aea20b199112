'use strict';

// A program that prints for ever into a pipe whose reader has gone ends, as in Node: the first failure is forgiven, the
// next is an uncaught 'error', which tells where it was emitted.

const assert = require('assert');
const { execFile } = require('child_process');

const program = 'setInterval(() => console.log("a"), 5)';
const script = `{ "$0" -e '${program}'; echo "code $?" >&2; } | head -1`;
execFile('sh', ['-c', script, process.execPath], { timeout: 20_000 }, (error, out, err) => {
  assert.ifError(error);
  assert.strictEqual(out, 'a\n');
  assert.match(err, /EPIPE[^]*Emitted 'error' event on SyncWriteStream instance at:[^]*\ncode 1\n$/);
});

'use strict';

// WebAssembly that is compiled beside a timer: its promise settles when the module is there, not when the timer is due.

const assert = require('assert');

const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const long = setTimeout(() => assert.fail('the promise waited for the timer'), 100_000);

setTimeout(async () => {
  assert.ok((await WebAssembly.compile(bytes)) instanceof WebAssembly.Module);
  const { instance } = await WebAssembly.instantiate(bytes, {});
  assert.ok(instance instanceof WebAssembly.Instance);
  const word = new Int32Array(new SharedArrayBuffer(4));
  setTimeout(() => Atomics.notify(word, 0), 5);
  assert.strictEqual(await Atomics.waitAsync(word, 0, 0).value, 'ok');
  clearTimeout(long);
}, 10);

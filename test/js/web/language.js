// What Node 24's language has: Float16Array, using, WebAssembly, full Intl.
const assert = require('node:assert');
assert.strictEqual(new Float16Array([1.5])[0], 1.5);
const log = [];
{
  using a = {
    [Symbol.dispose]() {
      log.push('disposed');
    },
  };
  log.push(typeof a);
}
assert.deepStrictEqual(log, ['object', 'disposed']);
const wasm = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1,
  7, 0, 32, 0, 32, 1, 106, 11,
]);
assert.strictEqual(new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports.add(2, 3), 5);
WebAssembly.instantiate(wasm).then(({ instance }) => assert.strictEqual(instance.exports.add(4, 5), 9));
assert.strictEqual(new Intl.NumberFormat('de').format(1234567.5), '1.234.567,5');
assert.strictEqual(
  new Date(0).toLocaleDateString('ja', { timeZone: 'UTC', dateStyle: 'full' }),
  '1970\u5e741\u67081\u65e5\u6728\u66dc\u65e5',
);

// structuredClone: cycles, identities and classes of the language stay; functions are refused; transfer moves.
const assert = require('node:assert');

const shared = { n: 1 };
const value = {
  date: new Date(5),
  re: /a/gi,
  map: new Map([[shared, new Set([shared])]]),
  big: 2n ** 70n,
  bytes: new Uint8Array([1, 2]),
  error: new RangeError('far', { cause: shared }),
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
  holes: [1, , 3],
  nothing: undefined,
  boxed: Object('s'),
  zero: -0,
};
value.self = value;
const copy = structuredClone(value);
assert.notStrictEqual(copy, value);
assert.strictEqual(copy.self, copy);
const [key] = copy.map.keys();
assert.deepStrictEqual(key, shared);
assert.notStrictEqual(key, shared);
assert.ok(copy.map.get(key).has(key));
assert.strictEqual(copy.error.cause, key);
assert.strictEqual(Object.getPrototypeOf(copy.error), RangeError.prototype);
assert.strictEqual(copy.date.getTime(), 5);
assert.strictEqual(`${copy.re}`, '/a/gi');
assert.strictEqual(copy.big, 2n ** 70n);
assert.deepStrictEqual(copy.bytes, value.bytes);
assert.strictEqual(1 in copy.holes, false);
assert.ok('nothing' in copy);
assert.ok(Object.is(copy.zero, -0));

for (const bad of [() => {}, Symbol('s'), { deep: [() => {}] }, new WeakMap()]) {
  assert.throws(() => structuredClone(bad), { name: 'DataCloneError', code: 25 });
}
class Point {
  constructor() {
    this.x = 1;
  }
  get y() {
    return 2;
  }
}
assert.deepStrictEqual(structuredClone(new Point()), { x: 1 });

const buffer = new Uint8Array([7, 8]).buffer;
const moved = structuredClone({ buffer }, { transfer: [buffer] });
assert.strictEqual(buffer.byteLength, 0);
assert.deepStrictEqual([...new Uint8Array(moved.buffer)], [7, 8]);
assert.throws(() => structuredClone(buffer), { name: 'DataCloneError' });

// What is marked stays where it is.
const { markAsUncloneable, markAsUntransferable } = require('node:worker_threads');
const kept = new ArrayBuffer(4);
markAsUntransferable(kept);
assert.throws(() => structuredClone(kept, { transfer: [kept] }), { name: 'DataCloneError' });
assert.strictEqual(kept.byteLength, 4);
const secret = { a: 1 };
markAsUncloneable(secret);
assert.throws(() => structuredClone([secret]), { name: 'DataCloneError' });
assert.deepStrictEqual(structuredClone({ ...secret }), { a: 1 });

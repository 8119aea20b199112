// TypeScript runs as it is: types, enums, namespaces, parameter properties.
import assert from 'node:assert';

enum Ring {
  Small = 1,
  Large,
}
namespace Cook {
  export const rings: Ring[] = [Ring.Small, Ring.Large];
}
class Pot<T> {
  constructor(public readonly content: T) {}
}
const pot = new Pot<string>('soup');
assert.strictEqual(pot.content, 'soup');
assert.deepStrictEqual(
  Cook.rings.map((r) => Ring[r]),
  ['Small', 'Large'],
);
const { stack } = new Error('where') as Required<Error>;
assert.match(stack, /typescript\.ts:20:19/);

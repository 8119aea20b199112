// --zero-fill-buffers: no Buffer shows what was in memory before.
// Flags: --zero-fill-buffers
const assert = require('node:assert');

for (let round = 0; round < 50; round++) {
  for (const size of [10, 1000, 100_000]) {
    for (const buffer of [Buffer.allocUnsafe(size), Buffer.allocUnsafeSlow(size)]) {
      assert.ok(buffer.every((b) => b === 0));
      buffer.fill(0xff);
    }
  }
}

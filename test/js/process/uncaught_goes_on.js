// After an exception that 'uncaughtException' took, the rest of the same batch still runs: ticks, timers, immediates.
const assert = require('node:assert');
const order = [];
process.on('uncaughtException', (err) => order.push(err.message));
process.nextTick(() => {
  throw new Error('tick');
});
process.nextTick(() => order.push('next tick'));
setTimeout(() => {
  throw new Error('timer');
}, 1);
setTimeout(() => order.push('next timer'), 1);
setImmediate(() => {
  throw new Error('immediate');
});
setImmediate(() => order.push('next immediate'));
process.on('exit', () => {
  assert.deepStrictEqual([...order].sort(), [
    'immediate',
    'next immediate',
    'next tick',
    'next timer',
    'tick',
    'timer',
  ]);
  for (const what of ['tick', 'timer', 'immediate']) {
    assert.ok(order.indexOf(what) < order.indexOf(`next ${what}`), `${what}: ${order}`);
  }
});

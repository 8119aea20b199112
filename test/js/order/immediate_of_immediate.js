// An immediate that an immediate starts waits for the next turn: I/O and timers have theirs in between.
const assert = require('node:assert');
const order = [];
setImmediate(() => {
  order.push('first');
  setImmediate(() => order.push('nested'));
});
setImmediate(() => order.push('second'));
process.on('exit', () => assert.deepStrictEqual(order, ['first', 'second', 'nested']));

// Timers that are due together fire in the order of their times, and of their start when those are equal; one cleared by
// an earlier one does not fire.
const assert = require('node:assert');
const order = [];
setTimeout(() => order.push('20'), 20);
setTimeout(() => order.push('10a'), 10);
const cleared = setTimeout(() => order.push('never'), 12);
setTimeout(() => {
  order.push('10b');
  clearTimeout(cleared);
}, 10);
const end = Date.now() + 30;
while (Date.now() < end);
process.on('exit', () => assert.deepStrictEqual(order, ['10a', '10b', '20']));

// Timers that are due together fire in the order of their times, and of their start when those are equal; one cleared by
// an earlier one does not fire.
const assert = require('node:assert');
const order = [];
const start = () => {
  const cleared = setTimeout(() => order.push('never'), 12);
  return [
    setTimeout(() => order.push('20'), 20),
    setTimeout(() => order.push('10a'), 10),
    cleared,
    setTimeout(() => {
      order.push('10b');
      clearTimeout(cleared);
    }, 10),
  ];
};
// Each counts from its own start: on a busy machine that can be later than the next but one is due.
for (;;) {
  const began = performance.now();
  const timers = start();
  if (performance.now() - began < 1) break;
  timers.forEach(clearTimeout);
}
const end = Date.now() + 30;
while (Date.now() < end);
process.on('exit', () => assert.deepStrictEqual(order, ['10a', '10b', '20']));

// In the main script: ticks, then microtasks, then timers, then immediates; within a callback the same.
// Stdout: main
// Stdout: tick
// Stdout: tick of tick
// Stdout: microtask
// Stdout: tick of microtask
// Stdout: timer 1
// Stdout: tick of timer 1
// Stdout: microtask of timer 1
// Stdout: timer 2
// Stdout: immediate 1
// Stdout: tick of immediate 1
// Stdout: immediate 2
setTimeout(() => {
  console.log('timer 1');
  Promise.resolve().then(() => console.log('microtask of timer 1'));
  process.nextTick(() => console.log('tick of timer 1'));
}, 1);
setTimeout(() => console.log('timer 2'), 1);
setImmediate(() => {
  console.log('immediate 1');
  process.nextTick(() => console.log('tick of immediate 1'));
});
setImmediate(() => console.log('immediate 2'));
Promise.resolve().then(() => {
  console.log('microtask');
  process.nextTick(() => console.log('tick of microtask'));
});
process.nextTick(() => {
  console.log('tick');
  process.nextTick(() => console.log('tick of tick'));
});
console.log('main');
const end = performance.now() + 3;
while (performance.now() < end); // the timers are due when the loop begins

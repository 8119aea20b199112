// In an ES module the body itself is a microtask: promises come before ticks.
// Stdout: body
// Stdout: promise
// Stdout: tick
process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => console.log('promise'));
console.log('body');

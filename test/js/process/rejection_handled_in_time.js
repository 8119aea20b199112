// A rejection that is handled before the microtasks are through is none; 'unhandledRejection' takes the others.
const assert = require('node:assert');
const seen = [];
process.on('unhandledRejection', (reason, promise) => {
  seen.push(reason.message);
  promise.catch(() => {});
});
process.on('rejectionHandled', () => seen.push('handled later'));
const early = Promise.reject(new Error('early'));
process.nextTick(() => early.catch(() => {}));
Promise.reject(new Error('late'));
process.on('exit', () => assert.deepStrictEqual(seen, ['late', 'handled later']));

// A rejection that nobody handles is an uncaught exception: code 1.
// Exit: 1
// Stdout: before
console.log('before');
Promise.reject(new Error('nobody handles it'));
setTimeout(() => console.log('never'), 100_000);

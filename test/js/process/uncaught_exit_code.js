// An exception that nobody takes ends the program with code 1, after 'exit'.
// Exit: 1
// Stdout: exit 1
process.on('exit', (code) => console.log('exit', code));
setTimeout(() => console.log('never'), 100_000);
setImmediate(() => {
  throw new Error('nobody takes it');
});

// A handler of 'uncaughtException' that throws ends the program with code 7.
// Exit: 7
process.on('uncaughtException', () => {
  throw new Error('again');
});
setTimeout(() => {
  throw new Error('first');
}, 1);

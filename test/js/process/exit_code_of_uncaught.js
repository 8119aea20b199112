// process.exitCode and an uncaught exception: 'exit' sees 1, whatever stood there before; a handler of 'exit' may change it.
// Exit: 9
// Stdout: monitor boom
// Stdout: exit 1 1
process.exitCode = 5;
process.on('uncaughtExceptionMonitor', (err, origin) => console.log('monitor', err.message));
process.on('exit', (code) => {
  console.log('exit', code, process.exitCode);
  process.exitCode = 9;
});
setTimeout(() => console.log('never'), 100_000);
process.nextTick(() => {
  throw new Error('boom');
});

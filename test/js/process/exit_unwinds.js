// process.exit ends the program where it stands: no finally, no tick.
// Exit: 4
// Stdout: in exit
process.on('exit', () => console.log('in exit'));
process.nextTick(() => console.log('never'));
try {
  process.exit(4);
} finally {
  console.log('never');
}

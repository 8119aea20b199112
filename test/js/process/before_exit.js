// 'beforeExit' comes again and again as long as it adds work; 'exit' once.
// Stdout: beforeExit 1
// Stdout: work 1
// Stdout: beforeExit 2
// Stdout: exit 3
let n = 0;
process.on('beforeExit', () => {
  console.log('beforeExit', ++n);
  if (n === 1) setTimeout(() => console.log('work', n), 1);
});
process.on('exit', (code) => console.log('exit', code));
process.exitCode = 3;
// Exit: 3

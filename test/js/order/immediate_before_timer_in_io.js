// Out of an I/O callback, an immediate comes before a timer of 0 ms.
// Stdout: read
// Stdout: immediate
// Stdout: timer
const fs = require('node:fs');
fs.readFile(__filename, () => {
  console.log('read');
  setTimeout(() => console.log('timer'), 0);
  setImmediate(() => console.log('immediate'));
});

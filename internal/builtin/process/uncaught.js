// What happens to an exception that nothing caught.

const { writeOut, exit } = native;

function handle(error, where) {
  if (process.listenerCount('uncaughtException') > 0) {
    process.emit('uncaughtException', error, 'uncaughtException');
    return true;
  }
  const caret = where.source ? `${where.file}:${where.line}\n${where.source}\n${' '.repeat(where.column)}^\n\n` : '';
  writeOut(2, `${caret}${error?.stack ?? error}\n\nNode.js ${process.version}\n`);
  process.exitCode = 1;
  process.emit('exit', 1);
  exit(process.exitCode);
  return false;
}

/** The main ES module failed: an exception like any other, but there is no frame of the host's below it. */
function fromMain(error) {
  handle(error, { file: '', line: 0, column: 0, endColumn: 0, source: '' });
}

module.exports = { handle, fromMain };

// How a program ends.

const { exit: reallyExit } = native;

function emitExit() {
  const code = process.exitCode ?? 0;
  process._exiting = true;
  process.emit('exit', code);
  return process.exitCode ?? code;
}

function beforeExit() {
  process.emit('beforeExit', process.exitCode ?? 0);
}

/** @param {number} [code] */
function exit(code) {
  if (code !== undefined) process.exitCode = code;
  if (!process._exiting) emitExit();
  reallyExit(process.exitCode ?? 0);
}

module.exports = { emitExit, beforeExit, exit };

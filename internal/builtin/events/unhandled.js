'use strict';

// Where an 'error' that nobody listened to was emitted, which the report of the uncaught exception tells beside where
// the error was made.

/** @type {WeakMap<Error, { stack: string, who: string }> | undefined} */
let emitted;

/**
 * @param {Error} error
 * @param {any} emitter
 * @param {Function} above frames from this function on are not told
 */
function note(error, emitter, above) {
  const at = /** @type {{ stack: string }} */ ({});
  Error.captureStackTrace(at, above);
  let who = '';
  try {
    const { name } = emitter.constructor;
    if (typeof name === 'string' && name !== 'EventEmitter') who = ` on ${name} instance`;
  } catch {
    /* a getter of the program's */
  }
  (emitted ??= new WeakMap()).set(error, { stack: at.stack, who });
}

/** The first run of more than three lines that `lines` has in common with `others`, as [offset, length]. */
function shared(lines, others) {
  for (let i = 0; i + 3 < lines.length; i++) {
    const at = others.indexOf(lines[i]);
    if (at < 0) continue;
    let n = 1;
    while (i + n < lines.length && at + n < others.length && lines[i + n] === others[at + n]) n++;
    if (n > 3) return [i, n];
  }
  return undefined;
}

/** Adds to the stack of an error that is about to be printed where it was emitted. */
function tell(error) {
  const found = emitted?.get(error);
  if (found === undefined || typeof error.stack !== 'string') return;
  emitted.delete(error);
  const lines = found.stack.split('\n').slice(1);
  const run = shared(lines, error.stack.split('\n').slice(1));
  if (run !== undefined) lines.splice(run[0] + 1, run[1] - 2, '    [... lines matching original stack trace ...]');
  const stack = `${error.stack}\nEmitted 'error' event${found.who} at:\n${lines.join('\n')}`;
  Reflect.defineProperty(error, 'stack', { __proto__: null, value: stack, writable: true, configurable: true });
}

module.exports = { note, tell };

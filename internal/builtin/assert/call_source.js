'use strict';

// The source text of the call that failed, for 'The expression evaluated to a falsy value'.

const identifier = /[\p{ID_Continue}$#]/u;
const closers = { __proto__: null, ']': '[', ')': '(' };

/** Where the callee that `column` points into begins: `assert['ok'].call` as a whole, when it is on the line. */
function calleeStart(line, column) {
  let i = column;
  for (;;) {
    while (i > 0 && identifier.test(line[i - 1])) i--;
    const before = line[i - 1];
    if (before === '.') {
      i -= line[i - 2] === '?' ? 2 : 1;
    } else if (before === '[' || before === '"' || before === "'") {
      i--;
    } else if (before in closers && before !== ')') {
      const open = line.lastIndexOf(closers[before], i - 2);
      if (open < 0) return column;
      i = open;
    } else {
      break;
    }
  }
  while (i < column && /\s/.test(line[i])) i++;
  // A bare dot at the start of a line belongs to what the line before began.
  return line[i] === '.' ? column : i;
}

/** Behind the bracket that closes the arguments, or the end of the line. */
function callEnd(line, start) {
  let depth = 0;
  let quote = '';
  for (let i = start; i < line.length; i++) {
    const char = line[i];
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') {
      quote = char;
    } else if (char === '(') {
      depth++;
    } else if (char === ')' && --depth === 0) {
      // f()() is one expression, too.
      if (line[i + 1] !== '(') return i + 1;
    }
  }
  return line.length;
}

/**
 * @param {Function} above what the user called
 * @returns {string | undefined}
 */
function callSource(above) {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 1;
  } catch {
    // A read-only limit will do unless it is 0.
  }
  const error = new Error();
  Error.captureStackTrace(error, above);
  try {
    Error.stackTraceLimit = limit;
  } catch {
    // As it was.
  }
  const found = engine.getErrorSource(error);
  if (found === undefined) return undefined;
  const [, , line, column] = found;
  if (typeof line !== 'string' || !(column >= 0)) return undefined;
  const start = calleeStart(line, column);
  return line
    .slice(start, callEnd(line, start))
    .trimEnd()
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

module.exports = { callSource };

'use strict';

// The .env format, for util.parseEnv and process.loadEnvFile.

const space = /[ \t\r\n\f\v]*/y;

function skip(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function lineEnd(text, at) {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/**
 * @param {string} text
 * @returns {Record<string, string>}
 */
function parse(text) {
  text = text.replaceAll('\r\n', '\n');
  const result = {};
  let at = 0;
  while ((at = skip(space, text, at)) < text.length) {
    const end = lineEnd(text, at);
    if (text[at] === '#') {
      at = end;
      continue;
    }
    const equals = text.indexOf('=', at);
    if (equals === -1 || equals > end) { // a line that sets nothing
      at = end;
      continue;
    }
    let key = text.slice(at, equals).trim();
    if (key === '') break;
    if (key.startsWith('export ')) key = key.slice(7).trimStart();

    at = equals + 1;
    while (text[at] === ' ' || text[at] === '\t') at++;
    const mark = text[at];
    if (mark === '"' || mark === '\'' || mark === '`') {
      const closing = text.indexOf(mark, at + 1);
      if (closing !== -1) { // may be lines further on
        let value = text.slice(at + 1, closing);
        if (mark === '"') value = value.replaceAll('\\n', '\n');
        result[key] = value;
        at = lineEnd(text, closing);
        continue;
      }
    }
    const stop = lineEnd(text, at);
    let value = text.slice(at, stop);
    const comment = value.indexOf('#');
    if (comment !== -1) value = value.slice(0, comment);
    result[key] = value.trim();
    at = stop;
  }
  return result;
}

module.exports = { parse };

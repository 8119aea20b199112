'use strict';

// Between run() and the processes of test files: events as lines on the child's standard output, each marked by a
// character that programs don't print.

const mark = '\u0001\u0002hob:test ';

class ChildFormat {
  format(type, data) {
    return `${mark}${JSON.stringify({ type, data }, encode)}\n`;
  }
}

/** Errors don't survive JSON by themselves. */
function encode(key, value) {
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') {
    return require('util/inspect').inspect(value);
  }
  if (!engine.isNativeError(value)) return value;
  const { message, stack, name, cause } = value;
  return { 'hob:error': { ...value, name, message, stack, cause } };
}

function decode(key, value) {
  const plain = value?.['hob:error'];
  if (plain === undefined) return value;
  const error = new Error(plain.message);
  for (const [name, field] of Object.entries(plain)) {
    Object.defineProperty(error, name, {
      __proto__: null,
      value: field,
      configurable: true,
      writable: true,
      enumerable: name !== 'name' && name !== 'message' && name !== 'stack' && name !== 'cause',
    });
  }
  return error;
}

/**
 * What a child has said: its events, and the lines that are its own output.
 * @param {(type: string, data: object) => void} onEvent
 * @param {(text: string) => void} onText
 */
function reader(onEvent, onText) {
  let rest = '';
  const take = (line) => {
    const at = line.indexOf(mark);
    if (at > 0) onText(line.slice(0, at));
    if (at < 0) {
      onText(line);
      return;
    }
    const { type, data } = JSON.parse(line.slice(at + mark.length), decode);
    onEvent(type, data);
  };
  return {
    write(text) {
      rest += text;
      let start = 0;
      for (let end; (end = rest.indexOf('\n', start)) !== -1; start = end + 1) take(rest.slice(start, end + 1));
      rest = rest.slice(start);
    },
    end() {
      if (rest !== '') take(rest);
    },
  };
}

module.exports = { ChildFormat, reader };

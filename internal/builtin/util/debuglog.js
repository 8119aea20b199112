'use strict';

// util.debuglog: messages of one section, when NODE_DEBUG names it. The variable is read when a section is first used.

const { formatWithOptions } = require('util/format');
const { shouldColorize } = require('util/colors');

const sections = new Map(); // what writes a section's messages, or undefined for a silent one
let pattern;

function isNamed(section) {
  if (pattern === undefined) {
    const names = process.env.NODE_DEBUG;
    if (names) {
      const source = names
        .replace(/[|\\{}()[\]^$+?.]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll(',', '$|^');
      pattern = new RegExp(`^${source}$`, 'i');
    } else {
      pattern = null;
    }
  }
  return pattern !== null && pattern.test(section);
}

function writerOf(section) {
  if (sections.has(section)) return sections.get(section);
  let write;
  if (isNamed(section)) {
    write = (args) => {
      const { stderr } = process;
      const text = formatWithOptions({ colors: shouldColorize(stderr) }, ...args);
      stderr.write(`${section} ${process.pid}: ${text}\n`);
    };
  }
  sections.set(section, write);
  return write;
}

/**
 * @param {string} section
 * @param {(log: Function) => void} [onReady] is given, at the first message, a function without a check
 */
function debuglog(section, onReady) {
  let ready = false;
  let write;

  function prepare() {
    if (ready) return;
    ready = true;
    section = section.toUpperCase();
    write = writerOf(section);
  }

  function logger(...args) {
    if (!ready) {
      prepare();
      if (typeof onReady === 'function') onReady(write === undefined ? () => {} : (...more) => write(more));
    }
    if (write !== undefined) write(args);
  }

  Object.defineProperty(logger, 'enabled', {
    __proto__: null,
    get() {
      prepare();
      return write !== undefined;
    },
    configurable: true,
    enumerable: true,
  });
  return logger;
}

module.exports = { debuglog };

'use strict';

// How errors are shown: their stack, with a head that names the class, without frames that say nothing new, and the own
// properties that the stack does not mention.

const { prefix, isInstance } = require('util/naming');

const { kindOf } = engine;
const kError = 4;
const { hasOwn } = Object;
const errorToString = Error.prototype.toString;
const objectToString = Object.prototype.toString;

// Frames that a cause shares with its error are left out from this number on; repeated runs of frames when the stack is
// longer than `longStack` and at least `fewest` lines go away.
const sharedFrames = 3;
const longStack = 10;
const fewest = 3;

/**
 * @param {Record<string, any>} p the printer
 * @param {Error} error
 * @param {string | null} constructor
 * @param {string} tag
 * @param {(string | symbol)[]} keys loses what the stack says, gains cause and errors
 */
function errorText(p, error, constructor, tag, keys) {
  let stack, name, message;
  try {
    stack = stackOf(p, error);
    message = error.message;
  } catch {
    return objectToString.call(error); // its properties cannot be read
  }
  try {
    name = error.name;
  } catch {
    name = undefined;
  }
  dropMentioned(p, error, stack, keys);
  if (hasOwn(error, 'cause') && !keys.includes('cause')) keys.push('cause');
  if (hasOwn(error, 'errors') && !keys.includes('errors') && Array.isArray(error.errors)) keys.push('errors');

  stack = nameClass(stack, name, constructor, tag);

  // The message may have lines that look like frames.
  let from = message ? stack.indexOf(message) : -1;
  if (from !== -1) from += message.length;
  const start = stack.indexOf('\n    at', from);
  if (start === -1) {
    stack = `[${stack}]`;
  } else if (p.colors || hasOwn(error, 'cause') || isLong(stack, start)) {
    const lines = stack.slice(start + 1).split('\n');
    dropShared(p, error, lines);
    const frames = collapse(p, lines);
    stack = stack.slice(0, start);
    for (const line of frames) stack += `\n${p.colors ? colorFrame(p, line) : line}`;
  }
  return p.indent === 0 ? stack : stack.replaceAll('\n', `\n${' '.repeat(p.indent)}`);
}

function isLong(stack, at) {
  for (let lines = 0; lines <= longStack; lines++) {
    if (at === -1) return false;
    at = stack.indexOf('\n', at + 1);
  }
  return true;
}

function stackOf(p, error) {
  let stack;
  try {
    stack = error.stack;
  } catch {
    /* somebody's getter */
  }
  // V8 begins a stack with '<error>' when the error cannot be made a string.
  if (typeof stack === 'string' && stack && !stack.startsWith('<error>')) return stack;
  const head = errorToString.call(error);
  if (!stack) return head;
  // Somebody's prepareStackTrace made something else of it.
  p.seen.push(error);
  p.indent += 4;
  const text = p.value(stack, 0);
  p.indent -= 4;
  p.seen.pop();
  return `${head}\n    ${text}`;
}

function dropMentioned(p, error, stack, keys) {
  if (p.showHidden || keys.length === 0) return;
  for (const name of ['name', 'message', 'stack']) {
    const index = keys.indexOf(name);
    if (index !== -1 && (typeof error[name] !== 'string' || stack.includes(error[name]))) keys.splice(index, 1);
  }
}

// A stack begins with the error's name, which subclasses mostly leave as 'Error': put the class there.
function nameClass(stack, name, constructor, tag) {
  const given = name === undefined || name === null ? 'Error' : String(name);
  if (name !== undefined && name !== null && typeof name !== 'string') {
    if (constructor === null || !stack.startsWith(given)) return stack;
    return `${given} [${prefix(constructor, tag, 'Error').slice(0, -1)}]${stack.slice(given.length)}`;
  }
  let length = given.length;
  if (constructor !== null) {
    if (!given.endsWith('Error') || !stack.startsWith(given)) return stack;
    const next = stack[length];
    if (next !== undefined && next !== ':' && next !== '\n') return stack;
  }
  let fallback = 'Error';
  if (constructor === null) {
    const head = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/.exec(stack) || /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = head === null ? '' : head[1];
    length = fallback.length;
    fallback ||= 'Error';
  }
  const full = prefix(constructor, tag, fallback).slice(0, -1);
  if (full === given) return stack;
  if (full.includes(given)) return length === 0 ? `${full}: ${stack}` : `${full}${stack.slice(length)}`;
  return `${full} [${given}]${stack.slice(length)}`;
}

// The cause's stack is printed too, and its outer frames are mostly the same.
function dropShared(p, error, lines) {
  let cause;
  try {
    cause = hasOwn(error, 'cause') ? error.cause : undefined;
    if (cause === undefined || cause === null || typeof cause !== 'object') return;
    if (kindOf(cause) !== kError && !isInstance(cause, Error)) return;
    cause = cause.stack;
  } catch {
    return;
  }
  if (typeof cause !== 'string') return;
  const start = cause.indexOf('\n    at');
  if (start === -1) return;
  const others = cause.slice(start + 1).split('\n');

  for (let i = 0; i < lines.length - sharedFrames; i++) {
    const at = others.indexOf(lines[i]);
    if (at === -1) continue;
    const rest = others.length - at;
    if (rest <= sharedFrames) continue;
    let same = 1;
    const most = Math.min(lines.length - i, rest);
    while (same < most && lines[i + same] === others[at + same]) same++;
    if (same > sharedFrames) {
      const hidden = same - 2; // the first and the last stay, for orientation
      lines.splice(i + 1, hidden, p.stylize(`    ... ${hidden} lines matching cause stack trace ...`, 'undefined'));
      return;
    }
  }
}

// Recursion repeats runs of frames: the first stays.
function collapse(p, lines) {
  if (lines.length <= longStack) return lines;
  const out = [];
  for (let i = 0; i < lines.length; ) {
    let run = 0;
    let times = 0;
    for (let size = 1; size <= (lines.length - i) >> 1; size++) {
      if (lines[i] !== lines[i + size]) continue;
      let same = 1; // how far the stack equals itself `size` lines later
      while (i + size + same < lines.length && lines[i + same] === lines[i + size + same]) same++;
      times = Math.floor(same / size);
      if (times === 0) continue;
      if (times * size >= fewest) run = size;
      break; // longer runs that begin with this one are not tried
    }
    if (run === 0) {
      out.push(lines[i++]);
      continue;
    }
    for (let j = 0; j < run; j++) out.push(lines[i + j]);
    const which = times === 1 ? 'above lines ...' : `above ${run} lines ${times} times...`;
    out.push(p.stylize(`    ... collapsed ${run * times} duplicate lines matching ${which}`, 'undefined'));
    i += run * (times + 1);
  }
  return out;
}

const builtinFrame = /^ {4}at (?:[^/\\(]+ \()?node:[^:]+:\d+:\d+\)?$/;
const packageName = /([/\\]node_modules[/\\])(@[^/\\]+[/\\][^/\\]+|[^/\\]+)(?=[/\\])/g;

// Own code stands out: builtin frames and the working directory are grey, package names underlined.
function colorFrame(p, line) {
  if (builtinFrame.test(line)) return p.stylize(line, 'undefined');
  line = greyDirectory(p, line);
  return line.replace(packageName, (all, before, name) => `${before}${p.stylize(name, 'module')}`);
}

function greyDirectory(p, line) {
  let directory;
  try {
    directory = process.cwd();
  } catch {
    return line; // it is gone
  }
  if (line.includes('file://')) directory = require('url').pathToFileURL(directory).href;
  let start = line.indexOf(directory);
  if (start === -1) return line;
  let end = start + directory.length;
  if (line[end] !== '/' && line[end] !== '\\') return line;
  end++;
  const bracketed = line[start - 1] === '(' && line.endsWith(')');
  if (line[start - 1] === '(') start--;
  const grey = p.stylize(line.slice(start, end), 'undefined');
  if (!bracketed) return `${line.slice(0, start)}${grey}${line.slice(end)}`;
  return `${line.slice(0, start)}${grey}${line.slice(end, -1)}${p.stylize(')', 'undefined')}`;
}

module.exports = { errorText };

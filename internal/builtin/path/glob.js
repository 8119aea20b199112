'use strict';

// Glob patterns for path.matchesGlob and fs.glob: a pattern becomes one regular expression, so that V8 does the
// matching. Understood are * ? [...] (with POSIX classes), **, {a,b}, {1..3} and the extended forms @() ?() *() +() !().
// A name that begins with a dot is matched by a literal dot only.
const { validateString } = require('shared/validators');

const classes = {
  __proto__: null,
  alnum: '\\p{L}\\p{Nl}\\p{Nd}',
  alpha: '\\p{L}\\p{Nl}',
  ascii: '\\x00-\\x7f',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  lower: '\\p{Ll}',
  print: '\\P{C}',
  punct: '\\p{P}',
  space: '\\p{Z}\\t\\r\\n\\v\\f',
  upper: '\\p{Lu}',
  word: '\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}',
  xdigit: 'A-Fa-f0-9',
};

/** Index of the bracket that closes the one at `open`, or -1. */
function closing(text, open, opener, closer) {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === opener) depth++;
    else if (text[i] === closer && --depth === 0) return i;
  }
  return -1;
}

function splitTop(text, separator) {
  const out = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '{' || c === '(') depth++;
    else if (c === '}' || c === ')') depth--;
    else if (c === separator && depth === 0) {
      out.push(text.slice(start, i));
      start = i + 1;
    }
  }
  out.push(text.slice(start));
  return out;
}

/** The members of a {from..to..step} sequence, undefined when `body` is none. */
function sequence(body) {
  const m = /^(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])(?:\.\.(-?\d+))?$/.exec(body);
  if (m === null) return undefined;
  const numeric = /\d/.test(m[1]);
  if (numeric !== /\d/.test(m[2])) return undefined;
  const from = numeric ? Number(m[1]) : m[1].charCodeAt(0);
  const to = numeric ? Number(m[2]) : m[2].charCodeAt(0);
  const step = Math.max(Math.abs(Number(m[3] ?? 1)), 1);
  const padded = numeric && (/^-?0\d/.test(m[1]) || /^-?0\d/.test(m[2]));
  const width = padded ? Math.max(m[1].length, m[2].length) : 0;
  const out = [];
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? step : -step) {
    if (!numeric) out.push(String.fromCharCode(n));
    else out.push((n < 0 ? '-' : '') + String(Math.abs(n)).padStart(n < 0 ? width - 1 : width, '0'));
  }
  return out;
}

/** Brace expansion. @param {string} pattern @returns {string[]} */
function expandBraces(pattern) {
  for (let open = pattern.indexOf('{'); open !== -1; open = pattern.indexOf('{', open + 1)) {
    if (pattern[open - 1] === '$') continue;
    const close = closing(pattern, open, '{', '}');
    if (close === -1) continue;
    const body = pattern.slice(open + 1, close);
    let parts = splitTop(body, ',');
    if (parts.length === 1) {
      parts = sequence(body);
      if (parts === undefined) continue;
    }
    const before = pattern.slice(0, open);
    const tails = expandBraces(pattern.slice(close + 1));
    const out = [];
    for (const part of parts) {
      for (const middle of expandBraces(part)) {
        for (const tail of tails) out.push(before + middle + tail);
      }
    }
    return out;
  }
  return [pattern];
}

function escapeRegExp(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** A bracket expression at `at`: [regular expression source, index after it], undefined when it never closes. */
function bracket(text, at) {
  let i = at + 1;
  const negated = text[i] === '!' || text[i] === '^';
  if (negated) i++;
  let out = '';
  for (let first = true; i < text.length; first = false) {
    const c = text[i];
    if (c === ']' && !first) return [`${negated ? '[^/' : '['}${out}]`, i + 1];
    if (c === '[' && text[i + 1] === ':') {
      const end = text.indexOf(':]', i + 2);
      const members = end === -1 ? undefined : classes[text.slice(i + 2, end)];
      if (members !== undefined) {
        out += members;
        i = end + 2;
        continue;
      }
    }
    if (text[i + 1] === '-' && i + 2 < text.length && text[i + 2] !== ']') {
      if (c <= text[i + 2]) out += `${escapeRegExp(c)}-${escapeRegExp(text[i + 2])}`;
      i += 3;
      continue;
    }
    out += escapeRegExp(c);
    i++;
  }
  return undefined;
}

/** The source for (a part of) one path segment. `rest` is what follows in the segment: !() must look past itself. */
function segmentSource(text, rest) {
  let out = '';
  for (let i = 0; i < text.length; ) {
    const c = text[i];
    if ('@?*+!'.includes(c) && text[i + 1] === '(') {
      const close = closing(text, i + 1, '(', ')');
      if (close !== -1) {
        const tail = segmentSource(text.slice(close + 1), rest);
        const choices = splitTop(text.slice(i + 2, close), '|')
          .map((part) => segmentSource(part, ''))
          .join('|');
        if (c === '!') return `${out}(?:(?!(?:${choices})${tail}${rest}$)[^/]*?)${tail}`;
        return `${out}(?:${choices})${c === '@' ? '' : c}${tail}`;
      }
    }
    if (c === '*') {
      out += '[^/]*?';
      while (text[i] === '*') i++;
      continue;
    }
    if (c === '?') {
      out += '[^/]';
      i++;
      continue;
    }
    if (c === '[') {
      const found = bracket(text, i);
      if (found !== undefined) {
        out += found[0];
        i = found[1];
        continue;
      }
    }
    out += c === '-' ? c : escapeRegExp(c); // the flag u knows an escaped one in classes only
    i++;
  }
  return out;
}

/** Source that matches one segment of a path. `tailEnd` is what a segment ends before. */
function wholeSegment(text) {
  if (text === '*') return '(?!\\.)[^/]+';
  const wild = /^(?:[*?[]|[@+!]\()/.test(text);
  const source = segmentSource(text, '(?=/|$)').replaceAll('(?=/|$)$)', '(?=/|$))');
  return wild ? `(?!\\.)(?=[^/])${source}` : source;
}

/**
 * @param {string} pattern separated by '/'
 * @param {{ nocase?: boolean, dot?: boolean }} [options]
 * @returns {RegExp} for paths separated by '/'
 */
function compile(pattern, options) {
  const sources = [];
  for (const one of expandBraces(pattern)) {
    const segments = one.split(/\/+/);
    let source = '';
    for (let i = 0; i < segments.length; i++) {
      const last = i === segments.length - 1;
      if (segments[i] === '**') {
        while (segments[i + 1] === '**') segments.splice(i + 1, 1);
        source += i === segments.length - 1 ? '(?:(?!\\.)[^/]*(?:/(?!\\.)[^/]*)*)' : '(?:(?!\\.)[^/]*/)*?';
        continue;
      }
      source += wholeSegment(segments[i]);
      if (!last) source += '/';
    }
    sources.push(source);
  }
  return new RegExp(`^(?:${sources.join('|')})/?$`, options?.nocase ? 'iu' : 'u');
}

let lastPattern = '';
let lastWindows = false;
let lastCompiled;

function matchesGlob(path, pattern, windows) {
  validateString(path, 'path');
  validateString(pattern, 'pattern');
  if (pattern !== lastPattern || windows !== lastWindows || lastCompiled === undefined) {
    lastCompiled = compile(pattern.replaceAll('\\', '/'), { nocase: windows || process.platform === 'darwin' });
    lastPattern = pattern;
    lastWindows = windows;
  }
  if (windows) path = path.replaceAll('\\', '/');
  return lastCompiled.test(path.replace(/\/{2,}/g, '/'));
}

module.exports = { compile, expandBraces, matchesGlob };

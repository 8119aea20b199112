'use strict';

// POSIX paths. Most paths a program hands over are in normal form already, so one pass decides whether there is anything
// to do; only the others are taken apart segment by segment.
const { validateString } = require('shared/validators');
const { formatWith, extensionAt } = require('path/segments');
const { charCodeAt } = require('shared/text');

const SLASH = 47;
const DOT = 46;

/** Whether a path holds an empty, '.' or '..' segment, slashes at its ends aside. */
function isUntidy(path) {
  const length = path.length;
  let start = 0;
  for (let i = 0; i < length; i++) {
    if (charCodeAt(path, i) !== SLASH) continue;
    if (i - start <= 2 && (i === start ? i > 0 : isDots(path, start, i))) return true;
    start = i + 1;
  }
  return start < length && length - start <= 2 && isDots(path, start, length);
}

/** Whether the one or two characters in between are dots. */
function isDots(path, start, end) {
  return charCodeAt(path, start) === DOT && (end - start === 1 || charCodeAt(path, start + 1) === DOT);
}

/**
 * Drops empty and '.' segments and lets each '..' eat its predecessor. A leading '..' stays when `keepUp` is set.
 * The result has neither a leading nor a trailing slash.
 */
function collapse(path, keepUp) {
  let out = '';
  let ups = 0; // length of the prefix of `out` made of '..' segments, which nothing may eat
  let start = 0;
  const length = path.length;
  while (start < length) {
    let end = path.indexOf('/', start);
    if (end === -1) end = length;
    const size = end - start;
    if (size === 0 || (size === 1 && charCodeAt(path, start) === DOT)) {
      // nothing
    } else if (size === 2 && charCodeAt(path, start) === DOT && charCodeAt(path, start + 1) === DOT) {
      if (out.length > ups) {
        const cut = out.lastIndexOf('/');
        out = cut === -1 ? '' : out.slice(0, cut);
      } else if (keepUp) {
        out = out === '' ? '..' : out + '/..';
        ups = out.length;
      }
    } else {
      const segment = path.slice(start, end);
      out = out === '' ? segment : out + '/' + segment;
    }
    start = end + 1;
  }
  return out;
}

function normal(path) {
  if (path === '') return '.';
  if (!isUntidy(path)) return path;
  const absolute = charCodeAt(path, 0) === SLASH;
  const trailing = charCodeAt(path, path.length - 1) === SLASH;
  const body = collapse(path, !absolute);
  if (body === '') {
    if (absolute) return '/';
    return trailing ? './' : '.';
  }
  return (absolute ? '/' : '') + body + (trailing ? '/' : '');
}

/** Absolute and normal, without a trailing slash. */
function absoluteOf(path) {
  if (!isUntidy(path)) {
    const last = path.length - 1;
    return last > 0 && charCodeAt(path, last) === SLASH ? path.slice(0, last) : path;
  }
  return '/' + collapse(path, false);
}

function resolve(...parts) {
  let joined = '';
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i];
    if (typeof part !== 'string') validateString(part, `paths[${i}]`);
    if (part === '') continue;
    joined = joined === '' ? part : part + '/' + joined;
    if (charCodeAt(part, 0) === SLASH) return absoluteOf(joined);
  }
  const cwd = process.cwd();
  joined = joined === '' ? cwd : cwd + '/' + joined;
  if (charCodeAt(cwd, 0) === SLASH) return absoluteOf(joined);
  return collapse(joined, true) || '.';
}

function normalize(path) {
  if (typeof path !== 'string') validateString(path, 'path');
  return normal(path);
}

function isAbsolute(path) {
  if (typeof path !== 'string') validateString(path, 'path');
  return charCodeAt(path, 0) === SLASH;
}

function join(...parts) {
  let joined = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (typeof part !== 'string') validateString(part, 'path');
    if (part === '') continue;
    joined = joined === '' ? part : joined + '/' + part;
  }
  return normal(joined);
}

function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  from = resolve(from);
  to = resolve(to);
  if (from === to) return '';
  if (from === '/') return to.slice(1);

  // Length of the longest common prefix that ends at a segment's border in both.
  const limit = Math.min(from.length, to.length);
  let same = 0;
  let border = 0;
  while (same < limit) {
    const c = charCodeAt(from, same);
    if (c !== charCodeAt(to, same)) break;
    if (c === SLASH) border = same;
    same++;
  }
  if (same === limit) {
    if (from.length > same ? charCodeAt(from, same) === SLASH : charCodeAt(to, same) === SLASH) border = same;
  }

  let up = '';
  if (border < from.length) {
    up = '..';
    for (let i = border + 1; i < from.length; i++) {
      if (charCodeAt(from, i) === SLASH) up += '/..';
    }
  }
  const down = to.slice(border + 1);
  if (up === '') return down;
  return down === '' ? up : up + '/' + down;
}

function toNamespacedPath(path) {
  return path;
}

/** Index of the last slash before `end`, or -1: for so short a way quicker than lastIndexOf. */
function slashBefore(path, end) {
  let i = end - 1;
  while (i >= 0 && charCodeAt(path, i) !== SLASH) i--;
  return i;
}

/** Index just after the last character that is not a trailing slash. */
function endWithoutSlashes(path) {
  let end = path.length;
  while (end > 0 && charCodeAt(path, end - 1) === SLASH) end--;
  return end;
}

function dirname(path) {
  if (typeof path !== 'string') validateString(path, 'path');
  if (path === '') return '.';
  const end = endWithoutSlashes(path);
  if (end === 0) return '/';
  const cut = slashBefore(path, end);
  if (cut === -1) return '.';
  if (cut === 0) return '/';
  if (cut === 1 && charCodeAt(path, 0) === SLASH) return '//';
  return path.slice(0, cut);
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  if (typeof path !== 'string') validateString(path, 'path');
  if (suffix !== undefined && suffix !== '' && suffix === path) return '';
  const end = endWithoutSlashes(path);
  if (end === 0) return '';
  const base = path.slice(slashBefore(path, end) + 1, end);
  if (suffix !== undefined && suffix.length < base.length && base.endsWith(suffix)) {
    return base.slice(0, base.length - suffix.length);
  }
  return base;
}

function extname(path) {
  if (typeof path !== 'string') validateString(path, 'path');
  const end = endWithoutSlashes(path);
  const start = slashBefore(path, end) + 1;
  return path.slice(extensionAt(path, start, end), end);
}

function format(pathObject) {
  return formatWith('/', pathObject);
}

function parse(path) {
  if (typeof path !== 'string') validateString(path, 'path');
  const parsed = { root: '', dir: '', base: '', ext: '', name: '' };
  if (path === '') return parsed;
  const root = charCodeAt(path, 0) === SLASH ? '/' : '';
  parsed.root = root;
  parsed.dir = root;
  const end = endWithoutSlashes(path);
  if (end === 0) return parsed;
  const start = slashBefore(path, end) + 1;
  const base = path.slice(start, end);
  const dot = extensionAt(path, start, end);
  parsed.base = base;
  if (dot === end) {
    parsed.name = base;
  } else {
    parsed.ext = path.slice(dot, end);
    parsed.name = path.slice(start, dot);
  }
  if (start > 1) parsed.dir = path.slice(0, start - 1);
  return parsed;
}

function matchesGlob(path, pattern) {
  return require('path/glob').matchesGlob(path, pattern, false);
}

const posix = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath,
  dirname,
  basename,
  extname,
  format,
  parse,
  matchesGlob,
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
  _makeLong: toNamespacedPath,
};

posix.posix = posix;
// Few programs ask for the other flavour: it is loaded when they do.
Object.defineProperty(posix, 'win32', {
  configurable: true,
  enumerable: true,
  get() {
    const win32 = require('path/win32');
    this.win32 = win32;
    return win32;
  },
  set(value) {
    Object.defineProperty(this, 'win32', { value, configurable: true, enumerable: true, writable: true });
  },
});

module.exports = posix;

'use strict';

// Windows paths: two separators, drive letters with their own current directories, UNC shares, device paths and
// reserved device names. Every function first splits off the root with one scanner, `rootOf`.
const { validateString } = require('shared/validators');
const { formatWith, extensionAt } = require('path/segments');

const BACKSLASH = 92;
const SLASH = 47;
const COLON = 58;
const DOT = 46;

const reserved = /^(?:CON|PRN|AUX|NUL|COM[1-9\xb9\xb2\xb3]|LPT[1-9\xb9\xb2\xb3])$/;

function isSep(code) {
  return code === BACKSLASH || code === SLASH;
}

function isLetter(code) {
  code |= 32;
  return code >= 97 && code <= 122;
}

function hasDrive(path) {
  return path.length >= 2 && path.charCodeAt(1) === COLON && isLetter(path.charCodeAt(0));
}

function nextSep(path, from) {
  let i = from;
  while (i < path.length && !isSep(path.charCodeAt(i))) i++;
  return i;
}

function skipSeps(path, from) {
  let i = from;
  while (i < path.length && isSep(path.charCodeAt(i))) i++;
  return i;
}

/** A colon makes the text before it a device when it is a reserved name. Returns the colon's index or -1. */
function reservedColon(path) {
  const colon = path.indexOf(':');
  return colon > 0 && reserved.test(path.slice(0, colon).toUpperCase()) ? colon : -1;
}

/**
 * The UNC root at the start of `path`, which begins with two separators: [server, share, end], where end is the index
 * after the share. undefined when there is no server and share.
 */
function uncOf(path) {
  const serverEnd = nextSep(path, 2);
  if (serverEnd === 2 || serverEnd === path.length) return undefined;
  const shareStart = skipSeps(path, serverEnd);
  if (shareStart === path.length) return undefined;
  return [path.slice(2, serverEnd), path.slice(shareStart, nextSep(path, shareStart)), nextSep(path, shareStart)];
}

/** As posix.js's, for both separators. */
function collapse(path, keepUp) {
  let out = '';
  let ups = 0;
  let start = 0;
  const length = path.length;
  while (start < length) {
    const end = nextSep(path, start);
    const size = end - start;
    if (size === 0 || (size === 1 && path.charCodeAt(start) === DOT)) {
      // nothing
    } else if (size === 2 && path.charCodeAt(start) === DOT && path.charCodeAt(start + 1) === DOT) {
      if (out.length > ups) {
        const cut = out.lastIndexOf('\\');
        out = cut === -1 ? '' : out.slice(0, cut);
      } else if (keepUp) {
        out = out === '' ? '..' : out + '\\..';
        ups = out.length;
      }
    } else {
      const segment = path.slice(start, end);
      out = out === '' ? segment : out + '\\' + segment;
    }
    start = end + 1;
  }
  return out;
}

/** {device, end, absolute}: what resolve and normalize need to know of a path's root. */
function rootOf(path) {
  const root = { device: '', end: 0, absolute: false, unc: undefined };
  if (path.length > 0 && isSep(path.charCodeAt(0))) {
    root.absolute = true;
    root.end = 1;
    if (path.length > 1 && isSep(path.charCodeAt(1))) {
      const unc = uncOf(path);
      if (unc !== undefined) {
        if (unc[0] === '.' || unc[0] === '?') {
          root.device = `\\\\${unc[0]}`;
          root.end = 4;
        } else {
          root.unc = unc;
          root.device = `\\\\${unc[0]}\\${unc[1]}`;
          root.end = unc[2];
        }
      }
    }
  } else if (hasDrive(path)) {
    root.device = path.slice(0, 2);
    root.end = 2;
    if (path.length > 2 && isSep(path.charCodeAt(2))) {
      root.absolute = true;
      root.end = 3;
    }
  }
  return root;
}

function resolve(...parts) {
  let device = '';
  let tail = '';
  let absolute = false;
  for (let i = parts.length - 1; i >= -1; i--) {
    let path;
    if (i >= 0) {
      path = parts[i];
      validateString(path, `paths[${i}]`);
      if (path === '') continue;
    } else if (device === '') {
      path = process.cwd();
    } else {
      // Each drive has a current directory of its own, kept in a variable such as =C:.
      path = process.env[`=${device}`] || process.cwd();
      if (
        path === undefined ||
        (path.slice(0, 2).toLowerCase() !== device.toLowerCase() && path.charCodeAt(2) === BACKSLASH)
      ) {
        path = `${device}\\`;
      }
    }
    const root = rootOf(path);
    if (root.device !== '') {
      if (device === '') device = root.device;
      else if (root.device.toLowerCase() !== device.toLowerCase()) continue;
    }
    if (absolute) {
      if (device !== '') break;
      continue;
    }
    tail = `${path.slice(root.end)}\\${tail}`;
    absolute = root.absolute;
    if (absolute && device !== '') break;
  }
  tail = collapse(tail, !absolute);
  return absolute ? `${device}\\${tail}` : `${device}${tail}` || '.';
}

function normal(path) {
  const length = path.length;
  if (length === 0) return '.';
  if (length === 1) return path === '/' ? '\\' : path;
  const root = rootOf(path);
  if (root.unc !== undefined && root.end === length) return `${root.device}\\`;
  let device = root.device;
  let end = root.end;
  if (device === '' && !root.absolute) {
    const colon = reservedColon(path);
    if (colon !== -1) {
      device = `.\\${path.slice(0, colon + 1)}`;
      end = colon + 1;
    }
  } else if (device.length === 3 && device.charCodeAt(0) === BACKSLASH) {
    // \\.\CON:x: the name after the prefix belongs to the device.
    const colon = path.indexOf(':');
    if (colon > 4 && reserved.test(path.slice(4, colon).toUpperCase())) {
      device = `${device}\\${path.slice(4, colon + 1)}`;
      end = colon + 1;
    }
  }
  let tail = end < length ? collapse(path.slice(end), !root.absolute) : '';
  const trailing = isSep(path.charCodeAt(length - 1));
  if (tail === '' && !root.absolute) tail = '.';
  if (tail !== '' && trailing) tail += '\\';
  if (!root.absolute && root.device === '' && device === '' && path.includes(':')) {
    // 'x/../C:/y' is relative: it must not turn into a path with a drive.
    if (hasDrive(tail)) return `.\\${tail}`;
    for (let i = path.indexOf(':'); i !== -1; i = path.indexOf(':', i + 1)) {
      if (i === length - 1 || isSep(path.charCodeAt(i + 1))) return `.\\${tail}`;
    }
  }
  return root.absolute ? `${device}\\${tail}` : `${device}${tail}`;
}

function normalize(path) {
  validateString(path, 'path');
  return normal(path);
}

function isAbsolute(path) {
  validateString(path, 'path');
  if (path === '') return false;
  return isSep(path.charCodeAt(0)) || (hasDrive(path) && path.length > 2 && isSep(path.charCodeAt(2)));
}

function join(...parts) {
  let joined = '';
  let first = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    validateString(part, 'path');
    if (part === '') continue;
    if (joined === '') joined = first = part;
    else joined += `\\${part}`;
  }
  if (joined === '') return '.';

  // Two separators at the start mean a UNC path only when the first argument itself was one: join('/', 'a') is not.
  const lead = skipSeps(first, 0);
  const isUnc = lead === 2 && first.length > 2;
  if (!isUnc) {
    const seps = skipSeps(joined, 0);
    if (seps >= 2) joined = `\\${joined.slice(seps)}`;
  }
  // Nothing is resolved across the name of a device: 'CON:..' is not a way up.
  if (joined.includes(':')) {
    for (const segment of joined.split('\\')) {
      if (reservedColon(segment) !== -1) return joined.replaceAll('/', '\\');
    }
  }
  return normal(joined);
}

function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  const fromFull = resolve(from);
  const toFull = resolve(to);
  if (fromFull === toFull) return '';
  const fromLower = fromFull.toLowerCase();
  const toLower = toFull.toLowerCase();
  if (fromLower === toLower) return '';

  if (fromFull.length !== fromLower.length || toFull.length !== toLower.length) {
    // Lower case changes the length of some letters: compare segment by segment.
    const fromParts = fromFull.split('\\');
    const toParts = toFull.split('\\');
    if (fromParts.at(-1) === '') fromParts.pop();
    if (toParts.at(-1) === '') toParts.pop();
    let same = 0;
    const limit = Math.min(fromParts.length, toParts.length);
    while (same < limit && fromParts[same].toLowerCase() === toParts[same].toLowerCase()) same++;
    if (same === 0) return toFull;
    const up = Array(fromParts.length - same).fill('..');
    return up.concat(toParts.slice(same)).join('\\');
  }

  let fromStart = 0;
  while (fromLower.charCodeAt(fromStart) === BACKSLASH) fromStart++;
  let fromEnd = fromLower.length;
  while (fromEnd - 1 > fromStart && fromLower.charCodeAt(fromEnd - 1) === BACKSLASH) fromEnd--;
  let toStart = 0;
  while (toLower.charCodeAt(toStart) === BACKSLASH) toStart++;
  let toEnd = toLower.length;
  while (toEnd - 1 > toStart && toLower.charCodeAt(toEnd - 1) === BACKSLASH) toEnd--;

  const a = fromLower.slice(fromStart, fromEnd);
  const b = toLower.slice(toStart, toEnd);
  const limit = Math.min(a.length, b.length);
  let same = 0;
  let border = -1;
  while (same < limit && a.charCodeAt(same) === b.charCodeAt(same)) {
    if (a.charCodeAt(same) === BACKSLASH) border = same;
    same++;
  }
  if (same === limit) {
    if (b.length > limit) {
      if (b.charCodeAt(same) === BACKSLASH) return toFull.slice(toStart + same + 1);
      if (same === 2) return toFull.slice(toStart + same);
    }
    if (a.length > limit) {
      if (a.charCodeAt(same) === BACKSLASH) border = same;
      else if (same === 2) border = 3;
    }
    if (border === -1) border = 0;
  } else if (border === -1) {
    return toFull;
  }

  let up = '';
  for (let i = border + 1; i <= a.length; i++) {
    if (i === a.length || a.charCodeAt(i) === BACKSLASH) up += up === '' ? '..' : '\\..';
  }
  let down = toStart + border;
  if (up !== '') return `${up}${toFull.slice(down, toEnd)}`;
  if (toFull.charCodeAt(down) === BACKSLASH) down++;
  return toFull.slice(down, toEnd);
}

function toNamespacedPath(path) {
  if (typeof path !== 'string' || path === '') return path;
  const full = resolve(path);
  if (full.length <= 2) return path;
  if (full.charCodeAt(0) === BACKSLASH) {
    if (full.charCodeAt(1) === BACKSLASH) {
      const mark = full[2];
      if (mark !== '?' && mark !== '.') return `\\\\?\\UNC\\${full.slice(2)}`;
    }
  } else if (hasDrive(full) && full.charCodeAt(2) === BACKSLASH) {
    return `\\\\?\\${full}`;
  }
  return full;
}

/** Length of the part that dirname and parse never go above: '\', '\\server\share\', 'C:', 'C:\' or nothing. */
function rootLength(path) {
  if (path === '') return 0;
  if (isSep(path.charCodeAt(0))) {
    if (path.length > 1 && isSep(path.charCodeAt(1))) {
      const unc = uncOf(path);
      if (unc !== undefined) return Math.min(unc[2] + 1, path.length);
    }
    return 1;
  }
  if (hasDrive(path)) return path.length > 2 && isSep(path.charCodeAt(2)) ? 3 : 2;
  return 0;
}

function dirname(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  if (path.length === 1) return isSep(path.charCodeAt(0)) ? path : '.';
  const root = rootLength(path);
  if (root === path.length) return path;
  let end = path.length;
  while (end > root && isSep(path.charCodeAt(end - 1))) end--;
  let cut = end - 1;
  while (cut >= root && !isSep(path.charCodeAt(cut))) cut--;
  if (cut < root || end === root) return root === 0 ? '.' : path.slice(0, root);
  return path.slice(0, cut);
}

/** [start, end) of the last segment after `from`, trailing separators aside. */
function lastSegment(path, from) {
  let end = path.length;
  while (end > from && isSep(path.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > from && !isSep(path.charCodeAt(start - 1))) start--;
  return [start, end];
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  if (suffix !== undefined && suffix !== '' && suffix === path) return '';
  const [start, end] = lastSegment(path, hasDrive(path) ? 2 : 0);
  const base = path.slice(start, end);
  if (suffix !== undefined && suffix.length < base.length && base.endsWith(suffix)) {
    return base.slice(0, base.length - suffix.length);
  }
  return base;
}

function extname(path) {
  validateString(path, 'path');
  const [start, end] = lastSegment(path, hasDrive(path) ? 2 : 0);
  const base = path.slice(start, end);
  return base.slice(extensionAt(base, 0, base.length));
}

function format(pathObject) {
  return formatWith('\\', pathObject);
}

function parse(path) {
  validateString(path, 'path');
  const parsed = { root: '', dir: '', base: '', ext: '', name: '' };
  if (path === '') return parsed;
  if (path.length === 1) {
    if (isSep(path.charCodeAt(0))) parsed.root = parsed.dir = path;
    else parsed.base = parsed.name = path;
    return parsed;
  }
  const root = rootLength(path);
  parsed.root = path.slice(0, root);
  const [start, end] = lastSegment(path, root);
  const base = path.slice(start, end);
  const dot = extensionAt(base, 0, base.length);
  parsed.base = base;
  parsed.ext = base.slice(dot);
  parsed.name = base.slice(0, dot);
  parsed.dir = start > root ? path.slice(0, start - 1) : parsed.root;
  return parsed;
}

function matchesGlob(path, pattern) {
  return require('path/glob').matchesGlob(path, pattern, true);
}

const win32 = {
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
  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
  _makeLong: toNamespacedPath,
};

win32.win32 = win32;
win32.posix = require('path/posix');

module.exports = win32;

'use strict';

// The URL parser of the URL Standard (section 4.4). The standard's machine moves one character at a time; here each
// state takes the whole piece of input it is about. A URL in parts is a Parts; `serialize` makes the href of it and
// leaves the offsets of the components in `out`, which is how URL objects keep them.
//
// In front of it stands `parseFast`, which takes what servers mostly see: ASCII, http(s), ws(s) or file, no credentials,
// nothing to encode, nothing to resolve. It finds the offsets in one pass over the input and builds nothing but the href.
const { C0, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, sets, percentEncode } = require('url/percent');
const { isDottedIPv4, parseHost } = require('url/host');
const { charCodeAt } = require('shared/text');

const SLASH = 47;
const BACKSLASH = 92;

/** Special schemes and their default ports. */
const specials = { __proto__: null, http: 80, https: 443, ws: 80, wss: 443, ftp: 21, file: -1 };

class Parts {
  constructor() {
    this.scheme = '';
    this.username = '';
    this.password = '';
    /** Serialised; null when there is none. @type {string | null} */
    this.host = null;
    /** -1 when there is none. */
    this.port = -1;
    this.path = '';
    this.opaque = false;
    /** @type {string | null} */
    this.query = null;
    /** @type {string | null} */
    this.fragment = null;
  }
}

/**
 * The href and where its components are; valid until the next call. With 'https://u:p@h:8080/x?q#f':
 * protocolEnd is after ':', usernameEnd after 'u', hostStart at '@' (or, without credentials, where it would be),
 * hostEnd after 'h', pathStart at '/', searchStart at '?', hashStart at '#'; -1 for what is missing.
 */
const out = {
  href: '',
  protocolEnd: 0,
  usernameEnd: 0,
  hostStart: 0,
  hostEnd: 0,
  port: -1,
  pathStart: 0,
  searchStart: -1,
  hashStart: -1,
};

function isSpecial(scheme) {
  switch (scheme) {
    case 'https':
    case 'http':
    case 'file':
    case 'wss':
    case 'ws':
    case 'ftp':
      return true;
    default:
      return false;
  }
}

/** -1 when the scheme has none. */
function defaultPort(scheme) {
  switch (scheme) {
    case 'https':
    case 'wss':
      return 443;
    case 'http':
    case 'ws':
      return 80;
    case 'ftp':
      return 21;
    default:
      return -1;
  }
}

/** Index of the ':' after a scheme at the start of `text`, or -1. */
function schemeEnd(text) {
  if (!isLetter(charCodeAt(text, 0))) return -1;
  for (let i = 1; i < text.length; i++) {
    const c = charCodeAt(text, i);
    if (c === 58) return i;
    if (!isLetter(c) && !(c >= 48 && c <= 57) && c !== 43 && c !== 45 && c !== 46) return -1;
  }
  return -1;
}

/** The scheme before `end`; the usual ones as constants, which are quick to compare. */
function schemeOf(text, end) {
  switch (charCodeAt(text, 0)) {
    case 104:
      if (end === 5 && text.startsWith('https')) return 'https';
      if (end === 4 && text.startsWith('http')) return 'http';
      break;
    case 102:
      if (end === 4 && text.startsWith('file')) return 'file';
      break;
    case 119:
      if (end === 3 && text.startsWith('wss')) return 'wss';
      if (end === 2 && text.startsWith('ws')) return 'ws';
      break;
  }
  return text.slice(0, end).toLowerCase();
}

function isLetter(code) {
  code |= 32;
  return code >= 97 && code <= 122;
}

/** 'C:' or 'C|' at the start of `text`, followed by its end or a separator. */
function startsWithDrive(text) {
  if (text.length < 2 || !isLetter(charCodeAt(text, 0))) return false;
  const second = charCodeAt(text, 1);
  if (second !== 58 && second !== 124) return false;
  if (text.length === 2) return true;
  const third = charCodeAt(text, 2);
  return third === SLASH || third === BACKSLASH || third === 63 || third === 35;
}

function isDrive(text) {
  return text.length === 2 && startsWithDrive(text);
}

/** Takes the last segment off, but never a file URL's drive. */
function shorten(parts) {
  const path = parts.path;
  if (parts.scheme === 'file' && path.length === 3 && path[2] === ':' && isLetter(charCodeAt(path, 1))) return;
  const cut = path.lastIndexOf('/');
  if (cut !== -1) parts.path = path.slice(0, cut);
}

/** How many dots the segment text[start, end) is, when it is nothing else: 0, 1 or 2. A dot may be written %2e. */
function dotsIn(text, start, end) {
  let dots = 0;
  let i = start;
  while (i < end) {
    const c = charCodeAt(text, i);
    if (c === 46) i++;
    else if (c === 37 && charCodeAt(text, i + 1) === 50 && (charCodeAt(text, i + 2) | 32) === 101) i += 3;
    else return 0;
    if (++dots > 2) return 0;
  }
  return dots;
}

/** Whether `text`, which begins with a segment, is a path that parsing would not change. */
function isPlainPath(text) {
  let previous = SLASH;
  for (let i = 0; i < text.length; i++) {
    const c = charCodeAt(text, i);
    if (c >= 128 || (kinds[c] & IN_PATH) === 0) return false;
    if (previous === SLASH && (c === 46 || c === 37)) return false;
    previous = c;
  }
  return true;
}

/** The path state: appends the segments of `text`, the last of which the input's end or a '?' ends. */
function appendPath(parts, text) {
  const inFile = parts.scheme === 'file';
  if (isPlainPath(text) && !(inFile && charCodeAt(text, 1) === 124)) {
    parts.path += `/${text}`;
    return;
  }
  const special = isSpecial(parts.scheme);
  const length = text.length;
  let start = 0;
  for (;;) {
    let end = start;
    while (end < length) {
      const c = charCodeAt(text, end);
      if (c === SLASH || (special && c === BACKSLASH)) break;
      end++;
    }
    const last = end === length;
    const dots = dotsIn(text, start, end);
    if (dots === 0) {
      let segment = text.slice(start, end);
      if (inFile && parts.path === '' && isDrive(segment)) segment = `${segment[0]}:`;
      parts.path += `/${percentEncode(segment, PATH)}`;
    } else {
      if (dots === 2) shorten(parts);
      if (last) parts.path += '/';
    }
    if (last) return;
    start = end + 1;
  }
}

/** The path start state. */
function setPath(parts, text) {
  const first = charCodeAt(text, 0);
  if (isSpecial(parts.scheme)) {
    appendPath(parts, first === SLASH || first === BACKSLASH ? text.slice(1) : text);
  } else if (text !== '') {
    appendPath(parts, first === SLASH ? text.slice(1) : text);
  }
}

function encodeQuery(text, scheme) {
  return percentEncode(text, isSpecial(scheme) ? SPECIAL_QUERY : QUERY);
}

/** Index of the ':' between host and port, or -1. */
function portColon(text) {
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const c = charCodeAt(text, i);
    if (c === 91) inside = true;
    else if (c === 93) inside = false;
    else if (c === 58 && !inside) return i;
  }
  return -1;
}

/** False when `digits` is no port. */
function setPort(parts, digits) {
  if (digits === '') return true;
  let port = 0;
  for (let i = 0; i < digits.length; i++) {
    const c = charCodeAt(digits, i);
    if (c < 48 || c > 57) return false;
    port = port * 10 + c - 48;
  }
  if (port > 65535) return false;
  parts.port = port === defaultPort(parts.scheme) ? -1 : port;
  return true;
}

function setCredentials(parts, credentials) {
  const colon = credentials.indexOf(':');
  parts.username = percentEncode(colon === -1 ? credentials : credentials.slice(0, colon), USERINFO);
  if (colon !== -1) parts.password = percentEncode(credentials.slice(colon + 1), USERINFO);
}

/**
 * The authority, host and port states, then path and query. `text` has its authority from `start` on, after the slashes.
 * False on failure.
 */
function afterSlashes(parts, text, start) {
  const special = isSpecial(parts.scheme);
  const length = text.length;
  let hostStart = start;
  let colon = -1;
  let inBrackets = false;
  let end = start;
  for (; end < length; end++) {
    const c = charCodeAt(text, end);
    if (c === SLASH || c === 63 || (special && c === BACKSLASH)) break;
    if (c === 64) {
      hostStart = end + 1;
      colon = -1;
      inBrackets = false;
    } else if (c === 58) {
      if (!inBrackets && colon === -1) colon = end;
    } else if (c === 91) {
      inBrackets = true;
    } else if (c === 93) {
      inBrackets = false;
    }
  }
  if (hostStart > start) {
    setCredentials(parts, text.slice(start, hostStart - 1));
    if (hostStart === end) return false;
  }
  const hostEnd = colon === -1 ? end : colon;
  if (hostStart === hostEnd) {
    if (special || colon !== -1) return false;
    parts.host = '';
  } else {
    const host = parseHost(text.slice(hostStart, hostEnd), special);
    if (host === undefined) return false;
    parts.host = host;
    if (colon !== -1 && !setPort(parts, text.slice(colon + 1, end))) return false;
  }
  pathAndQuery(parts, end === length ? '' : text.slice(end), setPath);
  return true;
}

/** Index after the slashes, of either kind, that `text` has from `i` on. */
function skipSlashes(text, i) {
  for (;;) {
    const c = charCodeAt(text, i);
    if (c !== SLASH && c !== BACKSLASH) return i;
    i++;
  }
}

function pathAndQuery(parts, text, takePath) {
  const mark = text.indexOf('?');
  takePath(parts, mark === -1 ? text : text.slice(0, mark));
  if (mark !== -1) parts.query = encodeQuery(text.slice(mark + 1), parts.scheme);
}

function copyAuthority(parts, base) {
  parts.username = base.username;
  parts.password = base.password;
  parts.host = base.host;
  parts.port = base.port;
}

/** The relative and relative slash states. */
function relativeTo(parts, base, text) {
  parts.scheme = base.scheme;
  const special = isSpecial(base.scheme);
  const first = charCodeAt(text, 0);
  if (first === SLASH || (special && first === BACKSLASH)) {
    const second = charCodeAt(text, 1);
    if (second === SLASH || (special && second === BACKSLASH)) {
      return afterSlashes(parts, text, special ? skipSlashes(text, 2) : 2);
    }
    copyAuthority(parts, base);
    pathAndQuery(parts, text.slice(1), appendPath);
    return true;
  }
  copyAuthority(parts, base);
  parts.path = base.path;
  if (text === '') {
    parts.query = base.query;
  } else if (first === 63) {
    parts.query = encodeQuery(text.slice(1), parts.scheme);
  } else {
    shorten(parts);
    pathAndQuery(parts, text, appendPath);
  }
  return true;
}

/** The file, file slash and file host states. `text` begins after 'file:'. */
function fileUrl(parts, base, text) {
  parts.scheme = 'file';
  parts.host = '';
  const inherits = base !== null && base.scheme === 'file';
  const first = charCodeAt(text, 0);
  if (first === SLASH || first === BACKSLASH) {
    const second = charCodeAt(text, 1);
    if (second === SLASH || second === BACKSLASH) {
      const rest = text.slice(2);
      let end = 0;
      for (; end < rest.length; end++) {
        const c = charCodeAt(rest, end);
        if (c === SLASH || c === BACKSLASH || c === 63) break;
      }
      const name = rest.slice(0, end);
      // 'file://C:/x': the drive is no host, it begins the path.
      if (isDrive(name)) {
        pathAndQuery(parts, rest, appendPath);
        return true;
      }
      if (name !== '') {
        const host = parseHost(name, true);
        if (host === undefined) return false;
        parts.host = host === 'localhost' ? '' : host;
      }
      pathAndQuery(parts, rest.slice(end), setPath);
      return true;
    }
    const rest = text.slice(1);
    if (inherits) {
      parts.host = base.host;
      if (!startsWithDrive(rest) && /^\/[a-zA-Z]:(?:\/|$)/.test(base.path)) parts.path = base.path.slice(0, 3);
    }
    pathAndQuery(parts, rest, appendPath);
    return true;
  }
  if (!inherits) {
    pathAndQuery(parts, text, appendPath);
    return true;
  }
  parts.host = base.host;
  parts.path = base.path;
  if (text === '') {
    parts.query = base.query;
  } else if (text[0] === '?') {
    parts.query = encodeQuery(text.slice(1), 'file');
  } else {
    if (startsWithDrive(text)) parts.path = '';
    else shorten(parts);
    pathAndQuery(parts, text, appendPath);
  }
  return true;
}

function opaquePath(parts, text) {
  parts.opaque = true;
  const mark = text.indexOf('?');
  let path = mark === -1 ? text : text.slice(0, mark);
  // A space at the end would be lost when what follows is removed.
  if (path.endsWith(' ') && (mark !== -1 || parts.fragment !== null)) path = `${path.slice(0, -1)}%20`;
  parts.path = percentEncode(path, C0);
  if (mark !== -1) parts.query = encodeQuery(text.slice(mark + 1), parts.scheme);
}

const noise = /[\t\n\r]/g;

/** `input` without the control characters and spaces around it and the tabs and line ends in it. */
function tidy(input) {
  let start = 0;
  let end = input.length;
  while (start < end && charCodeAt(input, start) <= 32) start++;
  while (end > start && charCodeAt(input, end - 1) <= 32) end--;
  const text = end - start === input.length ? input : input.slice(start, end);
  for (let i = 0; i < text.length; i++) {
    const c = charCodeAt(text, i);
    if (c < 14 && (c === 9 || c === 10 || c === 13)) return text.replace(noise, '');
  }
  return text;
}

/**
 * The basic URL parser without a state override.
 * @param {string} input
 * @param {Parts | null} base
 * @returns {Parts | undefined} undefined on failure
 */
function parseParts(input, base) {
  let text = tidy(input);
  const colon = schemeEnd(text);
  if (colon === -1 && base === null) return undefined;
  const parts = new Parts();
  const mark = text.indexOf('#');
  if (mark !== -1) {
    parts.fragment = percentEncode(text.slice(mark + 1), FRAGMENT);
    text = text.slice(0, mark);
  }

  if (colon === -1) {
    if (base.opaque) {
      if (text !== '' || parts.fragment === null) return undefined;
      parts.scheme = base.scheme;
      parts.path = base.path;
      parts.opaque = true;
      parts.query = base.query;
      return parts;
    }
    return (base.scheme === 'file' ? fileUrl(parts, base, text) : relativeTo(parts, base, text)) ? parts : undefined;
  }

  const scheme = schemeOf(text, colon);
  parts.scheme = scheme;
  const from = colon + 1;
  if (scheme === 'file') return fileUrl(parts, base, text.slice(from)) ? parts : undefined;
  if (isSpecial(scheme)) {
    if (base !== null && base.scheme === scheme && !text.startsWith('//', from)) {
      return relativeTo(parts, base, text.slice(from)) ? parts : undefined;
    }
    return afterSlashes(parts, text, skipSlashes(text, from)) ? parts : undefined;
  }
  if (text.startsWith('//', from)) return afterSlashes(parts, text, from + 2) ? parts : undefined;
  text = text.slice(from);
  if (text[0] === '/') pathAndQuery(parts, text, setPath);
  else opaquePath(parts, text);
  return parts;
}

/** Fills in `out`. @param {Parts} parts */
function serialize(parts) {
  let href = `${parts.scheme}:`;
  out.protocolEnd = href.length;
  if (parts.host !== null && parts.username === '' && parts.password === '' && parts.port === -1) {
    const start = href.length + 2;
    out.usernameEnd = out.hostStart = start;
    out.hostEnd = start + parts.host.length;
    href = `${href}//${parts.host}`;
  } else if (parts.host !== null) {
    href += `//${parts.username}`;
    out.usernameEnd = href.length;
    if (parts.password !== '') href += `:${parts.password}`;
    out.hostStart = href.length;
    if (href.length > out.protocolEnd + 2) href += '@';
    href += parts.host;
    out.hostEnd = href.length;
    if (parts.port !== -1) href += `:${parts.port}`;
  } else {
    out.usernameEnd = out.hostStart = out.hostEnd = href.length;
    // Without '/.' the path's two slashes would begin an authority.
    if (!parts.opaque && parts.path.startsWith('//')) href += '/.';
  }
  out.port = parts.port;
  out.pathStart = href.length;
  href += parts.path;
  out.searchStart = -1;
  out.hashStart = -1;
  if (parts.query !== null) {
    out.searchStart = href.length;
    href += `?${parts.query}`;
  }
  if (parts.fragment !== null) {
    out.hashStart = href.length;
    href += `#${parts.fragment}`;
  }
  out.href = href;
}

// --- the fast way

/** Set in `kinds` for a character that may stand, as it is, in the named place. */
const IN_HOST = 1;
const IN_PATH = 2;
const IN_QUERY = 4;
const IN_FRAGMENT = 8;

const kinds = new Uint8Array(128);
for (let c = 33; c < 127; c++) {
  const character = String.fromCharCode(c);
  if (/[a-z0-9.-]/.test(character)) kinds[c] |= IN_HOST;
  if ((sets[c] & PATH) === 0 && c !== BACKSLASH) kinds[c] |= IN_PATH;
  if ((sets[c] & SPECIAL_QUERY) === 0) kinds[c] |= IN_QUERY;
  if ((sets[c] & FRAGMENT) === 0) kinds[c] |= IN_FRAGMENT;
}

/** What scanPath found, as offsets into its text. */
let foundSearch = -1;
let foundHash = -1;

/** Whether text[from...], at a '/', is a path with query and fragment that parsing would not change. */
function scanPath(text, from) {
  const length = text.length;
  foundSearch = -1;
  foundHash = -1;
  let i = from;
  let previous = 0;
  for (; i < length; i++) {
    const c = charCodeAt(text, i);
    if (c >= 128) return false;
    if ((kinds[c] & IN_PATH) === 0) {
      if (c === 63 || c === 35) break;
      return false;
    }
    if (previous === SLASH) {
      // '.', '..' and their escaped spellings; '.well-known' is fine.
      if (c === 46) {
        if (i + 1 === length) return false;
        const next = charCodeAt(text, i + 1);
        if (next === SLASH || next === 46 || next === 37 || next === 63 || next === 35) return false;
      } else if (c === 37) {
        return false;
      }
    }
    previous = c;
  }
  if (i < length && charCodeAt(text, i) === 63) {
    foundSearch = i;
    for (i++; i < length; i++) {
      const c = charCodeAt(text, i);
      if (c >= 128) return false;
      if ((kinds[c] & IN_QUERY) === 0) {
        if (c === 35) break;
        return false;
      }
    }
  }
  if (i < length) {
    foundHash = i;
    for (i++; i < length; i++) {
      const c = charCodeAt(text, i);
      if (c >= 128 || (kinds[c] & IN_FRAGMENT) === 0) return false;
    }
  }
  return true;
}

/** Length of 'http://' and the like at the start of `text`, 0 when it is something else. */
function specialPrefix(text) {
  switch (charCodeAt(text, 0)) {
    case 104: // h
      if (text.startsWith('http://')) return 7;
      return text.startsWith('https://') ? 8 : 0;
    case 119: // w
      if (text.startsWith('ws://')) return 5;
      return text.startsWith('wss://') ? 6 : 0;
    default:
      return 0;
  }
}

/** parseFast for file URLs without host. */
function parseFastFile(text) {
  // After a letter there may be '|', which makes a drive of it.
  if (!text.startsWith('file:///') || charCodeAt(text, 9) === 124 || !scanPath(text, 7)) return false;
  out.href = text;
  out.protocolEnd = 5;
  out.usernameEnd = out.hostStart = out.hostEnd = out.pathStart = 7;
  out.port = -1;
  out.searchStart = foundSearch;
  out.hashStart = foundHash;
  return true;
}

/** Parses an absolute URL into `out`; false when it takes the whole parser. */
function parseFast(text) {
  const hostStart = specialPrefix(text);
  if (hostStart === 0) return charCodeAt(text, 0) === 102 && parseFastFile(text);
  const length = text.length;
  let i = hostStart;
  let label = i; // start of the last label
  for (; i < length; i++) {
    const c = charCodeAt(text, i);
    if (c >= 128) return false;
    if ((kinds[c] & IN_HOST) === 0) {
      if (c === SLASH || c === 58) break;
      return false;
    }
    if (c === 46) {
      label = i + 1;
    } else if (c === 120 && i === label && text.startsWith('xn--', i)) {
      return false;
    }
  }
  const hostEnd = i;
  if (hostEnd === hostStart) return false;
  // Only what begins with a digit may be an IPv4 number, and a dot at the end makes the label before it the last.
  const first = charCodeAt(text, label);
  if (label === hostEnd || (first >= 48 && first <= 57 && !isDottedIPv4(text, hostStart, hostEnd))) return false;
  let port = -1;
  if (i < length && charCodeAt(text, i) === 58) {
    port = 0;
    const start = ++i;
    for (; i < length; i++) {
      const c = charCodeAt(text, i);
      if (c < 48 || c > 57) break;
      port = port * 10 + c - 48;
      if (port > 65535) return false;
    }
    if (i === start || charCodeAt(text, start) === 48) return false;
    if (port === 80 ? hostStart === 7 || hostStart === 5 : port === 443 && (hostStart === 8 || hostStart === 6)) {
      return false;
    }
  }
  if (i === length) {
    foundSearch = foundHash = -1;
    out.href = `${text}/`;
  } else {
    if (charCodeAt(text, i) !== SLASH || !scanPath(text, i)) return false;
    out.href = text;
  }
  out.protocolEnd = hostStart - 2;
  out.usernameEnd = hostStart;
  out.hostStart = hostStart;
  out.hostEnd = hostEnd;
  out.port = port;
  out.pathStart = i;
  out.searchStart = foundSearch;
  out.hashStart = foundHash;
  return true;
}

/** The last base: programs parse many URLs against the same. */
const lastBase = {
  input: '',
  /** Everything before the path when it came the fast way, '' otherwise. */
  origin: '',
  protocolEnd: 0,
  hostStart: 0,
  hostEnd: 0,
  port: -1,
  /** Made when first needed. @type {Parts | undefined} */
  parts: undefined,
};

/** Makes lastBase describe `base`. False when that is no URL. */
function loadBase(base) {
  if (base === lastBase.input && base !== '') return true;
  if (parseFast(base)) {
    lastBase.origin = out.href.slice(0, out.pathStart);
    lastBase.protocolEnd = out.protocolEnd;
    lastBase.hostStart = out.hostStart;
    lastBase.hostEnd = out.hostEnd;
    lastBase.port = out.port;
    lastBase.parts = undefined;
  } else {
    const parts = parseParts(base, null);
    if (parts === undefined) return false;
    lastBase.origin = '';
    lastBase.parts = parts;
  }
  lastBase.input = base;
  return true;
}

/**
 * Parses into `out`.
 * @param {string} input
 * @param {string | undefined} base
 * @returns {boolean} whether it is a URL
 */
function parse(input, base) {
  if (base === undefined) {
    if (parseFast(input)) return true;
    const parts = parseParts(input, null);
    if (parts === undefined) return false;
    serialize(parts);
    return true;
  }
  if (!loadBase(base)) return false;
  const origin = lastBase.origin;
  if (origin !== '' && charCodeAt(input, 0) === SLASH) {
    if (charCodeAt(input, 1) !== SLASH && scanPath(input, 0)) {
      const shift = origin.length;
      out.href = origin + input;
      out.protocolEnd = lastBase.protocolEnd;
      out.usernameEnd = out.hostStart = lastBase.hostStart;
      out.hostEnd = lastBase.hostEnd;
      out.port = lastBase.port;
      out.pathStart = shift;
      out.searchStart = foundSearch === -1 ? -1 : foundSearch + shift;
      out.hashStart = foundHash === -1 ? -1 : foundHash + shift;
      return true;
    }
  } else if (parseFast(input)) {
    return true;
  }
  lastBase.parts ??= parseParts(base, null);
  const parts = parseParts(input, lastBase.parts);
  if (parts === undefined) return false;
  serialize(parts);
  return true;
}

/** Whether parse(input, base) would succeed; `out` is left as anything. */
function canParse(input, base) {
  if (base !== undefined) return parse(input, base);
  return parseFast(input) || parseParts(input, null) !== undefined;
}

module.exports = {
  Parts,
  canParse,
  encodeQuery,
  isSpecial,
  noise,
  out,
  parse,
  portColon,
  serialize,
  setPath,
  setPort,
  specials,
};

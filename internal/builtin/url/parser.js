'use strict';

// The URL parser of the URL Standard (section 4.4). The standard's machine moves one character at a time; here each
// state takes the whole piece of input it is about. A URL in parts is a Parts; `serialize` makes the href of it and
// leaves the offsets of the components in `out`, which is how URL objects keep them.
//
// In front of it stands `parseFast`, which takes what servers mostly see: ASCII, http(s) or ws(s), nothing to encode,
// nothing to resolve. It finds the offsets in one pass over the input and builds nothing but the href.
const { C0, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, sets, percentEncode } = require('url/percent');
const { parseHost } = require('url/host');

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
  return specials[scheme] !== undefined;
}

function isLetter(code) {
  code |= 32;
  return code >= 97 && code <= 122;
}

/** 'C:' or 'C|' at the start of `text`, followed by its end or a separator. */
function startsWithDrive(text) {
  if (text.length < 2 || !isLetter(text.charCodeAt(0))) return false;
  const second = text.charCodeAt(1);
  if (second !== 58 && second !== 124) return false;
  if (text.length === 2) return true;
  const third = text.charCodeAt(2);
  return third === SLASH || third === BACKSLASH || third === 63 || third === 35;
}

function isDrive(text) {
  return text.length === 2 && startsWithDrive(text);
}

/** Takes the last segment off, but never a file URL's drive. */
function shorten(parts) {
  const path = parts.path;
  if (parts.scheme === 'file' && path.length === 3 && path[2] === ':' && isLetter(path.charCodeAt(1))) return;
  const cut = path.lastIndexOf('/');
  if (cut !== -1) parts.path = path.slice(0, cut);
}

/** The path state: appends the segments of `text`, the last of which the input's end or a '?' ends. */
function appendPath(parts, text) {
  const special = isSpecial(parts.scheme);
  const length = text.length;
  let start = 0;
  for (;;) {
    let end = start;
    while (end < length) {
      const c = text.charCodeAt(end);
      if (c === SLASH || (special && c === BACKSLASH)) break;
      end++;
    }
    const last = end === length;
    let segment = text.slice(start, end);
    // A dot may be written %2e.
    const dots = segment.length <= 6 && segment !== '' ? segment.replace(/%2e/gi, '.') : '';
    if (dots === '..') {
      shorten(parts);
      if (last) parts.path += '/';
    } else if (dots === '.') {
      if (last) parts.path += '/';
    } else {
      if (parts.scheme === 'file' && parts.path === '' && isDrive(segment)) segment = `${segment[0]}:`;
      parts.path += `/${percentEncode(segment, PATH)}`;
    }
    if (last) return;
    start = end + 1;
  }
}

/** The path start state. */
function setPath(parts, text) {
  const first = text.charCodeAt(0);
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
    const c = text.charCodeAt(i);
    if (c === 91) inside = true;
    else if (c === 93) inside = false;
    else if (c === 58 && !inside) return i;
  }
  return -1;
}

/** False when `digits` is no port. */
function setPort(parts, digits) {
  if (digits === '') return true;
  if (!/^[0-9]+$/.test(digits)) return false;
  const port = Number(digits);
  if (port > 65535) return false;
  parts.port = port === specials[parts.scheme] ? -1 : port;
  return true;
}

/** The authority, host and port states. False on failure. */
function setAuthority(parts, text) {
  const special = isSpecial(parts.scheme);
  const at = text.lastIndexOf('@');
  if (at !== -1) {
    const credentials = text.slice(0, at);
    const colon = credentials.indexOf(':');
    parts.username = percentEncode(colon === -1 ? credentials : credentials.slice(0, colon), USERINFO);
    if (colon !== -1) parts.password = percentEncode(credentials.slice(colon + 1), USERINFO);
    text = text.slice(at + 1);
    if (text === '') return false;
  }
  const colon = portColon(text);
  const name = colon === -1 ? text : text.slice(0, colon);
  if (name === '') {
    if (special || colon !== -1) return false;
    parts.host = '';
    return true;
  }
  const host = parseHost(name, special);
  if (host === undefined) return false;
  parts.host = host;
  return colon === -1 || setPort(parts, text.slice(colon + 1));
}

/** Splits `text`, which begins after the slashes, into authority and the rest with path and query. */
function afterSlashes(parts, text) {
  const special = isSpecial(parts.scheme);
  let end = 0;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (c === SLASH || c === 63 || (special && c === BACKSLASH)) break;
  }
  if (!setAuthority(parts, text.slice(0, end))) return false;
  pathAndQuery(parts, text.slice(end), setPath);
  return true;
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
  const slash = (c) => c === SLASH || (special && c === BACKSLASH);
  if (slash(text.charCodeAt(0))) {
    if (slash(text.charCodeAt(1))) return afterSlashes(parts, special ? text.replace(/^[/\\]+/, '') : text.slice(2));
    copyAuthority(parts, base);
    pathAndQuery(parts, text.slice(1), appendPath);
    return true;
  }
  copyAuthority(parts, base);
  parts.path = base.path;
  if (text === '') {
    parts.query = base.query;
  } else if (text[0] === '?') {
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
  const slash = (c) => c === SLASH || c === BACKSLASH;
  if (slash(text.charCodeAt(0))) {
    if (slash(text.charCodeAt(1))) {
      const rest = text.slice(2);
      let end = 0;
      while (end < rest.length && !slash(rest.charCodeAt(end)) && rest[end] !== '?') end++;
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

const edges = /^[\0-\x20]+|[\0-\x20]+$/g;
const noise = /[\t\n\r]/g;

/**
 * The basic URL parser without a state override.
 * @param {string} input
 * @param {Parts | null} base
 * @returns {Parts | undefined} undefined on failure
 */
function parseParts(input, base) {
  let text = input.replace(edges, '').replace(noise, '');
  const parts = new Parts();
  const mark = text.indexOf('#');
  if (mark !== -1) {
    parts.fragment = percentEncode(text.slice(mark + 1), FRAGMENT);
    text = text.slice(0, mark);
  }

  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (scheme === null) {
    if (base === null) return undefined;
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

  parts.scheme = scheme[1].toLowerCase();
  text = text.slice(scheme[0].length);
  if (parts.scheme === 'file') return fileUrl(parts, base, text) ? parts : undefined;
  if (isSpecial(parts.scheme)) {
    if (base !== null && base.scheme === parts.scheme && !text.startsWith('//')) {
      return relativeTo(parts, base, text) ? parts : undefined;
    }
    return afterSlashes(parts, text.replace(/^[/\\]+/, '')) ? parts : undefined;
  }
  if (text.startsWith('//')) return afterSlashes(parts, text.slice(2)) ? parts : undefined;
  if (text[0] === '/') pathAndQuery(parts, text, setPath);
  else opaquePath(parts, text);
  return parts;
}

/** Fills in `out`. @param {Parts} parts */
function serialize(parts) {
  let href = `${parts.scheme}:`;
  out.protocolEnd = href.length;
  if (parts.host !== null) {
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
    const c = text.charCodeAt(i);
    if (c >= 128) return false;
    if ((kinds[c] & IN_PATH) === 0) {
      if (c === 63 || c === 35) break;
      return false;
    }
    if (previous === SLASH) {
      // '.', '..' and their escaped spellings; '.well-known' is fine.
      if (c === 46) {
        if (i + 1 === length) return false;
        const next = text.charCodeAt(i + 1);
        if (next === SLASH || next === 46 || next === 37 || next === 63 || next === 35) return false;
      } else if (c === 37) {
        return false;
      }
    }
    previous = c;
  }
  if (i < length && text.charCodeAt(i) === 63) {
    foundSearch = i;
    for (i++; i < length; i++) {
      const c = text.charCodeAt(i);
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
      const c = text.charCodeAt(i);
      if (c >= 128 || (kinds[c] & IN_FRAGMENT) === 0) return false;
    }
  }
  return true;
}

/** Length of 'http://' and the like at the start of `text`, 0 when it is something else. */
function specialPrefix(text) {
  switch (text.charCodeAt(0)) {
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

/** Parses an absolute URL into `out`; false when it takes the whole parser. */
function parseFast(text) {
  const hostStart = specialPrefix(text);
  if (hostStart === 0) return false;
  const length = text.length;
  let i = hostStart;
  let label = i; // start of the last label
  for (; i < length; i++) {
    const c = text.charCodeAt(i);
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
  const first = text.charCodeAt(label);
  if (label === hostEnd || (first >= 48 && first <= 57)) return false;
  let port = -1;
  if (i < length && text.charCodeAt(i) === 58) {
    port = 0;
    const start = ++i;
    for (; i < length; i++) {
      const c = text.charCodeAt(i);
      if (c < 48 || c > 57) break;
      port = port * 10 + c - 48;
      if (port > 65535) return false;
    }
    if (i === start || text.charCodeAt(start) === 48) return false;
    if (port === 80 ? hostStart === 7 || hostStart === 5 : port === 443 && (hostStart === 8 || hostStart === 6)) {
      return false;
    }
  }
  if (i === length) {
    foundSearch = foundHash = -1;
    out.href = `${text}/`;
  } else {
    if (text.charCodeAt(i) !== SLASH || !scanPath(text, i)) return false;
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
  if (origin !== '' && input.charCodeAt(0) === SLASH) {
    if (input.charCodeAt(1) !== SLASH && scanPath(input, 0)) {
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

module.exports = {
  Parts,
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

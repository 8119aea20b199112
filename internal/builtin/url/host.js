'use strict';

// The host parser and serialiser of the URL Standard (section 3): domains, IPv4 and IPv6 addresses, opaque hosts.
const { C0, percentEncode } = require('url/percent');

const { domainToASCII } = engine;

const { charCodeAt } = require('shared/text');

/** Answers of domainToASCII: it is slow, and programs meet the same few names. */
const known = new Map();

function toASCII(domain) {
  let ascii = known.get(domain);
  if (ascii === undefined) {
    ascii = domainToASCII(domain, false);
    if (known.size === 64) known.clear();
    if (domain.length < 256) known.set(domain, ascii);
  }
  return ascii;
}

const forbiddenInHost = new Uint8Array(128);
for (const c of '\0\t\n\r #/:<>?@[\\]^|') forbiddenInHost[charCodeAt(c, 0)] = 1;
const forbiddenInDomain = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

const plainDomain = /^[a-z0-9_.~!$&'()*+,;=-]+$/;
function isOpaqueHost(text) {
  for (let i = 0; i < text.length; i++) {
    const c = charCodeAt(text, i);
    if (c < 128 && forbiddenInHost[c] === 1) return false;
  }
  return true;
}

/** Those of a plain domain, 2 for the capitals. */
const plainCharacters = new Uint8Array(128);
for (let c = 33; c < 127; c++) {
  if (plainDomain.test(String.fromCharCode(c))) plainCharacters[c] = 1;
  else if (c >= 65 && c <= 90) plainCharacters[c] = 2;
}

const numericLabel = /^(?:[0-9]+|0[xX][0-9a-fA-F]*)$/;

/** An IPv4 number part, or -1. */
function ipv4Number(text) {
  if (text === '') return -1;
  let digits = text;
  let radix = 10;
  if (/^0[xX]/.test(text)) {
    digits = text.slice(2);
    radix = 16;
  } else if (text.length > 1 && text[0] === '0') {
    digits = text.slice(1);
    radix = 8;
  }
  if (digits === '') return 0;
  const valid = radix === 10 ? /^[0-9]+$/ : radix === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/;
  return valid.test(digits) ? parseInt(digits, radix) : -1;
}

function endsInNumber(host) {
  const end = host.endsWith('.') ? host.length - 1 : host.length;
  const last = host.slice(host.lastIndexOf('.', end - 1) + 1, end);
  return numericLabel.test(last);
}

/** The dotted form of any spelling of an IPv4 address, or undefined. */
function parseIPv4(host) {
  const parts = host.split('.');
  if (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  if (parts.length > 4) return undefined;
  let address = 0;
  for (let i = 0; i < parts.length; i++) {
    const number = ipv4Number(parts[i]);
    if (number === -1) return undefined;
    if (i < parts.length - 1) {
      if (number > 255) return undefined;
      address += number * 256 ** (3 - i);
    } else {
      if (number >= 256 ** (5 - parts.length)) return undefined;
      address += number;
    }
  }
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Whether text[start, end) is four numbers of at most 255 without leading zeros: an IPv4 address as it is serialised. */
function isDottedIPv4(text, start, end) {
  let dots = 0;
  let number = -1;
  for (let i = start; i < end; i++) {
    const c = charCodeAt(text, i);
    if (c === 46) {
      if (number === -1 || ++dots > 3) return false;
      number = -1;
    } else {
      if (c < 48 || c > 57 || number === 0) return false;
      number = number === -1 ? c - 48 : number * 10 + c - 48;
      if (number > 255) return false;
    }
  }
  return dots === 3 && number !== -1;
}

function hexDigit(c) {
  if (c >= 48 && c <= 57) return c - 48;
  c |= 32;
  return c >= 97 && c <= 102 ? c - 87 : -1;
}

/** The eight pieces of the address that parseIPv6 is at. */
const pieces = new Uint16Array(8);

/** Reads text[start, end), pieces between single colons, to pieces[at...]. The index after the last, or -1. */
function readPieces(text, start, end, at, mayEmbed) {
  let i = start;
  while (i < end) {
    if (at === 8) return -1;
    const from = i;
    let value = 0;
    for (; i < end; i++) {
      const digit = hexDigit(charCodeAt(text, i));
      if (digit === -1) break;
      value = value * 16 + digit;
    }
    if (i < end && charCodeAt(text, i) === 46) {
      // The last 32 bits may be written as an IPv4 address.
      if (!mayEmbed || at > 6 || !isDottedIPv4(text, from, end)) return -1;
      const bytes = text.slice(from, end).split('.');
      pieces[at] = Number(bytes[0]) * 256 + Number(bytes[1]);
      pieces[at + 1] = Number(bytes[2]) * 256 + Number(bytes[3]);
      return at + 2;
    }
    if (i === from || i - from > 4) return -1;
    pieces[at++] = value;
    if (i === end) return at;
    // A colon with nothing after it has lost its piece.
    if (charCodeAt(text, i) !== 58 || ++i === end) return -1;
  }
  return at;
}

/** The canonical form, in brackets, of the address between them; undefined when it is none. */
function parseIPv6(text) {
  const gap = text.indexOf('::');
  if (gap === -1) {
    if (readPieces(text, 0, text.length, 0, true) !== 8) return undefined;
  } else {
    const before = readPieces(text, 0, gap, 0, false);
    if (before === -1 || before > 7) return undefined;
    const after = readPieces(text, gap + 2, text.length, before, true);
    if (after === -1 || after > 7) return undefined;
    // What came after the gap belongs to the end.
    pieces.copyWithin(8 - (after - before), before, after);
    pieces.fill(0, before, 8 - (after - before));
  }
  // The longest run of at least two zeros, the first of equals, is left out.
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && pieces[end] === 0) end++;
    if (end - i > bestLength) {
      best = i;
      bestLength = end - i;
    }
    if (end > i) i = end - 1;
  }
  let out = '[';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      out += i === 0 ? '::' : ':';
      i += bestLength - 1;
      continue;
    }
    out += pieces[i].toString(16);
    if (i < 7) out += ':';
  }
  return `${out}]`;
}

function percentDecoded(text) {
  // What is malformed leaves a '%' or U+FFFD behind, and either makes the host invalid.
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return '%';
    }
  });
}

/**
 * @param {string} text not empty
 * @param {boolean} special whether the URL's scheme is
 * @returns {string | undefined} the serialised host; undefined when invalid
 */
function parseHost(text, special) {
  if (charCodeAt(text, 0) === 91 /* [ */) {
    return text.endsWith(']') ? parseIPv6(text.slice(1, -1)) : undefined;
  }
  if (!special) return isOpaqueHost(text) ? percentEncode(text, C0) : undefined;
  let label = 0; // start of the last label
  let simple = true;
  let capitals = false;
  let previous = 0;
  for (let i = 0; i < text.length; i++) {
    const c = charCodeAt(text, i);
    const kind = c < 128 ? plainCharacters[c] : 0;
    if (kind === 0) {
      simple = false;
      break;
    }
    if (kind === 2) capitals = true;
    if (c === 46) label = i + 1;
    else if (c === 45 && previous === 45) simple = false; // perhaps of 'xn--'
    previous = c;
  }
  if (simple) {
    const domain = capitals ? text.toLowerCase() : text;
    const first = charCodeAt(text, label);
    // Only what begins with a digit is a number, and a dot at the end makes the label before it the last.
    if (label < text.length && !(first >= 48 && first <= 57)) return domain;
    if (isDottedIPv4(domain, 0, domain.length)) return domain;
    return endsInNumber(domain) ? parseIPv4(domain) : domain;
  }
  let domain = text.toLowerCase();
  if (!plainDomain.test(domain) || domain.includes('xn--')) {
    if (domain.includes('%')) domain = percentDecoded(domain);
    domain = toASCII(domain);
    if (domain === '') return undefined;
    if (forbiddenInDomain.test(domain)) return undefined;
  }
  return endsInNumber(domain) ? parseIPv4(domain) : domain;
}

module.exports = { isDottedIPv4, parseHost };

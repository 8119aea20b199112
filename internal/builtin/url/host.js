'use strict';

// The host parser and serialiser of the URL Standard (section 3): domains, IPv4 and IPv6 addresses, opaque hosts.
const { C0, percentEncode } = require('url/percent');

const { domainToASCII } = engine;

const forbiddenInHost = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const forbiddenInDomain = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

const plainDomain = /^[a-z0-9_.~!$&'()*+,;=-]+$/;
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

/** Four numbers of at most 255 without leading zeros: [first, second] pieces of an IPv6 address, or undefined. */
function embeddedIPv4(text) {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (m === null) return undefined;
  const bytes = [];
  for (let i = 1; i <= 4; i++) {
    if ((m[i].length > 1 && m[i][0] === '0') || Number(m[i]) > 255) return undefined;
    bytes.push(Number(m[i]));
  }
  return [bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]];
}

function ipv6Pieces(text, mayEmbed) {
  if (text === '') return [];
  const parts = text.split(':');
  const pieces = [];
  for (let i = 0; i < parts.length; i++) {
    if (/^[0-9a-fA-F]{1,4}$/.test(parts[i])) {
      pieces.push(parseInt(parts[i], 16));
      continue;
    }
    const pair = mayEmbed && i === parts.length - 1 ? embeddedIPv4(parts[i]) : undefined;
    if (pair === undefined) return undefined;
    pieces.push(pair[0], pair[1]);
  }
  return pieces;
}

/** The canonical form, in brackets, of the address between them; undefined when it is none. */
function parseIPv6(text) {
  let pieces;
  const gap = text.indexOf('::');
  if (gap === -1) {
    pieces = ipv6Pieces(text, true);
    if (pieces === undefined || pieces.length !== 8) return undefined;
  } else {
    const before = ipv6Pieces(text.slice(0, gap), false);
    const after = ipv6Pieces(text.slice(gap + 2), true);
    if (before === undefined || after === undefined || before.length + after.length > 7) return undefined;
    pieces = before.concat(new Array(8 - before.length - after.length).fill(0), after);
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
  if (text.charCodeAt(0) === 91 /* [ */) {
    return text.endsWith(']') ? parseIPv6(text.slice(1, -1)) : undefined;
  }
  if (!special) return forbiddenInHost.test(text) ? undefined : percentEncode(text, C0);
  let domain = text.toLowerCase();
  if (!plainDomain.test(domain) || domain.includes('xn--')) {
    if (domain.includes('%')) domain = percentDecoded(domain);
    domain = domainToASCII(domain, false);
    if (domain === '') return undefined;
    if (forbiddenInDomain.test(domain)) return undefined;
  }
  return endsInNumber(domain) ? parseIPv4(domain) : domain;
}

module.exports = { parseHost };

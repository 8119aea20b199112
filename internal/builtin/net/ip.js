'use strict';

// IP addresses as text: checking, parsing and writing. Stands alone, so that whoever only asks isIP loads no sockets.

/**
 * Four bytes, or undefined when `text` is no IPv4 address in dotted decimal.
 * @param {string} text
 * @param {number} [from] where the address begins
 * @returns {number[] | undefined}
 */
function parseIPv4(text, from = 0) {
  const length = text.length;
  if (length - from < 7 || length - from > 15) return undefined;
  const bytes = [0, 0, 0, 0];
  let at = from;
  for (let i = 0; i < 4; i++) {
    if (i > 0 && text.charCodeAt(at++) !== 46) return undefined;
    const first = at;
    let value = 0;
    for (; at < length && at - first < 3; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    // No leading zeros: some read them as octal.
    if (at === first || value > 255 || (at - first > 1 && text.charCodeAt(first) === 48)) return undefined;
    bytes[i] = value;
  }
  return at === length ? bytes : undefined;
}

function hexDigit(code) {
  if (code >= 48 && code <= 57) return code - 48;
  code |= 32;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/**
 * Eight groups of 16 bits, or undefined when `text` is no IPv6 address. A zone (`%eth0`) is checked and left out.
 * @param {string} text
 * @returns {number[] | undefined}
 */
function parseIPv6(text) {
  const zone = text.indexOf('%');
  if (zone >= 0) {
    if (!/^[0-9a-zA-Z\-.:]+$/.test(text.slice(zone + 1))) return undefined;
    text = text.slice(0, zone);
  }
  const length = text.length;
  if (length < 2) return undefined;
  const groups = [];
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === 58) {
    if (text.charCodeAt(1) !== 58) return undefined;
    gap = 0;
    at = 2;
  }
  while (at < length) {
    const first = at;
    let value = 0;
    for (; at < length && at - first < 4; at++) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    if (at < length && text.charCodeAt(at) === 46) {
      const last = parseIPv4(text, first);
      if (last === undefined) return undefined;
      groups.push((last[0] << 8) | last[1], (last[2] << 8) | last[3]);
      at = length;
      break;
    }
    if (at === first) return undefined;
    groups.push(value);
    if (at === length) break;
    if (text.charCodeAt(at++) !== 58) return undefined;
    if (at === length) return undefined;
    if (text.charCodeAt(at) === 58) {
      if (gap >= 0) return undefined;
      gap = groups.length;
      at++;
    }
  }
  if (gap >= 0) {
    if (groups.length > 7) return undefined;
    groups.splice(gap, 0, ...new Array(8 - groups.length).fill(0));
  }
  return groups.length === 8 ? groups : undefined;
}

/** @param {any} input */
function isIPv4(input) {
  return parseIPv4(`${input}`) !== undefined;
}

/** @param {any} input */
function isIPv6(input) {
  return parseIPv6(`${input}`) !== undefined;
}

/**
 * @param {any} input
 * @returns {0 | 4 | 6}
 */
function isIP(input) {
  const text = `${input}`;
  if (parseIPv4(text) !== undefined) return 4;
  return parseIPv6(text) !== undefined ? 6 : 0;
}

/**
 * The usual short form of eight groups: lower case, the longest run of zeros left out, IPv4 at the end of a mapped one.
 * @param {number[]} groups
 */
function formatIPv6(groups) {
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) {
      longest = end - i;
      start = i;
    }
    if (end > i) i = end;
  }
  const dotted = start === 0 && (longest === 6 || (longest === 5 && groups[5] === 0xffff));
  const tail = dotted ? `${groups[6] >> 8}.${groups[6] & 255}.${groups[7] >> 8}.${groups[7] & 255}` : '';
  const last = dotted ? 6 : 8;
  let text = '';
  for (let i = 0; i < last; i++) {
    if (i === start) {
      text += i === 0 ? '::' : ':';
      i += longest - 1;
      continue;
    }
    text += groups[i].toString(16);
    if (i < 7) text += ':';
  }
  return text + tail;
}

module.exports = { isIP, isIPv4, isIPv6, parseIPv4, parseIPv6, formatIPv6 };

'use strict';

// node:punycode, deprecated: Punycode (RFC 3492) and the conversion of whole domains and e-mail addresses label by
// label, without the mapping that IDNA adds. Loading it warns (DEP0040), unless a dependency does.
const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;
const initialBias = 72;
const initialN = 128;
const maxInt = 0x7fffffff;

function invalid(message) {
  return new RangeError(message);
}

const overflow = 'Overflow: input needs wider integers to process';
const notBasic = 'Illegal input >= 0x80 (not a basic code point)';
const invalidInput = 'Invalid input';

/**
 * Code points of a string; lone surrogates stay.
 * @param {string} string
 * @returns {number[]}
 */
function ucs2decode(string) {
  const out = [];
  for (let i = 0; i < string.length; i++) {
    const point = string.codePointAt(i);
    if (point > 0xffff) i++;
    out.push(point);
  }
  return out;
}

/** @param {number[]} codePoints */
function ucs2encode(codePoints) {
  return String.fromCodePoint(...codePoints);
}

/** RFC 3492, 6.1. */
function adapt(delta, count, first) {
  delta = first ? Math.floor(delta / damp) : delta >> 1;
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > ((base - tMin) * tMax) >> 1; k += base) delta = Math.floor(delta / (base - tMin));
  return Math.floor(k + ((base - tMin + 1) * delta) / (delta + skew));
}

function threshold(k, bias) {
  if (k <= bias) return tMin;
  return k >= bias + tMax ? tMax : k - bias;
}

function digitOf(code) {
  if (code >= 48 && code < 58) return code - 22;
  if (code >= 65 && code < 91) return code - 65;
  if (code >= 97 && code < 123) return code - 97;
  return base;
}

function codeOf(digit) {
  return digit < 26 ? digit + 97 : digit + 22;
}

/** RFC 3492, 6.2. @param {string} input */
function decode(input) {
  const out = [];
  const basic = Math.max(input.lastIndexOf('-'), 0);
  for (let i = 0; i < basic; i++) {
    const code = input.charCodeAt(i);
    if (code >= 0x80) throw invalid(notBasic);
    out.push(code);
  }
  let n = initialN;
  let bias = initialBias;
  let i = 0;
  for (let at = basic > 0 ? basic + 1 : 0; at < input.length; ) {
    const old = i;
    for (let weight = 1, k = base; ; k += base) {
      if (at >= input.length) throw invalid(invalidInput);
      const digit = digitOf(input.charCodeAt(at++));
      if (digit >= base) throw invalid(invalidInput);
      if (digit > Math.floor((maxInt - i) / weight)) throw invalid(overflow);
      i += digit * weight;
      const t = threshold(k, bias);
      if (digit < t) break;
      if (weight > Math.floor(maxInt / (base - t))) throw invalid(overflow);
      weight *= base - t;
    }
    const count = out.length + 1;
    bias = adapt(i - old, count, old === 0);
    const advance = Math.floor(i / count);
    if (advance > maxInt - n) throw invalid(overflow);
    n += advance;
    i %= count;
    out.splice(i++, 0, n);
  }
  return String.fromCodePoint(...out);
}

/** RFC 3492, 6.3. @param {string} input */
function encode(input) {
  const points = ucs2decode(input);
  let out = '';
  for (const point of points) {
    if (point < 0x80) out += String.fromCharCode(point);
  }
  const basic = out.length;
  let handled = basic;
  if (basic > 0) out += '-';
  let n = initialN;
  let delta = 0;
  let bias = initialBias;
  while (handled < points.length) {
    let next = maxInt;
    for (const point of points) {
      if (point >= n && point < next) next = point;
    }
    if (next - n > Math.floor((maxInt - delta) / (handled + 1))) throw invalid(overflow);
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n && ++delta > maxInt) throw invalid(overflow);
      if (point !== n) continue;
      let q = delta;
      for (let k = base; ; k += base) {
        const t = threshold(k, bias);
        if (q < t) break;
        out += String.fromCharCode(codeOf(t + ((q - t) % (base - t))));
        q = Math.floor((q - t) / (base - t));
      }
      out += String.fromCharCode(codeOf(q));
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return out;
}

/** Has `convert` change every label of a domain; what stands before an '@' is kept. */
function mapLabels(domain, convert) {
  const at = domain.indexOf('@');
  const parts = domain.split('@');
  const name = at === -1 ? domain : parts[1];
  // RFC 3490's other full stops separate as '.' does.
  const labels = name
    .replace(/[\u3002\uff0e\uff61]/g, '.')
    .split('.')
    .map(convert)
    .join('.');
  return at === -1 ? labels : `${parts[0]}@${labels}`;
}

/** @param {string} input a domain name or e-mail address */
function toUnicode(input) {
  return mapLabels(input, (label) => (/^xn--/.test(label) ? decode(label.slice(4).toLowerCase()) : label));
}

/** @param {string} input a domain name or e-mail address */
function toASCII(input) {
  return mapLabels(input, (label) => (/[^\0-\x7f]/.test(label) ? `xn--${encode(label)}` : label));
}

/** Whether the nearest frame outside of hob's own code is a dependency's. */
function loadedByDependency() {
  for (const site of engine.getCallSites(32)) {
    const file = site[1];
    if (file && !file.startsWith('node:')) return /[/\\]node_modules[/\\]/.test(file);
  }
  return false;
}

if (!loadedByDependency()) {
  process.emitWarning(
    'The `punycode` module is deprecated. Please use a userland alternative instead.',
    'DeprecationWarning',
    'DEP0040',
  );
}

module.exports = {
  version: '2.1.0',
  ucs2: { decode: ucs2decode, encode: ucs2encode },
  decode,
  encode,
  toASCII,
  toUnicode,
};

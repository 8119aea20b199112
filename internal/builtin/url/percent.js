'use strict';

// Percent-encode sets of the URL Standard (section 1.3) as one bit each in a table of the ASCII characters, and the
// encoder that all of the URL code uses. Characters beyond ASCII are in every set.

const { charCodeAt } = require('shared/text');

const C0 = 1;
const FRAGMENT = 2;
const QUERY = 4;
const SPECIAL_QUERY = 8;
const PATH = 16;
const USERINFO = 32;

const sets = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  if (c < 0x20 || c === 0x7f) sets[c] = C0 | FRAGMENT | QUERY | SPECIAL_QUERY | PATH | USERINFO;
}

function include(characters, bits) {
  for (const c of characters) sets[charCodeAt(c, 0)] |= bits;
}

include(' "<>', FRAGMENT | QUERY | SPECIAL_QUERY | PATH | USERINFO);
include('`', FRAGMENT | PATH | USERINFO);
include('#', QUERY | SPECIAL_QUERY | PATH | USERINFO);
include("'", SPECIAL_QUERY);
include('?^{}', PATH | USERINFO);
include('/:;=@[\\]|', USERINFO);

const hex = new Array(128);
for (let c = 0; c < 128; c++) hex[c] = `%${c < 16 ? '0' : ''}${c.toString(16).toUpperCase()}`;

/**
 * UTF-8 percent-encodes the characters of `text` that are in `set`. Lone surrogates become U+FFFD.
 * @param {string} text
 * @param {number} set
 */
function percentEncode(text, set) {
  const length = text.length;
  let out = '';
  let done = 0;
  for (let i = 0; i < length; i++) {
    const c = charCodeAt(text, i);
    if (c < 128) {
      if ((sets[c] & set) === 0) continue;
      out += text.slice(done, i) + hex[c];
      done = i + 1;
      continue;
    }
    let end = i + 1;
    while (end < length && charCodeAt(text, end) >= 128) end++;
    out += text.slice(done, i) + encodeURIComponent(text.slice(i, end).toWellFormed());
    done = end;
    i = end - 1;
  }
  return done === 0 ? text : out + text.slice(done);
}

module.exports = { C0, FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, sets, hex, percentEncode };

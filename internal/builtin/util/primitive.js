'use strict';

// Strings, numbers and the other primitives as util.inspect shows them.

// What cannot stand in a single-quoted literal: controls, the quote, the backslash, and surrogates without a partner.
// Double and back quotes are found separately.
const needsEscape = /[\x00-\x1f\x27\x5c\x7f-\x9f\ud800-\udfff]/;
const escapable = /[\x00-\x1f\x27\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const toEscape = new RegExp(escapable.source, 'g');
const toEscapeKeepingQuotes = new RegExp(escapable.source.replace('\\x27', ''), 'g');
const controls = /[\x00-\x1f\x7f-\x9f]/g;

const short = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\', "'": "\\'" };

function escapeOne(char) {
  const named = short[char];
  if (named !== undefined) return named;
  const code = char.charCodeAt(0);
  if (code > 0xff) return `\\u${code.toString(16)}`;
  return `\\x${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`;
}

// Up to this length a loop is faster than a regular expression.
const shortText = 24;

function isPlain(text) {
  if (text.length > shortText) return !needsEscape.test(text);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 32 || c === 39 || c === 92 || (c > 126 && (c < 160 || (c > 0xd7ff && c < 0xe000)))) return false;
  }
  return true;
}

/** A string literal that evaluates to `text`, in the quotes that need the least escaping. @param {string} text */
function quote(text) {
  if (isPlain(text)) return `'${text}'`;
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  return mark + text.replace(mark === "'" ? toEscape : toEscapeKeepingQuotes, escapeOne) + mark;
}

/** Control characters of names and tags, which are shown without quotes. */
function escapeControls(text) {
  return text.replace(controls, escapeOne);
}

function group(digits) {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, '_');
}

function separateInteger(text) {
  return text[0] === '-' ? `-${group(text.slice(1))}` : group(text);
}

/** @param {number} value @param {boolean} separator `1_000` @returns {string} */
function numberText(value, separator) {
  if (!separator) return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
  if (value === 0 && 1 / value < 0) return '-0';
  const text = `${value}`;
  if (!Number.isFinite(value) || text.includes('e')) return text;
  const dot = text.indexOf('.');
  if (dot === -1) return separateInteger(text);
  return `${separateInteger(text.slice(0, dot))}.${text.slice(dot + 1).replace(/\d{3}(?=\d)/g, '$&_')}`;
}

function bigintText(value, separator) {
  const text = String(value);
  return separator ? `${separateInteger(text)}n` : `${text}n`;
}

const symbolText = Symbol.prototype.toString;
const minimumToSplit = 16;

function stringText(p, value, stylize) {
  let trailer = '';
  if (value.length > p.maxStringLength) {
    const hidden = value.length - p.maxStringLength;
    value = value.slice(0, p.maxStringLength);
    trailer = `... ${hidden} more character${hidden > 1 ? 's' : ''}`;
  }
  if (
    p.compact !== true &&
    value.length > minimumToSplit &&
    value.length > p.breakLength - p.indent - 4 &&
    value.includes('\n')
  ) {
    const joint = ` +\n${' '.repeat(p.indent + 2)}`;
    let text = '';
    for (let start = 0; start < value.length; ) {
      const newline = value.indexOf('\n', start);
      const end = newline === -1 ? value.length : newline + 1;
      if (start !== 0) text += joint;
      text += stylize(quote(value.slice(start, end)), 'string');
      start = end;
    }
    return text + trailer;
  }
  return stylize(quote(value), 'string') + trailer;
}

/**
 * @param {Record<string, any>} p the printer
 * @param {any} value anything that is neither an object nor a function
 * @param {(text: string, style: string) => string} stylize
 */
function primitive(p, value, stylize) {
  switch (typeof value) {
    case 'string':
      return stringText(p, value, stylize);
    case 'number':
      return stylize(numberText(value, p.numericSeparator), 'number');
    case 'boolean':
      return stylize(value ? 'true' : 'false', 'boolean');
    case 'undefined':
      return stylize('undefined', 'undefined');
    case 'bigint':
      return stylize(bigintText(value, p.numericSeparator), 'bigint');
    default:
      return stylize(symbolText.call(value), 'symbol');
  }
}

module.exports = { primitive, quote, escapeControls, numberText, bigintText };

'use strict';

// util.styleText: text in inspect's colours, for streams that show them.

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('shared/errors');
const { validateBoolean, validateObject, validateOneOf, validateString } = require('shared/validators');
const { inspect } = require('util/inspect');
const { shouldColorize } = require('util/colors');

const hexColor = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

// Dim and bold end with the same code: what ends the inner one ends the outer one as well, which then begins anew.
const sharedEnd = 22;

function hexCodes(format) {
  if (!hexColor.test(format)) {
    throw new ERR_INVALID_ARG_VALUE('format', format, 'must be a valid hex color (#RGB or #RRGGBB)');
  }
  let digits = format.slice(1);
  if (digits.length === 3) digits = digits.replace(/./g, '$&$&');
  const value = parseInt(digits, 16);
  return [`38;2;${value >> 16};${(value >> 8) & 255};${value & 255}`, 39];
}

function codesOf(format) {
  if (typeof format === 'string' && format[0] === '#') return hexCodes(format);
  const codes = typeof format === 'string' || typeof format === 'symbol' ? inspect.colors[format] : undefined;
  // Aliases are not enumerable, and are named last.
  if (codes === undefined) {
    const names = Object.keys(inspect.colors);
    for (const name of Object.getOwnPropertyNames(inspect.colors)) if (!names.includes(name)) names.push(name);
    validateOneOf(format, 'format', names);
  }
  return codes;
}

function wrap(text, codes) {
  const open = `\u001b[${codes[0]}m`;
  const close = `\u001b[${codes[1]}m`;
  if (text.includes(close)) {
    const again = codes[1] === sharedEnd ? close + open : open;
    const atEnd = text.endsWith(close);
    const body = atEnd ? text.slice(0, -close.length) : text;
    text = body.replaceAll(close, again) + (atEnd ? close : '');
  }
  return open + text + close;
}

function validateStream(stream) {
  const { isReadableStream, isWritableStream, isNodeStream } = require('stream/predicates');
  if (!isReadableStream(stream) && !isWritableStream(stream) && !isNodeStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
}

/**
 * @param {string | string[]} format names of util.inspect.colors, '#rgb', '#rrggbb', or 'none'
 * @param {string} text
 * @param {Options & { validateStream?: boolean, stream?: any }} [options]
 * @returns {string}
 */
function styleText(format, text, options = { __proto__: null }) {
  validateString(text, 'text');
  validateObject(options, 'options');
  const { validateStream: check = true } = options;
  validateBoolean(check, 'options.validateStream');
  let skip = false;
  if (check) {
    const { stream = process.stdout } = options;
    validateStream(stream);
    skip = !shouldColorize(stream);
  }
  const formats = Array.isArray(format) ? format : [format];
  for (let i = formats.length - 1; i >= 0; i--) {
    if (formats[i] === 'none') continue;
    const codes = codesOf(formats[i]);
    if (!skip) text = wrap(text, codes);
  }
  return text;
}

module.exports = { styleText };

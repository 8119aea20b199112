'use strict';

// What may stand in a head: methods, header names, header values. Names that were found good are remembered by head.js;
// values are checked byte by byte while they are short, which beats a regular expression.

const { ERR_HTTP_INVALID_HEADER_VALUE, ERR_INVALID_CHAR, ERR_INVALID_HTTP_TOKEN } = require('shared/errors').codes;

/** In the parser's order: a method's number is its index. */
const methods = [
  'DELETE',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'COPY',
  'LOCK',
  'MKCOL',
  'MOVE',
  'PROPFIND',
  'PROPPATCH',
  'SEARCH',
  'UNLOCK',
  'BIND',
  'REBIND',
  'UNBIND',
  'ACL',
  'REPORT',
  'MKACTIVITY',
  'CHECKOUT',
  'MERGE',
  'M-SEARCH',
  'NOTIFY',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'PATCH',
  'PURGE',
  'MKCALENDAR',
  'LINK',
  'UNLINK',
  'SOURCE',
  'QUERY',
];

/** With those that only RTSP knows. */
const allMethods = methods.concat([
  'PRI',
  'DESCRIBE',
  'ANNOUNCE',
  'SETUP',
  'PLAY',
  'PAUSE',
  'TEARDOWN',
  'GET_PARAMETER',
  'SET_PARAMETER',
  'REDIRECT',
  'RECORD',
  'FLUSH',
]);

const token = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const notInValue = /[^\t\x20-\x7e\x80-\xff]/;

/** @param {any} text */
function isToken(text) {
  return token.test(text);
}

/** @param {any} value */
function hasInvalidChar(value) {
  if (typeof value !== 'string') return notInValue.test(value);
  const n = value.length;
  if (n > 48) return notInValue.test(value);
  for (let i = 0; i < n; i++) {
    const c = value.charCodeAt(i);
    if ((c < 32 && c !== 9) || c === 127 || c > 255) return true;
  }
  return false;
}

/**
 * @param {any} name
 * @param {string} [label]
 */
function validateHeaderName(name, label) {
  if (typeof name !== 'string' || !name || !token.test(name)) {
    throw new ERR_INVALID_HTTP_TOKEN(label || 'Header name', name);
  }
}

/**
 * @param {any} name
 * @param {any} value
 */
function validateHeaderValue(name, value) {
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (hasInvalidChar(value)) throw new ERR_INVALID_CHAR('header content', name);
}

module.exports = { methods, allMethods, isToken, hasInvalidChar, validateHeaderName, validateHeaderValue };

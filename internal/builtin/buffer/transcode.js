'use strict';

// The functions of node:buffer that are not about Buffer: transcode, checks of bytes, atob and btoa.

const {
  atob: decodeBase64,
  btoa: encodeBase64,
  isAscii: allAscii,
  isAnyArrayBuffer,
  isUtf8: allUtf8,
  transcode: convert,
} = engine;
const { codes, genericError } = require('shared/errors');
const { FastBuffer } = require('buffer/alloc');
const { encodingOf } = require('buffer/encodings');
const { mustBeBytes } = require('buffer/search');

const { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS } = codes;

function formOf(name) {
  const known = encodingOf(name)?.name;
  return known === 'hex' || known === 'base64' || known === 'base64url' ? undefined : known;
}

/**
 * @param {Uint8Array} source
 * @param {string} fromEncoding
 * @param {string} toEncoding
 * @returns {Buffer}
 */
function transcode(source, fromEncoding, toEncoding) {
  mustBeBytes(source, 'source');
  if (source.length === 0) return new FastBuffer();
  const from = formOf(fromEncoding);
  const to = formOf(toEncoding);
  const result = from !== undefined && to !== undefined ? convert(source, from, to) : undefined;
  if (result !== undefined) return result;
  throw genericError('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]', {
    code: 'U_ILLEGAL_ARGUMENT_ERROR',
    errno: 1,
  });
}

function mustBeMemory(input) {
  if (!isAnyArrayBuffer(input) && (!ArrayBuffer.isView(input) || input instanceof DataView)) {
    throw new ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
  }
}

/** @param {ArrayBufferLike | ArrayBufferView} input */
function isUtf8(input) {
  mustBeMemory(input);
  return allUtf8(input);
}

/** @param {ArrayBufferLike | ArrayBufferView} input */
function isAscii(input) {
  mustBeMemory(input);
  return allAscii(input);
}

function invalidCharacter(message) {
  const { DOMException } = require('shared/domexception');
  return new DOMException(message, 'InvalidCharacterError');
}

/**
 * @param {unknown} input
 * @returns {string}
 */
function btoa(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const result = encodeBase64(`${input}`);
  if (result === -1) throw invalidCharacter('Invalid character');
  if (result === undefined) throw new codes.ERR_STRING_TOO_LONG();
  return /** @type {string} */ (result);
}

/**
 * @param {unknown} input
 * @returns {string}
 */
function atob(input) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('input');
  const result = decodeBase64(`${input}`);
  if (typeof result === 'string') return result;
  if (result === undefined) throw new codes.ERR_STRING_TOO_LONG();
  throw invalidCharacter(result === -1 ? 'Invalid character' : 'The string to be decoded is not correctly encoded.');
}

module.exports = { atob, btoa, isAscii, isUtf8, transcode };

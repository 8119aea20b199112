'use strict';

// Checks of arguments. The value comes first, then the name that the message uses. What is thrown has a stack that
// begins at the caller of the check, so that users see their own call first.

const { codes, errorFrom, stackFrom } = require('shared/errors');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } = codes;

const octal = /^[0-7]+$/;
const modeHint = 'must be a 32-bit unsigned integer or an octal string';

function wrongType(name, expected, value, check) {
  return errorFrom(ERR_INVALID_ARG_TYPE, check, name, expected, value);
}

function outOfRange(name, range, value, check) {
  return errorFrom(ERR_OUT_OF_RANGE, check, name, range, value);
}

function isInt32(value) {
  return value === (value | 0);
}

/** A file mode: a 32-bit unsigned integer or its octal digits. */
function parseFileMode(value, name, fallback) {
  value ??= fallback;
  if (typeof value === 'string') {
    if (!octal.test(value)) throw stackFrom(new ERR_INVALID_ARG_VALUE(name, value, modeHint), parseFileMode);
    value = Number.parseInt(value, 8);
  }
  validateUint32(value, name);
  return value;
}

function validateInteger(value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== 'number') throw wrongType(name, 'number', value, validateInteger);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value, validateInteger);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value, validateInteger);
}

function validateInt32(value, name, min = -2147483648, max = 2147483647) {
  if (typeof value !== 'number') throw wrongType(name, 'number', value, validateInt32);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value, validateInt32);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value, validateInt32);
}

function validateUint32(value, name, positive = false) {
  if (typeof value !== 'number') throw wrongType(name, 'number', value, validateUint32);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value, validateUint32);
  const min = positive ? 1 : 0;
  if (value < min || value > 4294967295) throw outOfRange(name, `>= ${min} && <= 4294967295`, value, validateUint32);
}

function validateString(value, name) {
  if (typeof value !== 'string') throw wrongType(name, 'string', value, validateString);
}

function validateNumber(value, name, min = undefined, max = undefined) {
  if (typeof value !== 'number') throw wrongType(name, 'number', value, validateNumber);
  if (
    (min != null && value < min) ||
    (max != null && value > max) ||
    ((min != null || max != null) && Number.isNaN(value))
  ) {
    const range =
      `${min != null ? `>= ${min}` : ''}${min != null && max != null ? ' && ' : ''}` +
      `${max != null ? `<= ${max}` : ''}`;
    throw outOfRange(name, range, value, validateNumber);
  }
}

function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw wrongType(name, 'boolean', value, validateBoolean);
}

function validateFunction(value, name) {
  if (typeof value !== 'function') throw wrongType(name, 'Function', value, validateFunction);
}

function validateOneOf(value, name, allowed) {
  if (allowed.includes(value)) return;
  const words = allowed.map((item) => (typeof item === 'string' ? `'${item}'` : String(item))).join(', ');
  throw stackFrom(new ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${words}`), validateOneOf);
}

/**
 * A plain object unless the options say what else will do.
 * @param {any} value
 * @param {string} name
 * @param {{ allowArray?: boolean, allowFunction?: boolean, nullable?: boolean }} [options]
 */
function validateObject(value, name, options = undefined) {
  if (value !== null && typeof value === 'object') {
    if (!Array.isArray(value) || options?.allowArray) return;
  } else if (value === null ? options?.nullable : typeof value === 'function' && options?.allowFunction) {
    return;
  }
  throw wrongType(name, 'Object', value, validateObject);
}

/** A dictionary of Web IDL: any object or function, or nothing at all. */
function validateDictionary(value, name) {
  if (value != null && typeof value !== 'object' && typeof value !== 'function') {
    throw wrongType(name, 'a dictionary', value, validateDictionary);
  }
}

function validateArray(value, name, minLength = 0) {
  if (!Array.isArray(value)) throw wrongType(name, 'Array', value, validateArray);
  if (value.length < minLength) {
    throw stackFrom(new ERR_INVALID_ARG_VALUE(name, value, `must be longer than ${minLength}`), validateArray);
  }
}

function validateElements(value, name, type, check) {
  if (!Array.isArray(value)) throw wrongType(name, 'Array', value, check);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== type) throw wrongType(`${name}[${i}]`, type, value[i], check);
  }
}

function validateStringArray(value, name) {
  validateElements(value, name, 'string', validateStringArray);
}

function validateBooleanArray(value, name) {
  validateElements(value, name, 'boolean', validateBooleanArray);
}

function validateAbortSignal(signal, name) {
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw wrongType(name, 'AbortSignal', signal, validateAbortSignal);
  }
}

function validateBuffer(buffer, name = 'buffer') {
  if (!ArrayBuffer.isView(buffer)) {
    throw wrongType(name, ['Buffer', 'TypedArray', 'DataView'], buffer, validateBuffer);
  }
}

function validateEncoding(data, encoding) {
  const lower = `${encoding}`.toLowerCase();
  if (lower === 'hex' && data.length % 2 !== 0) {
    const hint = `is invalid for data of length ${data.length}`;
    throw stackFrom(new ERR_INVALID_ARG_VALUE('encoding', encoding, hint), validateEncoding);
  }
}

/**
 * @param {any} port
 * @param {string} [name]
 * @param {boolean} [allowZero]
 * @returns {number}
 */
function validatePort(port, name = 'Port', allowZero = true) {
  if (
    (typeof port !== 'number' && typeof port !== 'string') ||
    (typeof port === 'string' && port.trim() === '') ||
    +port !== +port >>> 0 ||
    +port > 0xffff ||
    (port === 0 && !allowZero)
  ) {
    throw stackFrom(new codes.ERR_SOCKET_BAD_PORT(name, port, allowZero), validatePort);
  }
  return +port | 0;
}

function validateUnion(value, name, union) {
  if (union.includes(value)) return;
  throw wrongType(name, `('${union.join('|')}')`, value, validateUnion);
}

/** Link headers of early hints: one string or several. */
function validateLinkHeaderValue(hints) {
  const values = Array.isArray(hints) ? hints : [hints];
  for (const value of values) {
    if (typeof value !== 'string' || !linkHeader.test(value)) {
      throw stackFrom(
        new ERR_INVALID_ARG_VALUE(
          'hints',
          hints,
          'must be an array or string of format "</styles.css>; rel=preload; as=style"',
        ),
        validateLinkHeaderValue,
      );
    }
  }
  return values.join(', ');
}

const linkHeader = /^(?:<[^>]*>)(?:\s*;\s*[^;"\s]+(?:=(")?[^;"\s]*\1)?)*$/;

module.exports = {
  isInt32,
  parseFileMode,
  validateAbortSignal,
  validateArray,
  validateBoolean,
  validateBooleanArray,
  validateBuffer,
  validateDictionary,
  validateEncoding,
  validateFunction,
  validateInt32,
  validateInteger,
  validateLinkHeaderValue,
  validateNumber,
  validateObject,
  validateOneOf,
  validatePort,
  validateString,
  validateStringArray,
  validateUint32,
  validateUnion,
};

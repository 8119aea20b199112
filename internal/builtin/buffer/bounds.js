'use strict';

// What the number methods of Buffer do when an offset or a value is not plainly good: reached only on the slow path, so
// that the methods themselves stay small enough to be inlined.

const { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = require('shared/errors').codes;

/**
 * Throws what is wrong with `offset`; `last` is the greatest good one. The methods tell a good offset by a byte being
 * there (its load is not undefined), which costs a third of a comparison with the length.
 * @param {unknown} offset
 * @param {number} last
 */
function checkOffset(offset, last) {
  if (typeof offset !== 'number') throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  if (Math.floor(offset) !== offset) throw new ERR_OUT_OF_RANGE('offset', 'an integer', offset);
  if (last < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  if (!(offset >= 0 && offset <= last)) throw new ERR_OUT_OF_RANGE('offset', `>= 0 and <= ${last}`, offset);
}

/** Numbers of one to six bytes: always throws. */
function badByteLength(byteLength) {
  if (typeof byteLength !== 'number') throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', byteLength);
  if (Math.floor(byteLength) !== byteLength) throw new ERR_OUT_OF_RANGE('byteLength', 'an integer', byteLength);
  throw new ERR_OUT_OF_RANGE('byteLength', '>= 1 and <= 6', byteLength);
}

/** Always throws. Limits that do not fit 32 bits are told as powers. */
function badValue(value, min, max, bytes) {
  let range;
  const n = typeof min === 'bigint' ? 'n' : '';
  if (bytes <= 4) range = `>= ${min} and <= ${max}`;
  else if (min == 0) range = `>= 0${n} and < 2${n} ** ${bytes * 8}${n}`;
  else range = `>= -(2${n} ** ${bytes * 8 - 1}${n}) and < 2${n} ** ${bytes * 8 - 1}${n}`;
  throw new ERR_OUT_OF_RANGE('value', range, value);
}

module.exports = { badByteLength, badValue, checkOffset };

'use strict';

// util.diff: a shortest list of insertions and deletions (Myers' algorithm).

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateStringArray } = require('shared/validators');

const kDelete = -1;
const kSame = 0;
const kInsert = 1;

/**
 * Pairs [operation, item] in order: 1 for what only `actual` has, -1 for what only `expected` has, 0 for both.
 * @template T
 * @param {ArrayLike<T>} actual
 * @param {ArrayLike<T>} expected
 * @returns {[number, T][]}
 */
function shortestEdit(actual, expected) {
  const most = actual.length + expected.length;
  // furthest[k]: how far in `actual` one gets on diagonal k with the edits made so far. One copy per number of edits.
  const furthest = new Int32Array(2 * most + 3);
  const history = [];
  const middle = most + 1;
  search: for (let edits = 0; edits <= most; edits++) {
    history.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && furthest[middle + k - 1] < furthest[middle + k + 1]);
      let x = down ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
      while (x < actual.length && x - k < expected.length && actual[x] === expected[x - k]) x++;
      furthest[middle + k] = x;
      if (x >= actual.length && x - k >= expected.length) break search;
    }
  }

  const result = [];
  let x = actual.length;
  let y = expected.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const before = history[edits];
    const centre = edits + 1;
    const k = x - y;
    const down = k === -edits || (k !== edits && before[centre + k - 1] < before[centre + k + 1]);
    const from = down ? k + 1 : k - 1;
    const fromX = edits === 0 ? 0 : before[centre + from];
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      result.push([kSame, actual[--x]]);
      y--;
    }
    if (edits === 0) break;
    if (down) result.push([kDelete, expected[--y]]);
    else result.push([kInsert, actual[--x]]);
  }
  return result.reverse();
}

function validateSide(value, name) {
  if (Array.isArray(value)) validateStringArray(value, name);
  else if (typeof value !== 'string') throw new ERR_INVALID_ARG_TYPE(name, 'string', value);
}

/**
 * @param {string | string[]} actual
 * @param {string | string[]} expected
 * @returns {[number, string][]} empty when they are equal
 */
function diff(actual, expected) {
  if (actual === expected) return [];
  validateSide(actual, 'actual');
  validateSide(expected, 'expected');
  return shortestEdit(actual, expected);
}

module.exports = { diff, shortestEdit };

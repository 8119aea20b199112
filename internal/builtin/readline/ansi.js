'use strict';

// Moving the cursor and clearing, by escape sequences.

const { codes } = require('shared/errors');
const { validateFunction } = require('shared/validators');

const { ERR_INVALID_ARG_VALUE, ERR_INVALID_CURSOR_POS } = codes;

const escape = '\u001b[';

function nothing(callback) {
  if (typeof callback === 'function') process.nextTick(callback, null);
  return true;
}

/** @returns {boolean} whether more may be written */
function cursorTo(stream, x, y, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (typeof y === 'function') {
    callback = y;
    y = undefined;
  }
  if (Number.isNaN(x)) throw new ERR_INVALID_ARG_VALUE('x', x);
  if (Number.isNaN(y)) throw new ERR_INVALID_ARG_VALUE('y', y);
  if (stream == null || (typeof x !== 'number' && typeof y !== 'number')) return nothing(callback);
  if (typeof x !== 'number') throw new ERR_INVALID_CURSOR_POS();
  return stream.write(typeof y !== 'number' ? `${escape}${x + 1}G` : `${escape}${y + 1};${x + 1}H`, callback);
}

/** The sequence for a relative move. */
function moves(dx, dy) {
  let text = '';
  if (dx < 0) text += `${escape}${-dx}D`;
  else if (dx > 0) text += `${escape}${dx}C`;
  if (dy < 0) text += `${escape}${-dy}A`;
  else if (dy > 0) text += `${escape}${dy}B`;
  return text;
}

function moveCursor(stream, dx, dy, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (stream == null || !(dx || dy)) return nothing(callback);
  return stream.write(moves(dx, dy), callback);
}

/** @param {-1 | 0 | 1} dir to the left, all, to the right */
function clearLine(stream, dir, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (stream == null) return nothing(callback);
  return stream.write(`${escape}${dir < 0 ? 1 : dir > 0 ? 0 : 2}K`, callback);
}

function clearScreenDown(stream, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (stream == null) return nothing(callback);
  return stream.write(`${escape}0J`, callback);
}

module.exports = { clearLine, clearScreenDown, cursorTo, moveCursor, moves, escape };

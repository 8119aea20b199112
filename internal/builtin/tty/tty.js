'use strict';

// node:tty: terminals as sockets that know their size and colours.

const { Socket } = require('net/socket');
const { TTY } = require('net/handle');
const { codes, errnoException, getSystemErrorName, getSystemErrorMessage } = require('shared/errors');
const { guessHandleType, isatty } = require('tty/handle_type');
const { getColorDepth, hasColors } = require('tty/colors');

const { windowSize, setRawMode, onWindowSize } = native;
const { ERR_INVALID_FD, ERR_TTY_INIT_FAILED } = codes;

const EINVAL = -22;

function openTerminal(fd) {
  if (fd >> 0 !== fd || fd < 0) throw new ERR_INVALID_FD(fd);
  const errno = guessHandleType(fd) === 'TTY' ? 0 : EINVAL;
  const handle = errno === 0 ? new TTY() : undefined;
  const failed = errno || handle.open(fd);
  if (failed) {
    throw new ERR_TTY_INIT_FAILED({
      errno: failed,
      code: getSystemErrorName(failed),
      message: getSystemErrorMessage(failed),
      syscall: 'uv_tty_init',
    });
  }
  return handle;
}

/**
 * @constructor
 * @param {number} fd
 * @param {Options} [options] of a Socket
 * @returns {void}
 */
function ReadStream(fd, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(fd, options);
  const handle = openTerminal(fd);
  Socket.call(this, { highWaterMark: 0, handle, manualStart: true, ...options });
  this.isRaw = false;
  this.isTTY = true;
  this.fd = fd;
}
Object.setPrototypeOf(ReadStream.prototype, Socket.prototype);
Object.setPrototypeOf(ReadStream, Socket);

/**
 * Raw: every key at once, unechoed, Ctrl-C included.
 * @param {boolean} on
 */
ReadStream.prototype.setRawMode = function (on) {
  const raw = Boolean(on);
  const errno = this._handle ? setRawMode(this.fd, raw) : -9;
  if (errno) {
    this.emit('error', errnoException(errno, 'setRawMode'));
    return this;
  }
  this.isRaw = raw;
  return this;
};

/** Open streams that show something: they hear of a new size. */
const outputs = new Set();

/** @constructor @param {number} fd @returns {void} */
function WriteStream(fd) {
  if (!(this instanceof WriteStream)) return new WriteStream(fd);
  const handle = openTerminal(fd);
  Socket.call(this, { handle, manualStart: true });
  this.fd = fd;
  this._type = 'tty';
  // Writing is synchronous: a program that ends has shown everything.
  handle.setBlocking(true);
  const size = windowSize(fd);
  if (typeof size !== 'number') [this.columns, this.rows] = size;
  outputs.add(this);
  this.once('close', () => outputs.delete(this));
  onWindowSize(refreshAll);
}
Object.setPrototypeOf(WriteStream.prototype, Socket.prototype);
Object.setPrototypeOf(WriteStream, Socket);

function refreshAll() {
  for (const stream of outputs) stream._refreshSize();
}

WriteStream.prototype.isTTY = true;
WriteStream.prototype.getColorDepth = getColorDepth;
WriteStream.prototype.hasColors = hasColors;

WriteStream.prototype._refreshSize = function () {
  const size = windowSize(this.fd);
  if (typeof size === 'number') {
    this.emit('error', errnoException(size, 'getWindowSize'));
    return;
  }
  const [columns, rows] = size;
  if (this.columns === columns && this.rows === rows) return;
  this.columns = columns;
  this.rows = rows;
  this.emit('resize');
};

/** @returns {[columns: number, rows: number]} */
WriteStream.prototype.getWindowSize = function () {
  return [this.columns, this.rows];
};

for (const name of ['cursorTo', 'moveCursor', 'clearLine', 'clearScreenDown']) {
  WriteStream.prototype[name] = function (...args) {
    return require('readline')[name](this, ...args);
  };
}

module.exports = { isatty, ReadStream, WriteStream };

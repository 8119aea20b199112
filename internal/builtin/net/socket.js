'use strict';

// net.Socket: a Duplex over a handle (net/handle). How it connects is in net/connect.

const { Duplex } = require('stream');
const { codes, errnoException, genericError } = require('shared/errors');
const { validateFunction, validateInt32, validateNumber } = require('shared/validators');
const { checkedDuration, setUnrefTimeout, clearTimeout } = require('timers/lists');
const { TCP, Pipe, kData, kDataInto, kEnd } = require('net/handle');

const {
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_FD_TYPE,
  ERR_INVALID_HANDLE_TYPE,
  ERR_SOCKET_CLOSED,
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
} = codes;

const EINVAL = -22;

const kTimeout = Symbol('timeout');
const kBytesRead = Symbol('kBytesRead');
const kBytesWritten = Symbol('kBytesWritten');
const kLastWriteQueueSize = Symbol('lastWriteQueueSize');
/** The onread option. */
const kUserBuffer = Symbol('kUserBuffer');
const kSetNoDelay = Symbol('kSetNoDelay');
const kSetKeepAlive = Symbol('kSetKeepAlive');
const kKeepAliveDelay = Symbol('kSetKeepAliveInitialDelay');
/** What the current write is to be told. */
const kWriteCallback = Symbol('kWriteCallback');
const kFinalCallback = Symbol('kFinalCallback');
const kResetting = Symbol('kResetting');
/** Calls the socket's timer anew; TLS and HTTP do it too. */
const kTouch = Symbol('kUpdateTimer');

const nothing = { __proto__: null };

/**
 * @constructor
 * @param {any} [options] a descriptor, or: fd, handle, allowHalfOpen, readable, writable, signal, onread,
 *   noDelay, keepAlive, keepAliveInitialDelay, blockList and those of a Duplex
 * @returns {void}
 */
function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  if (typeof options === 'number') {
    options = { fd: options };
  } else {
    options = { ...options };
    if (options.objectMode) unsupported('options.objectMode', options.objectMode);
    if (options.readableObjectMode || options.writableObjectMode) {
      const name = options.readableObjectMode ? 'readableObjectMode' : 'writableObjectMode';
      unsupported(`options.${name}`, options[name]);
    }
  }
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }

  this.connecting = false;
  this._hadError = false;
  /** A socket that this one is wrapped around, which its activity keeps awake too. */
  this._parent = null;
  this._host = null;
  this._handle = null;
  this[kLastWriteQueueSize] = 0;
  this[kTimeout] = null;
  this[kUserBuffer] = null;
  this[kWriteCallback] = null;
  this[kFinalCallback] = null;
  this[kBytesRead] = 0;
  this[kBytesWritten] = 0;
  this[kSetNoDelay] = Boolean(options.noDelay);
  this[kSetKeepAlive] = Boolean(options.keepAlive);
  this[kKeepAliveDelay] = ~~(options.keepAliveInitialDelay / 1000);
  this[kResetting] = false;
  this._pendingData = null;
  this._pendingEncoding = '';
  this._sockname = null;
  this._peername = null;
  this.autoSelectFamilyAttemptedAddresses = undefined;
  this.server = null;
  this._server = null;

  const { onread, handle, fd } = options;
  options.emitClose = false; // 'close' comes when the descriptor is closed, and tells whether there was an error
  options.autoDestroy = true;
  options.decodeStrings = false;
  const { allowHalfOpen } = options;
  options.allowHalfOpen = Boolean(allowHalfOpen);
  Duplex.call(this, options);
  this.blockList = checkedBlockList(options.blockList);

  if (handle) {
    this._handle = handle;
  } else if (fd !== undefined) {
    this._handle = openFd(fd);
    if ((fd === 1 || fd === 2) && this._handle instanceof Pipe) {
      const errno = this._handle.setBlocking(true);
      if (errno !== 0) throw errnoException(errno, 'setBlocking');
    }
  }
  if (
    onread !== null &&
    typeof onread === 'object' &&
    (isUint8Array(onread.buffer) || typeof onread.buffer === 'function') &&
    typeof onread.callback === 'function'
  ) {
    this[kUserBuffer] = { buffer: null, make: null, callback: onread.callback };
    if (typeof onread.buffer === 'function') this[kUserBuffer].make = onread.buffer;
    else this[kUserBuffer].buffer = onread.buffer;
  }
  this.on('end', onEndOfData);
  attachHandle(this);
  // Reading begins at once, unless that is to be the user's decision.
  if (this._handle !== null && options.readable !== false && !options.noReadStart) {
    if (options.pauseOnCreate) {
      this._handle.reading = false;
      this.readableFlowing = false;
    } else if (!options.manualStart) {
      this.read(0);
    }
  }
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype);
Object.setPrototypeOf(Socket, Duplex);

function unsupported(name, value) {
  throw new ERR_INVALID_ARG_VALUE(name, value, 'is not supported');
}

function isUint8Array(value) {
  return value instanceof Uint8Array;
}

function checkedBlockList(list) {
  if (list === undefined || list === null) return undefined;
  const { BlockList } = require('net/blocklist');
  if (!BlockList.isBlockList(list)) throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', list);
  return list;
}

/** A handle over a descriptor that is a pipe, a socket or a terminal. */
function openFd(fd) {
  validateInt32(fd, 'fd', 0);
  const { guessHandleType } = require('tty/handle_type');
  const type = guessHandleType(fd);
  let handle;
  if (type === 'PIPE') handle = new Pipe();
  else if (type === 'TCP') handle = new TCP();
  else throw new ERR_INVALID_FD_TYPE(type);
  const errno = handle.open(fd);
  if (errno !== 0) throw errnoException(errno, 'open');
  return handle;
}

/** Makes the socket hear of its handle. */
function attachHandle(socket) {
  const handle = socket._handle;
  if (!handle) return;
  handle.owner = socket;
  if (socket[kUserBuffer] !== null && (handle.id !== 0 || socket[kUserBuffer].buffer === null)) giveBuffer(socket);
}

function giveBuffer(socket) {
  const user = socket[kUserBuffer];
  if (user.make !== null) user.buffer = user.make();
  if (socket._handle.id !== 0) socket._handle.useUserBuffer(user.buffer);
}

// --- what the handle tells

Socket.prototype[kData] = function (chunk, handle) {
  this[kTouch]();
  if (this._handle !== handle) return;
  if (!this.push(chunk) && handle.reading) {
    handle.readStop();
  }
};

Socket.prototype[kDataInto] = function (size, handle) {
  this[kTouch]();
  if (this._handle !== handle) return;
  const user = this[kUserBuffer];
  const goOn = Reflect.apply(user.callback, this, [size, user.buffer]) !== false;
  if (this._handle !== handle) return;
  if (!goOn) {
    handle.readStop();
  }
  if (user.make !== null) giveBuffer(this);
};

Socket.prototype[kEnd] = function (errno, handle) {
  if (this._handle !== handle) return;
  handle.reading = false;
  if (errno !== 0) {
    this.destroy(errnoException(errno, 'read'));
    return;
  }
  if (this._readableState.endEmitted) return;
  this.push(null);
  // What pushed last may sit in the buffer with nobody to take it: then this ends nothing yet.
  this.read(0);
};

/** The other side is done. Without half-open, writing is an error from now on. */
function onEndOfData() {
  if (!this.allowHalfOpen) this.write = writeAfterEnd;
}

function writeAfterEnd(chunk, encoding, callback) {
  if (!this.writableEnded) return Duplex.prototype.write.call(this, chunk, encoding, callback);
  if (typeof encoding === 'function') callback = encoding;
  const error = genericError('This socket has been ended by the other party', { code: 'EPIPE' });
  if (typeof callback === 'function') process.nextTick(callback, error);
  this.destroy(error);
  return false;
}

// --- reading

Socket.prototype._read = function (n) {
  const handle = this._handle;
  if (this.connecting || !handle) {
    this.once('connect', () => this._read(n));
  } else if (!handle.reading) {
    startReading(this, handle);
  }
};

function startReading(socket, handle) {
  const errno = handle.readStart();
  if (errno) socket.destroy(errnoException(errno, 'read'));
}

// With the onread option nothing goes through the stream's buffer: pausing must reach the handle itself.

Socket.prototype.pause = function () {
  if (this[kUserBuffer] !== null && !this.connecting && this._handle?.reading) {
    this._handle.readStop();
  }
  return Duplex.prototype.pause.call(this);
};

Socket.prototype.resume = function () {
  if (this[kUserBuffer] !== null && !this.connecting && this._handle && !this._handle.reading) {
    startReading(this, this._handle);
  }
  return Duplex.prototype.resume.call(this);
};

Socket.prototype.read = function (n) {
  if (this[kUserBuffer] !== null && !this.connecting && this._handle && !this._handle.reading) {
    startReading(this, this._handle);
  }
  return Reflect.apply(Duplex.prototype.read, this, arguments);
};

// --- writing

Socket.prototype._write = function (chunk, encoding, callback) {
  this._writeGeneric(false, chunk, encoding, callback);
};

Socket.prototype._writev = function (chunks, callback) {
  this._writeGeneric(true, chunks, '', callback);
};

Socket.prototype._writeGeneric = function (writev, data, encoding, callback) {
  if (this.connecting) {
    writeWhenConnected(this, writev, data, encoding, callback);
    return;
  }
  this._pendingData = null;
  this._pendingEncoding = '';
  this[kTouch]();
  const handle = this._handle;
  if (!handle) {
    callback(new ERR_SOCKET_CLOSED());
    return;
  }
  const result = writev ? handle.writev(data, onWritten) : handle.write(data, encoding, onWritten);
  if (result === 0) {
    this[kWriteCallback] = callback;
    this[kLastWriteQueueSize] = 1;
  } else if (result === 1) {
    this[kLastWriteQueueSize] = 0;
    callback(null);
  } else {
    callback(errnoException(result, 'write'));
  }
};

function writeWhenConnected(socket, writev, data, encoding, callback) {
  socket._pendingData = data;
  socket._pendingEncoding = encoding;
  function onConnect() {
    socket.off('close', onClose);
    socket._writeGeneric(writev, data, encoding, callback);
  }
  function onClose() {
    callback(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION());
  }
  socket.once('connect', onConnect);
  socket.once('close', onClose);
}

function onWritten(errno, handle) {
  const socket = handle.owner;
  const callback = socket[kWriteCallback];
  if (callback === null) return;
  socket[kWriteCallback] = null;
  socket[kLastWriteQueueSize] = 0;
  if (socket.destroyed) {
    callback(null);
    return;
  }
  if (errno < 0) {
    callback(errnoException(errno, 'write'));
    return;
  }
  socket[kTouch]();
  callback(null);
}

Socket.prototype._final = function (callback) {
  if (this.connecting) {
    this.once('connect', () => this._final(callback));
    return;
  }
  const handle = this._handle;
  if (!handle) {
    callback();
    return;
  }
  this[kFinalCallback] = callback;
  const errno = handle.shutdown(onShut);
  if (errno === 0) return;
  this[kFinalCallback] = null;
  // Not connected (any more): there is nobody to tell the end.
  if (errno === ENOTCONN) callback();
  else callback(errnoException(errno, 'shutdown'));
};

const ENOTCONN = -107;

function onShut(errno, handle) {
  const socket = handle.owner;
  const callback = socket[kFinalCallback];
  if (callback === null) return;
  socket[kFinalCallback] = null;
  callback(errno === 0 || errno === ENOTCONN || socket.destroyed ? undefined : errnoException(errno, 'shutdown'));
}

Socket.prototype.end = function (data, encoding, callback) {
  Duplex.prototype.end.call(this, data, encoding, callback);
  return this;
};

// --- the end

Socket.prototype.destroySoon = function () {
  if (this.writable) this.end();
  if (this.writableFinished) this.destroy();
  else this.once('finish', this.destroy);
};

Socket.prototype.resetAndDestroy = function () {
  if (this._handle) {
    if (!(this._handle instanceof TCP)) throw new ERR_INVALID_HANDLE_TYPE();
    if (this.connecting) this.once('connect', () => reset(this));
    else reset(this);
  } else {
    this.destroy(new ERR_SOCKET_CLOSED());
  }
  return this;
};

function reset(socket) {
  socket[kResetting] = true;
  socket.destroy();
}

Socket.prototype._reset = function () {
  reset(this);
  return this;
};

Socket.prototype._destroy = function (error, callback) {
  this.connecting = false;
  for (let s = this; s; s = s._parent) {
    if (s[kTimeout] !== null) clearTimeout(s[kTimeout]);
    s[kTimeout] = null;
  }
  const handle = this._handle;
  if (handle) {
    this[kBytesRead] = handle.bytesRead;
    this[kBytesWritten] = handle.bytesWritten;
    this._hadError = Boolean(error);
    if (this[kResetting]) {
      this[kResetting] = false;
      const errno = handle.reset?.(onHandleClosed) ?? EINVAL;
      if (errno !== 0) {
        handle.close(onHandleClosed);
        this.emit('error', errnoException(errno, 'reset'));
      }
    } else {
      handle.close(onHandleClosed);
    }
    this._handle = null;
    this._sockname = null;
    callback(error);
  } else {
    callback(error);
    process.nextTick(emitClose, this);
  }
  if (this._server) {
    this._server._connections--;
    this._server._emitCloseIfDrained?.();
  }
};

/** @this {any} the handle */
function onHandleClosed() {
  const socket = this.owner;
  socket.emit('close', socket._hadError);
}

function emitClose(socket) {
  socket.emit('close');
}

// --- time

Socket.prototype.setTimeout = function (ms, callback) {
  if (this.destroyed) return this;
  this.timeout = ms;
  ms = checkedDuration(ms, 'msecs');
  if (this[kTimeout] !== null) clearTimeout(this[kTimeout]);
  if (ms === 0) {
    this[kTimeout] = null;
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.removeListener('timeout', callback);
    }
    return this;
  }
  this[kTimeout] = setUnrefTimeout(onTimer, ms);
  this[kTimeout].socket = this;
  if (callback !== undefined) {
    validateFunction(callback, 'callback');
    this.once('timeout', callback);
  }
  return this;
};

/** @this {any} the timer */
function onTimer() {
  this.socket._onTimeout();
}

Socket.prototype._onTimeout = function () {
  const handle = this._handle;
  const last = this[kLastWriteQueueSize];
  if (last > 0 && handle) {
    // A large write that is slow but moves on is no idle socket.
    const size = handle.writeQueueSize;
    if (size !== last && size > 0) {
      this[kLastWriteQueueSize] = size;
      this[kTouch]();
      return;
    }
  }
  this.emit('timeout');
};

Socket.prototype[kTouch] = function () {
  for (let s = this; s; s = s._parent) {
    if (s[kTimeout]) s[kTimeout].refresh();
  }
};

Socket.prototype._unrefTimer = function () {
  this[kTouch]();
};

// --- options and addresses

Socket.prototype.setNoDelay = function (enable) {
  const on = Boolean(enable === undefined ? true : enable);
  if (!this._handle) {
    this[kSetNoDelay] = on;
    return this;
  }
  if (this._handle.setNoDelay && on !== this[kSetNoDelay]) {
    this[kSetNoDelay] = on;
    this._handle.setNoDelay(on);
  }
  return this;
};

Socket.prototype.setKeepAlive = function (enable, initialDelay) {
  const on = Boolean(enable);
  const seconds = ~~(initialDelay / 1000);
  if (!this._handle) {
    this[kSetKeepAlive] = on;
    this[kKeepAliveDelay] = seconds;
    return this;
  }
  if (!this._handle.setKeepAlive) return this;
  if (on !== this[kSetKeepAlive] || (on && this[kKeepAliveDelay] !== seconds)) {
    this[kSetKeepAlive] = on;
    this[kKeepAliveDelay] = seconds;
    this._handle.setKeepAlive(on, seconds);
  }
  return this;
};

/** Options that were set before there was a connection. */
function applyOptions(socket) {
  const handle = socket._handle;
  if (socket[kSetNoDelay] && handle.setNoDelay) handle.setNoDelay(true);
  if (socket[kSetKeepAlive] && handle.setKeepAlive) handle.setKeepAlive(true, socket[kKeepAliveDelay]);
}

Socket.prototype.ref = function () {
  refOrUnref(this, 'ref');
  return this;
};

Socket.prototype.unref = function () {
  refOrUnref(this, 'unref');
  return this;
};

function refOrUnref(socket, how) {
  const handle = socket._handle;
  if (!handle) socket.once('connect', socket[how]);
  else if (typeof handle[how] === 'function') handle[how]();
}

Socket.prototype.address = function () {
  return this._getsockname();
};

Socket.prototype._getsockname = function () {
  if (!this._handle?.getsockname) return {};
  if (this._sockname === null) {
    const out = {};
    if (this._handle.getsockname(out) !== 0) return {};
    this._sockname = out;
  }
  return this._sockname;
};

Socket.prototype._getpeername = function () {
  if (!this._handle?.getpeername || this.connecting) return this._peername ?? nothing;
  if (this._peername === null) {
    const out = {};
    if (this._handle.getpeername(out) !== 0) return out;
    this._peername = out;
  }
  return this._peername;
};

function define(name, get, enumerable) {
  Object.defineProperty(Socket.prototype, name, { __proto__: null, configurable: true, enumerable, get });
}

define(
  'remoteAddress',
  function () {
    return this._getpeername().address;
  },
  true,
);
define(
  'remoteFamily',
  function () {
    return this._getpeername().family;
  },
  true,
);
define(
  'remotePort',
  function () {
    return this._getpeername().port;
  },
  true,
);
define(
  'localAddress',
  function () {
    return this._getsockname().address;
  },
  true,
);
define(
  'localPort',
  function () {
    return this._getsockname().port;
  },
  true,
);
define(
  'localFamily',
  function () {
    return this._getsockname().family;
  },
  true,
);
define(
  'bytesRead',
  function () {
    return this._handle ? this._handle.bytesRead : this[kBytesRead];
  },
  true,
);
define(
  '_bytesDispatched',
  function () {
    return this._handle ? this._handle.bytesWritten : this[kBytesWritten];
  },
  true,
);
define(
  '_connecting',
  function () {
    return this.connecting;
  },
  true,
);
define(
  'pending',
  function () {
    return !this._handle || this.connecting;
  },
  true,
);
define(
  'bufferSize',
  function () {
    return this._handle ? this.writableLength : undefined;
  },
  false,
);
define(
  'readyState',
  function () {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  },
  true,
);

function sizeOf(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.byteLength;
}

/** What was handed to the system and what still waits for it. */
define(
  'bytesWritten',
  function () {
    let bytes = this._bytesDispatched;
    const waiting = this.writableBuffer;
    if (!waiting) return undefined;
    for (const entry of waiting) bytes += sizeOf(entry.chunk, entry.encoding);
    const data = this._pendingData;
    if (Array.isArray(data)) {
      for (const entry of data) bytes += sizeOf(entry.chunk, entry.encoding);
    } else if (data) {
      bytes += sizeOf(data, this._pendingEncoding);
    }
    return bytes;
  },
  true,
);

Socket.prototype.connect = function (...args) {
  return require('net/connect').connectSocket(this, args);
};

module.exports = {
  Socket,
  attachHandle,
  applyOptions,
  checkedBlockList,
  kSetNoDelay,
  kSetKeepAlive,
  kKeepAliveDelay,
  kUserBuffer,
};

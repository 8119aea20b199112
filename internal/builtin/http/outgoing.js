'use strict';

// OutgoingMessage: what a server's response and a client's request have in common. It owns the headers, decides how the
// body is framed, and passes bytes on: to its socket, or to a list while it has none. A response on the fast path
// (http/response.js) sends to the outbox instead; everything above transmit() is the same.

const EventEmitter = require('events');
const { Stream } = require('stream');
const { LENGTH, TRANSFER, CONNECTION, nameOf, lineOf, indexIn } = require('http/head');
const { store, toList } = require('http/framing');
const { validateString } = require('shared/validators');
const { codes } = require('shared/errors');
const {
  ERR_HTTP_BODY_NOT_ALLOWED,
  ERR_HTTP_CONTENT_LENGTH_MISMATCH,
  ERR_HTTP_HEADERS_SENT,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_CHAR,
  ERR_METHOD_NOT_IMPLEMENTED,
  ERR_STREAM_ALREADY_FINISHED,
  ERR_STREAM_CANNOT_PIPE,
  ERR_STREAM_DESTROYED,
  ERR_STREAM_NULL_VALUES,
  ERR_STREAM_WRITE_AFTER_END,
} = codes;
const { getDefaultHighWaterMark } = require('stream/state');
const { hasInvalidChar, validateHeaderName, validateHeaderValue } = require('http/tokens');

function nop() {}

/**
 * @constructor
 * @param {any} [options]
 */
function OutgoingMessage(options) {
  Stream.call(this);
  this._list = null;
  this._header = null;
  this._headerSent = false;
  this._ended = false;
  this._closed = false;
  this._contentLength = null;
  this._hasBody = true;
  this._trailer = '';
  this._last = false;
  this._removed = 0;
  this._needDrain = false;
  this._defaultKeepAlive = true;
  this._keepAliveTimeout = 0;
  this._socket = null;
  this._onPendingData = nop;
  this._corks = 0;
  this._corkedChunks = null;
  this._mark = options?.highWaterMark ?? getDefaultHighWaterMark(false);
  this._unique = null;
  this._failure = null;
  this._written = 0;
  this._agentKeepsAlive = false;
  this.outputData = [];
  this.outputSize = 0;
  this.writable = true;
  this.destroyed = false;
  this.chunkedEncoding = false;
  this.shouldKeepAlive = true;
  this.maxRequestsOnConnectionReached = false;
  this.useChunkedEncodingByDefault = true;
  this.sendDate = false;
  this.finished = false;
  this.strictContentLength = false;
}
Object.setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
Object.setPrototypeOf(OutgoingMessage, Stream);

function define(name, get, set) {
  Object.defineProperty(OutgoingMessage.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get,
    set,
  });
}

define(
  'socket',
  function () {
    return this._socket;
  },
  function (socket) {
    this._socket = socket;
  },
);
define(
  'connection',
  function () {
    return this.socket;
  },
  function (socket) {
    this.socket = socket;
  },
);
define('errored', function () {
  return this._failure;
});
define('closed', function () {
  return this._closed;
});
define('headersSent', function () {
  return !!this._header;
});
define('writableFinished', function () {
  const socket = this._socket;
  return this.finished && this.outputSize === 0 && (!socket || socket.writableLength === 0);
});
define('writableObjectMode', function () {
  return false;
});
define('writableLength', function () {
  return this.outputSize + corkedSize(this) + (this._socket ? this._socket.writableLength : 0);
});
define('writableHighWaterMark', function () {
  return this._socket ? this._socket.writableHighWaterMark : this._mark;
});
define('writableCorked', function () {
  return this._corks;
});
define('writableEnded', function () {
  return this.finished;
});
define('writableNeedDrain', function () {
  return !this.destroyed && !this.finished && this._needDrain;
});
define(
  '_removedConnection',
  function () {
    return (this._removed & CONNECTION) !== 0;
  },
  function (v) {
    this._removed = v ? this._removed | CONNECTION : this._removed & ~CONNECTION;
  },
);
define(
  '_removedContLen',
  function () {
    return (this._removed & LENGTH) !== 0;
  },
  function (v) {
    this._removed = v ? this._removed | LENGTH : this._removed & ~LENGTH;
  },
);
define(
  '_removedTE',
  function () {
    return (this._removed & TRANSFER) !== 0;
  },
  function (v) {
    this._removed = v ? this._removed | TRANSFER : this._removed & ~TRANSFER;
  },
);

const { deprecate } = require('util');
Object.defineProperty(OutgoingMessage.prototype, '_headers', {
  __proto__: null,
  get: deprecate(
    function () {
      return this.getHeaders();
    },
    'OutgoingMessage.prototype._headers is deprecated',
    'DEP0066',
  ),
  set: deprecate(
    function (value) {
      this._list = null;
      if (value !== null && value !== undefined) for (const k of Object.keys(value)) put(this, k, value[k]);
    },
    'OutgoingMessage.prototype._headers is deprecated',
    'DEP0066',
  ),
});
Object.defineProperty(OutgoingMessage.prototype, '_headerNames', {
  __proto__: null,
  get: deprecate(
    function () {
      if (this._list === null) return null;
      const out = { __proto__: null };
      for (let i = 0; i < this._list.length; i += 3) out[this._list[i].lower] = this._list[i].name;
      return out;
    },
    'OutgoingMessage.prototype._headerNames is deprecated',
    'DEP0066',
  ),
  set: deprecate(
    function (value) {
      if (typeof value !== 'object' || value === null || this._list === null) return;
      for (const k of Object.keys(value)) {
        const i = indexIn(this._list, k);
        if (i >= 0) put(this, String(value[k]), this._list[i + 1]);
      }
    },
    'OutgoingMessage.prototype._headerNames is deprecated',
    'DEP0066',
  ),
});

// --- headers

/** Sets one header, checked. */
function put(msg, name, value) {
  const n = nameOf(name);
  const line = lineOf(n, value);
  const list = msg._list;
  if (list === null) {
    msg._list = [n, value, line];
    return;
  }
  const lower = n.lower;
  for (let i = 0; i < list.length; i += 3) {
    if (list[i].lower === lower) {
      list[i] = n;
      list[i + 1] = value;
      list[i + 2] = line;
      return;
    }
  }
  list.push(n, value, line);
}

OutgoingMessage.prototype.setHeader = function setHeader(name, value) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
  if (value === undefined && typeof name === 'string') validateHeaderPair(name, value);
  put(this, name, value);
  return this;
};

function validateHeaderPair(name, value) {
  validateHeaderName(name);
  validateHeaderValue(name, value);
}

OutgoingMessage.prototype.setHeaders = function setHeaders(headers) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('set');
  if (!headers || Array.isArray(headers) || typeof headers.keys !== 'function' || typeof headers.get !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
  }
  const cookies = [];
  for (const [key, value] of headers) {
    if (key === 'set-cookie') {
      if (Array.isArray(value)) cookies.push(...value);
      else cookies.push(value);
      continue;
    }
    this.setHeader(key, value);
  }
  if (cookies.length) this.setHeader('set-cookie', cookies);
  return this;
};

OutgoingMessage.prototype.appendHeader = function appendHeader(name, value) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('append');
  validateHeaderPair(name, value);
  const i = this._list === null ? -1 : indexIn(this._list, name.toLowerCase());
  if (i < 0) {
    put(this, name, value);
    return this;
  }
  const old = this._list[i + 1];
  const all = Array.isArray(old) ? old.slice() : [old];
  if (Array.isArray(value)) all.push(...value);
  else all.push(value);
  put(this, this._list[i].name, all);
  return this;
};

OutgoingMessage.prototype.getHeader = function getHeader(name) {
  validateString(name, 'name');
  const list = this._list;
  if (list === null) return undefined;
  const i = indexIn(list, name.toLowerCase());
  return i < 0 ? undefined : list[i + 1];
};

OutgoingMessage.prototype.getHeaderNames = function getHeaderNames() {
  const out = [];
  const list = this._list;
  if (list !== null) for (let i = 0; i < list.length; i += 3) out.push(list[i].lower);
  return out;
};

OutgoingMessage.prototype.getRawHeaderNames = function getRawHeaderNames() {
  const out = [];
  const list = this._list;
  if (list !== null) for (let i = 0; i < list.length; i += 3) out.push(list[i].name);
  return out;
};

OutgoingMessage.prototype.getHeaders = function getHeaders() {
  const out = { __proto__: null };
  const list = this._list;
  if (list !== null) for (let i = 0; i < list.length; i += 3) out[list[i].lower] = list[i + 1];
  return out;
};

OutgoingMessage.prototype.hasHeader = function hasHeader(name) {
  validateString(name, 'name');
  return this._list !== null && indexIn(this._list, name.toLowerCase()) >= 0;
};

OutgoingMessage.prototype.removeHeader = function removeHeader(name) {
  validateString(name, 'name');
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('remove');
  const lower = name.toLowerCase();
  if (lower === 'connection') this._removed |= CONNECTION;
  else if (lower === 'content-length') this._removed |= LENGTH;
  else if (lower === 'transfer-encoding') this._removed |= TRANSFER;
  else if (lower === 'date') this.sendDate = false;
  if (this._list !== null) {
    const i = indexIn(this._list, lower);
    if (i >= 0) this._list.splice(i, 3);
  }
};

OutgoingMessage.prototype._renderHeaders = function _renderHeaders() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  const out = {};
  const list = this._list;
  if (list !== null) for (let i = 0; i < list.length; i += 3) out[list[i].name] = list[i + 1];
  return out;
};

OutgoingMessage.prototype._implicitHeader = function _implicitHeader() {
  throw new ERR_METHOD_NOT_IMPLEMENTED('_implicitHeader()');
};

OutgoingMessage.prototype.addTrailers = function addTrailers(headers) {
  this._trailer = '';
  const isArray = Array.isArray(headers);
  for (const key of Object.keys(headers)) {
    const field = isArray ? headers[key][0] : key;
    const value = isArray ? headers[key][1] : headers[key];
    validateHeaderName(field, 'Trailer name');
    const values =
      Array.isArray(value) && value.length > 1 && !this._unique?.has(field.toLowerCase())
        ? value
        : [Array.isArray(value) ? value.join('; ') : value];
    for (const v of values) {
      if (hasInvalidChar(v)) throw new ERR_INVALID_CHAR('trailer content', field);
      this._trailer += field + ': ' + v + '\r\n';
    }
  }
};

OutgoingMessage.prototype._storeHeader = function _storeHeader(firstLine, headers) {
  store(this, firstLine, headers === this._list ? headers : toList(headers));
};

// --- the body

function corkedSize(msg) {
  return msg._corkedChunks === null ? 0 : msg._corkedSize;
}

OutgoingMessage.prototype.cork = function () {
  this._corks++;
  if (this._socket) this._socket.cork();
};

OutgoingMessage.prototype.uncork = function () {
  if (this._corks > 0) this._corks--;
  if (this._socket) this._socket.uncork();
  if (this._corks > 0 || this._corkedChunks === null) return;
  flushCorked(this);
};

/** What was written while corked goes out as one chunk. */
function flushCorked(msg) {
  const list = msg._corkedChunks;
  if (list === null) return;
  msg._corkedChunks = null;
  const callbacks = [];
  const size = msg._corkedSize;
  msg._corkedSize = 0;
  msg._send(size.toString(16) + '\r\n', 'latin1', null);
  for (let i = 0; i < list.length; i += 3) {
    msg._send(list[i], list[i + 1], null);
    if (list[i + 2]) callbacks.push(list[i + 2]);
  }
  msg._send(
    '\r\n',
    'latin1',
    callbacks.length === 0
      ? null
      : (err) => {
          for (const cb of callbacks) cb(err);
        },
  );
}

OutgoingMessage.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (callback) this.on('timeout', callback);
  if (!this.socket) {
    this.once('socket', function socketSetTimeoutOnConnect(socket) {
      socket.setTimeout(msecs);
    });
  } else {
    this.socket.setTimeout(msecs);
  }
  return this;
};

OutgoingMessage.prototype.destroy = function destroy(error) {
  if (this.destroyed) return this;
  this.destroyed = true;
  this._failure = error;
  if (this.socket) {
    this.socket.destroy(error);
  } else {
    this.once('socket', function socketDestroyOnConnect(socket) {
      socket.destroy(error);
    });
  }
  return this;
};

/** Sends bytes with the head in front of the first. */
OutgoingMessage.prototype._send = function _send(data, encoding, callback, byteLength) {
  if (!this._headerSent && this._header !== null) {
    const header = this._header;
    if (typeof data === 'string' && (!encoding || encoding === 'utf8' || encoding === 'utf-8') && isAscii(header)) {
      data = header + data;
    } else {
      this.outputData.unshift({ data: header, encoding: 'latin1', callback: null });
      this.outputSize += header.length;
      this._onPendingData(header.length);
    }
    this._headerSent = true;
  }
  return this._writeRaw(data, encoding, callback, byteLength);
};

/** Whether a head may be joined with text in UTF-8. */
function isAscii(text) {
  return !/[^\x00-\x7f]/.test(text);
}

OutgoingMessage.prototype._writeRaw = function _writeRaw(data, encoding, callback) {
  const socket = this._socket;
  if (socket && socket.destroyed) return false;
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (socket && socket._httpMessage === this && socket.writable) {
    if (this.outputData.length) this._flushOutput(socket);
    return socket.write(data, encoding, callback);
  }
  const size = typeof data === 'string' ? Buffer.byteLength(data, encoding || 'utf8') : data.length;
  this.outputData.push({ data, encoding, callback });
  this.outputSize += size;
  this._onPendingData(size);
  return this.outputSize < this._mark;
};

function chunkError(chunk) {
  return new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
}

function isBytes(chunk) {
  return (
    chunk instanceof Uint8Array ||
    (ArrayBuffer.isView(chunk) && Object.prototype.toString.call(chunk) === '[object Uint8Array]')
  );
}

OutgoingMessage.prototype.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  const ok = writeBody(this, chunk, encoding, callback, false);
  if (!ok) this._needDrain = true;
  return ok;
};

/** Reports an error as streams do: to the callback at once, as an event in the next tick. */
function fail(msg, err, callback) {
  process.nextTick(tellError, msg, err, callback);
  return false;
}

function tellError(msg, err, callback) {
  if (typeof callback === 'function') callback(err);
  if (msg._closed) return;
  emitError(msg, err);
}

function emitError(msg, err) {
  if (typeof msg.emit === 'function' && !msg.destroyed) msg.emit('error', err);
}

function writeBody(msg, chunk, encoding, callback, isLast) {
  if (typeof callback !== 'function') callback = nop;
  if (chunk === null) throw new ERR_STREAM_NULL_VALUES();
  if (typeof chunk !== 'string' && !isBytes(chunk)) throw chunkError(chunk);
  if (msg.finished) return fail(msg, new ERR_STREAM_WRITE_AFTER_END(), callback);
  if (msg.destroyed) return fail(msg, new ERR_STREAM_DESTROYED('write'), callback);
  let size = -1;
  if (!msg._header || msg.strictContentLength) size = byteLength(chunk, encoding);
  if (msg.strictContentLength) checkLength(msg, size, isLast);
  if (!msg._header) {
    if (isLast) msg._contentLength = size;
    msg._implicitHeader();
  }
  if (!msg._hasBody) {
    if (msg.rejectNonStandardBodyWrites) throw new ERR_HTTP_BODY_NOT_ALLOWED();
    process.nextTick(callback);
    return true;
  }
  return msg._transmit(chunk, encoding, callback, isLast);
}

function byteLength(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding || 'utf8') : chunk.byteLength;
}

function checkLength(msg, size, isLast) {
  let expected = msg._contentLength;
  if (expected === null || expected === undefined) {
    const set = msg.getHeader('content-length');
    if (set === undefined) {
      msg._written += size;
      return;
    }
    expected = Number(set);
  }
  if (msg._written + size > expected || (isLast && msg._written + size !== expected)) {
    if (msg._hasBody !== false) throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(size + msg._written, expected);
  }
  msg._written += size;
}

/** One piece of the body, framed; replaced on the fast path. */
OutgoingMessage.prototype._transmit = function (chunk, encoding, callback, isLast) {
  const socket = this._socket;
  if (!isLast && socket && !socket.writableCorked) {
    socket.cork();
    process.nextTick(uncorkSocket, socket);
  }
  if (!this.chunkedEncoding || (typeof chunk === 'string' ? chunk.length : chunk.byteLength) === 0) {
    return this._send(chunk, encoding, callback);
  }
  const size = byteLength(chunk, encoding);
  if (this._corks > 0 && this._headerSent) {
    (this._corkedChunks ??= []).push(chunk, encoding, callback);
    this._corkedSize = (this._corkedSize || 0) + size;
    return this._corkedSize < this._mark;
  }
  this._send(size.toString(16) + '\r\n', 'latin1', null);
  this._send(chunk, encoding, null);
  return this._send('\r\n', 'latin1', callback);
};

function uncorkSocket(socket) {
  socket.uncork();
}

/** Tells that the message has been passed on completely. */
function onFinish(msg) {
  if (msg?.socket?._hadError) return;
  msg.emit('finish');
}

OutgoingMessage.prototype.end = function end(chunk, encoding, callback) {
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = null;
    encoding = null;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  if (chunk) {
    if (this.finished) {
      onEndError(this, new ERR_STREAM_WRITE_AFTER_END(), typeof callback === 'function' ? callback : nop);
      return this;
    }
    if (typeof chunk !== 'string' && !isBytes(chunk)) throw chunkError(chunk);
    if (this._socket) this._socket.cork();
    writeBody(this, chunk, encoding, null, true);
  } else if (this.finished) {
    if (typeof callback === 'function') {
      if (!this.writableFinished) this.on('finish', callback);
      else callback(new ERR_STREAM_ALREADY_FINISHED('end'));
    }
    return this;
  } else if (!this._header) {
    if (this._socket) this._socket.cork();
    this._contentLength = 0;
    this._implicitHeader();
  }
  if (typeof callback === 'function') this.once('finish', callback);
  if (
    this.strictContentLength &&
    this._hasBody &&
    typeof this._contentLength === 'number' &&
    this._written !== this._contentLength
  ) {
    throw new ERR_HTTP_CONTENT_LENGTH_MISMATCH(this._written, this._contentLength);
  }
  while (this._corks > 0) this.uncork();
  const finish = () => onFinish(this);
  if (this._hasBody && this.chunkedEncoding) this._send('0\r\n' + this._trailer + '\r\n', 'latin1', finish);
  else if (!this._headerSent || this._socket?.writableLength || chunk) this._send('', 'latin1', finish);
  else process.nextTick(finish);
  if (this._socket) {
    // Everything is out: the cork of end(), and whatever was still held.
    this._socket._writableState.corked = 1;
    this._socket.uncork();
  }
  this.finished = true;
  if (this.outputData.length === 0 && this._socket && this._socket._httpMessage === this) this._finish();
  return this;
};

function onEndError(msg, err, callback) {
  process.nextTick(tellError, msg, err, callback);
}

OutgoingMessage.prototype._finish = function _finish() {
  this.emit('prefinish');
};

OutgoingMessage.prototype._flush = function _flush() {
  const socket = this._socket;
  if (!socket || !socket.writable) return;
  const ok = this._flushOutput(socket);
  if (this.finished) {
    this._finish();
  } else if (ok && this._needDrain) {
    this._needDrain = false;
    this.emit('drain');
  }
};

OutgoingMessage.prototype._flushOutput = function _flushOutput(socket) {
  const output = this.outputData;
  const n = output.length;
  if (n === 0) return undefined;
  const size = this.outputSize;
  this.outputData = [];
  this.outputSize = 0;
  for (let k = this._corks; k > 0; k--) socket.cork();
  socket.cork();
  let ok = true;
  for (let i = 0; i < n; i++) ok = socket.write(output[i].data, output[i].encoding, output[i].callback);
  socket.uncork();
  this._onPendingData(-size);
  return ok;
};

OutgoingMessage.prototype.flushHeaders = function flushHeaders() {
  if (!this._header) this._implicitHeader();
  this._send('');
};

OutgoingMessage.prototype.pipe = function pipe() {
  this.emit('error', new ERR_STREAM_CANNOT_PIPE());
};

OutgoingMessage.prototype[EventEmitter.captureRejectionSymbol] = function (err) {
  this.destroy(err);
};

module.exports = {
  OutgoingMessage,
  corkedSize,
  put,
  writeBody,
  validateHeaderName,
  validateHeaderValue,
};

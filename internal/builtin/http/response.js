'use strict';

// ServerResponse. By a stream it is an OutgoingMessage that makes a status line. By one of the server's own connections
// (http/fast.js) nothing stands between it and the outbox: end() finds its finished head, and one call into C++ appends
// head, framing and body to what Go writes after the batch.

const EventEmitter = require('events');
const head = require('http/head');
const { OutgoingMessage, corkedSize, put } = require('http/outgoing');
const { store, toList } = require('http/framing');
const { hasInvalidChar, validateHeaderName, validateHeaderValue } = require('http/tokens');
const STATUS_CODES = require('http/status');
const { validateLinkHeaderValue, validateObject } = require('shared/validators');
const {
  ERR_HTTP_HEADERS_SENT,
  ERR_HTTP_INVALID_STATUS_CODE,
  ERR_HTTP_SOCKET_ASSIGNED,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_CHAR,
  ERR_STREAM_DESTROYED,
  ERR_UNKNOWN_ENCODING,
} = require('shared/errors').codes;

const { respond } = engine;
const { indexIn } = head;

/** Modes of respond(): how C++ frames the body. */
const RAW = 0;
const LENGTH = 1;
const CHUNK = 2;
const LAST_CHUNK = 3;
const NO_MORE_CHUNKS = 4;
/** Flags of respond(). */
const END = 1;
const CLOSE = 2;
const NOTIFY = 4;

/**
 * @constructor
 * @param {any} req
 * @param {Options} [options]
 */
function ServerResponse(req, options) {
  OutgoingMessage.call(this, options);
  this.req = req;
  this.statusCode = 200;
  this.statusMessage = undefined;
  this._sent100 = false;
  this._expect_continue = false;
  this._fast = null;
  this._slot = 0;
  this._seq = 0;
  this._pending = 0;
  this._total = 0;
  this._waiting = null;
  this._maxRequestsPerSocket = 0;
  this._keepLine = '';
  this._flushed = true;
  this._fastEnded = false;
  this.sendDate = true;
  if (req.method === 'HEAD') this._hasBody = false;
  const major = req.httpVersionMajor;
  if (major < 1 || (major === 1 && req.httpVersionMinor < 1)) {
    this.useChunkedEncodingByDefault = /chunked/i.test(req.headers?.te);
    this.shouldKeepAlive = false;
  }
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ServerResponse, OutgoingMessage);

Object.defineProperty(ServerResponse.prototype, 'socket', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    if (this._fast !== null && this._socket === null && !this._closed) return this._fast.socketFor(this);
    return this._socket;
  },
  set(socket) {
    this._socket = socket;
  },
});

ServerResponse.prototype.statusCode = 200;
ServerResponse.prototype.statusMessage = undefined;

ServerResponse.prototype._finish = function _finish() {
  OutgoingMessage.prototype._finish.call(this);
};

function onSocketClose() {
  // The connection went before the answer was complete.
  if (this._httpMessage) {
    const res = this._httpMessage;
    res.destroyed = true;
    res._closed = true;
    res.emit('close');
  }
}

ServerResponse.prototype.assignSocket = function assignSocket(socket) {
  if (socket._httpMessage) {
    if (socket._httpMessage === this) return;
    throw new ERR_HTTP_SOCKET_ASSIGNED();
  }
  socket._httpMessage = this;
  socket.on('close', onSocketClose);
  this._socket = socket;
  this.emit('socket', socket);
  this._flush();
};

ServerResponse.prototype.detachSocket = function detachSocket(socket) {
  socket.removeListener('close', onSocketClose);
  socket._httpMessage = null;
  this._socket = null;
};

function writeInformation(res, text, cb) {
  if (res._fast !== null) {
    respond(res._slot, res._seq, text, null, RAW, 0);
    if (typeof cb === 'function') process.nextTick(cb);
  } else {
    res._writeRaw(text, 'latin1', cb);
  }
}

ServerResponse.prototype.writeContinue = function writeContinue(cb) {
  writeInformation(this, 'HTTP/1.1 100 Continue\r\n\r\n', cb);
  this._sent100 = true;
};

ServerResponse.prototype.writeProcessing = function writeProcessing(cb) {
  writeInformation(this, 'HTTP/1.1 102 Processing\r\n\r\n', cb);
};

ServerResponse.prototype.writeEarlyHints = function writeEarlyHints(hints, cb) {
  let text = 'HTTP/1.1 103 Early Hints\r\n';
  validateObject(hints, 'hints');
  if (hints.link === null || hints.link === undefined) return;
  const link = validateLinkHeaderValue(hints.link);
  if (link.length === 0) return;
  text += 'Link: ' + link + '\r\n';
  for (const key of Object.keys(hints)) {
    if (key === 'link') continue;
    validateHeaderName(key);
    validateHeaderValue(key, hints[key]);
    text += key + ': ' + hints[key] + '\r\n';
  }
  writeInformation(this, text + '\r\n', cb);
};

ServerResponse.prototype._implicitHeader = function _implicitHeader() {
  this.writeHead(this.statusCode);
};

ServerResponse.prototype.writeHead = function writeHead(statusCode, reason, obj) {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('write');
  const original = statusCode;
  statusCode |= 0;
  if (statusCode < 100 || statusCode > 999) throw new ERR_HTTP_INVALID_STATUS_CODE(original);
  if (typeof reason === 'string') {
    this.statusMessage = reason;
  } else {
    this.statusMessage ||= STATUS_CODES[statusCode] || 'unknown';
    obj ??= reason;
  }
  this.statusCode = statusCode;
  let list = this._list;
  if (obj) {
    if (Array.isArray(obj) && list === null) {
      list = toList(obj);
    } else if (list !== null || !Array.isArray(obj)) {
      if (list === null) {
        for (const k of Object.keys(obj)) if (k) put(this, k, obj[k]);
      } else if (Array.isArray(obj)) {
        if (obj.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', obj);
        // What is given here replaces what was set, but may be given more than once.
        for (let i = 0; i < obj.length; i += 2) this.removeHeader(obj[i]);
        for (let i = 0; i < obj.length; i += 2) if (obj[i]) this.appendHeader(obj[i], obj[i + 1]);
      } else {
        for (const k of Object.keys(obj)) if (k) this.setHeader(k, obj[k]);
      }
      list = this._list;
    }
  }
  if (hasInvalidChar(this.statusMessage)) throw new ERR_INVALID_CHAR('statusMessage');
  if (statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode <= 199)) this._hasBody = false;
  // A client that waits for 100 Continue and gets an answer instead will not send its body.
  if (this._expect_continue && !this._sent100) this.shouldKeepAlive = false;
  if (this._fast !== null && isPlain(this)) {
    const mode = plainHead(this, list, 1);
    if (mode !== null) {
      this.chunkedEncoding = mode !== RAW;
      return this;
    }
  }
  store(this, head.statusLine(statusCode, this.statusMessage), list);
  return this;
};

ServerResponse.prototype.writeHeader = ServerResponse.prototype.writeHead;

// --- the fast path

ServerResponse.prototype._transmit = function (chunk, encoding, callback, isLast) {
  if (this._fast === null) return OutgoingMessage.prototype._transmit.call(this, chunk, encoding, callback, isLast);
  return sendFast(this, chunk, encoding, callback);
};

ServerResponse.prototype._send = function (data, encoding, callback, byteLength) {
  if (this._fast === null) return OutgoingMessage.prototype._send.call(this, data, encoding, callback, byteLength);
  return sendRaw(this, data, encoding, callback);
};

ServerResponse.prototype._writeRaw = function (data, encoding, callback, size) {
  if (this._fast === null) return OutgoingMessage.prototype._writeRaw.call(this, data, encoding, callback, size);
  return sendRaw(this, data, encoding, callback);
};

/** The head, if it is still to be sent. */
function takeHead(res) {
  if (res._headerSent || res._header === null) return null;
  res._headerSent = true;
  return res._header;
}

function sendRaw(res, data, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = null;
  }
  const text = takeHead(res);
  const bytes = encode(data, encoding);
  respond(res._slot, res._seq, text, bytes, RAW, 0);
  if (typeof callback === 'function') process.nextTick(callback);
  return true;
}

/** A body as respond() takes it: a string that is to be UTF-8, or bytes. */
function encode(chunk, encoding) {
  if (typeof chunk !== 'string' || !encoding || encoding === 'utf8' || encoding === 'utf-8') return chunk;
  if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
  return Buffer.from(chunk, encoding);
}

/** What a socket that somebody looks at has written. */
function count(res, text, body) {
  const handle = res._socket._handle;
  if (!handle) return;
  handle.bytesWritten +=
    (text === null ? 0 : text.length) +
    (body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
}

/** One piece of the body; counts what Go may not have written yet. */
function sendFast(res, chunk, encoding, callback) {
  const body = encode(chunk, encoding);
  const size = typeof body === 'string' ? body.length : body.byteLength;
  if (size === 0) {
    const text = takeHead(res);
    if (text !== null) respond(res._slot, res._seq, text, null, RAW, 0);
    process.nextTick(callback);
    return true;
  }
  res._pending += size;
  res._total += size;
  // What was written in earlier turns may have gone meanwhile. Once it is too much, 'drain' says when it no longer is.
  if (res._pending >= res._mark && res._pending !== size && res._waiting === null)
    res._pending = res._fast.pendingOf(res) + size;
  const full = res._pending >= res._mark;
  const tell = full || callback.length !== 0 || callback.name !== 'nop';
  const text = takeHead(res);
  respond(res._slot, res._seq, text, body, res.chunkedEncoding ? CHUNK : RAW, tell ? NOTIFY : 0);
  if (res._socket !== null) count(res, text, body);
  if (tell) (res._waiting ??= []).push(callback);
  return !full;
}

/** Go has written everything: callbacks, and room again. */
ServerResponse.prototype._drained = function () {
  const waiting = this._waiting;
  this._waiting = null;
  this._pending = 0;
  if (waiting !== null) for (let i = 0; i < waiting.length; i++) waiting[i]();
  if (this.finished) {
    if (this._flushed === false) {
      this._flushed = true;
      this._fast.finished(this);
    }
  } else if (this._needDrain) {
    this._needDrain = false;
    this.emit('drain');
  }
};

const endSlow = OutgoingMessage.prototype.end;

ServerResponse.prototype.end = function end(chunk, encoding, callback) {
  if (this._fast === null || this.finished) return endSlow.call(this, chunk, encoding, callback);
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = undefined;
    encoding = undefined;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  if (chunk !== undefined && chunk !== null && typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
    return endSlow.call(this, chunk, encoding, callback); // which refuses it
  }
  if (this.destroyed || this.strictContentLength || this._corks > 0) return endCareful(this, chunk, encoding, callback);
  if (typeof callback === 'function') this.once('finish', callback);
  const body =
    chunk === undefined || chunk === null || chunk.length === 0
      ? null
      : encoding === undefined || encoding === null
        ? chunk
        : encode(chunk, encoding);
  if (this._header === null) {
    endAtOnce(this, body);
  } else {
    const text = takeHead(this);
    const mode = !this._hasBody
      ? RAW
      : this.chunkedEncoding
        ? body === null || this._trailer !== ''
          ? NO_MORE_CHUNKS
          : LAST_CHUNK
        : RAW;
    const flags = this._last ? END | CLOSE : END;
    if (mode === NO_MORE_CHUNKS && this._trailer !== '') {
      if (body !== null) respond(this._slot, this._seq, text, body, CHUNK, 0);
      sendTrailers(this, body === null ? text : null, flags | this._fast.wants(this));
    } else {
      if (body !== null && !this._hasBody && this.rejectNonStandardBodyWrites) {
        throw new (require('shared/errors').codes.ERR_HTTP_BODY_NOT_ALLOWED)();
      }
      respond(this._slot, this._seq, text, this._hasBody ? body : null, mode, flags | this._fast.wants(this));
    }
  }
  if (this._socket !== null) count(this, this._header, body);
  this.finished = true;
  this._fast.ended(this);
  return this;
};

/** The last chunk, with trailers: like the head they are Latin-1. */
function sendTrailers(res, text, flags) {
  respond(res._slot, res._seq, (text ?? '') + '0\r\n' + res._trailer + '\r\n', null, RAW, flags);
}

/** Whether nothing about a response asks for the long way of making its head. */
function isPlain(res) {
  const code = res.statusCode;
  return (
    res._hasBody &&
    (code === 200 || (code > 200 && code <= 999 && code !== 204 && code !== 304 && Number.isInteger(code))) &&
    res._removed === 0 &&
    res.useChunkedEncodingByDefault &&
    !res.maxRequestsOnConnectionReached &&
    res._defaultKeepAlive &&
    !res._expect_continue &&
    res.shouldKeepAlive &&
    res._unique === null &&
    !res.chunkedEncoding
  );
}

/**
 * The head of a plain response from the store of heads, or null when its headers decide about more than that.
 * @param {0 | 1} kind 0: C++ adds the length of the body, 1: chunked. With a Content-Length among the headers neither.
 */
function plainHead(res, list, kind) {
  const reason = res.statusMessage;
  const e = head.entryFor(res.statusCode, reason, list);
  const { meaning } = e;
  if ((meaning & ~(head.DATE | head.LENGTH)) !== 0 || (reason !== undefined && hasInvalidChar(reason))) return null;
  const sized = (meaning & head.LENGTH) !== 0;
  const date = res.sendDate && (meaning & head.DATE) === 0 ? head.currentDateLine() : '';
  if (sized) {
    const value = list[indexIn(list, 'content-length') + 1];
    if (typeof value === 'object') return null;
    res._contentLength = +value;
  }
  res._header = head.finish(e, sized ? 2 : kind, res._keepLine, date);
  res.statusMessage = reason || STATUS_CODES[res.statusCode] || 'unknown';
  return sized ? RAW : LENGTH;
}

/** A whole answer in one call. */
function endAtOnce(res, body) {
  if (res.writeHead === ServerResponse.prototype.writeHead && isPlain(res)) {
    const mode = plainHead(res, res._list, 0);
    if (mode !== null) {
      res._headerSent = true;
      respond(res._slot, res._seq, res._header, body, mode, END | res._fast.wants(res));
      return;
    }
  }
  if (body === null) res._contentLength = 0;
  else res._contentLength = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  res._implicitHeader();
  if (body !== null && !res._hasBody && res.rejectNonStandardBodyWrites) {
    throw new (require('shared/errors').codes.ERR_HTTP_BODY_NOT_ALLOWED)();
  }
  const mode = !res._hasBody ? RAW : res.chunkedEncoding ? (body === null ? NO_MORE_CHUNKS : LAST_CHUNK) : RAW;
  const flags = (res._last ? END | CLOSE : END) | res._fast.wants(res);
  const text = takeHead(res);
  if (res.chunkedEncoding && res._hasBody && res._trailer !== '') {
    if (body !== null) respond(res._slot, res._seq, text, body, CHUNK, 0);
    sendTrailers(res, body === null ? text : null, flags);
    return;
  }
  respond(res._slot, res._seq, text, res._hasBody ? body : null, mode, flags);
}

/** end() with checks or corks: by way of write(). */
function endCareful(res, chunk, encoding, callback) {
  if (res.destroyed) {
    if (typeof callback === 'function') process.nextTick(callback, new ERR_STREAM_DESTROYED('end'));
    res.finished = true;
    res._flushed = false; // and never will be
    return res;
  }
  if (chunk !== undefined && chunk !== null && chunk.length > 0) {
    require('http/outgoing').writeBody(res, chunk, encoding, null, true);
  } else if (!res._header) {
    res._contentLength = 0;
    res._implicitHeader();
  }
  if (
    res.strictContentLength &&
    res._hasBody &&
    typeof res._contentLength === 'number' &&
    res._written !== res._contentLength
  ) {
    throw new (require('shared/errors').codes.ERR_HTTP_CONTENT_LENGTH_MISMATCH)(res._written, res._contentLength);
  }
  res._corks = 0;
  if (typeof callback === 'function') res.once('finish', callback);
  const mode = res._hasBody && res.chunkedEncoding ? NO_MORE_CHUNKS : RAW;
  const flags = (res._last ? END | CLOSE : END) | res._fast.wants(res);
  const text = takeHead(res);
  if (mode === NO_MORE_CHUNKS && res._trailer !== '') {
    sendTrailers(res, text, flags);
  } else {
    respond(res._slot, res._seq, text, null, mode, flags);
  }
  res.finished = true;
  res._fast.ended(res);
  return res;
}

/** With the listeners that the fast path has to tell, from now on. */
ServerResponse.prototype.on = function (type, listener) {
  const result = EventEmitter.prototype.on.call(this, type, listener);
  if (this.finished && this._fast !== null && !this._closed && (type === 'finish' || type === 'close'))
    this._fast.tellLater(this);
  return result;
};
ServerResponse.prototype.addListener = ServerResponse.prototype.on;

ServerResponse.prototype.destroy = function (error) {
  if (this.destroyed) return this;
  if (this._fast === null) return OutgoingMessage.prototype.destroy.call(this, error);
  this.destroyed = true;
  this._failure = error;
  const socket = this.socket;
  if (socket) socket.destroy(error);
  return this;
};

Object.defineProperty(ServerResponse.prototype, 'writableLength', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    if (this._fast !== null) return corkedSize(this) + this._fast.pendingOf(this);
    return this.outputSize + corkedSize(this) + (this._socket ? this._socket.writableLength : 0);
  },
});

Object.defineProperty(ServerResponse.prototype, 'writableFinished', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    if (this._fast !== null) return this.finished && this._flushed !== false;
    const socket = this._socket;
    return this.finished && this.outputSize === 0 && (!socket || socket.writableLength === 0);
  },
});

module.exports = { ServerResponse, RAW, END, CLOSE, NOTIFY };

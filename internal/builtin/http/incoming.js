'use strict';

// IncomingMessage: a request on the server, a response on the client. Headers, trailers, the socket and the stream's
// state are made when they are first touched: most requests are answered without a look at half of it.
//
// A message that comes by a server's own connection (http/fast.js) begins as a string, the head as it was received, and a
// place in the batch that brought it. A message that comes by any other stream is given its lists at once.

const { Readable } = require('stream');
const { ReadableState } = require('stream/readable_state');

/** Headers of which only the first counts. */
const single = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

function addHeader(dest, lower, value, join) {
  const old = dest[lower];
  if (lower === 'set-cookie') {
    if (old !== undefined) old.push(value);
    else dest[lower] = [value];
  } else if (typeof old !== 'string') {
    dest[lower] = value;
  } else if (lower === 'cookie') {
    dest[lower] = old + '; ' + value;
  } else if (join || !single.has(lower)) {
    dest[lower] = old + ', ' + value;
  }
}

/**
 * @constructor
 * @param {any} [socket]
 */
function IncomingMessage(socket) {
  this._events = undefined;
  this._eventsCount = 0;
  this._maxListeners = undefined;
  this._rs = undefined;
  this._socket = socket;
  this._fast = null;
  this._head = '';
  this._at = 0;
  this._batch = 0;
  this._slot = 0;
  this._seq = 0;
  this._flags = 0;
  this._methodNumber = 0;
  this._res = null;
  this._headers = undefined;
  this._distinct = undefined;
  this._trailers = undefined;
  this._rawHeaders = undefined;
  this._rawTrailers = undefined;
  this._url = '';
  this._method = null;
  this._version = 0;
  this._dumped = false;
  this._consumed = false;
  this._count = 0;
  this.statusCode = null;
  this.statusMessage = null;
  this.complete = false;
  this.aborted = false;
  this.upgrade = null;
  this.joinDuplicateHeaders = false;
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
Object.setPrototypeOf(IncomingMessage, Readable);

/** Defines accessors that look like plain properties. */
function define(name, get, set) {
  Object.defineProperty(IncomingMessage.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get,
    set,
  });
}

Object.defineProperty(IncomingMessage.prototype, '_readableState', {
  __proto__: null,
  configurable: true,
  get() {
    if (this._rs === undefined) {
      const mark = this._socket?.readableHighWaterMark;
      const state = (this._rs = new ReadableState(
        mark === undefined ? undefined : { highWaterMark: mark },
        this,
        false,
      ));
      state.readingMore = true;
      // What arrived before anybody looked.
      if (this._fast !== null && this.complete) Readable.prototype.push.call(this, null);
    }
    return this._rs;
  },
  set(state) {
    this._rs = state;
  },
});

define(
  'socket',
  function () {
    const socket = this._socket;
    if (socket === null && this._fast !== null) return (this._socket = this._fast.socketOf(this));
    return socket;
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
define(
  'client',
  function () {
    return this.socket;
  },
  function (socket) {
    Object.defineProperty(this, 'client', {
      __proto__: null,
      value: socket,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  },
);
define(
  'url',
  function () {
    const url = this._url;
    if (url === undefined) return (this._url = this._fast.urlOf(this));
    return url;
  },
  function (url) {
    this._url = url;
  },
);
define(
  'method',
  function () {
    const method = this._method;
    if (method === undefined) return (this._method = this._fast.methodOf(this));
    return method;
  },
  function (method) {
    this._method = method;
  },
);
define(
  'httpVersionMajor',
  function () {
    return this._version === 0 ? null : this._version >> 4;
  },
  function (v) {
    this._version = (v << 4) | (this._version & 15);
  },
);
define(
  'httpVersionMinor',
  function () {
    return this._version === 0 ? null : this._version & 15;
  },
  function (v) {
    this._version = (this._version & ~15) | v;
  },
);
define(
  'httpVersion',
  function () {
    const v = this._version;
    return v === 0x11 ? '1.1' : v === 0 ? null : `${v >> 4}.${v & 15}`;
  },
  function (v) {
    const parts = String(v).split('.');
    this._version = (Number(parts[0]) << 4) | Number(parts[1]);
  },
);
define(
  'rawHeaders',
  function () {
    const list = this._rawHeaders;
    if (list !== undefined) return list;
    return (this._rawHeaders = this._fast === null ? [] : this._fast.rawHeadersOf(this));
  },
  function (list) {
    this._rawHeaders = list;
  },
);
define(
  'rawTrailers',
  function () {
    return (this._rawTrailers ??= []);
  },
  function (list) {
    this._rawTrailers = list;
  },
);
define(
  'headers',
  function () {
    const headers = this._headers;
    if (headers !== undefined) return headers;
    const made = (this._headers = {});
    if (this._fast !== null && this._rawHeaders === undefined) {
      this._fast.headersOf(this, made);
    } else {
      const raw = this.rawHeaders;
      const n = this._count > 0 ? Math.min(this._count, raw.length) : raw.length;
      for (let i = 0; i < n; i += 2) this._addHeaderLine(raw[i], raw[i + 1], made);
    }
    return made;
  },
  function (headers) {
    this._headers = headers;
  },
);
define(
  'headersDistinct',
  function () {
    return (this._distinct ??= distinct(this.rawHeaders));
  },
  function (value) {
    this._distinct = value;
  },
);
define(
  'trailers',
  function () {
    if (this._trailers === undefined) {
      const made = (this._trailers = {});
      const raw = this.rawTrailers;
      for (let i = 0; i < raw.length; i += 2) this._addHeaderLine(raw[i], raw[i + 1], made);
    }
    return this._trailers;
  },
  function (trailers) {
    this._trailers = trailers;
  },
);
define(
  'trailersDistinct',
  function () {
    return distinct(this.rawTrailers);
  },
  function () {},
);

function distinct(raw) {
  const out = { __proto__: null };
  for (let i = 0; i < raw.length; i += 2) (out[raw[i].toLowerCase()] ??= []).push(raw[i + 1]);
  return out;
}

IncomingMessage.prototype._addHeaderLines = function (headers, n) {
  if (!headers?.length) return;
  if (this.complete) {
    this._rawTrailers = headers;
    this._trailers = undefined;
  } else if (this._headers !== undefined && this._rawHeaders === undefined) {
    // Headers that somebody has set: these are added.
    const end = n > 0 ? Math.min(n, headers.length) : headers.length;
    for (let i = 0; i < end; i += 2) this._addHeaderLine(headers[i], headers[i + 1], this._headers);
  } else {
    this._rawHeaders = headers;
    this._count = n;
    this._headers = undefined;
  }
};

IncomingMessage.prototype._addHeaderLine = function (field, value, dest) {
  addHeader(dest, field.toLowerCase(), value, this.joinDuplicateHeaders);
};

IncomingMessage.prototype._addHeaderLineDistinct = function (field, value, dest) {
  (dest[field.toLowerCase()] ??= []).push(value);
};

IncomingMessage.prototype.setTimeout = function (msecs, callback) {
  if (callback) this.on('timeout', callback);
  this.socket.setTimeout(msecs);
  return this;
};

IncomingMessage.prototype._read = function () {
  if (!this._consumed) {
    this._readableState.readingMore = false;
    this._consumed = true;
  }
  if (this._fast !== null) this._fast.readMore(this);
  else if (this._socket?.readable) readStart(this._socket);
};

/** Nobody shall read this: it is over, and no event will say so. */
IncomingMessage.prototype._dumpAndCloseReadable = function () {
  this._dumped = true;
  const state = this._readableState;
  state.ended = true;
  state.endEmitted = true;
  state.destroyed = true;
  state.closed = true;
  state.closeEmitted = true;
};

/** Reads and drops what is left. */
IncomingMessage.prototype._dump = function () {
  if (this._dumped) return;
  this._dumped = true;
  this.removeAllListeners('data');
  this.resume();
};

IncomingMessage.prototype._destroy = function (err, cb) {
  if (!this.readableEnded || !this.complete) {
    this.aborted = true;
    this.emit('aborted');
  }
  // The end of a message that breaks off is the end of its connection.
  const socket = this.aborted ? this._socket : null;
  if (this.aborted && !socket) this._fast?.kill(this);
  if (socket && !socket.destroyed) {
    socket.destroy(err);
    const cleanup = require('stream/finished').eos(socket, (e) => {
      if (e?.code === 'ERR_STREAM_PREMATURE_CLOSE') e = null;
      cleanup();
      process.nextTick(tellDestroyed, this, e || err, cb);
    });
  } else {
    process.nextTick(tellDestroyed, this, err, cb);
  }
};

function tellDestroyed(self, error, cb) {
  // An error that nobody would hear must not end the process.
  if (self.listenerCount('error') === 0) cb();
  else cb(error);
}

function readStart(socket) {
  if (socket && !socket._paused && socket.readable) socket.resume();
}

function readStop(socket) {
  if (socket) socket.pause();
}

// What _http_incoming shows, too.
module.exports = { IncomingMessage, addHeader, readStart, readStop };

'use strict';

// A server's side of one stream: bytes to a parser, requests and responses in order, and what happens when the stream
// errs, ends, drains, is upgraded or falls silent. Used for every connection that is not the fast path's own.

const EventEmitter = require('events');
const { HTTPParser } = require('http/parser');
const { IncomingMessage, readStop } = require('http/incoming');
const { methods, allMethods } = require('http/tokens');
const { ERR_HTTP_SOCKET_ENCODING, ERR_INVALID_ARG_TYPE } = require('shared/errors').codes;
const { insecure } = require('http/limits');
const { wanted } = require('diagnostics_channel/wanted');
const observed = require('perf_hooks/observed');

const kConnection = Symbol('http.connection');
const kMaxHeaderPairs = 2000;

function connResetException(message) {
  const error = new Error(message);
  error.code = 'ECONNRESET';
  return error;
}

/** Everything between one stream and one server. */
class Connection {
  constructor(server, socket) {
    this.server = server;
    this.socket = socket;
    this.parser = new HTTPParser();
    this.outgoing = [];
    this.incoming = [];
    this.outgoingData = 0;
    this.requests = 0;
    this.keepAliveTimeoutSet = false;
    this.lastActive = 0;
    this.headersDone = false;
    this.onData = (chunk) => this.data(chunk);
    this.onEnd = () => this.end();
    this.onClose = () => this.close();
    this.onDrain = () => this.drain();
    this.onError = (err) => this.error(err);
    this.onPendingData = (delta) => {
      this.outgoingData += delta;
      if (this.socket._paused && this.outgoingData < socket.writableHighWaterMark) this.drain();
    };
  }

  start() {
    const { server, socket, parser } = this;
    const lenient = server.insecureHTTPParser === undefined ? insecure() : server.insecureHTTPParser;
    parser.initialize(
      HTTPParser.REQUEST,
      this,
      server.maxHeaderSize || 0,
      lenient ? HTTPParser.kLenientAll : 0,
      server.maxHeadersCount > 0 ? server.maxHeadersCount : 0,
    );
    parser.socket = socket;
    parser.server = server;
    socket.parser = parser;
    socket[kConnection] = this;
    socket._paused = false;
    parser[HTTPParser.kOnHeaders] = (headers) => {
      if (parser.incoming) parser.incoming._rawTrailers = (parser.incoming._rawTrailers ?? []).concat(headers);
    };
    parser[HTTPParser.kOnHeadersComplete] = (major, minor, headers, method, url, _s, _m, upgrade, keepAlive) =>
      this.head(major, minor, headers, method, url, upgrade, keepAlive);
    parser[HTTPParser.kOnBody] = (chunk) => this.body(chunk);
    parser[HTTPParser.kOnMessageComplete] = () => this.complete();
    if (server.timeout && typeof socket.setTimeout === 'function') socket.setTimeout(server.timeout);
    socket.on('timeout', onTimeout);
    socket.on('error', this.onError);
    socket.on('close', this.onClose);
    socket.on('end', this.onEnd);
    socket.on('data', this.onData);
    socket.on('drain', this.onDrain);
    socket.setEncoding = refuseEncoding;
    server._connections_?.add(this);
    parser.startedAt = Date.now(); // the head is waited for from now on
  }

  /** Ends our interest: the stream belongs to somebody else. */
  leave() {
    const { socket } = this;
    socket.removeListener('data', this.onData);
    socket.removeListener('end', this.onEnd);
    socket.removeListener('close', this.onClose);
    socket.removeListener('drain', this.onDrain);
    socket.removeListener('error', this.onError);
    socket.removeListener('timeout', onTimeout);
    delete socket.setEncoding;
    this.free();
  }

  free() {
    this.server._connections_?.delete(this);
    if (this.parser === null) return;
    this.parser.free();
    this.parser.incoming = null;
    this.parser.socket = null;
    if (this.socket.parser === this.parser) this.socket.parser = null;
    this.parser = null;
  }

  data(chunk) {
    if (this.parser === null) return;
    this.resetKeepAlive();
    if (typeof chunk === 'string') chunk = Buffer.from(chunk, 'latin1');
    const { socket, parser } = this;
    const result = parser.execute(chunk);
    if (result instanceof Error) {
      Object.assign(result, { rawPacket: chunk });
      this.failed(result);
      return;
    }
    if (parser.incoming?.upgrade && this.upgrading) {
      this.leaveHttp(parser.incoming, chunk.subarray(result));
      return;
    }
    if (socket._paused) socket.pause();
  }

  leaveHttp(req, rest) {
    const { server, socket } = this;
    this.upgrading = false;
    this.leave();
    const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
    if (server.listenerCount(event) > 0) {
      socket.readableFlowing = null;
      server.emit(event, req, socket, rest);
    } else {
      socket.destroy();
    }
  }

  head(major, minor, headers, method, url, upgrade, keepAlive) {
    const { server, socket, parser } = this;
    const req = new server._IncomingMessage(socket);
    parser.incoming = req;
    parser.startedAt = 0;
    this.headersDone = true;
    this.requestStarted = this.requestStarted || Date.now();
    req._version = (major << 4) | minor;
    req._url = url;
    req._method = method < methods.length ? methods[method] : allMethods[method];
    req.upgrade = upgrade;
    req.joinDuplicateHeaders = server.joinDuplicateHeaders;
    req._addHeaderLines(
      headers,
      server.maxHeadersCount > 0 ? server.maxHeadersCount * 2 : server.maxHeadersCount === 0 ? 0 : kMaxHeaderPairs,
    );
    if (upgrade) {
      req.upgrade = req.method === 'CONNECT' || server.shouldUpgradeCallback(req);
      if (req.upgrade) {
        this.upgrading = true;
        return 2;
      }
    }
    if (server.optimizeEmptyRequests && !hasBodyHeaders(headers)) req._dumpAndCloseReadable();
    this.incoming.push(req);
    if (!socket._paused && (socket.writableNeedDrain || this.outgoingData >= socket.writableHighWaterMark)) {
      socket._paused = true;
      socket.pause();
    }
    const res = new server._ServerResponse(req, {
      highWaterMark: socket.writableHighWaterMark,
      rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
    });
    res._keepAliveTimeout = server.keepAliveTimeout;
    res._maxRequestsPerSocket = server.maxRequestsPerSocket;
    res._onPendingData = this.onPendingData;
    res.shouldKeepAlive = keepAlive;
    res._unique = server._uniqueHeaders;
    res.rejectNonStandardBodyWrites = server.rejectNonStandardBodyWrites;
    this.deliver(req, res);
    return 0;
  }

  deliver(req, res) {
    const { server, socket } = this;
    res._connection = this;
    res.on('finish', onResponseFinish);
    if (wanted.httpServer || observed.http) require('http/observe').serverRequest(server, req, res);
    if (socket._httpMessage) this.outgoing.push(res);
    else res.assignSocket(socket);
    dispatch(server, req, res, ++this.requests, socket);
  }

  body(chunk) {
    const req = this.parser?.incoming;
    if (!req || req._dumped) return;
    if (!req.push(chunk)) readStop(this.socket);
  }

  complete() {
    const req = this.parser?.incoming;
    this.requestStarted = 0;
    this.headersDone = false;
    if (!req) return;
    req.complete = true;
    if (req._rawTrailers?.length) req._trailers = undefined;
    if (!req.upgrade) {
      if (!req._dumped || !req.destroyed) req.push(null);
      if (this.parser) this.parser.incoming = null;
    }
  }

  end() {
    const { parser, socket, server } = this;
    if (parser === null) return;
    const error = parser.finish();
    if (error) {
      this.failed(error);
    } else if (!server.httpAllowHalfOpen) {
      this.abortIncoming();
      if (!socket._httpMessage && this.outgoing.length === 0) socket.end();
      else if (socket._httpMessage) socket._httpMessage._last = true;
      if (this.outgoing.length) this.outgoing.at(-1)._last = true;
    } else if (this.outgoing.length) {
      this.outgoing.at(-1)._last = true;
    } else if (socket._httpMessage) {
      socket._httpMessage._last = true;
    } else {
      socket.end();
    }
  }

  abortIncoming() {
    while (this.incoming.length) {
      const req = this.incoming.shift();
      req.destroy(connResetException('aborted'));
    }
  }

  close() {
    this.free();
    this.abortIncoming();
  }

  drain() {
    const { socket } = this;
    const full = this.outgoingData > socket.writableHighWaterMark;
    if (socket._paused && !full) {
      socket._paused = false;
      socket.resume();
    }
    const res = socket._httpMessage;
    if (res && !res.finished && res._needDrain) {
      res._needDrain = false;
      res.emit('drain');
    }
  }

  error(err) {
    // The first one counts, and none may end the process from here on.
    const { socket } = this;
    socket.removeListener('error', this.onError);
    if (socket.listenerCount('error') === 0) socket.on('error', nop);
    this.failed(err);
  }

  failed(err) {
    const { server, socket } = this;
    if (server.emit('clientError', err, socket)) return;
    refuse(socket, err);
  }

  resetKeepAlive() {
    if (!this.keepAliveTimeoutSet) return;
    this.socket.setTimeout(this.server.timeout || 0);
    this.keepAliveTimeoutSet = false;
  }
}

function nop() {}

function hasBodyHeaders(raw) {
  for (let i = 0; i < raw.length; i += 2) if (/^(?:content-length|transfer-encoding)$/i.test(raw[i])) return true;
  return false;
}

function refuseEncoding() {
  throw new ERR_HTTP_SOCKET_ENCODING();
}

const answers = {
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
};

/** The answer to what could not be parsed, unless one has begun. */
function refuse(socket, err) {
  if (socket.writable && (!socket._httpMessage || !socket._httpMessage._headerSent)) {
    socket.write(answers[err.code] ?? 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'latin1');
  }
  socket.destroy(err);
}

/** Offers a request to the server. Shared with the fast path. */
function dispatch(server, req, res, requests, socket) {
  const max = server.maxRequestsPerSocket;
  if (max > 0) {
    res.maxRequestsOnConnectionReached = requests >= max;
    if (requests > max) {
      server.emit('dropRequest', req, socket ?? req.socket);
      res.writeHead(503);
      res.end();
      return;
    }
  }
  const expect = req._version === 0x11 ? expectOf(req) : undefined;
  if (server.requireHostHeader && req._version === 0x11 && req.headers.host === undefined && !req.upgrade) {
    res.writeHead(400, ['Connection', 'close']);
    res.end();
    return;
  }
  if (expect !== undefined) {
    res._expect_continue = true;
    if (/(?:^|\W)100-continue(?:$|\W)/i.test(expect)) {
      if (server.listenerCount('checkContinue') > 0) {
        server.emit('checkContinue', req, res);
      } else {
        res.writeContinue();
        server.emit('request', req, res);
      }
    } else if (server.listenerCount('checkExpectation') > 0) {
      res._expect_continue = false;
      server.emit('checkExpectation', req, res);
    } else {
      res._expect_continue = false;
      res.writeHead(417);
      res.end();
    }
    return;
  }
  server.emit('request', req, res);
}

function expectOf(req) {
  return req.headers.expect;
}

/** A response by a stream has been passed on: the next one's turn, or silence, or the end. */
function onResponseFinish() {
  const res = this;
  const connection = res._connection;
  const { socket, server } = connection;
  const req = res.req;
  const at = connection.incoming.indexOf(req);
  if (at >= 0) connection.incoming.splice(at, 1);
  if (!req._consumed) req._dump();
  res.detachSocket(socket);
  process.nextTick(emitClose, res);
  if (res._last) {
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end();
  } else if (connection.outgoing.length === 0) {
    if (server.keepAliveTimeout && typeof socket.setTimeout === 'function') {
      socket.setTimeout(server.keepAliveTimeout + server.keepAliveTimeoutBuffer);
      connection.keepAliveTimeoutSet = true;
    }
    connection.idleSince = Date.now();
    if (connection.parser) connection.parser.startedAt = 0;
    if (server._closing) closeIfIdle(connection);
  } else {
    const next = connection.outgoing.shift();
    next.assignSocket(socket);
  }
}

function closeIfIdle(connection) {
  if (connection.incoming.length === 0) connection.socket.destroySoon?.();
}

function emitClose(message) {
  message.destroyed = true;
  message._closed = true;
  message.emit('close');
}

function onTimeout() {
  const connection = this[kConnection];
  const req = connection?.parser?.incoming;
  const first = req && !req.complete && req.emit('timeout', this);
  const res = this._httpMessage;
  const second = res && res.emit('timeout', this);
  const third = connection.server.emit('timeout', this);
  if (!first && !second && !third) this.destroy();
}

/** @param {any} socket a Duplex */
function connectionListener(socket) {
  const server = this;
  if (!(socket instanceof EventEmitter)) throw new ERR_INVALID_ARG_TYPE('socket', 'stream.Duplex', socket);
  if (socket.server === undefined || socket.server === null) socket.server = server;
  const connection = new Connection(server, socket);
  connection.start();
  return connection;
}

module.exports = {
  connectionListener,
  Connection,
  dispatch,
  refuse,
  answers,
  connResetException,
  emitClose,
  IncomingMessage,
};

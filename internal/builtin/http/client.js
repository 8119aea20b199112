'use strict';

// ClientRequest: asks an agent for a socket, sends a request on it, and makes a response of what comes back.

const net = require('net');
const { OutgoingMessage } = require('http/outgoing');
const { store, toList } = require('http/framing');
const { IncomingMessage } = require('http/incoming');
const { HTTPParser } = require('http/parser');
const { wanted } = require('diagnostics_channel/wanted');
const observed = require('perf_hooks/observed');
const { isToken } = require('http/tokens');
const { insecure } = require('http/limits');
const { once } = require('http/once');
const agents = require('http/agent');
const { connResetException } = require('http/connection');
const { codes } = require('shared/errors');
const { validateBoolean, validateFunction, validateInteger } = require('shared/validators');
const {
  ERR_HTTP_HEADERS_SENT,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_HTTP_TOKEN,
  ERR_INVALID_PROTOCOL,
  ERR_UNESCAPED_CHARACTERS,
} = codes;

const { getContinuationData, setContinuationData } = engine;

/** The async context that the request was made in. */
const kContext = Symbol('kContext');
const kError = Symbol('kError');
const kPath = Symbol('kPath');
const notInPath = /[^\u0021-\u00ff]/;

function validateHost(host, name) {
  if (host !== null && host !== undefined && typeof host !== 'string') {
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
  }
  return host;
}

/**
 * @constructor
 * @param {any} input
 * @param {any} options
 * @param {any} cb
 */
function ClientRequest(input, options, cb) {
  OutgoingMessage.call(this);
  if (typeof input === 'string') {
    input = require('url').urlToHttpOptions(new URL(input));
  } else if (isURL(input)) {
    input = require('url').urlToHttpOptions(input);
  } else {
    cb = options;
    options = input;
    input = null;
  }
  if (typeof options === 'function') {
    cb = options;
    options = input || {};
  } else {
    options = Object.assign(input || {}, options);
  }
  let agent = options.agent;
  const defaultAgent = options._defaultAgent || agents.globalAgent;
  if (agent === false) {
    agent = new defaultAgent.constructor();
  } else if (agent === null || agent === undefined) {
    if (typeof options.createConnection !== 'function') agent = defaultAgent;
  } else if (typeof agent.addRequest !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options.agent', ['Agent-like Object', 'undefined', 'false'], agent);
  }
  this.agent = agent;
  this[kError] = null;
  this.aborted = false;
  this[kContext] = getContinuationData();
  this.res = null;
  const protocol = options.protocol || defaultAgent.protocol;
  let expectedProtocol = defaultAgent.protocol;
  if (this.agent?.protocol) expectedProtocol = this.agent.protocol;
  if (options.path) {
    const path = String(options.path);
    if (notInPath.test(path)) throw new ERR_UNESCAPED_CHARACTERS('Request path');
  }
  if (protocol !== expectedProtocol) throw new ERR_INVALID_PROTOCOL(protocol, expectedProtocol);
  const defaultPort = options.defaultPort || this.agent?.defaultPort;
  const port = (options.port = options.port || defaultPort || 80);
  const host = (options.host =
    validateHost(options.hostname, 'hostname') || validateHost(options.host, 'host') || 'localhost');
  const setHost = options.setHost !== undefined ? Boolean(options.setHost) : options.setDefaultHeaders !== false;
  this._removed = options.setDefaultHeaders === false ? 4 | 1 | 2 : 0;
  this.socketPath = options.socketPath;
  if (options.timeout !== undefined) this.timeout = timerDuration(options.timeout, 'timeout');
  const { signal } = options;
  if (signal) require('stream').addAbortSignal(signal, this);
  let { method } = options;
  if (method !== null && method !== undefined && typeof method !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.method', 'string', method);
  }
  if (method) {
    if (!isToken(method)) throw new ERR_INVALID_HTTP_TOKEN('Method', method);
    method = this.method = method.toUpperCase();
  } else {
    method = this.method = 'GET';
  }
  const { maxHeaderSize } = options;
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  this.maxHeaderSize = maxHeaderSize;
  const { insecureHTTPParser } = options;
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  this.insecureHTTPParser = insecureHTTPParser;
  if (options.joinDuplicateHeaders !== undefined)
    validateBoolean(options.joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  this.joinDuplicateHeaders = options.joinDuplicateHeaders;
  this[kPath] = options.path || '/';
  if (cb) this.once('response', cb);
  if (
    method === 'GET' ||
    method === 'HEAD' ||
    method === 'DELETE' ||
    method === 'OPTIONS' ||
    method === 'TRACE' ||
    method === 'CONNECT'
  ) {
    this.useChunkedEncodingByDefault = false;
  } else {
    this.useChunkedEncodingByDefault = true;
  }
  this._ended = false;
  this.timeoutCb = null;
  this.upgradeOrConnect = false;
  this.parser = null;
  this.maxHeadersCount = null;
  this.reusedSocket = false;
  this.host = host;
  this.protocol = protocol;
  if (this.agent) {
    // An agent that keeps one connection only for this request gains nothing by keeping it.
    this.shouldKeepAlive = Boolean(this.agent.keepAlive) || Number.isFinite(this.agent.maxSockets);
    if (!this.agent.keepAlive && !Number.isFinite(this.agent.maxSockets)) {
      this._last = true;
      this.shouldKeepAlive = false;
    } else {
      this._last = false;
      this.shouldKeepAlive = true;
    }
  }
  const headersArray = Array.isArray(options.headers);
  if (!headersArray) {
    if (options.headers) {
      for (const key of Object.keys(options.headers)) this.setHeader(key, options.headers[key]);
    }
    if (host && !this.getHeader('host') && setHost) {
      let header = host;
      const colon = header.indexOf(':');
      if (colon >= 0 && header.includes(':', colon + 1) && header.charCodeAt(0) !== 91) header = `[${header}]`;
      if (port && +port !== defaultPort) header += ':' + port;
      this.setHeader('Host', header);
    }
    if (options.auth && !this.getHeader('Authorization')) {
      this.setHeader('Authorization', 'Basic ' + Buffer.from(options.auth).toString('base64'));
    }
    if (this.getHeader('expect')) {
      if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
      store(this, this._firstLine(), this._list);
    }
  } else {
    store(this, this._firstLine(), toList(options.headers));
  }
  this._unique = Array.isArray(options.uniqueHeaders)
    ? new Set(options.uniqueHeaders.map((h) => h.toLowerCase()))
    : null;
  if (wanted.httpClient) require('http/observe').clientRequest(this);
  // A socket of its own, from the option, or through the agent.
  if (this.agent) {
    this._agentKeepsAlive = true;
    if (!this.agent.keepAlive && !options._keepAliveForced) this._agentKeepsAlive = false;
    this.agent.addRequest(this, optsWithoutSignal(options));
  } else {
    this._last = true;
    this.shouldKeepAlive = false;
    // A request's path is not a socket's.
    options = { ...optsWithoutSignal(options), path: options.socketPath };
    if (typeof options.createConnection === 'function') {
      const done = once((err, socket) => {
        if (err) process.nextTick(() => this.emit('error', err));
        else this.onSocket(socket);
      });
      try {
        const socket = options.createConnection(options, done);
        if (socket) done(null, socket);
      } catch (err) {
        done(err);
      }
    } else {
      this.onSocket(net.createConnection(options));
    }
  }
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

function timerDuration(msecs, name) {
  if (typeof msecs !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', msecs);
  if (msecs < 0 || !Number.isFinite(msecs))
    throw new codes.ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  if (msecs > 2 ** 31 - 1) {
    process.emitWarning(
      `${msecs} does not fit into a 32-bit signed integer.\nTimer duration was truncated to 2147483647.`,
      'TimeoutOverflowWarning',
    );
    return 2 ** 31 - 1;
  }
  return msecs;
}

function isURL(v) {
  return Boolean(v?.href && v.protocol && v.auth === undefined && v.path === undefined);
}

function optsWithoutSignal(options) {
  if (options.signal) {
    options = { ...options };
    delete options.signal;
  }
  return options;
}

ClientRequest.prototype._firstLine = function () {
  return this.method + ' ' + this[kPath] + ' HTTP/1.1\r\n';
};

Object.defineProperty(ClientRequest.prototype, 'path', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return this[kPath];
  },
  set(value) {
    const path = String(value);
    if (notInPath.test(path)) throw new ERR_UNESCAPED_CHARACTERS('Request path');
    this[kPath] = path;
  },
});

ClientRequest.prototype._finish = function _finish() {
  OutgoingMessage.prototype._finish.call(this);
  if (wanted.httpClient || observed.http) require('http/observe').clientSent(this);
};

ClientRequest.prototype._implicitHeader = function _implicitHeader() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  store(this, this._firstLine(), this._list);
};

ClientRequest.prototype.abort = function abort() {
  if (this.aborted) return;
  this.aborted = true;
  process.nextTick(emitAbort, this);
  this.destroy();
};

function emitAbort(req) {
  req.emit('abort');
}

ClientRequest.prototype.destroy = function destroy(err) {
  if (this.destroyed) return this;
  this.destroyed = true;
  // The response is told too, unless it is complete.
  if (this.res) this.res._dump();
  this[kError] = err;
  this._failure = err;
  this.socket?.destroy(err);
  return this;
};

/** There is no socket, or none any more: tells why, in the next tick. */
function destroyWithoutSocket(req, err) {
  if (!req.aborted && !err) err = connResetException('socket hang up');
  req.destroyed = true;
  if (err) emitErrorEvent(req, err);
  req._closed = true;
  req.emit('close');
}

function emitErrorEvent(req, err) {
  if (wanted.httpClient) require('http/observe').clientFailed(req, err);
  req.emit('error', err);
}

// --- a socket of ours

ClientRequest.prototype.onSocket = function onSocket(socket, err) {
  process.nextTick(onSocketNT, this, socket, err);
};

function onSocketNT(req, socket, err) {
  if (req.destroyed || err) {
    const error = req[kError] || err;
    if (socket) {
      // It was meant for a request that has been given up: to the next one, if it can be.
      if (!error && req.agent && !socket.destroyed) {
        socket.emit('free');
      } else {
        require('stream/finished').eos(socket.destroy(error), (e) => destroyWithoutSocket(req, error || cleared(e)));
        return;
      }
    }
    destroyWithoutSocket(req, error);
    return;
  }
  tickOnSocket(req, socket);
  req._flush();
}

function cleared(e) {
  return e?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? undefined : e;
}

function tickOnSocket(req, socket) {
  const parser = new HTTPParser();
  req._socket = socket;
  const lenient = req.insecureHTTPParser === undefined ? insecure() : req.insecureHTTPParser;
  parser.initialize(
    HTTPParser.RESPONSE,
    req,
    req.maxHeaderSize || 0,
    lenient ? HTTPParser.kLenientAll : 0,
    req.maxHeadersCount > 0 ? req.maxHeadersCount : 0,
  );
  parser.socket = socket;
  parser.outgoing = req;
  req.parser = parser;
  socket.parser = parser;
  socket._httpMessage = req;
  parser[HTTPParser.kOnHeaders] = (headers) => {
    if (parser.incoming) parser.incoming._rawTrailers = (parser.incoming._rawTrailers ?? []).concat(headers);
  };
  parser[HTTPParser.kOnHeadersComplete] = (major, minor, headers, _m, _u, status, message, upgrade, keepAlive) =>
    onHead(parser, req, socket, major, minor, headers, status, message, upgrade, keepAlive);
  parser[HTTPParser.kOnBody] = (chunk) => onBody(parser, socket, chunk);
  parser[HTTPParser.kOnMessageComplete] = () => onComplete(parser);
  socket.on('error', socketErrorListener);
  socket.on('data', socketOnData);
  socket.on('end', socketOnEnd);
  socket.on('close', socketCloseListener);
  socket.on('drain', ondrain);
  if (req.timeout !== undefined || req.agent?.options?.timeout) listenSocketTimeout(req);
  req.emit('socket', socket);
}

function ondrain() {
  const req = this._httpMessage;
  if (req && !req.finished && req._needDrain) {
    req._needDrain = false;
    req.emit('drain');
  }
}

function emitRequestTimeout() {
  const req = this._httpMessage;
  if (req) req.emit('timeout');
}

function listenSocketTimeout(req) {
  if (req.timeoutCb) return;
  // Set without 'once': a socket of an agent serves more requests.
  req.timeoutCb = emitRequestTimeout;
  if (req.socket) req.socket.once('timeout', emitRequestTimeout);
  else req.on('socket', (socket) => socket.once('timeout', emitRequestTimeout));
}

function onHead(parser, req, socket, major, minor, headers, status, message, upgrade, keepAlive) {
  const res = new IncomingMessage(socket);
  parser.incoming = res;
  res._version = (major << 4) | minor;
  res.statusCode = status;
  res.statusMessage = message;
  res.upgrade = upgrade;
  res._url = '';
  res.joinDuplicateHeaders = req.joinDuplicateHeaders;
  const max = req.maxHeadersCount;
  res._addHeaderLines(headers, max > 0 ? max * 2 : max === 0 ? 0 : 2000);
  return parserOnResponse(parser, req, res, keepAlive);
}

/** What the head says: 0 a body may follow, 1 none, 2 no HTTP any more. */
function parserOnResponse(parser, req, res, keepAlive) {
  if (req.res) {
    // A second answer to one request: whoever sends it is not to be trusted.
    req.socket.destroy();
    return 0;
  }
  req.res = res;
  if (req.method === 'CONNECT') {
    res.upgrade = true;
    return 2;
  }
  if (res.upgrade) return 2;
  const { statusCode } = res;
  if (statusCode >= 100 && statusCode < 200 && statusCode !== 101) {
    // Informational: the real answer is still to come.
    req.res = null;
    if (statusCode === 100) req.emit('continue');
    req.emit('information', {
      statusCode: res.statusCode,
      statusMessage: res.statusMessage,
      httpVersion: res.httpVersion,
      httpVersionMajor: res.httpVersionMajor,
      httpVersionMinor: res.httpVersionMinor,
      headers: res.headers,
      rawHeaders: res.rawHeaders,
    });
    parser.informational = true;
    return 1;
  }
  parser.informational = false;
  if (req.shouldKeepAlive && !keepAlive && !req.upgradeOrConnect) {
    // The server will close.
    req.shouldKeepAlive = false;
  }
  res.req = req;
  if (observed.http) require('http/observe').clientTimed(req, res);
  const { socket } = req;
  res.on('end', responseOnEnd);
  req.on('finish', requestOnFinish);
  socket.on('timeout', responseOnTimeout);
  if (req.aborted || !req.emit('response', res)) res._dump();
  if (req.method === 'HEAD') return 1;
  if (statusCode === 304) {
    res.complete = true;
    return 1;
  }
  return 0;
}

function responseOnTimeout() {
  this._httpMessage?.res?.emit('timeout');
}

function onBody(parser, socket, chunk) {
  const res = parser.incoming;
  if (!res || res._dumped) return;
  if (!res.push(chunk)) socket.pause();
}

function onComplete(parser) {
  const res = parser.incoming;
  if (!res || parser.informational) return;
  res.complete = true;
  if (res._rawTrailers?.length) res._trailers = undefined;
  if (!res.upgrade) {
    res.push(null);
    parser.socket?.resume();
  }
}

function socketOnData(chunk) {
  const req = this._httpMessage;
  const { parser } = this;
  if (!parser || !req) return;
  const used = feed(req, parser, chunk);
  if (used instanceof Error) {
    Object.assign(used, { rawPacket: chunk });
    freeParser(parser, req, this);
    this.removeListener('data', socketOnData);
    this.removeListener('end', socketOnEnd);
    this.destroy();
    this._hadError = true;
    emitErrorEvent(req, used);
    return;
  }
  if (parser.incoming?.upgrade) {
    // HTTP is over: the rest is for whoever asked for it.
    const res = parser.incoming;
    req.res = res;
    this.removeListener('data', socketOnData);
    this.removeListener('end', socketOnEnd);
    this.removeListener('drain', ondrain);
    if (req.timeoutCb) this.removeListener('timeout', req.timeoutCb);
    this.removeListener('timeout', emitRequestTimeout);
    freeParser(parser, req, this);
    const rest = chunk.subarray(used);
    const event = req.method === 'CONNECT' ? 'connect' : 'upgrade';
    if (req.listenerCount(event) > 0) {
      req.upgradeOrConnect = true;
      this.emit('agentRemove');
      this.removeListener('close', socketCloseListener);
      this.removeListener('error', socketErrorListener);
      this._httpMessage = null;
      this.parser = null;
      this.readableFlowing = null;
      req.emit(event, res, this, rest);
      req.destroyed = true;
      req._closed = true;
      req.emit('close');
    } else {
      this.destroy();
    }
    return;
  }
  if (parser.incoming?.complete && !parser.informational && parser.incoming._last !== undefined)
    freeParser(parser, req, this);
}

/**
 * The socket may have been another request's: what the parser tells of this one belongs to this one's async context.
 * @param {any} req
 * @param {any} parser
 * @param {Uint8Array} [chunk] without one the input is at its end
 */
function feed(req, parser, chunk) {
  const context = req[kContext];
  const before = getContinuationData();
  if (context === before) return chunk === undefined ? parser.finish() : parser.execute(chunk);
  setContinuationData(context);
  try {
    return chunk === undefined ? parser.finish() : parser.execute(chunk);
  } finally {
    setContinuationData(before);
  }
}

function freeParser(parser, req, socket) {
  if (parser) parser.free();
  if (req) req.parser = null;
  if (socket && socket.parser === parser) socket.parser = null;
}

function socketOnEnd() {
  const req = this._httpMessage;
  const { parser } = this;
  if (!req.res && !req._hadError_) {
    // No answer at all.
    this._hadError = true;
    req._hadError_ = true;
    emitErrorEvent(req, connResetException('socket hang up'));
  }
  if (parser) {
    feed(req, parser);
    freeParser(parser, req, this);
  }
  this.end();
}

function socketCloseListener() {
  const socket = this;
  const { parser } = socket;
  const req = socket._httpMessage;
  const res = req.res;
  req.destroyed = true;
  if (parser) {
    // The end of the connection may be the end of the body.
    feed(req, parser);
    freeParser(parser, req, socket);
  }
  if (res) {
    if (!res.complete) {
      res.destroy(connResetException('aborted'));
    }
    req._closed = true;
    req.emit('close');
    if (!res.aborted && res.readable) res.push(null);
  } else {
    if (!this._hadError && !req._hadError_) {
      // Not even a head.
      this._hadError = true;
      req._hadError_ = true;
      emitErrorEvent(req, connResetException('socket hang up'));
    }
    req._closed = true;
    req.emit('close');
  }
  if (req.outputData.length) req.outputData.length = 0;
}

function socketErrorListener(err) {
  const req = this._httpMessage;
  if (req) {
    // The close that follows has nothing to add.
    this._hadError = true;
    req._hadError_ = true;
    emitErrorEvent(req, err);
  }
  if (this.parser) {
    this.parser.finish();
    freeParser(this.parser, req, this);
  }
  this.removeListener('data', socketOnData);
  this.removeListener('end', socketOnEnd);
  this.destroy();
}

// --- the end of a request

function responseOnEnd() {
  const req = this.req;
  const { socket } = req;
  if (socket && req.timeoutCb) socket.removeListener('timeout', emitRequestTimeout);
  req._ended = true;
  if (wanted.httpClient) require('http/observe').clientResponse(req, this);
  if (!req.shouldKeepAlive) {
    if (socket.writable) {
      if (typeof socket.destroySoon === 'function') socket.destroySoon();
      else socket.end();
    }
  } else if (req.writableFinished && !this.aborted) {
    responseOnFinish(req);
  }
}

function requestOnFinish() {
  if (this.shouldKeepAlive && this._ended) responseOnFinish(this);
}

/** Both sides are done, and the connection stays: to the agent with it. */
function responseOnFinish(req) {
  const { socket } = req;
  if (req._released) return;
  req._released = true;
  if (req.timeoutCb) socket.setTimeout(0, req.timeoutCb);
  req.timeoutCb = null;
  req._hasFreed = true;
  freeParser(req.parser, req, socket);
  socket.removeListener('data', socketOnData);
  socket.removeListener('end', socketOnEnd);
  socket.removeListener('close', socketCloseListener);
  socket.removeListener('error', socketErrorListener);
  socket.removeListener('drain', ondrain);
  socket.removeListener('timeout', responseOnTimeout);
  socket._httpMessage = req;
  process.nextTick(emitFree, req, socket);
  req.destroyed = true;
}

function emitFree(req, socket) {
  req._closed = true;
  req.emit('close');
  if (req.socket) req.socket.emit('free');
  else socket.emit('free');
}

// --- options of the socket, now or when there is one

ClientRequest.prototype.setTimeout = function setTimeout(msecs, callback) {
  if (this._ended) return this;
  listenSocketTimeout(this);
  msecs = timerDuration(msecs, 'msecs');
  if (callback) {
    validateFunction(callback, 'callback');
    this.once('timeout', callback);
  }
  if (this.socket) setSocketTimeout(this.socket, msecs);
  else this.once('socket', (socket) => setSocketTimeout(socket, msecs));
  return this;
};

function setSocketTimeout(socket, msecs) {
  if (socket.connecting) {
    socket.once('connect', function () {
      this.setTimeout(msecs);
    });
  } else {
    socket.setTimeout(msecs);
  }
}

function deferToConnect(req, method, args) {
  const call = (socket) => {
    if (typeof socket[method] === 'function') socket[method](...args);
  };
  if (!req.socket) {
    req.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => call(socket));
      else call(socket);
    });
  } else if (req.socket.connecting) {
    req.socket.once('connect', () => call(req.socket));
  } else {
    call(req.socket);
  }
}

ClientRequest.prototype.setNoDelay = function setNoDelay(noDelay) {
  deferToConnect(this, 'setNoDelay', [noDelay]);
};

ClientRequest.prototype.setSocketKeepAlive = function setSocketKeepAlive(enable, initialDelay) {
  deferToConnect(this, 'setKeepAlive', [enable, initialDelay]);
};

ClientRequest.prototype.clearTimeout = function clearTimeout(cb) {
  this.setTimeout(0, cb);
};

module.exports = { ClientRequest };

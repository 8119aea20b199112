'use strict';

// http.Server: a net.Server whose connections speak HTTP. Connections that it accepts itself go the fast path
// (http/fast.js), unless somebody listens to 'connection' or the like and so wants to see sockets; any stream can be
// handed in with emit('connection', stream).

const net = require('net');
const { OutgoingMessage } = require('http/outgoing');
const { IncomingMessage } = require('http/incoming');
const { ServerResponse } = require('http/response');
const { connectionListener } = require('http/connection');
const { codes } = require('shared/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('shared/validators');

const kConnectionsCheckingInterval = Symbol('http.server.connectionsCheckingInterval');

/** Reads what a constructor's options say; shared with https. */
function storeHTTPOptions(options) {
  this._IncomingMessage = options.IncomingMessage || IncomingMessage;
  this._ServerResponse = options.ServerResponse || ServerResponse;
  const { maxHeaderSize } = options;
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  this.maxHeaderSize = maxHeaderSize;
  const { insecureHTTPParser } = options;
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  this.insecureHTTPParser = insecureHTTPParser;
  const { requestTimeout } = options;
  if (requestTimeout !== undefined) {
    validateInteger(requestTimeout, 'requestTimeout', 0);
    this.requestTimeout = requestTimeout;
  } else {
    this.requestTimeout = 300_000;
  }
  const { headersTimeout } = options;
  if (headersTimeout !== undefined) {
    validateInteger(headersTimeout, 'headersTimeout', 0);
    this.headersTimeout = headersTimeout;
  } else {
    this.headersTimeout = this.requestTimeout > 0 ? Math.min(60_000, this.requestTimeout) : 60_000;
  }
  if (this.requestTimeout > 0 && this.headersTimeout > 0 && this.headersTimeout > this.requestTimeout) {
    throw new codes.ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', headersTimeout);
  }
  const { keepAliveTimeout } = options;
  if (keepAliveTimeout !== undefined) {
    validateInteger(keepAliveTimeout, 'keepAliveTimeout', 0);
    this.keepAliveTimeout = keepAliveTimeout;
  } else {
    this.keepAliveTimeout = 5_000;
  }
  const { keepAliveTimeoutBuffer } = options;
  if (keepAliveTimeoutBuffer !== undefined) {
    validateInteger(keepAliveTimeoutBuffer, 'keepAliveTimeoutBuffer', 0);
    this.keepAliveTimeoutBuffer = keepAliveTimeoutBuffer;
  } else {
    this.keepAliveTimeoutBuffer = 1_000;
  }
  const { connectionsCheckingInterval } = options;
  if (connectionsCheckingInterval !== undefined) {
    validateInteger(connectionsCheckingInterval, 'connectionsCheckingInterval', 0);
    this.connectionsCheckingInterval = connectionsCheckingInterval;
  } else {
    this.connectionsCheckingInterval = 30_000;
  }
  const { requireHostHeader } = options;
  if (requireHostHeader !== undefined) validateBoolean(requireHostHeader, 'options.requireHostHeader');
  this.requireHostHeader = requireHostHeader ?? true;
  const { joinDuplicateHeaders } = options;
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  this.joinDuplicateHeaders = joinDuplicateHeaders ?? false;
  const { rejectNonStandardBodyWrites } = options;
  if (rejectNonStandardBodyWrites !== undefined) {
    validateBoolean(rejectNonStandardBodyWrites, 'options.rejectNonStandardBodyWrites');
  }
  this.rejectNonStandardBodyWrites = rejectNonStandardBodyWrites ?? false;
  const { shouldUpgradeCallback } = options;
  if (shouldUpgradeCallback !== undefined) {
    validateFunction(shouldUpgradeCallback, 'options.shouldUpgradeCallback');
    this.shouldUpgradeCallback = shouldUpgradeCallback;
  } else {
    this.shouldUpgradeCallback = hasUpgradeListener;
  }
  const { optimizeEmptyRequests } = options;
  if (optimizeEmptyRequests !== undefined) validateBoolean(optimizeEmptyRequests, 'options.optimizeEmptyRequests');
  this.optimizeEmptyRequests = optimizeEmptyRequests || false;
}

function hasUpgradeListener() {
  return this.listenerCount('upgrade') > 0;
}

/**
 * @constructor
 * @param {any} [options]
 * @param {Function} [requestListener]
 */
function Server(options, requestListener) {
  if (!(this instanceof Server)) return Reflect.construct(Server, [options, requestListener]);
  if (typeof options === 'function') {
    requestListener = options;
    options = {};
  } else if (options === undefined || options === null) {
    options = {};
  } else {
    validateObject(options, 'options');
    options = { ...options };
  }
  storeHTTPOptions.call(this, options);
  net.Server.call(this, {
    allowHalfOpen: true,
    noDelay: options.noDelay ?? true,
    keepAlive: options.keepAlive,
    keepAliveInitialDelay: options.keepAliveInitialDelay,
    highWaterMark: options.highWaterMark,
    blockList: options.blockList,
    pauseOnConnect: options.pauseOnConnect,
  });
  if (requestListener) this.on('request', requestListener);
  // With half-open connections a client that has said all still gets its answer.
  this.httpAllowHalfOpen = false;
  this._native = null;
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.maxRequestsPerSocket = 0;
  this._connections_ = new Set();
  this._closing = false;
  this._uniqueHeaders = uniqueHeaders(options.uniqueHeaders);
  this[kConnectionsCheckingInterval] = undefined;
  this.on('connection', connectionListener);
  this.on('listening', startChecking);
}
Object.setPrototypeOf(Server.prototype, net.Server.prototype);
Object.setPrototypeOf(Server, net.Server);

function uniqueHeaders(list) {
  if (!Array.isArray(list)) return null;
  const out = new Set();
  for (const name of list) out.add(name.toLowerCase());
  return out;
}

function startChecking() {
  const server = this;
  if (server[kConnectionsCheckingInterval]) clearInterval(server[kConnectionsCheckingInterval]);
  const fast = require('http/fast');
  if (fast.eligible(server)) fast.take(server);
  server[kConnectionsCheckingInterval] = setInterval(
    checkConnections,
    server.connectionsCheckingInterval,
    server,
  ).unref();
}

/** Ends connections that have taken too long over a head or a request. */
function checkConnections(server) {
  if (server.requestTimeout === 0 && server.headersTimeout === 0) return;
  const now = Date.now();
  for (const connection of server._connections_) {
    const parser = connection.parser;
    if (parser === null || connection.idle) continue;
    const began = parser.startedAt || connection.requestStarted;
    if (!began) continue;
    const age = now - began;
    const lateHead = parser.startedAt !== 0 && server.headersTimeout > 0 && age >= server.headersTimeout;
    const late = server.requestTimeout > 0 && age >= server.requestTimeout;
    if (lateHead || late) {
      parser.startedAt = connection.requestStarted = 0;
      connection.failed(new codes.ERR_HTTP_REQUEST_TIMEOUT());
    }
  }
  server._native?.checkConnections(now);
}

/** Events whose listeners want to see sockets. */
const wantSockets = new Set(['connection', 'timeout', 'drop']);

function withSockets(server, type) {
  if (server._native !== null && wantSockets.has(type)) {
    server._native.leave();
  }
}

for (const name of ['on', 'addListener', 'prependListener']) {
  const add = net.Server.prototype[name];
  Server.prototype[name] = function (type, listener) {
    add.call(this, type, listener);
    withSockets(this, type);
    return this;
  };
}

// Set while the server listens, these too want to see every connection from then on.
for (const name of ['maxConnections', 'blockList']) {
  const key = Symbol(name);
  Object.defineProperty(Server.prototype, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return this[key];
    },
    set(value) {
      this[key] = value;
      if (value !== undefined && value !== null) this._native?.leave();
    },
  });
}

Server.prototype._countConnections = function () {
  return this._connections + (this._native === null ? 0 : this._native.count);
};

Server.prototype._emitCloseIfDrained = function () {
  if (this._native !== null && this._native.count > 0) return;
  net.Server.prototype._emitCloseIfDrained.call(this);
};

Server.prototype.getConnections = function (callback) {
  const more = this._native === null ? 0 : this._native.count;
  net.Server.prototype.getConnections.call(this, (err, n) => callback(err, n + more));
  return this;
};

Server.prototype.listen = function (...args) {
  this._closing = false;
  return net.Server.prototype.listen.apply(this, args);
};

Server.prototype.close = function (callback) {
  this._closing = true;
  clearInterval(this[kConnectionsCheckingInterval]);
  this.closeIdleConnections();
  net.Server.prototype.close.call(this, callback);
  return this;
};

Server.prototype[Symbol.asyncDispose] = async function () {
  await new Promise((resolve, reject) => this.close((err) => (err ? reject(err) : resolve(undefined))));
};

Server.prototype.closeAllConnections = function () {
  for (const connection of [...this._connections_]) connection.socket.destroy();
  this._native?.closeAll();
};

Server.prototype.closeIdleConnections = function () {
  for (const connection of [...this._connections_]) {
    if (connection.socket._httpMessage && !connection.socket._httpMessage.finished) continue;
    if (connection.incoming.length > 0 || connection.parser?.busy || connection.requests === 0) continue;
    connection.socket.destroy();
  }
  this._native?.closeIdle();
};

Object.defineProperty(Server.prototype, 'timeout', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return this._timeout;
  },
  /** Sockets that fall silent are ended: that is what a net.Socket has a timer for. */
  set(msecs) {
    this._timeout = msecs;
    if (msecs > 0) this._native?.leave();
  },
});

Server.prototype.setTimeout = function setTimeout(msecs, callback) {
  this.timeout = msecs;
  if (callback) this.on('timeout', callback);
  return this;
};

Server.prototype[require('events').captureRejectionSymbol] = function (err, event, ...args) {
  switch (event) {
    case 'request': {
      const { 1: res } = args;
      if (!res.headersSent && !res.writableEnded) {
        for (const name of res.getHeaderNames()) res.removeHeader(name);
        res.statusCode = 500;
        res.end(require('http/status')[500]);
      } else {
        res.destroy();
      }
      break;
    }
    default:
      net.Server.prototype[Symbol.for('nodejs.rejection')].call(this, err, event, ...args);
  }
};

// What _http_server shows, too.
module.exports = {
  Server,
  ServerResponse,
  OutgoingMessage,
  storeHTTPOptions,
  _connectionListener: connectionListener,
  kConnectionsCheckingInterval,
};

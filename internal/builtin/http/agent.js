'use strict';

// Agent: who makes connections for requests and keeps them between requests. Per name (host, port, local address,
// family ...) it knows sockets in use, free sockets, and requests that wait because there are enough sockets.

const EventEmitter = require('events');
const net = require('net');
const { once } = require('http/once');
const { validateNumber, validateOneOf, validateString } = require('shared/validators');

const kOnKeylog = Symbol('onkeylog');
const kRequestOptions = Symbol('requestOptions');
const kRequestContext = Symbol('requestContext');
const { getContinuationData, setContinuationData } = engine;

/** A free socket that errs is not worth a crash. */
function freeSocketErrorListener() {
  this.destroy();
  this.emit('agentRemove');
}

/**
 * @constructor
 * @param {Options} [options]
 */
function Agent(options) {
  if (!(this instanceof Agent)) return Reflect.construct(Agent, [options]);
  EventEmitter.call(this);
  this.options = { __proto__: null, ...options };
  if (this.options.noDelay === undefined) this.options.noDelay = true;
  // Without a path: that is the request's, and would be taken for a Unix socket's.
  this.options.path = null;
  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = this.options.keepAliveMsecs || 1000;
  this.keepAlive = this.options.keepAlive || false;
  this.maxSockets = this.options.maxSockets || Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets || 256;
  this.scheduling = this.options.scheduling || 'lifo';
  this.maxTotalSockets = this.options.maxTotalSockets;
  this.totalSocketCount = 0;
  this.agentKeepAliveTimeoutBuffer =
    typeof this.options.agentKeepAliveTimeoutBuffer === 'number' &&
    this.options.agentKeepAliveTimeoutBuffer >= 0 &&
    Number.isFinite(this.options.agentKeepAliveTimeoutBuffer)
      ? this.options.agentKeepAliveTimeoutBuffer
      : 1000;
  this.defaultPort = this.options.defaultPort || 80;
  this.protocol = this.options.protocol || 'http:';
  validateOneOf(this.scheduling, 'scheduling', ['fifo', 'lifo']);
  if (this.maxTotalSockets !== undefined) validateNumber(this.maxTotalSockets, 'maxTotalSockets', 1);
  else this.maxTotalSockets = Infinity;
  this.on('free', onFree);
  this.on('newListener', maybeEnableKeylog);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);

Agent.defaultMaxSockets = Infinity;

function maybeEnableKeylog(event) {
  if (event !== 'keylog') return;
  this.removeListener('newListener', maybeEnableKeylog);
  const agent = this;
  this[kOnKeylog] = function onkeylog(line) {
    agent.emit('keylog', line, this);
  };
  for (const list of Object.values(this.sockets)) for (const socket of list) socket.on('keylog', this[kOnKeylog]);
}

/** A socket has done its request: for the next one that waits, to the free ones, or away. */
function onFree(socket, options) {
  const name = this.getName(options);
  // A socket may be destroyed by its user without the agent knowing.
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const waiting = this.requests[name];
  if (waiting?.length > 0) {
    const req = waiting.shift();
    const context = req[kRequestContext];
    if (waiting.length === 0) delete this.requests[name];
    const now = getContinuationData();
    setContinuationData(context);
    setRequestSocket(this, req, socket);
    setContinuationData(now);
    return;
  }
  const req = socket._httpMessage;
  if (!req || !req.shouldKeepAlive || !this.keepAlive) {
    socket.destroy();
    return;
  }
  const free = this.freeSockets[name] || [];
  const count = free.length + (this.sockets[name]?.length ?? 0);
  if (
    this.totalSocketCount > this.maxTotalSockets ||
    count > this.maxSockets ||
    free.length >= this.maxFreeSockets ||
    !this.keepSocketAlive(socket)
  ) {
    socket.destroy();
    return;
  }
  this.freeSockets[name] = free;
  socket._httpMessage = null;
  this.removeSocket(socket, options);
  socket.once('error', freeSocketErrorListener);
  free.push(socket);
}

/** Name of a set of connections that are the same to a request. */
Agent.prototype.getName = function getName(options = {}) {
  let name = options.host || 'localhost';
  name += ':';
  if (options.port) name += options.port;
  name += ':';
  if (options.localAddress) name += options.localAddress;
  if (options.family === 4 || options.family === 6) name += `:${options.family}`;
  if (options.socketPath) name += `:${options.socketPath}`;
  return name;
};

Agent.prototype.createConnection = function (...args) {
  return net.createConnection(...args);
};

function calculateServerName(options, req) {
  let name = options.host;
  const header = req.getHeader?.('host');
  if (header) {
    validateString(header, 'options.headers.host');
    // "host:port", or an address in brackets.
    name = header.startsWith('[')
      ? header.indexOf(']') < 0
        ? header
        : header.slice(1, header.indexOf(']'))
      : header.split(':', 1)[0];
  }
  return net.isIP(name) ? '' : name;
}

Agent.prototype.addRequest = function addRequest(req, options, port, localAddress) {
  if (typeof options === 'string') options = { __proto__: null, host: options, port, localAddress };
  options = { __proto__: null, ...options, ...this.options };
  if (options.socketPath) options.path = options.socketPath;
  if (options.timeout === undefined && req?.timeout) options.timeout = req.timeout;
  if (!options.servername && options.servername !== '') options.servername = calculateServerName(options, req);
  const name = this.getName(options);
  this.sockets[name] ||= [];
  const free = this.freeSockets[name];
  let socket;
  if (free) {
    while (free.length && free[0].destroyed) free.shift();
    socket = this.scheduling === 'fifo' ? free.shift() : free.pop();
    if (!free.length) delete this.freeSockets[name];
  }
  const freeLen = free ? free.length : 0;
  const count = freeLen + this.sockets[name].length;
  if (socket) {
    this.reuseSocket(socket, req);
    this.sockets[name].push(socket);
    setRequestSocket(this, req, socket);
  } else if (count < this.maxSockets && this.totalSocketCount < this.maxTotalSockets) {
    this.createSocket(req, options, (err, made) => {
      if (err) req.onSocket(made, err);
      else setRequestSocket(this, req, made);
    });
  } else {
    this.requests[name] ||= [];
    req[kRequestOptions] = options;
    req[kRequestContext] = getContinuationData();
    this.requests[name].push(req);
  }
};

Agent.prototype.createSocket = function createSocket(req, options, cb) {
  options = { __proto__: null, ...options, ...this.options };
  if (options.socketPath) options.path = options.socketPath;
  if (!options.servername && options.servername !== '') options.servername = calculateServerName(options, req);
  const name = this.getName(options);
  options._agentKey = name;
  options.encoding = null;
  const done = once((err, socket) => {
    if (err) {
      cb(err);
      return;
    }
    this.sockets[name] ||= [];
    this.sockets[name].push(socket);
    this.totalSocketCount++;
    installListeners(this, socket, options);
    cb(null, socket);
  });
  if (this.keepAlive) options.keepAlive = this.keepAlive;
  if (this.keepAlive && options.keepAliveInitialDelay === undefined)
    options.keepAliveInitialDelay = this.keepAliveMsecs;
  const socket = this.createConnection(options, done);
  if (socket) done(null, socket);
};

function installListeners(agent, socket, options) {
  function onSocketFree() {
    agent.emit('free', socket, options);
  }
  socket.on('free', onSocketFree);
  function onClose() {
    // Whatever ends it, there may be room for a request that waits.
    agent.totalSocketCount--;
    agent.removeSocket(socket, options);
  }
  socket.on('close', onClose);
  function onTimeout() {
    // Only a socket that is free has nobody else to end it.
    const free = agent.freeSockets;
    for (const name of Object.keys(free)) {
      if (free[name].includes(socket)) {
        socket.destroy();
        return;
      }
    }
  }
  socket.on('timeout', onTimeout);
  function onRemove() {
    agent.totalSocketCount--;
    agent.removeSocket(socket, options);
    socket.removeListener('close', onClose);
    socket.removeListener('free', onSocketFree);
    socket.removeListener('timeout', onTimeout);
    socket.removeListener('agentRemove', onRemove);
  }
  socket.on('agentRemove', onRemove);
  if (agent[kOnKeylog]) socket.on('keylog', agent[kOnKeylog]);
}

Agent.prototype.removeSocket = function removeSocket(socket, options) {
  const name = this.getName(options);
  const sets = [this.sockets];
  if (!socket.writable) sets.push(this.freeSockets);
  for (const set of sets) {
    const list = set[name];
    const i = list ? list.indexOf(socket) : -1;
    if (i >= 0) {
      list.splice(i, 1);
      if (list.length === 0) delete set[name];
    }
  }
  let req;
  if (this.requests[name]?.length) {
    req = this.requests[name][0];
  } else {
    // Another name's request may have waited for the total to sink.
    for (const other of Object.keys(this.requests)) {
      if (this.sockets[other]?.length) continue;
      req = this.requests[other][0];
      options = req[kRequestOptions];
      break;
    }
  }
  if (req && options) {
    req[kRequestOptions] = undefined;
    this.createSocket(req, options, (err, made) => {
      if (err) {
        req.onSocket(null, err);
        return;
      }
      made.emit('free');
    });
  }
};

Agent.prototype.keepSocketAlive = function keepSocketAlive(socket) {
  socket.setKeepAlive(true, this.keepAliveMsecs);
  socket.unref();
  let timeout = this.options.timeout || 0;
  if (socket._httpMessage?.res) {
    const hint = socket._httpMessage.res.headers['keep-alive'];
    const seconds = hint ? /^timeout=(\d+)/.exec(hint)?.[1] : undefined;
    if (seconds !== undefined) {
      // A little less than the server says: it must not close just when a request goes out.
      const server = Number(seconds) * 1000 - this.agentKeepAliveTimeoutBuffer;
      if (server <= 0) return false;
      if (timeout === 0 || server < timeout) timeout = server;
    }
  }
  if (socket.timeout !== timeout) socket.setTimeout(timeout);
  return true;
};

Agent.prototype.reuseSocket = function reuseSocket(socket, req) {
  req.reusedSocket = true;
  socket.removeListener('error', freeSocketErrorListener);
  socket.ref();
};

Agent.prototype.destroy = function destroy() {
  for (const set of [this.freeSockets, this.sockets]) {
    for (const name of Object.keys(set)) for (const socket of set[name].slice()) socket.destroy();
  }
};

function setRequestSocket(agent, req, socket) {
  req.onSocket(socket);
  const timeout = agent.options.timeout || 0;
  if (req.timeout === undefined || req.timeout === timeout) return;
  socket.setTimeout(req.timeout);
}

let globalAgent;

module.exports = {
  Agent,
  get globalAgent() {
    return (globalAgent ??= Reflect.construct(Agent, [{ keepAlive: true, scheduling: 'lifo', timeout: 5000 }]));
  },
  set globalAgent(agent) {
    globalAgent = agent;
  },
};

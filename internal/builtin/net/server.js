'use strict';

// net.Server: listens, and makes a Socket of each connection it accepts.

const EventEmitter = require('events');
const { codes, errnoException, exceptionWithHostPort, stackFrom } = require('shared/errors');
const { validateAbortSignal, validateFunction, validateNumber, validatePort } = require('shared/validators');
const { TCPServer, PipeServer } = require('net/handle');
const { normalizeArgs, toNumber, isPipeName } = require('net/connect');
const { Socket, checkedBlockList, kSetNoDelay, kSetKeepAlive, kKeepAliveDelay } = require('net/socket');
const { wanted } = require('diagnostics_channel/wanted');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_SERVER_ALREADY_LISTEN, ERR_SERVER_NOT_RUNNING } = codes;

const EINVAL = -22;
const EADDRNOTAVAIL = -99;

const ipv6OnlyFlag = 1;
const reusePortFlag = 2;
const readableAllMode = 1;
const writableAllMode = 2;
const defaultBacklog = 511;

/**
 * @constructor
 * @param {Options | Function} [options] allowHalfOpen, pauseOnConnect, noDelay, keepAlive, keepAliveInitialDelay,
 *   highWaterMark, blockList
 * @param {Function} [connectionListener] (socket)
 * @returns {void}
 */
function Server(options, connectionListener) {
  if (!(this instanceof Server)) return new Server(options, connectionListener);
  EventEmitter.call(this, typeof options === 'object' && options !== null ? options : undefined);
  if (typeof options === 'function') {
    connectionListener = options;
    options = { __proto__: null };
    this.on('connection', connectionListener);
  } else if (options == null || typeof options === 'object') {
    options = { ...options };
    if (typeof connectionListener === 'function') this.on('connection', connectionListener);
  } else {
    throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
  }
  if (options.keepAliveInitialDelay !== undefined) {
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
    if (options.keepAliveInitialDelay < 0) options.keepAliveInitialDelay = 0;
  }
  if (options.highWaterMark !== undefined) {
    validateNumber(options.highWaterMark, 'options.highWaterMark');
    if (options.highWaterMark < 0) options.highWaterMark = undefined;
  }
  this._connections = 0;
  this._listeningId = 1;
  this._handle = null;
  this._usingWorkers = false;
  this._workers = [];
  this._unref = false;
  this.allowHalfOpen = options.allowHalfOpen || false;
  this.pauseOnConnect = !!options.pauseOnConnect;
  this.noDelay = Boolean(options.noDelay);
  this.keepAlive = Boolean(options.keepAlive);
  this.keepAliveInitialDelay = ~~(options.keepAliveInitialDelay / 1000);
  this.highWaterMark = options.highWaterMark;
  this.blockList = checkedBlockList(options.blockList);
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

/** Where to listen, as handed to the handle: kind 'tcp', 'pipe' or 'fd'. */
function listenOn(server, where) {
  if (server._handle) throw new ERR_SERVER_ALREADY_LISTEN();
  const made = where.kind === 'fd' ? listenFd(where) : where.kind === 'pipe' ? listenPipe(where) : listenTcp(where);
  if (typeof made === 'number') {
    const error =
      where.kind === 'fd' || where.kind === 'pipe'
        ? exceptionWithHostPort(made, 'listen', where.path ?? null, -1)
        : exceptionWithHostPort(made, 'listen', where.address ?? '::', where.port);
    wordy(error, made);
    if (wanted.net) require('net/observe').listenFailed(server, error);
    process.nextTick(emitError, server, error);
    return;
  }
  const handle = made;
  handle.owner = server;
  handle.onconnection = onConnection;
  server._handle = handle;
  server._connectionKey = `${where.family ?? -1}:${where.address ?? where.path ?? '::'}:${where.port ?? -1}`;
  if (server._unref) server.unref();
  process.nextTick(emitListening, server);
}

/** The message says in words what happened: `listen EADDRINUSE: address already in use :::80`. */
function wordy(error, errno) {
  const { getSystemErrorMessage } = require('shared/errors');
  error.message = error.message.replace(error.code, `${error.code}: ${getSystemErrorMessage(errno)}`);
  return stackFrom(error, listenOn);
}

function listenTcp(where) {
  const { port, backlog } = where;
  let { address, family, flags } = where;
  const handle = new TCPServer();
  if (address === null) {
    // Any address of both families; without IPv6 any of IPv4.
    const errno = handle.listen('::', port, 6, backlog, flags);
    if (errno === 0) return handle;
    if (errno !== EINVAL && errno !== EADDRNOTAVAIL && errno !== EAFNOSUPPORT) {
      where.address = '::';
      return errno;
    }
    address = where.address = '0.0.0.0';
    family = 4;
    flags &= ~ipv6OnlyFlag;
  }
  return handle.listen(address, port, family, backlog, flags) || handle;
}

const EAFNOSUPPORT = -97;

function listenPipe({ path, backlog, modes }) {
  const handle = new PipeServer();
  return handle.listen(path, backlog, modes) || handle;
}

function listenFd({ fd, backlog }) {
  const { guessHandleType } = require('tty/handle_type');
  const type = guessHandleType(fd);
  let handle;
  if (type === 'PIPE') handle = new PipeServer();
  else if (type === 'TCP') handle = new TCPServer();
  else return EINVAL;
  return handle.listenFd(fd, backlog) || handle;
}

function emitError(server, error) {
  server.emit('error', error);
}

function emitListening(server) {
  if (!server._handle) return;
  if (wanted.net) require('net/observe').listens(server);
  server.emit('listening');
}

/**
 * listen(port, host, backlog, callback), listen(path, ...), listen(handle, ...), listen(options, callback)
 * @param {...any} args
 */
Server.prototype.listen = function (...args) {
  const normalized = normalizeArgs(args);
  let [options] = normalized;
  const callback = normalized[1];
  if (this._handle) throw new ERR_SERVER_ALREADY_LISTEN();
  if (callback !== null) this.once('listening', callback);
  const backlogFromArgs = toNumber(args.length > 1 && args[1]) || toNumber(args.length > 2 && args[2]);
  options = options._handle || options.handle || options;
  const flags = (options.ipv6Only ? ipv6OnlyFlag : 0) | (options.reusePort ? reusePortFlag : 0);
  const backlog = options.backlog || backlogFromArgs || defaultBacklog;

  if (options instanceof TCPServer || options instanceof PipeServer) {
    adoptHandle(this, options);
    return this;
  }
  addSignal(this, options);
  if (wanted.net) require('net/observe').listenAsked(this, options);
  if (typeof options.fd === 'number' && options.fd >= 0) {
    listenOn(this, { kind: 'fd', fd: options.fd, path: null, backlog });
    return this;
  }
  if (
    args.length === 0 ||
    typeof args[0] === 'function' ||
    (options.port === undefined && 'port' in options) ||
    options.port === null
  ) {
    options.port = 0;
  }
  if (typeof options.port === 'number' || typeof options.port === 'string') {
    validatePort(options.port, 'options.port');
    listenPort(this, options, options.port | 0, backlog, flags);
    return this;
  }
  if (options.path && isPipeName(options.path)) {
    const path = (this._pipeName = options.path);
    const modes = (options.readableAll ? readableAllMode : 0) | (options.writableAll ? writableAllMode : 0);
    if (modes !== 0 && path[0] === '\0') {
      throw new ERR_INVALID_ARG_VALUE(
        'options',
        options,
        'can not set readableAll or writableAllt to true when path is abstract unix socket',
      );
    }
    listenOn(this, { kind: 'pipe', path, backlog, modes });
    return this;
  }
  if (!('port' in options || 'path' in options)) {
    throw new ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
  }
  throw new ERR_INVALID_ARG_VALUE('options', options);
};

/** A handle that somebody else has made listen. */
function adoptHandle(server, handle) {
  server._handle = handle;
  handle.owner = server;
  handle.onconnection = onConnection;
  if (server._unref) server.unref();
  process.nextTick(emitListening, server);
}

function listenPort(server, options, port, backlog, flags) {
  const { host } = options;
  if (!host) {
    listenOn(server, { kind: 'tcp', address: null, port, family: 6, backlog, flags });
    return;
  }
  const id = server._listeningId;
  require('dns').lookup(host, { all: true }, (error, addresses) => {
    // Closed, or told to listen elsewhere, meanwhile.
    if (id !== server._listeningId) return;
    if (error) {
      server.emit('error', error);
      return;
    }
    // A link-local address needs a zone, which a look-up does not tell: another one is better.
    const { address, family } =
      addresses.find((a) => !(a.family === 6 && /^fe[89ab]/i.test(a.address))) ?? addresses[0];
    listenOn(server, {
      kind: 'tcp',
      address,
      port,
      family: family || 4,
      backlog,
      flags: family === 6 ? flags : flags & ~ipv6OnlyFlag,
    });
  });
}

function addSignal(server, options) {
  if (options?.signal === undefined) return;
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  const onAbort = () => server.close();
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  signal.addEventListener('abort', onAbort);
  server.once('close', () => signal.removeEventListener('abort', onAbort));
}

/** Those that node:http keeps without a socket are more. */
Server.prototype._countConnections = function () {
  return this._connections;
};

/** @this {any} the handle */
function onConnection(errno, clientHandle) {
  const server = this.owner;
  if (errno) {
    server.emit('error', errnoException(errno, 'accept'));
    return;
  }
  if (
    server.maxConnections !== undefined &&
    server.maxConnections !== null &&
    server._countConnections() >= server.maxConnections
  ) {
    drop(server, clientHandle);
    return;
  }
  if (server.blockList !== undefined && clientHandle.getpeername !== undefined) {
    const remote = {};
    const failed = clientHandle.getpeername(remote);
    if (!failed && remote.family && server.blockList.check(remote.address, remote.family.toLowerCase())) {
      clientHandle.close();
      return;
    }
  }
  const socket = new Socket({
    handle: clientHandle,
    allowHalfOpen: server.allowHalfOpen,
    pauseOnCreate: server.pauseOnConnect,
    readable: true,
    writable: true,
    readableHighWaterMark: server.highWaterMark,
    writableHighWaterMark: server.highWaterMark,
  });
  if (server.noDelay && clientHandle.setNoDelay) {
    socket[kSetNoDelay] = true;
    clientHandle.setNoDelay(true);
  }
  if (server.keepAlive && clientHandle.setKeepAlive) {
    socket[kSetKeepAlive] = true;
    socket[kKeepAliveDelay] = server.keepAliveInitialDelay;
    clientHandle.setKeepAlive(true, server.keepAliveInitialDelay);
  }
  server._connections++;
  socket.server = server;
  socket._server = server;
  if (wanted.net) require('net/observe').serverSocket(socket);
  server.emit('connection', socket);
}

function drop(server, handle) {
  const local = {};
  const remote = {};
  handle.getsockname?.(local);
  handle.getpeername?.(remote);
  handle.close();
  server.emit(
    'drop',
    local.address === undefined && remote.address === undefined
      ? undefined
      : {
          localAddress: local.address,
          localPort: local.port,
          localFamily: local.family,
          remoteAddress: remote.address,
          remotePort: remote.port,
          remoteFamily: remote.family,
        },
  );
}

/** @returns {string | { address: string, family: string, port: number } | null} */
Server.prototype.address = function () {
  if (this._handle?.getsockname) {
    if (this._pipeName) return this._pipeName;
    /** @type {any} filled in */
    const out = {};
    const errno = this._handle.getsockname(out);
    if (errno) throw errnoException(errno, 'address');
    return out;
  }
  return this._pipeName ? this._pipeName : null;
};

Server.prototype.getConnections = function (callback) {
  validateFunction(callback, 'callback');
  process.nextTick(callback, null, this._connections);
  return this;
};

Server.prototype.close = function (callback) {
  if (typeof callback === 'function') {
    if (this._handle) {
      this.once('close', callback);
    } else {
      this.once('close', function closed() {
        callback(new ERR_SERVER_NOT_RUNNING());
      });
    }
  }
  // What a look-up under way finds is not listened on any more.
  this._listeningId++;
  if (this._handle) {
    this._handle.close();
    this._handle = null;
  }
  this._emitCloseIfDrained();
  return this;
};

Server.prototype._emitCloseIfDrained = function () {
  if (this._handle || this._connections) return;
  process.nextTick(emitClose, this);
};

function emitClose(server) {
  server.emit('close');
}

Server.prototype[Symbol.asyncDispose] = async function () {
  if (!this._handle) return;
  await new Promise((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
};

Server.prototype.ref = function () {
  this._unref = false;
  if (this._handle) this._handle.ref();
  return this;
};

Server.prototype.unref = function () {
  this._unref = true;
  if (this._handle) this._handle.unref();
  return this;
};

Server.prototype[EventEmitter.captureRejectionSymbol] = function (error, event, socket) {
  if (event === 'connection') socket.destroy(error);
  else this.emit('error', error);
};

Object.defineProperty(Server.prototype, 'listening', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return !!this._handle;
  },
});

module.exports = { Server };

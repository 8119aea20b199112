'use strict';

// node:dgram: UDP sockets.

const EventEmitter = require('events');
const { codes, errnoException, exceptionWithHostPort } = require('shared/errors');
const {
  validateAbortSignal,
  validateFunction,
  validateNumber,
  validatePort,
  validateString,
  validateUint32,
} = require('shared/validators');
const { UDP, kMessage, kFailed } = require('dgram/handle');
const { optionMethods } = require('dgram/options');
const { kState, healthCheck } = require('dgram/state');

const {
  ERR_BUFFER_OUT_OF_BOUNDS,
  ERR_INVALID_ARG_TYPE,
  ERR_IP_BLOCKED,
  ERR_SOCKET_ALREADY_BOUND,
  ERR_SOCKET_BAD_TYPE,
  ERR_SOCKET_DGRAM_IS_CONNECTED,
  ERR_SOCKET_DGRAM_NOT_CONNECTED,
} = codes;

// Where a socket is, for its own end and the other.
const unbound = 0;
const binding = 1;
const bound = 2;
const disconnected = 0;
const connecting = 1;
const connected = 2;

const flagIPv6Only = 1;
const flagReuseAddr = 4;
const flagReusePort = 8;

class State {
  constructor(handle, lookup) {
    this.handle = handle;
    this.lookup = lookup;
    this.receiving = false;
    this.bindState = unbound;
    this.connectState = disconnected;
    /** What waits for the socket to be bound. */
    this.queue = undefined;
    this.reuseAddr = undefined;
    this.reusePort = undefined;
    this.ipv6Only = undefined;
    this.recvBufferSize = undefined;
    this.sendBufferSize = undefined;
    this.receiveBlockList = undefined;
    this.sendBlockList = undefined;
    this.refed = true;
  }
}

/**
 * @constructor
 * @param {string | object} type
 * @param {Function} [listener]
 */
function Socket(type, listener) {
  EventEmitter.call(this);
  let options;
  let lookup;
  if (type !== null && typeof type === 'object') {
    options = type;
    type = options.type;
    lookup = options.lookup;
    if (options.recvBufferSize) validateUint32(options.recvBufferSize, 'options.recvBufferSize');
    if (options.sendBufferSize) validateUint32(options.sendBufferSize, 'options.sendBufferSize');
  }
  if (type !== 'udp4' && type !== 'udp6') throw new ERR_SOCKET_BAD_TYPE();
  if (lookup !== undefined) validateFunction(lookup, 'lookup');
  const signal = options?.signal;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  this.type = type;
  const handle = new UDP(type === 'udp4' ? 4 : 6);
  handle.owner = this;
  const state = new State(handle, lookup);
  this[kState] = state;
  if (typeof listener === 'function') this.on('message', listener);
  if (options !== undefined) {
    state.reuseAddr = options.reuseAddr;
    state.reusePort = options.reusePort;
    state.ipv6Only = options.ipv6Only;
    state.recvBufferSize = options.recvBufferSize;
    state.sendBufferSize = options.sendBufferSize;
    state.receiveBlockList = blockListOf(options, 'receiveBlockList');
    state.sendBlockList = blockListOf(options, 'sendBlockList');
  }
  if (signal !== undefined) closeOnAbort(this, signal);
  publish(this);
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);

function blockListOf(options, name) {
  const list = options[name];
  if (!list) return undefined;
  if (!require('net').BlockList.isBlockList(list)) {
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, 'net.BlockList', list);
  }
  return list;
}

function closeOnAbort(socket, signal) {
  const onAbort = () => {
    if (socket[kState].handle) socket.close();
  };
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  const { addAbortListener } = EventEmitter;
  const disposable = addAbortListener(signal, onAbort);
  socket.once('close', () => disposable[Symbol.dispose]());
}

let channel;

function publish(socket) {
  channel ??= require('diagnostics_channel').channel('udp.socket');
  if (channel.hasSubscribers) channel.publish({ socket });
}

/**
 * @param {string | object} type
 * @param {Function} [listener]
 */
function createSocket(type, listener) {
  return new Socket(type, listener);
}

// --- look-ups

/** Calls back later, as the program may do things to the socket between. */
function lookUp(socket, address, anyAddress, callback) {
  const { lookup } = socket[kState];
  const six = socket.type === 'udp6';
  const host = address || anyAddress;
  if (lookup === undefined) {
    const version = require('net/ip').isIP(host);
    if (version === (six ? 6 : 4)) {
      process.nextTick(callback, null, host);
      return;
    }
    require('dns').lookup(host, six ? 6 : 4, callback);
    return;
  }
  lookup(host, six ? 6 : 4, callback);
}

// --- bind

Socket.prototype.bind = function bind(port_, address_) {
  const state = this[kState];
  healthCheck(this);
  if (state.bindState !== unbound) throw new ERR_SOCKET_ALREADY_BOUND();
  state.bindState = binding;
  const callback = arguments.length > 0 ? arguments[arguments.length - 1] : undefined;
  if (typeof callback === 'function') {
    const remove = () => {
      this.removeListener('error', remove);
      this.removeListener('listening', onListening);
    };
    const onListening = () => {
      remove();
      callback.call(this);
    };
    this.on('error', remove);
    this.on('listening', onListening);
  }
  let port = port_;
  let address;
  if (port !== null && typeof port === 'object' && typeof port.recvStart === 'function') {
    throw new codes.ERR_METHOD_NOT_IMPLEMENTED('bind() of a handle');
  }
  if (port !== null && typeof port === 'object' && port.fd > 0 && Number.isInteger(port.fd)) {
    const errno = state.handle.open(port.fd);
    if (errno !== 0) {
      state.bindState = unbound;
      throw errnoException(errno, 'open');
    }
    startListening(this);
    return this;
  }
  if (port !== null && typeof port === 'object') {
    address = port.address || '';
    port = port.port;
  } else {
    address = typeof address_ === 'function' ? '' : address_;
  }
  lookUp(this, address, this.type === 'udp4' ? '0.0.0.0' : '::', (error, ip) => {
    // Closed while the look-up was under way.
    if (!state.handle) return;
    if (error) {
      state.bindState = unbound;
      this.emit('error', error);
      return;
    }
    let flags = 0;
    if (state.reuseAddr) flags |= flagReuseAddr;
    if (state.ipv6Only) flags |= flagIPv6Only;
    if (state.reusePort) flags |= flagReusePort;
    const errno = state.handle.bind(ip, port | 0, flags);
    if (errno !== 0) {
      state.bindState = unbound;
      this.emit('error', exceptionWithHostPort(errno, 'bind', ip, port));
      return;
    }
    startListening(this);
  });
  return this;
};

function startListening(socket) {
  const state = socket[kState];
  state.handle.recvStart();
  state.receiving = true;
  state.bindState = bound;
  if (state.recvBufferSize) socket.setRecvBufferSize(state.recvBufferSize);
  if (state.sendBufferSize) socket.setSendBufferSize(state.sendBufferSize);
  socket.emit('listening');
}

function bindAny(socket) {
  if (socket[kState].bindState === unbound) socket.bind({ port: 0, exclusive: true }, null);
}

/** Does it when the socket is bound. */
function whenBound(socket, what) {
  const state = socket[kState];
  if (state.queue === undefined) {
    state.queue = [];
    socket.once('error', dropQueue);
    socket.once('listening', runQueue);
  }
  state.queue.push(what);
}

function runQueue() {
  this.removeListener('error', dropQueue);
  const state = this[kState];
  const { queue } = state;
  state.queue = undefined;
  for (const what of queue) what();
}

function dropQueue() {
  this.removeListener('listening', runQueue);
  this[kState].queue = undefined;
}

// --- connect

Socket.prototype.connect = function connect(port, address, callback) {
  port = validatePort(port, 'Port', false);
  if (typeof address === 'function') {
    callback = address;
    address = '';
  }
  const state = this[kState];
  if (state.connectState !== disconnected) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  state.connectState = connecting;
  bindAny(this);
  if (state.bindState !== bound) {
    whenBound(this, () => connectNow(this, port, address, callback));
    return;
  }
  connectNow(this, port, address, callback);
};

function connectNow(socket, port, address, callback) {
  const state = socket[kState];
  if (callback) socket.once('connect', callback);
  lookUp(socket, address, socket.type === 'udp4' ? '127.0.0.1' : '::1', (error, ip) => {
    if (!state.handle) return;
    if (!error && state.sendBlockList?.check(ip, `ipv${socket.type === 'udp4' ? 4 : 6}`)) {
      error = new ERR_IP_BLOCKED(ip);
    }
    if (!error) {
      const errno = state.handle.connect(ip, port);
      if (errno !== 0) error = exceptionWithHostPort(errno, 'connect', address, port);
    }
    if (error) {
      state.connectState = disconnected;
      process.nextTick(() => {
        if (!callback) {
          socket.emit('error', error);
          return;
        }
        socket.removeListener('connect', callback);
        callback(error);
      });
      return;
    }
    state.connectState = connected;
    process.nextTick(() => socket.emit('connect'));
  });
}

Socket.prototype.disconnect = function disconnect() {
  const state = this[kState];
  if (state.connectState !== connected) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const errno = state.handle.disconnect();
  if (errno !== 0) throw errnoException(errno, 'connect');
  state.connectState = disconnected;
};

// --- send

Socket.prototype.sendto = function sendto(buffer, offset, length, port, address, callback) {
  validateNumber(offset, 'offset');
  validateNumber(length, 'length');
  validateNumber(port, 'port');
  validateString(address, 'address');
  this.send(buffer, offset, length, port, address, callback);
};

const bytesExpected = ['Buffer', 'TypedArray', 'DataView', 'string'];

function part(buffer, offset, length) {
  if (typeof buffer === 'string') buffer = Buffer.from(buffer);
  else if (!ArrayBuffer.isView(buffer)) throw new ERR_INVALID_ARG_TYPE('buffer', bytesExpected, buffer);
  offset >>>= 0;
  length >>>= 0;
  if (offset > buffer.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (offset + length > buffer.byteLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return Buffer.from(buffer.buffer, buffer.byteOffset + offset, length);
}

/** The list as bytes; undefined when something else is in it. */
function chunksOf(list) {
  const chunks = new Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const chunk = list[i];
    if (typeof chunk === 'string') chunks[i] = Buffer.from(chunk);
    else if (ArrayBuffer.isView(chunk)) chunks[i] = chunk;
    else return undefined;
  }
  return chunks;
}

// send(bytes, [offset, length,] [port, [address,]] [callback]); only without port and address when connected.
Socket.prototype.send = function send(buffer, offset, length, port, address, callback) {
  const state = this[kState];
  const isConnected = state.connectState === connected;
  if (!isConnected) {
    if (address || (port && typeof port !== 'function')) {
      buffer = part(buffer, offset, length);
    } else {
      callback = port;
      port = offset;
      address = length;
    }
  } else {
    if (typeof length === 'number') {
      buffer = part(buffer, offset, length);
      if (typeof port === 'function') {
        callback = port;
        port = null;
      }
    } else if (typeof offset === 'function') {
      callback = offset;
      port = address = null;
    } else {
      callback = port;
      port = offset;
      address = length;
    }
  }
  let chunks;
  if (!Array.isArray(buffer)) {
    if (typeof buffer === 'string') chunks = [Buffer.from(buffer)];
    else if (ArrayBuffer.isView(buffer)) chunks = [buffer];
    else throw new ERR_INVALID_ARG_TYPE('buffer', bytesExpected, buffer);
  } else if ((chunks = chunksOf(buffer)) === undefined) {
    throw new ERR_INVALID_ARG_TYPE('buffer list arguments', bytesExpected, buffer);
  }
  if (!isConnected) port = validatePort(port, 'Port', false);
  else if (port || address) throw new ERR_SOCKET_DGRAM_IS_CONNECTED();
  if (typeof callback !== 'function') callback = undefined;
  if (typeof address === 'function') {
    callback = address;
    address = undefined;
  } else if (address != null && address !== '' && typeof address !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('address', 'string', address);
  }
  healthCheck(this);
  bindAny(this);
  if (chunks.length === 0) chunks.push(Buffer.alloc(0));
  if (state.bindState !== bound) {
    whenBound(this, () => sendBound(this, chunks, port, address, callback));
    return;
  }
  sendBound(this, chunks, port, address, callback);
};

function sendBound(socket, chunks, port, address, callback) {
  const state = socket[kState];
  if (state.connectState === connected) {
    sendNow(socket, null, undefined, chunks, undefined, undefined, callback);
    return;
  }
  lookUp(socket, address, socket.type === 'udp4' ? '127.0.0.1' : '::1', (error, ip) => {
    sendNow(socket, error, ip, chunks, address, port, callback);
  });
}

function sendNow(socket, error, ip, chunks, address, port, callback) {
  const state = socket[kState];
  if (!error && ip !== undefined && state.sendBlockList?.check(ip, `ipv${socket.type === 'udp4' ? 4 : 6}`)) {
    error = new ERR_IP_BLOCKED(ip);
  }
  if (error) {
    if (callback) process.nextTick(callback, error);
    else process.nextTick(() => socket.emit('error', error));
    return;
  }
  if (!state.handle) return;
  const result = state.handle.send(chunks, port ?? 0, ip ?? '', (errno, size) => {
    if (!callback) return;
    if (errno < 0) callback(exceptionWithHostPort(errno, 'send', address, port), size);
    else callback(null, size);
  });
  if (callback === undefined || result === 0) return;
  if (result > 0) process.nextTick(callback, null, result - 1);
  else process.nextTick(callback, exceptionWithHostPort(result, 'send', address, port));
}

// --- what arrives

Socket.prototype[kMessage] = function (data, address, family, port) {
  const state = this[kState];
  if (state.receiveBlockList?.check(address, `ipv${family}`)) return;
  this.emit('message', data, { address, family: family === 4 ? 'IPv4' : 'IPv6', port, size: data.length });
};

Socket.prototype[kFailed] = function (errno) {
  this.emit('error', errnoException(errno, 'recvmsg'));
};

// --- the rest

Socket.prototype.close = function close(callback) {
  const state = this[kState];
  if (typeof callback === 'function') this.on('close', callback);
  if (state.queue !== undefined) {
    state.queue.push(() => this.close());
    return this;
  }
  healthCheck(this);
  stopReceiving(this);
  state.handle.close();
  state.handle = null;
  process.nextTick(() => this.emit('close'));
  return this;
};

Socket.prototype[Symbol.asyncDispose] = async function () {
  if (!this[kState].handle) return;
  const closed = Promise.withResolvers();
  this.close(closed.resolve);
  await closed.promise;
};

function stopReceiving(socket) {
  const state = socket[kState];
  if (!state.receiving) return;
  state.handle.recvStop();
  state.receiving = false;
}

Socket.prototype.address = function address() {
  healthCheck(this);
  const out = {};
  const errno = this[kState].handle.getsockname(out);
  if (errno !== 0) throw errnoException(errno, 'getsockname');
  return out;
};

Socket.prototype.remoteAddress = function remoteAddress() {
  healthCheck(this);
  const state = this[kState];
  if (state.connectState !== connected) throw new ERR_SOCKET_DGRAM_NOT_CONNECTED();
  const out = {};
  const errno = state.handle.getpeername(out);
  if (errno !== 0) throw errnoException(errno, 'getpeername');
  return out;
};

Socket.prototype.ref = function ref() {
  this[kState].handle?.ref();
  return this;
};

Socket.prototype.unref = function unref() {
  this[kState].handle?.unref();
  return this;
};

Object.defineProperties(Socket.prototype, Object.getOwnPropertyDescriptors(optionMethods));
require('dgram/deprecated').addDeprecated(Socket, stopReceiving);

module.exports = {
  _createSocketHandle: require('dgram/deprecated').createHandle,
  createSocket,
  Socket,
};

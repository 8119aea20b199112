'use strict';

// How a net.Socket connects: arguments, look-up, one address or several of both families in turn ("happy eyeballs").

const { codes, exceptionWithHostPort, aggregateErrors } = require('shared/errors');
const {
  validateBoolean,
  validateFunction,
  validateInt32,
  validateNumber,
  validatePort,
  validateString,
} = require('shared/validators');
const { clearTimeout, Timeout, start } = require('timers/lists');
const { flag } = require('process/options');
const { begin, record } = require('dns/observe');
const { isIP } = require('net/ip');
const { TCP, Pipe, EADDRINUSE } = require('net/handle');
const { Socket, attachHandle, applyOptions, kUserBuffer } = require('net/socket');
const { wanted } = require('diagnostics_channel/wanted');

const {
  ERR_INVALID_ADDRESS_FAMILY,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_IP_ADDRESS,
  ERR_IP_BLOCKED,
  ERR_MISSING_ARGS,
  ERR_SOCKET_CONNECTION_TIMEOUT,
} = codes;

const ETIMEDOUT = -110;
const ECANCELED = -125;

/** Marks the argument lists that are normalized already. */
const normalizedArgs = Symbol('normalizedArgs');

/**
 * The arguments of connect and listen: [options, callback | null].
 * @param {any[]} args
 */
function normalizeArgs(args) {
  let list;
  if (args.length === 0) {
    list = [{}, null];
  } else {
    const first = args[0];
    let options = {};
    if (typeof first === 'object' && first !== null) {
      options = first;
    } else if (isPipeName(first)) {
      options.path = first;
    } else {
      options.port = first;
      if (args.length > 1 && typeof args[1] === 'string') options.host = args[1];
    }
    const last = args[args.length - 1];
    list = [options, typeof last === 'function' ? last : null];
  }
  list[normalizedArgs] = true;
  return list;
}

function toNumber(x) {
  return (x = Number(x)) >= 0 ? x : false;
}

function isPipeName(s) {
  return typeof s === 'string' && toNumber(s) === false;
}

let autoSelectFamilyDefault;
let attemptTimeoutDefault;

function getDefaultAutoSelectFamily() {
  return (autoSelectFamilyDefault ??= flag('--network-family-autoselection') ?? true);
}

/** @param {boolean} value */
function setDefaultAutoSelectFamily(value) {
  validateBoolean(value, 'value');
  autoSelectFamilyDefault = value;
}

function getDefaultAutoSelectFamilyAttemptTimeout() {
  return (attemptTimeoutDefault ??= Math.max(flag('--network-family-autoselection-attempt-timeout') ?? 250, 10));
}

/** @param {number} value in ms, at least 10 */
function setDefaultAutoSelectFamilyAttemptTimeout(value) {
  validateInt32(value, 'value', 1);
  attemptTimeoutDefault = Math.max(value, 10);
}

/**
 * Socket.prototype.connect.
 * @param {InstanceType<typeof Socket>} socket
 * @param {any[]} args
 */
function connectSocket(socket, args) {
  let normalized = args[0];
  if (!Array.isArray(normalized) || !normalized[normalizedArgs]) normalized = normalizeArgs(args);
  const [options, callback] = normalized;
  const { path } = options;
  const isPipe = Boolean(path);

  // The user may have the other side's end replaced it.
  if (socket.write !== Socket.prototype.write) socket.write = Socket.prototype.write;
  if (options.port === undefined && path == null) throw new ERR_MISSING_ARGS(['options', 'port', 'path']);

  if (socket.destroyed) {
    socket._handle = null;
    socket._peername = null;
    socket._sockname = null;
    socket._undestroy();
  }
  if (!socket._handle) {
    socket._handle = isPipe ? new Pipe() : new TCP();
    attachHandle(socket);
  }
  if (callback !== null) socket.once('connect', callback);
  if (wanted.net) require('net/observe').clientSocket(socket);
  socket._unrefTimer();
  socket.connecting = true;
  if (isPipe) {
    validateString(path, 'options.path');
    connectPipe(socket, path);
  } else {
    lookupAndConnect(socket, options);
  }
  return socket;
}

/** An attempt of a socket to connect: what Node's requests are. It is the handle's `request`. */
class Attempt {
  constructor(socket, address, port, family, localAddress, localPort) {
    this.socket = socket;
    this.address = address;
    this.port = port;
    this.family = family;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.series = null;
    this.timedOut = false;
    this.began = begin('net');
  }

  error(errno) {
    const { localAddress, localPort } = this;
    const details = localAddress && localPort ? `${localAddress}:${localPort}` : undefined;
    const error = exceptionWithHostPort(errno, 'connect', this.address, this.port, details);
    if (details) {
      error.localAddress = localAddress;
      error.localPort = localPort;
    }
    return error;
  }
}

function connectPipe(socket, path) {
  const handle = socket._handle;
  handle.request = new Attempt(socket, path, undefined, undefined, undefined, undefined);
  const errno = handle.connect(afterConnect, path);
  if (errno !== 0) socket.destroy(handle.request.error(errno));
}

function lookupAndConnect(socket, options) {
  const { localAddress, localPort } = options;
  const host = options.host || 'localhost';
  if (typeof host !== 'string') throw new ERR_INVALID_ARG_TYPE('options.host', 'string', host);
  let { port, autoSelectFamilyAttemptTimeout: attemptTimeout, autoSelectFamily } = options;

  if (localAddress && !isIP(localAddress)) throw new ERR_INVALID_IP_ADDRESS(localAddress);
  if (localPort) validateNumber(localPort, 'options.localPort');
  if (port !== undefined) {
    if (typeof port !== 'number' && typeof port !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
    }
    validatePort(port);
  }
  port |= 0;
  if (autoSelectFamily !== undefined && autoSelectFamily !== null)
    validateBoolean(autoSelectFamily, 'options.autoSelectFamily');
  else autoSelectFamily = getDefaultAutoSelectFamily();
  if (attemptTimeout !== undefined && attemptTimeout !== null) {
    validateInt32(attemptTimeout, 'options.autoSelectFamilyAttemptTimeout', 1);
    attemptTimeout = Math.max(attemptTimeout, 10);
  } else {
    attemptTimeout = getDefaultAutoSelectFamilyAttemptTimeout();
  }

  const family = isIP(host);
  if (family) {
    process.nextTick(connectIfWanted, socket, host, port, family, localAddress, localPort);
    return;
  }
  if (options.lookup !== undefined && options.lookup !== null) validateFunction(options.lookup, 'options.lookup');
  const dns = require('dns');
  const lookupOptions = { family: toFamily(options.family), hints: options.hints || 0 };
  if (lookupOptions.family !== 4 && lookupOptions.family !== 6 && lookupOptions.hints === 0) {
    lookupOptions.hints = dns.ADDRCONFIG;
  }
  socket._host = host;
  const lookup = options.lookup || dns.lookup;
  if (autoSelectFamily && lookupOptions.family !== 4 && lookupOptions.family !== 6 && !localAddress) {
    lookupOptions.all = true;
    lookup(host, lookupOptions, (error, addresses) => {
      onAddresses(socket, error, addresses, host, options, port, localAddress, localPort, attemptTimeout);
    });
    return;
  }
  lookup(host, lookupOptions, (error, ip, addressType) => {
    socket.emit('lookup', error, ip, addressType, host);
    // Destroyed while the look-up was under way.
    if (!socket.connecting) return;
    if (error) {
      process.nextTick(fail, socket, error);
    } else if (typeof ip !== 'string' || !isIP(ip)) {
      process.nextTick(fail, socket, new ERR_INVALID_IP_ADDRESS(ip));
    } else if (addressType !== 4 && addressType !== 6) {
      process.nextTick(fail, socket, new ERR_INVALID_ADDRESS_FAMILY(addressType, options.host, options.port));
    } else {
      socket._unrefTimer();
      connectTo(socket, ip, port, addressType, localAddress, localPort);
    }
  });
}

function toFamily(family) {
  switch (family) {
    case 'IPv4':
      return 4;
    case 'IPv6':
      return 6;
    default:
      return family;
  }
}

function fail(socket, error) {
  socket.destroy(error);
}

function connectIfWanted(socket, address, port, family, localAddress, localPort) {
  if (socket.connecting) connectTo(socket, address, port, family, localAddress, localPort);
}

/** Binds the local end, where one is wanted. 0 or an error to destroy with. */
function bindLocal(handle, family, localAddress, localPort, flags) {
  if (!localAddress && !localPort) return null;
  let errno;
  if (family === 4) {
    localAddress ||= '0.0.0.0';
    errno = handle.bind(localAddress, localPort | 0);
  } else {
    localAddress ||= '::';
    errno = handle.bind6(localAddress, localPort | 0, flags);
  }
  if (errno === 0) return null;
  // A port that is taken shows when connecting.
  if (errno === EADDRINUSE) {
    handle.delayedError = errno;
    return null;
  }
  return exceptionWithHostPort(errno, 'bind', localAddress, localPort);
}

function connectTo(socket, address, port, family, localAddress, localPort, flags = 0) {
  const handle = socket._handle;
  const bindError = bindLocal(handle, family, localAddress, localPort, flags);
  if (bindError !== null) {
    socket.destroy(bindError);
    return;
  }
  if (socket.blockList?.check(address, `ipv${family}`)) {
    socket.destroy(new ERR_IP_BLOCKED(address));
    return;
  }
  const request = new Attempt(socket, address, port, family, localAddress, localPort);
  handle.request = request;
  socket.emit('connectionAttempt', address, port, family);
  if (handle.delayedError !== undefined) {
    process.nextTick(afterConnect, handle.delayedError, handle);
    return;
  }
  const errno = handle.connect(afterConnect, address, port, family);
  if (errno !== 0) socket.destroy(request.error(errno));
}

function afterConnect(errno, handle) {
  const { request } = handle;
  const { socket } = request;
  // Destroyed before it was connected.
  if (socket.destroyed || socket._handle !== handle) return;
  socket.connecting = false;
  socket._sockname = null;
  if (errno === 0) {
    if (request.began !== 0 && request.port !== undefined) {
      record('net', 'connect', request.began, { host: request.address, port: request.port });
    }
    onConnected(socket, handle);
    return;
  }
  if (errno === ECANCELED && handle.closing) return;
  const error = request.error(errno);
  if (request.family !== undefined) {
    socket.emit('connectionAttemptFailed', request.address, request.port, request.family, error);
  }
  socket.destroy(error);
}

function onConnected(socket, handle) {
  socket._unrefTimer();
  applyOptions(socket);
  if (socket[kUserBuffer] !== null) handle.useUserBuffer(socket[kUserBuffer].buffer);
  socket.emit('connect');
  socket.emit('ready');
  // The first read, unless the user wants to start himself.
  if (socket.readable && !socket.isPaused() && socket._handle === handle) socket.read(0);
}

// --- several addresses

/** Attempts one after another, overlapping when one takes too long. */
class Series {
  constructor(socket, addresses, port, localPort, timeout) {
    this.socket = socket;
    this.addresses = addresses;
    this.port = port;
    this.localPort = localPort;
    this.timeout = timeout;
    this.current = 0;
    this.timer = null;
    this.errors = [];
  }
}

function onAddresses(socket, error, addresses, host, options, port, localAddress, localPort, timeout) {
  if (!socket.connecting) {
    socket.emit('lookup', error, undefined, undefined, host);
    return;
  }
  if (error) {
    socket.emit('lookup', error, undefined, undefined, host);
    process.nextTick(fail, socket, error);
    return;
  }
  const valid = [];
  let refused;
  for (const { address, family } of addresses) {
    socket.emit('lookup', null, address, family, host);
    // A listener may have destroyed it.
    if (!socket.connecting) return;
    if (!isIP(address)) refused ??= new ERR_INVALID_IP_ADDRESS(address);
    else if (family !== 4 && family !== 6)
      refused ??= new ERR_INVALID_ADDRESS_FAMILY(family, options.host, options.port);
    else valid.push({ address, family });
  }
  if (valid.length === 0) {
    process.nextTick(fail, socket, refused ?? new ERR_INVALID_IP_ADDRESS(undefined));
    return;
  }
  socket._unrefTimer();
  const ordered = interleave(valid);
  if (ordered.length === 1) {
    connectTo(socket, ordered[0].address, port, ordered[0].family, localAddress, localPort);
    return;
  }
  socket.autoSelectFamilyAttemptedAddresses = [];
  const series = new Series(socket, ordered, port, localPort, timeout);
  nextAttempt(series);
}

/** Families alternate, beginning with the first address's. */
function interleave(addresses) {
  const first = addresses.filter((a) => a.family === addresses[0].family);
  const second = addresses.filter((a) => a.family !== addresses[0].family);
  const ordered = [];
  for (let i = 0; i < first.length || i < second.length; i++) {
    if (i < first.length) ordered.push(first[i]);
    if (i < second.length) ordered.push(second[i]);
  }
  return ordered;
}

function seriesError(series) {
  if (series.errors.length === 0) return new ERR_SOCKET_CONNECTION_TIMEOUT();
  return aggregateErrors(series.errors);
}

function nextAttempt(series) {
  clearTimer(series);
  const { socket } = series;
  if (!socket.connecting) return;
  if (series.current === series.addresses.length) {
    socket.destroy(seriesError(series));
    return;
  }
  const { address, family } = series.addresses[series.current++];
  const handle = takeHandle(series);
  const { port, localPort } = series;
  const bindError = bindLocal(handle, family, undefined, localPort, 0);
  if (bindError !== null) {
    series.errors.push(bindError);
    nextAttempt(series);
    return;
  }
  if (socket.blockList?.check(address, `ipv${family}`)) {
    series.errors.push(new ERR_IP_BLOCKED(address));
    nextAttempt(series);
    return;
  }
  const request = new Attempt(
    socket,
    address,
    port,
    family,
    localPort ? (family === 4 ? '0.0.0.0' : '::') : undefined,
    localPort,
  );
  request.series = series;
  handle.request = request;
  socket.autoSelectFamilyAttemptedAddresses.push(`${address}:${port}`);
  socket.emit('connectionAttempt', address, port, family);
  const errno = handle.delayedError ?? handle.connect(afterAttempt, address, port, family);
  if (errno !== 0) {
    const error = request.error(errno);
    series.errors.push(error);
    socket.emit('connectionAttemptFailed', address, port, family, error);
    nextAttempt(series);
    return;
  }
  if (series.current < series.addresses.length) {
    series.timer = new Timeout(onAttemptTimeout, series.timeout, [request, handle], false, true);
    start(series.timer);
  }
}

/** The first attempt takes the handle that connect made; the others need their own. */
function takeHandle(series) {
  const { socket } = series;
  if (series.current > 1) {
    const old = socket._handle;
    if (!old.closing) old.close();
    const handle = new TCP();
    if (!old.refed) handle.unref();
    socket._handle = handle;
    attachHandle(socket);
  }
  return socket._handle;
}

function clearTimer(series) {
  if (series.timer !== null) clearTimeout(series.timer);
  series.timer = null;
}

function onAttemptTimeout(request, handle) {
  const { series, socket, address, port, family } = request;
  series.timer = null;
  if (!socket.connecting || socket._handle !== handle) return;
  request.timedOut = true;
  socket.emit('connectionAttemptTimeout', address, port, family);
  series.errors.push(request.error(ETIMEDOUT));
  nextAttempt(series);
}

function afterAttempt(errno, handle) {
  const { request } = handle;
  const { series, socket } = request;
  if (request.timedOut || socket._handle !== handle) return;
  clearTimer(series);
  if (!socket.connecting) return;
  if (errno === 0) {
    afterConnect(0, handle);
    return;
  }
  const error = request.error(errno);
  series.errors.push(error);
  socket.emit('connectionAttemptFailed', request.address, request.port, request.family, error);
  nextAttempt(series);
}

/**
 * net.connect: a new socket that connects.
 * @param {...any} args
 */
function connect(...args) {
  const normalized = normalizeArgs(args);
  const [options] = normalized;
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(normalized);
}

module.exports = {
  connect,
  connectSocket,
  normalizeArgs,
  toNumber,
  isPipeName,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
};

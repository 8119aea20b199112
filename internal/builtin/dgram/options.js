'use strict';

// Options of sockets: time to live, broadcast, multicast, sizes of buffers.

const { codes, errnoException } = require('shared/errors');
const { validateNumber, validateString } = require('shared/validators');
const { kState, healthCheck } = require('dgram/state');

const { ERR_MISSING_ARGS, ERR_SOCKET_BAD_BUFFER_SIZE, ERR_SOCKET_BUFFER_SIZE } = codes;

function option(socket, syscall, name, value) {
  healthCheck(socket);
  const errno = socket[kState].handle.option(name, value);
  if (errno !== 0) throw errnoException(errno, syscall);
}

function membership(socket, syscall, group, from, join) {
  healthCheck(socket);
  if (!group) throw new ERR_MISSING_ARGS('multicastAddress');
  const errno = socket[kState].handle.membership(group, from, join);
  if (errno !== 0) throw errnoException(errno, syscall);
}

function sourceMembership(socket, syscall, source, group, from, join) {
  healthCheck(socket);
  validateString(source, 'sourceAddress');
  validateString(group, 'groupAddress');
  const errno = socket[kState].handle.sourceMembership(source, group, from, join);
  if (errno !== 0) throw errnoException(errno, syscall);
}

/** Gets the size, or sets it when there is one. */
function bufferSize(socket, size, isReceive) {
  if (size >>> 0 !== size) throw new ERR_SOCKET_BAD_BUFFER_SIZE();
  const { handle } = socket[kState];
  const result = handle ? handle.bufferSize(size, isReceive) : -9;
  if (result >= 0) return result;
  const { getSystemErrorMessage, getSystemErrorName } = require('shared/errors');
  throw new ERR_SOCKET_BUFFER_SIZE({
    errno: result,
    code: getSystemErrorName(result),
    message: getSystemErrorMessage(result),
    syscall: isReceive ? 'uv_recv_buffer_size' : 'uv_send_buffer_size',
  });
}

const optionMethods = {
  setBroadcast(on) {
    option(this, 'setBroadcast', 'broadcast', on ? 1 : 0);
  },

  setTTL(ttl) {
    validateNumber(ttl, 'ttl');
    option(this, 'setTTL', 'ttl', ttl);
    return ttl;
  },

  setMulticastTTL(ttl) {
    validateNumber(ttl, 'ttl');
    option(this, 'setMulticastTTL', 'multicastTTL', ttl);
    return ttl;
  },

  setMulticastLoopback(on) {
    option(this, 'setMulticastLoopback', 'multicastLoopback', on ? 1 : 0);
    return on;
  },

  setMulticastInterface(address) {
    healthCheck(this);
    validateString(address, 'interfaceAddress');
    const errno = this[kState].handle.setMulticastInterface(address);
    if (errno !== 0) throw errnoException(errno, 'setMulticastInterface');
  },

  addMembership(group, from) {
    membership(this, 'addMembership', group, from, true);
  },

  dropMembership(group, from) {
    membership(this, 'dropMembership', group, from, false);
  },

  addSourceSpecificMembership(source, group, from) {
    sourceMembership(this, 'addSourceSpecificMembership', source, group, from, true);
  },

  dropSourceSpecificMembership(source, group, from) {
    sourceMembership(this, 'dropSourceSpecificMembership', source, group, from, false);
  },

  setRecvBufferSize(size) {
    bufferSize(this, size, true);
  },

  setSendBufferSize(size) {
    bufferSize(this, size, false);
  },

  getRecvBufferSize() {
    return bufferSize(this, 0, true);
  },

  getSendBufferSize() {
    return bufferSize(this, 0, false);
  },

  getSendQueueSize() {
    return this[kState].handle.sendQueue()[0];
  },

  getSendQueueCount() {
    return this[kState].handle.sendQueue()[1];
  },
};

module.exports = { optionMethods };

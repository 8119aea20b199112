'use strict';

// What programs found on sockets before it was hidden (DEP0112).

const { UDP } = require('dgram/handle');
const { kState, healthCheck } = require('dgram/state');

function deprecate(fn, message) {
  let told = false;
  return function (...args) {
    if (!told && !process.noDeprecation) {
      told = true;
      process.emitWarning(message, 'DeprecationWarning', 'DEP0112');
    }
    return Reflect.apply(fn, this, args);
  };
}

function addDeprecated(Socket, stopReceiving) {
  for (const [name, key] of [
    ['_handle', 'handle'],
    ['_receiving', 'receiving'],
    ['_bindState', 'bindState'],
    ['_queue', 'queue'],
    ['_reuseAddr', 'reuseAddr'],
  ]) {
    const message = `Socket.prototype.${name} is deprecated`;
    Object.defineProperty(Socket.prototype, name, {
      __proto__: null,
      get: deprecate(function () {
        return this[kState][key];
      }, message),
      set: deprecate(function (value) {
        this[kState][key] = value;
      }, message),
    });
  }
  Socket.prototype._healthCheck = deprecate(function () {
    healthCheck(this);
  }, 'Socket.prototype._healthCheck() is deprecated');
  Socket.prototype._stopReceiving = deprecate(function () {
    stopReceiving(this);
  }, 'Socket.prototype._stopReceiving() is deprecated');
}

/** A bound handle without a socket around it, or a negative error. */
const createHandle = deprecate((address, port, addressType, fd, flags) => {
  const handle = new UDP(addressType === 'udp6' ? 6 : 4);
  const errno = fd >= 0 ? handle.open(fd) : port || address ? handle.bind(address || '', port || 0, flags ?? 0) : 0;
  if (errno !== 0) {
    handle.close();
    return errno;
  }
  return handle;
}, 'dgram._createSocketHandle() is deprecated');

module.exports = { addDeprecated, createHandle };

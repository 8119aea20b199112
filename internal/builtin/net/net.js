'use strict';

// node:net. What it offers lies in files by subject; this one gathers it.

const ip = require('net/ip');
const { Socket } = require('net/socket');
const { Server } = require('net/server');
const connecting = require('net/connect');

const { connect } = connecting;

/**
 * @param {Options | Function} [options]
 * @param {(socket: InstanceType<typeof Socket>) => void} [connectionListener]
 */
function createServer(options, connectionListener) {
  return new Server(options, connectionListener);
}

module.exports = {
  _normalizeArgs: connecting.normalizeArgs,
  connect,
  createConnection: connect,
  createServer,
  isIP: ip.isIP,
  isIPv4: ip.isIPv4,
  isIPv6: ip.isIPv6,
  Server,
  Socket,
  Stream: Socket,
  getDefaultAutoSelectFamily: connecting.getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily: connecting.setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout: connecting.getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout: connecting.setDefaultAutoSelectFamilyAttemptTimeout,
};

function lazy(name, id) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return require(id)[name];
    },
  });
}

lazy('BlockList', 'net/blocklist');
lazy('SocketAddress', 'net/address');

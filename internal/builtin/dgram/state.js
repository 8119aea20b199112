'use strict';

// Where a socket keeps what it is.

const { ERR_SOCKET_DGRAM_NOT_RUNNING } = require('shared/errors').codes;

const kState = Symbol('state symbol');

/** Throws when the socket is closed. */
function healthCheck(socket) {
  if (!socket[kState].handle) throw new ERR_SOCKET_DGRAM_NOT_RUNNING();
}

module.exports = { kState, healthCheck };

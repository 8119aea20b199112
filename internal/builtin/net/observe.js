'use strict';

// The channels of node:diagnostics_channel that net publishes to. Loaded when somebody has asked for one.

const { channel, tracingChannel } = require('diagnostics_channel');

const client = channel('net.client.socket');
const server = channel('net.server.socket');
const listen = tracingChannel('net.server.listen');

module.exports = {
  clientSocket(socket) {
    if (client.hasSubscribers) client.publish({ socket });
  },
  serverSocket(socket) {
    if (server.hasSubscribers) server.publish({ socket });
  },
  listenAsked(of, options) {
    if (listen.hasSubscribers) listen.asyncStart.publish({ server: of, options });
  },
  listens(of) {
    if (listen.hasSubscribers) listen.asyncEnd.publish({ server: of });
  },
  listenFailed(of, error) {
    if (listen.hasSubscribers) listen.error.publish({ server: of, error });
  },
};

'use strict';

// node:http. The parts: tokens and head (what may be sent), incoming and outgoing (messages), response, connection,
// server and fast (the server's two ways), agent and client.

const { Agent } = require('http/agent');
const agents = require('http/agent');
const { ClientRequest } = require('http/client');
const { IncomingMessage } = require('http/incoming');
const { OutgoingMessage } = require('http/outgoing');
const { Server, ServerResponse, _connectionListener } = require('http/server');
const { methods, validateHeaderName, validateHeaderValue } = require('http/tokens');
const { validateInteger } = require('shared/validators');
const { maxHeaderSize } = require('http/limits');

/**
 * @param {any} [options]
 * @param {Function} [listener]
 */
function createServer(options, listener) {
  return new Server(options, listener);
}

function request(url, options, callback) {
  return new ClientRequest(url, options, callback);
}

function get(url, options, callback) {
  const req = request(url, options, callback);
  req.end();
  return req;
}

/** Parsers are small and pooled by Go: the number is checked and kept. */
function setMaxIdleHTTPParsers(max) {
  validateInteger(max, 'max', 1);
  require('http/common').parsers.max = max;
}

module.exports = {
  _connectionListener,
  METHODS: methods.toSorted(),
  STATUS_CODES: require('http/status'),
  Agent,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  createServer,
  validateHeaderName,
  validateHeaderValue,
  get,
  request,
  setMaxIdleHTTPParsers,
};

Object.defineProperties(module.exports, {
  maxHeaderSize: { __proto__: null, configurable: true, enumerable: true, get: maxHeaderSize },
  globalAgent: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return agents.globalAgent;
    },
    set(agent) {
      agents.globalAgent = agent;
    },
  },
});
for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) {
  if (globalThis[name] === undefined) continue;
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => globalThis[name],
  });
}

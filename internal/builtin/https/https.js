'use strict';

// node:https: comes with TLS. Its Agent is there: many packages make one when they load and never use it.

const { Agent: HttpAgent } = require('http/agent');
const { NotYet, laterModule } = require('shared/later');

/**
 * @constructor
 * @param {Options} [options]
 */
function Agent(options) {
  if (!(this instanceof Agent)) return Reflect.construct(Agent, [options]);
  HttpAgent.call(this, { ...options, defaultPort: options?.defaultPort ?? 443, protocol: 'https:' });
  this.maxCachedSessions = this.options.maxCachedSessions ?? 100;
}
Object.setPrototypeOf(Agent.prototype, HttpAgent.prototype);
Object.setPrototypeOf(Agent, HttpAgent);

Agent.prototype.createConnection = function createConnection() {
  throw new NotYet('https.Agent.createConnection');
};

const https = { Agent, ...laterModule('https', ['Server', 'createServer', 'get', 'request']) };

/** @type {any} */
let globalAgent;
Object.defineProperty(https, 'globalAgent', {
  enumerable: true,
  configurable: true,
  get: () => (globalAgent ??= Reflect.construct(Agent, [{ keepAlive: true, scheduling: 'lifo', timeout: 5000 }])),
  set(value) {
    globalAgent = value;
  },
});

module.exports = https;

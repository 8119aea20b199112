'use strict';

// node:https: comes with TLS.

const { laterModule } = require('shared/later');

module.exports = laterModule('https', ['Agent', 'Server', 'createServer', 'get', 'request']);
Object.defineProperty(module.exports, 'globalAgent', {
  enumerable: true,
  configurable: true,
  writable: true,
  value: undefined,
});

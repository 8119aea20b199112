'use strict';

// node:https: comes with TLS.

const { laterModule } = require('shared/later');

const https = laterModule('https', ['Agent', 'Server', 'createServer', 'get', 'request']);
Object.defineProperty(https, 'globalAgent', {
  enumerable: true,
  configurable: true,
  writable: true,
  value: undefined,
});

module.exports = https;

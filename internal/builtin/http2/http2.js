'use strict';

// node:http2: a later version's.

const { laterModule } = require('shared/later');

const http2 = laterModule('http2', [
  'connect',
  'createServer',
  'createSecureServer',
  'getDefaultSettings',
  'getPackedSettings',
  'getUnpackedSettings',
  'performServerHandshake',
  'Http2ServerRequest',
  'Http2ServerResponse',
]);
http2.constants = { __proto__: null };
http2.sensitiveHeaders = Symbol('sensitiveHeaders');

module.exports = http2;

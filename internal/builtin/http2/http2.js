'use strict';

// node:http2: a later version's.

const { laterModule } = require('shared/later');

module.exports = laterModule('http2', [
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
module.exports.constants = { __proto__: null };
module.exports.sensitiveHeaders = Symbol('sensitiveHeaders');

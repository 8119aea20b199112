'use strict';

// node:zlib: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('zlib', ['gzip', 'gunzip', 'deflate', 'inflate', 'createGzip', 'createGunzip', 'createDeflate', 'createInflate']);

'use strict';

// node:constants: all constants of os, fs and crypto in one object. Deprecated, and still loaded by old packages.

const {
  constants: { dlopen, errno, priority, signals },
} = require('os');
const { constants: fs } = require('fs');

module.exports = { ...dlopen, ...errno, ...priority, ...signals, ...fs };
const { constants: crypto } = require('crypto');
if (crypto !== undefined) Object.assign(module.exports, crypto);
Object.freeze(module.exports);

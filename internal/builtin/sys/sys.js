'use strict';

// node:sys, node:util's old name.

process.nextTick(() => {
  process.emitWarning('sys is deprecated. Use `node:util` instead.', 'DeprecationWarning', 'DEP0025');
});

module.exports = require('util');

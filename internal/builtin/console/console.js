'use strict';

// node:console is the global console.

module.exports = require('console/global').console;

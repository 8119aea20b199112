'use strict';

// The old name of a part of node:http that programs still require.
module.exports = require('http/agent');

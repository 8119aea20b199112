'use strict';

// The old name of a part of node:stream that programs still require.
module.exports = require('stream/readable');

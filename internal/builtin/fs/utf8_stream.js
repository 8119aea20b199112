'use strict';

// fs.Utf8Stream: experimental in Node 24, a later version's here.

const { later } = require('shared/later');

module.exports = { Utf8Stream: later('fs.Utf8Stream') };

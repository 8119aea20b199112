'use strict';

// node:v8: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('v8', ['getHeapStatistics', 'serialize', 'deserialize']);

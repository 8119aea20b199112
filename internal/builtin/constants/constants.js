'use strict';

// node:constants: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('constants', ['dummy']);

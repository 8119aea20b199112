'use strict';

// node:dgram: a later version's.

const { laterModule } = require('shared/later');

module.exports = laterModule('dgram', ['Socket', 'createSocket']);

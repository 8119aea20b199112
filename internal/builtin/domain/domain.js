'use strict';

// node:domain: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('domain', ['create', 'createDomain', 'Domain']);

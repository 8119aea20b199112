'use strict';

// node:repl: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('repl', ['start', 'REPLServer']);

'use strict';

// node:vm: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('vm', ['Script', 'createContext', 'createScript', 'runInContext', 'runInNewContext', 'runInThisContext', 'isContext', 'compileFunction']);

'use strict';

// node:readline: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('readline', ['createInterface', 'clearLine', 'clearScreenDown', 'cursorTo', 'moveCursor', 'emitKeypressEvents', 'Interface']);

'use strict';

// fetch and what belongs to it: a later version's.

const { laterModule } = require('shared/later');

module.exports = laterModule('globalThis', ['fetch', 'Headers', 'Request', 'Response', 'FormData', 'WebSocket', 'CloseEvent', 'MessageEvent']);

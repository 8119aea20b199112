'use strict';

// Globals of the Fetch Standard. The classes are there; fetch itself and WebSocket are a later version's.

const { laterModule } = require('shared/later');

module.exports = laterModule('globalThis', ['fetch', 'WebSocket']);

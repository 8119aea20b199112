'use strict';

// node:crypto: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('crypto', ['createHash', 'createHmac', 'randomBytes', 'randomUUID', 'pbkdf2', 'scrypt', 'timingSafeEqual']);

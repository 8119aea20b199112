'use strict';

// Which types of entries anybody observes, by name: for modules that make entries only then and load nothing otherwise.

/** @type {Record<string, boolean>} */
module.exports = { __proto__: null, dns: false, http: false, net: false };

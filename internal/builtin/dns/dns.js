// node:dns.

const { ADDRCONFIG, ALL, V4MAPPED, errorCodes } = require('dns/constants');
const { lookup, lookupService, getDefaultResultOrder, setDefaultResultOrder } = require('dns/lookup');

module.exports = {
  lookup,
  lookupService,
  getDefaultResultOrder,
  setDefaultResultOrder,
  ADDRCONFIG,
  ALL,
  V4MAPPED,
  ...errorCodes,
};

Object.defineProperty(module.exports, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return require('dns/promises');
  },
});

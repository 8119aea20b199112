'use strict';

// node:dns.

const { ADDRCONFIG, ALL, V4MAPPED, errorCodes } = require('dns/constants');
const { lookup, lookupService, getDefaultResultOrder, setDefaultResultOrder } = require('dns/lookup');
const { Resolver, setServers, getServers, functions } = require('dns/resolver');

const dns = {
  lookup,
  lookupService,
  Resolver,
  getDefaultResultOrder,
  setDefaultResultOrder,
  setServers,
  ADDRCONFIG,
  ALL,
  V4MAPPED,
  ...errorCodes,
  getServers,
  ...functions,
};

Object.defineProperty(dns, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return require('dns/promises');
  },
});

module.exports = dns;

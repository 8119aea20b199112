'use strict';

// node:dns/promises.

const { errorCodes } = require('dns/constants');
const { lookupPromise, lookupServicePromise, getDefaultResultOrder, setDefaultResultOrder } = require('dns/lookup');
const { PromisesResolver, setServers, getServers, promiseFunctions } = require('dns/resolver');

module.exports = {
  lookup: lookupPromise,
  lookupService: lookupServicePromise,
  Resolver: PromisesResolver,
  getDefaultResultOrder,
  setDefaultResultOrder,
  setServers,
  ...errorCodes,
  getServers,
  ...promiseFunctions,
};

'use strict';

// dns.lookup and dns.lookupService: what the system knows, in both their forms. Arguments are checked and read here once;
// dns.js and promises.js differ only in how they hand over the result.

const { lookupHost, lookupService: lookupServiceNative } = native;
const { codes, dnsException } = require('shared/errors');
const {
  validateBoolean,
  validateFunction,
  validateNumber,
  validateOneOf,
  validatePort,
  validateString,
} = require('shared/validators');
const { isIP } = require('net/ip');
const { ADDRCONFIG, ALL, V4MAPPED } = require('dns/constants');
const { begin, record } = require('dns/observe');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS } = codes;

const orders = { __proto__: null, verbatim: 0, ipv4first: 1, ipv6first: 2 };
const orderNames = Object.keys(orders);

let defaultOrder;
let asked = 0;

/** How many questions of lookupService wait for an answer. */
function servicesAsked() {
  return asked;
}

/** @returns {'verbatim' | 'ipv4first' | 'ipv6first'} */
function getDefaultResultOrder() {
  return (defaultOrder ??= require('process/options').flag('--dns-result-order') ?? 'verbatim');
}

/** @param {'verbatim' | 'ipv4first' | 'ipv6first'} order */
function setDefaultResultOrder(order) {
  validateOneOf(order, 'dnsOrder', ['verbatim', 'ipv4first', 'ipv6first']);
  defaultOrder = order;
}

function validateHints(hints) {
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw new ERR_INVALID_ARG_VALUE('hints', hints);
}

function toFamily(family) {
  switch (family) {
    case 'IPv4':
      return 4;
    case 'IPv6':
      return 6;
    default:
      validateOneOf(family, 'options.family', [0, 4, 6]);
      return family;
  }
}

/** What a call of lookup asks for. */
class Question {
  constructor(hostname, options) {
    this.hostname = hostname;
    this.family = 0;
    this.hints = 0;
    this.all = false;
    this.order = getDefaultResultOrder();
    if (hostname) validateString(hostname, 'hostname');
    if (typeof options === 'number') {
      validateOneOf(options, 'family', [0, 4, 6]);
      this.family = options;
    } else if (options !== undefined && options !== null && typeof options === 'object') {
      this.read(options);
    }
  }

  read(options) {
    if (options.hints != null) {
      validateNumber(options.hints, 'options.hints');
      this.hints = options.hints >>> 0;
      validateHints(this.hints);
    }
    if (options.family != null) this.family = toFamily(options.family);
    if (options.all != null) {
      validateBoolean(options.all, 'options.all');
      this.all = options.all;
    }
    if (options.verbatim != null) {
      validateBoolean(options.verbatim, 'options.verbatim');
      this.order = options.verbatim ? 'verbatim' : 'ipv4first';
    }
    if (options.order != null) {
      validateOneOf(options.order, 'options.order', orderNames);
      this.order = options.order;
    }
  }

  /**
   * The answer that needs no look-up, or undefined: nothing for no name, the address itself for an address.
   * @returns {any} an array when all were asked for
   */
  shortcut() {
    const { hostname, family, all } = this;
    if (!hostname) {
      if (hostname !== '' && hostname !== undefined) warnOfHostname(hostname);
      return all ? [] : { address: null, family: family === 6 ? 6 : 4 };
    }
    const known = isIP(hostname);
    if (known === 0) return undefined;
    const one = { address: hostname, family: known };
    return all ? [one] : one;
  }

  /** @param {(error: Error | null, answer: any) => void} callback */
  ask(callback) {
    const { hostname, family, hints, order, all } = this;
    const began = begin('dns');
    lookupHost(toASCII(hostname), family, hints, orders[order], (errno, addresses) => {
      if (errno !== null) {
        callback(dnsException(errno, 'getaddrinfo', hostname), undefined);
        return;
      }
      const list = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (began !== 0) {
        record('dns', 'lookup', began, { hostname, family, hints, verbatim: order === 'verbatim', order, addresses });
      }
      callback(null, all ? list : list[0]);
    });
  }
}

/** Names in other scripts are asked for in their ASCII form. */
function toASCII(hostname) {
  for (let i = 0; i < hostname.length; i++) {
    if (hostname.charCodeAt(i) > 127) return engine.domainToASCII(hostname, false) || hostname;
  }
  return hostname;
}

let warned = false;

function warnOfHostname(hostname) {
  if (warned) return;
  warned = true;
  process.emitWarning(
    `The provided hostname "${String(hostname)}" is not a valid hostname, and is supported in the dns ` +
      'module solely for compatibility.',
    'DeprecationWarning',
    'DEP0118',
  );
}

/**
 * @param {string} hostname
 * @param {object | number | Function} [options] family, hints, all, order, verbatim
 * @param {Function} [callback] (error, address, family) or (error, addresses)
 */
function lookup(hostname, options, callback) {
  if (hostname) validateString(hostname, 'hostname');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  } else {
    validateFunction(callback, 'callback');
    if (options !== null && options !== undefined && typeof options !== 'number' && typeof options !== 'object') {
      throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
    }
  }
  const question = new Question(hostname, options);
  const known = question.shortcut();
  if (known !== undefined) {
    if (question.all) process.nextTick(callback, null, known);
    else process.nextTick(callback, null, known.address, known.family);
    return {};
  }
  question.ask((error, answer) => {
    if (error !== null) callback(error);
    else if (question.all) callback(null, answer);
    else callback(null, answer.address, answer.family);
  });
  return {};
}

/**
 * dns.promises.lookup.
 * @param {string} hostname
 * @param {object | number} [options]
 */
function lookupPromise(hostname, options) {
  if (hostname) validateString(hostname, 'hostname');
  if (options !== undefined && options !== null && typeof options !== 'number' && typeof options !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  }
  const question = new Question(hostname, options);
  const known = question.shortcut();
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    question.ask((error, answer) => (error !== null ? reject(error) : resolve(answer)));
  });
}

function checkedService(address, port) {
  if (isIP(address) === 0) throw new ERR_INVALID_ARG_VALUE('address', address);
  validatePort(port);
  return +port;
}

function askService(address, port, callback) {
  const began = begin('dns');
  asked++;
  lookupServiceNative(address, port, (errno, found) => {
    asked--;
    if (errno !== null) {
      callback(dnsException(errno, 'getnameinfo', address), undefined);
      return;
    }
    const [hostname, service] = found;
    if (began !== 0) record('dns', 'lookupService', began, { host: address, port, hostname, service });
    callback(null, { hostname, service });
  });
}

/**
 * @param {string} address
 * @param {number} port
 * @param {(error: Error | null, hostname?: string, service?: string) => void} callback
 */
function lookupService(address, port, callback) {
  if (arguments.length !== 3) throw new ERR_MISSING_ARGS('address', 'port', 'callback');
  port = checkedService(address, port);
  validateFunction(callback, 'callback');
  askService(address, port, (error, found) => {
    if (error !== null) callback(error);
    else callback(null, found.hostname, found.service);
  });
  return {};
}

/** dns.promises.lookupService. */
function lookupServicePromise(address, port) {
  if (arguments.length !== 2) throw new ERR_MISSING_ARGS('address', 'port');
  port = checkedService(address, port);
  return new Promise((resolve, reject) => {
    askService(address, port, (error, found) => (error !== null ? reject(error) : resolve(found)));
  });
}

// util.promisify gives objects where the callback has several results.
Object.defineProperty(lookup, Symbol.for('nodejs.util.promisify.custom'), {
  __proto__: null,
  configurable: true,
  value: function lookup(hostname, options) {
    return lookupPromise(hostname, options);
  },
});
Object.defineProperty(lookupService, Symbol.for('nodejs.util.promisify.custom'), {
  __proto__: null,
  configurable: true,
  value: function lookupService(address, port) {
    return lookupServicePromise(address, port);
  },
});

module.exports = {
  lookup,
  lookupPromise,
  lookupService,
  lookupServicePromise,
  servicesAsked,
  getDefaultResultOrder,
  setDefaultResultOrder,
};

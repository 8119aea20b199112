'use strict';

// Resolver: questions to name servers. The class with callbacks and the one with promises share everything but how an
// answer is handed over, so both are made here from one table.

const { query, cancel, systemServers, reverseName, hostsNames } = native;
const { codes, dnsException } = require('shared/errors');
const { validateArray, validateFunction, validateInt32, validateString, validateUint32 } = require('shared/validators');
const { isIP } = require('net/ip');
const { begin, record } = require('dns/observe');

const { ERR_DNS_SET_SERVERS_FAILED, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS } = codes;

const defaultTimeout = 5000;
const defaultTries = 4;

let lastId = 0;

/** The servers and settings of one resolver: what Node has as the c-ares channel. */
class Channel {
  constructor(timeout, tries, maxTimeout) {
    this.id = ++lastId;
    this.timeout = timeout < 0 ? defaultTimeout : timeout;
    this.tries = tries;
    this.maxTimeout = maxTimeout;
    this.pending = 0;
    this.local4 = '';
    this.local6 = '';
    /** 'address:port' each; undefined: the system's. */
    this.servers = undefined;
  }

  /** @returns {[address: string, port: number][]} */
  getServers() {
    this.servers ??= systemServers();
    return this.servers.map((server) => {
      const colon = server.lastIndexOf(':');
      const address = server.slice(0, colon);
      return [address[0] === '[' ? address.slice(1, -1) : address, Number(server.slice(colon + 1))];
    });
  }

  setServers(list) {
    this.servers = list.map(([address, port]) => (isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`));
  }

  cancel() {
    cancel(this.id);
  }

  ask(name, type, ttl, callback) {
    this.servers ??= systemServers();
    this.pending++;
    query(
      this.id,
      name,
      type,
      this.servers.join(','),
      this.timeout,
      this.tries,
      this.maxTimeout,
      this.local4,
      this.local6,
      ttl,
      (code, answer) => {
        this.pending--;
        callback(code, answer);
      },
    );
  }
}

/** `address`, `address:port` or `[address]:port`. */
function parseServer(text) {
  if (isIP(text)) return [text, 53];
  const bracketed = /^\[([^[\]]{1,60})\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed !== null && isIP(bracketed[1]) === 6) return [bracketed[1], Number(bracketed[2] ?? 53)];
  const plain = /^([\d.]{7,15}):(\d{1,5})$/.exec(text);
  if (plain !== null && isIP(plain[1]) === 4) return [plain[1], Number(plain[2])];
  throw new ERR_INVALID_IP_ADDRESS(text);
}

function parseServers(servers) {
  validateArray(servers, 'servers');
  const list = [];
  servers.forEach((server, index) => {
    validateString(server, `servers[${index}]`);
    list.push(parseServer(server));
  });
  return list;
}

class ResolverBase {
  constructor(options = undefined) {
    const { timeout = -1, tries = defaultTries, maxTimeout = 0 } = options ?? {};
    validateInt32(timeout, 'options.timeout', -1);
    validateInt32(tries, 'options.tries', 1);
    validateUint32(maxTimeout, 'options.maxTimeout');
    this._handle = new Channel(timeout, tries, maxTimeout);
  }

  /** Ends all questions under way with ECANCELLED. */
  cancel() {
    this._handle.cancel();
  }

  /** @returns {string[]} */
  getServers() {
    return (this._handle.getServers() || []).map(([address, port]) => {
      if (!port || port === 53) return address;
      return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
    });
  }

  /** @param {readonly string[]} servers */
  setServers(servers) {
    const list = parseServers(servers);
    if (this._handle.pending > 0) throw new ERR_DNS_SET_SERVERS_FAILED('There are pending queries.', servers);
    this._handle.setServers(list);
  }

  /**
   * The address that questions are sent from.
   * @param {string} ipv4 or one of IPv6
   * @param {string} [ipv6]
   */
  setLocalAddress(ipv4, ipv6) {
    validateString(ipv4, 'ipv4');
    if (ipv6 !== undefined) validateString(ipv6, 'ipv6');
    const first = isIP(ipv4);
    const second = ipv6 === undefined ? 0 : isIP(ipv6);
    if (first === 0) throw new ERR_INVALID_ARG_VALUE('ipv4', ipv4, 'Invalid IP address.');
    if (ipv6 !== undefined) {
      if (second === 0) throw new ERR_INVALID_ARG_VALUE('ipv6', ipv6, 'Invalid IP address.');
      if (first === second) {
        throw new ERR_INVALID_ARG_VALUE('ipv6', ipv6, `Cannot specify two IPv${first} addresses.`);
      }
    }
    this._handle.local4 = first === 4 ? ipv4 : (ipv6 ?? '');
    this._handle.local6 = first === 6 ? ipv4 : (ipv6 ?? '');
  }
}

/** Method -> record type and the name that errors give the call. */
const methods = {
  resolveAny: ['ANY', 'queryAny'],
  resolve4: ['A', 'queryA'],
  resolve6: ['AAAA', 'queryAaaa'],
  resolveCaa: ['CAA', 'queryCaa'],
  resolveCname: ['CNAME', 'queryCname'],
  resolveMx: ['MX', 'queryMx'],
  resolveNs: ['NS', 'queryNs'],
  resolveTlsa: ['TLSA', 'queryTlsa'],
  resolveTxt: ['TXT', 'queryTxt'],
  resolveSrv: ['SRV', 'querySrv'],
  resolvePtr: ['PTR', 'queryPtr'],
  resolveNaptr: ['NAPTR', 'queryNaptr'],
  resolveSoa: ['SOA', 'querySoa'],
  reverse: ['PTR', 'getHostByAddr'],
};

/** Record type -> method, for resolve(name, rrtype). */
const byType = { __proto__: null };
for (const name of Object.keys(methods)) {
  if (name !== 'reverse') byType[methods[name][0]] = name;
}

function asciiName(name) {
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) > 127) return engine.domainToASCII(name, false) || name;
  }
  return name;
}

/** Certificates come from Go as hexadecimal text. */
function withBinaryData(answer) {
  for (const item of answer) {
    if (typeof item.data === 'string') {
      const bytes = Buffer.from(item.data, 'hex');
      item.data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    }
  }
  return answer;
}

/**
 * Asks. The callback gets (null, answer) or (error).
 * @param {Channel} channel
 */
function ask(channel, method, name, ttl, callback) {
  const [type, syscall] = methods[method];
  const began = begin('dns');
  let asked = asciiName(name);
  if (method === 'reverse') {
    if (isIP(name) === 0) throw dnsException(-22, syscall, name);
    const known = hostsNames(name);
    if (known.length > 0) {
      setImmediate(callback, null, known);
      return;
    }
    asked = reverseName(name);
  }
  channel.ask(asked, type, ttl, (code, answer) => {
    if (code !== null) {
      callback(dnsException(code, syscall, name));
      return;
    }
    if (type === 'TLSA' || type === 'ANY') withBinaryData(answer);
    if (began !== 0) record('dns', syscall, began, { host: name, ttl, result: answer });
    callback(null, answer);
  });
}

/** What resolve4 and its like return: the request, which only identifies it. */
class QueryReqWrap {}

class Resolver extends ResolverBase {}

class PromisesResolver extends ResolverBase {}
Object.defineProperty(PromisesResolver, 'name', { __proto__: null, value: 'Resolver' });

function define(Class, name, value) {
  Object.defineProperty(value, 'name', { __proto__: null, value: name });
  Object.defineProperty(Class.prototype, name, {
    __proto__: null,
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

for (const method of Object.keys(methods)) {
  define(Resolver, method, function (name, options, callback) {
    if (arguments.length > 2) callback = arguments[2];
    else callback = options;
    validateString(name, 'name');
    validateFunction(callback, 'callback');
    const request = new QueryReqWrap();
    ask(this._handle, method, name, Boolean(arguments.length > 2 && options?.ttl), (error, answer) => {
      if (error !== null) callback(error);
      else callback(null, answer);
    });
    return request;
  });
  define(PromisesResolver, method, function (name, options) {
    validateString(name, 'name');
    const ttl = Boolean(options?.ttl);
    return new Promise((resolve, reject) => {
      ask(this._handle, method, name, ttl, (error, answer) => (error !== null ? reject(error) : resolve(answer)));
    });
  });
}

function methodOf(rrtype) {
  const method = byType[rrtype];
  if (method === undefined) throw new ERR_INVALID_ARG_VALUE('rrtype', rrtype);
  return method;
}

define(Resolver, 'resolve', function (hostname, rrtype, callback) {
  if (typeof rrtype === 'string') return this[methodOf(rrtype)](hostname, callback);
  if (typeof rrtype === 'function') return this.resolve4(hostname, rrtype);
  validateString(rrtype, 'rrtype');
  return undefined;
});

define(PromisesResolver, 'resolve', function (hostname, rrtype = 'A') {
  validateString(hostname, 'name');
  validateString(rrtype, 'rrtype');
  return this[methodOf(rrtype)](hostname);
});

// The resolver behind dns.resolve and the others. Setting servers replaces it, so that questions under way go on.
let shared;
let sharedPromises;

function sharedResolver() {
  return (shared ??= new Resolver());
}

function sharedPromisesResolver() {
  if (sharedPromises === undefined) {
    sharedPromises = new PromisesResolver();
    sharedPromises._handle = sharedResolver()._handle;
  }
  return sharedPromises;
}

/** @param {readonly string[]} servers */
function setServers(servers) {
  const resolver = new Resolver();
  resolver.setServers(servers);
  shared = resolver;
  sharedPromises = undefined;
}

/** @returns {string[]} */
function getServers() {
  return sharedResolver().getServers();
}

/** The methods as functions, each bound to the resolver of the moment. */
function functionsOf(current) {
  const functions = {};
  for (const name of [...Object.keys(methods), 'resolve']) {
    functions[name] = {
      [name](...args) {
        return current()[name](...args);
      },
    }[name];
  }
  return functions;
}

module.exports = {
  Resolver,
  PromisesResolver,
  setServers,
  getServers,
  functions: functionsOf(sharedResolver),
  promiseFunctions: functionsOf(sharedPromisesResolver),
};

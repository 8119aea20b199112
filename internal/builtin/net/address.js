'use strict';

// SocketAddress: an address, port and family that don't change.

const { validateObject, validatePort, validateString, validateUint32, validateOneOf } = require('shared/validators');
const { codes } = require('shared/errors');
const { cloneable } = require('shared/clone');
const { parseIPv4, parseIPv6, formatIPv6 } = require('net/ip');

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** @param {string} text @param {'ipv4' | 'ipv6'} family */
function normalize(text, family) {
  if (family === 'ipv4') return parseIPv4(text) === undefined ? undefined : text;
  const groups = parseIPv6(text);
  return groups === undefined ? undefined : formatIPv6(groups);
}

class SocketAddress {
  #address;
  #port;
  #family;
  #flowlabel;

  /** @param {Options & { address?: string, port?: number, family?: 'ipv4' | 'ipv6', flowlabel?: number }} [options] */
  constructor(options = { __proto__: null }) {
    validateObject(options, 'options');
    /** @type {any} checked below */
    let { family = 'ipv4' } = options;
    if (typeof family?.toLowerCase === 'function') family = family.toLowerCase();
    validateOneOf(family, 'options.family', ['ipv4', 'ipv6']);
    const { address = family === 'ipv4' ? '127.0.0.1' : '::', port = 0, flowlabel = 0 } = options;
    validateString(address, 'options.address');
    validatePort(port, 'options.port');
    validateUint32(flowlabel, 'options.flowlabel', false);
    const normal = normalize(address, family);
    if (normal === undefined) throw new codes.ERR_INVALID_ADDRESS();
    this.#address = normal;
    this.#port = port | 0;
    this.#family = family;
    this.#flowlabel = flowlabel;
  }

  get address() {
    return this.#address;
  }

  get port() {
    return this.#port;
  }

  get family() {
    return this.#family;
  }

  get flowlabel() {
    // IPv4 has none.
    return this.#family === 'ipv6' ? this.#flowlabel : 0;
  }

  toJSON() {
    return { address: this.address, port: this.port, family: this.family, flowlabel: this.flowlabel };
  }

  [inspectCustom](depth, options) {
    if (depth < 0) return '[SocketAddress]';
    const { inspect } = require('util');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `SocketAddress ${inspect(this.toJSON(), inner)}`;
  }

  static {
    cloneable(SocketAddress, function clone() {
      return new SocketAddress(this.toJSON());
    });
  }

  /** @param {any} value @returns {value is SocketAddress} */
  static isSocketAddress(value) {
    return typeof value === 'object' && value !== null && #address in value;
  }

  /**
   * `host:port`, read as the host of a URL is.
   * @param {string} input
   * @returns {SocketAddress | undefined}
   */
  static parse(input) {
    validateString(input, 'input');
    const url = require('url').URL.parse(`http://${input}`);
    if (url === null) return undefined;
    const { hostname, port } = url;
    const bracketed = hostname.startsWith('[') && hostname.endsWith(']');
    try {
      return new SocketAddress({
        address: bracketed ? hostname.slice(1, -1) : hostname,
        port: port | 0,
        family: bracketed ? 'ipv6' : 'ipv4',
      });
    } catch {
      return undefined;
    }
  }
}

for (const name of ['address', 'port', 'family', 'flowlabel', 'toJSON']) {
  Object.defineProperty(SocketAddress.prototype, name, { __proto__: null, enumerable: true });
}

module.exports = { SocketAddress };

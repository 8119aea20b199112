'use strict';

// BlockList: addresses, ranges and subnets that are not to be talked to.

const { validateInt32, validateObject, validateString } = require('shared/validators');
const { codes } = require('shared/errors');
const { SocketAddress } = require('net/address');
const { cloneable } = require('shared/clone');
const { parseIPv4, parseIPv6 } = require('net/ip');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = codes;
const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/** Its groups as a number: 32 or 128 bits. */
function toNumber(address) {
  if (address.family === 'ipv4') return BigInt(parseIPv4(address.address).reduce((n, byte) => n * 256 + byte, 0));
  return parseIPv6(address.address).reduce((n, group) => (n << 16n) | BigInt(group), 0n);
}

const mappedPrefix = 0xffffn << 32n;

/** An IPv6 address that stands for an IPv4 one: ::ffff:1.2.3.4 */
function isMapped(number) {
  return number >> 32n === 0xffffn;
}

function familyWord(family) {
  return family === 'ipv4' ? 'IPv4' : 'IPv6';
}

/** A rule covers first to last of one family; `text` is how it is listed. */
class Rule {
  constructor(family, first, last, text) {
    this.family = family;
    this.first = first;
    this.last = last;
    this.text = text;
  }

  covers(family, number) {
    if (family !== this.family) {
      if (family === 'ipv6') {
        if (!isMapped(number)) return false;
        number &= 0xffffffffn;
      } else {
        number |= mappedPrefix;
      }
    }
    return number >= this.first && number <= this.last;
  }
}

function toAddress(value, name, family) {
  if (SocketAddress.isSocketAddress(value)) return value;
  validateString(value, name);
  validateString(family, 'family');
  return new SocketAddress({ address: value, family });
}

/** @type {[RegExp, Function][]} */
const patterns = [
  [
    /^Subnet: IPv(4|6) ([\da-fA-F.:]+)\/(\d{1,3})$/,
    (list, family, address, prefix) => list.addSubnet(address, Number(prefix), family),
  ],
  [
    /^Range: IPv(4|6) ([\da-fA-F.:]+)-([\da-fA-F.:]+)$/,
    (list, family, start, end) => list.addRange(start, end, family),
  ],
  [/^Address: IPv(4|6) ([\da-fA-F.:]+)$/, (list, family, address) => list.addAddress(address, family)],
];

class BlockList {
  /** The newest first. @type {Rule[]} */
  #rules = [];

  static {
    // As in Node, what is added to one is on the other's list, too.
    cloneable(BlockList, function clone() {
      const copy = new BlockList();
      copy.#rules = this.#rules;
      return copy;
    });
  }

  /** @param {any} value @returns {value is BlockList} */
  static isBlockList(value) {
    return typeof value === 'object' && value !== null && #rules in value;
  }

  /**
   * @param {string | InstanceType<typeof SocketAddress>} address
   * @param {'ipv4' | 'ipv6'} [family]
   */
  addAddress(address, family = 'ipv4') {
    const a = toAddress(address, 'address', family);
    const number = toNumber(a);
    this.#rules.unshift(new Rule(a.family, number, number, `Address: ${familyWord(a.family)} ${a.address}`));
  }

  /**
   * @param {string | InstanceType<typeof SocketAddress>} start
   * @param {string | InstanceType<typeof SocketAddress>} end
   * @param {'ipv4' | 'ipv6'} [family]
   */
  addRange(start, end, family = 'ipv4') {
    const a = toAddress(start, 'start', family);
    const b = toAddress(end, 'end', family);
    const first = toNumber(a);
    const last = toNumber(b);
    if (a.family !== b.family || last < first)
      throw new ERR_INVALID_ARG_VALUE('start', start, `must come before ${end}`);
    this.#rules.unshift(new Rule(a.family, first, last, `Range: ${familyWord(a.family)} ${a.address}-${b.address}`));
  }

  /**
   * @param {string | InstanceType<typeof SocketAddress>} network
   * @param {number} prefix its length in bits
   * @param {'ipv4' | 'ipv6'} [family]
   */
  addSubnet(network, prefix, family = 'ipv4') {
    const a = toAddress(network, 'network', family);
    const bits = a.family === 'ipv4' ? 32 : 128;
    validateInt32(prefix, 'prefix', 0, bits);
    const rest = BigInt(bits - prefix);
    const first = (toNumber(a) >> rest) << rest;
    const last = first | ((1n << rest) - 1n);
    this.#rules.unshift(new Rule(a.family, first, last, `Subnet: ${familyWord(a.family)} ${a.address}/${prefix}`));
  }

  /**
   * @param {string | InstanceType<typeof SocketAddress>} address
   * @param {'ipv4' | 'ipv6'} [family]
   */
  check(address, family = 'ipv4') {
    if (!SocketAddress.isSocketAddress(address)) {
      validateString(address, 'address');
      validateString(family, 'family');
      try {
        address = new SocketAddress({ address, family });
      } catch {
        // What is no address is on no list.
        return false;
      }
    }
    const number = toNumber(address);
    return this.#rules.some((rule) => rule.covers(address.family, number));
  }

  /** What is listed, as text. */
  get rules() {
    return this.#rules.map((rule) => rule.text);
  }

  toJSON() {
    return this.rules;
  }

  /** @param {string | readonly string[]} data */
  fromJSON(data) {
    let list = data;
    if (typeof data === 'string') {
      try {
        list = JSON.parse(data);
      } catch {
        list = undefined;
      }
    }
    if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], data);
    }
    for (const item of list) {
      for (const [pattern, add] of patterns) {
        const match = pattern.exec(item);
        if (match === null) continue;
        add(this, `ipv${match[1]}`, match[2], match[3]);
        break;
      }
    }
  }

  [inspectCustom](depth, options) {
    if (depth < 0) return '[BlockList]';
    validateObject(options, 'options');
    const { inspect } = require('util');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `BlockList ${inspect({ rules: this.rules }, inner)}`;
  }
}

module.exports = { BlockList };

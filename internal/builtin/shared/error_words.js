'use strict';

// The wording that coded errors share: what was expected, what was received.

const typeNames = new Set([
  'string',
  'function',
  'number',
  'object',
  'Function',
  'Object',
  'boolean',
  'bigint',
  'symbol',
]);
const className = /^[A-Z][a-zA-Z0-9]*$/;

/**
 * 'a', 'a or b', 'a, b, or c'.
 * @param {string[]} items
 * @param {'and' | 'or'} joiner
 */
function listed(items, joiner) {
  switch (items.length) {
    case 0:
      return '';
    case 1:
      return items[0];
    case 2:
      return `${items[0]} ${joiner} ${items[1]}`;
    default:
      return `${items.slice(0, -1).join(', ')}, ${joiner} ${items.at(-1)}`;
  }
}

/**
 * How a value is named after 'Received'.
 * @param {any} value
 */
function received(value) {
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'function':
      return `function ${value.name}`;
    case 'object':
      if (value === null) return 'null';
      if (value.constructor?.name) return `an instance of ${value.constructor.name}`;
      return require('util/inspect').inspect(value, { depth: -1 });
    case 'string': {
      const text = value.length > 28 ? `${value.slice(0, 25)}...` : value;
      return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`;
    }
    case 'number':
      return `type number (${Object.is(value, -0) ? '-0' : value})`;
    case 'bigint':
      return `type bigint (${value}n)`;
    default:
      return `type ${typeof value} (${String(value)})`;
  }
}

/**
 * @param {string} name of the argument, a property ('options.x') or a phrase that ends with ' argument'
 * @param {string | string[]} expected
 * @param {any} actual
 */
function argTypeMessage(name, expected, actual) {
  const types = [];
  const instances = [];
  const others = [];
  for (const item of Array.isArray(expected) ? expected : [expected]) {
    if (typeNames.has(item)) types.push(item.toLowerCase());
    else if (className.test(item)) instances.push(item);
    else others.push(item);
  }
  // Next to classes a plain object is named as one of them.
  if (instances.length > 0) {
    const at = types.indexOf('object');
    if (at !== -1) {
      types.splice(at, 1);
      instances.push('Object');
    }
  }
  const phrases = [];
  if (types.length > 0) phrases.push(`${types.length > 1 ? 'one of type' : 'of type'} ${listed(types, 'or')}`);
  if (instances.length > 0) phrases.push(`an instance of ${listed(instances, 'or')}`);
  if (others.length > 1) phrases.push(`one of ${listed(others, 'or')}`);
  else if (others.length === 1) phrases.push(`${others[0].toLowerCase() === others[0] ? '' : 'an '}${others[0]}`);
  return `The ${argumentPhrase(name)} must be ${phrases.join(' or ')}. Received ${received(actual)}`;
}

function argumentPhrase(name) {
  if (name.endsWith(' argument')) return name;
  return `"${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

function argValueMessage(name, value, reason = 'is invalid') {
  let text = require('util/inspect').inspect(value);
  if (text.length > 128) text = `${text.slice(0, 128)}...`;
  return `The ${name.includes('.') ? 'property' : 'argument'} '${name}' ${reason}. Received ${text}`;
}

/** 1234567 -> 1_234_567. */
function withSeparators(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, '_');
}

/**
 * @param {string} name or the whole first sentence when `replaced`
 * @param {string} range
 * @param {any} value
 * @param {boolean} [replaced]
 */
function rangeMessage(name, range, value, replaced = false) {
  let text;
  if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) text = withSeparators(String(value));
  else if (typeof value === 'bigint') {
    text = value > 2n ** 32n || value < -(2n ** 32n) ? withSeparators(String(value)) : String(value);
    text += 'n';
  } else text = require('util/inspect').inspect(value);
  return `${replaced ? name : `The value of "${name}" is out of range.`} It must be ${range}. Received ${text}`;
}

module.exports = { argTypeMessage, argValueMessage, listed, rangeMessage, received };

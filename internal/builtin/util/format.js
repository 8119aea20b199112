'use strict';

// util.format: printf for console.log. Placeholders take arguments, further arguments follow separated by spaces.

const { defaults, inspect, inspectWith } = require('util/inspect');
const { numberText, bigintText } = require('util/primitive');
const { languageClasses } = require('util/naming');

const { kindOf, getProxyDetails } = engine;
const { getPrototypeOf, getOwnPropertyDescriptor, hasOwn } = Object;
const kProxy = 20;

const shallow = { depth: 0, colors: false, compact: 3 };
const thorough = { showHidden: true, showProxy: true, depth: 4 };

/** @param {...any} args @returns {string} */
function format(...args) {
  return formatArguments(undefined, args);
}

/** @param {object} inspectOptions @param {...any} args @returns {string} */
function formatWithOptions(inspectOptions, ...args) {
  if (typeof inspectOptions !== 'object' || inspectOptions === null) {
    const { ERR_INVALID_ARG_TYPE } = require('shared/errors').codes;
    throw new ERR_INVALID_ARG_TYPE('inspectOptions', 'object', inspectOptions);
  }
  return formatArguments(inspectOptions, args);
}

/**
 * @param {object | undefined} options inspect's
 * @param {any[]} args
 */
function formatArguments(options, args) {
  const first = args[0];
  let text = '';
  let next = 0;
  if (typeof first === 'string') {
    if (args.length === 1) return first;
    next = 1;
    let copied = 0;
    const last = first.length - 1; // which cannot begin a placeholder
    for (let i = 0; i < last; i++) {
      if (first.charCodeAt(i) !== 37) continue;
      const letter = first.charCodeAt(i + 1);
      if (letter === 37) {
        // %%
        text += first.slice(copied, i + 1);
        copied = ++i + 1;
        continue;
      }
      if (next === args.length) continue;
      const piece = placeholder(letter, args[next], options);
      if (piece === undefined) continue; // a letter that means nothing stays
      text += copied === i ? piece : first.slice(copied, i) + piece;
      next++;
      copied = ++i + 1;
    }
    if (copied <= last) text += copied === 0 ? first : first.slice(copied);
  }
  for (; next < args.length; next++) {
    const value = args[next];
    if (next !== 0) text += ' ';
    text += typeof value === 'string' ? value : options === undefined ? inspect(value) : inspectWith(value, options);
  }
  return text;
}

function placeholder(letter, value, options) {
  switch (letter) {
    case 115: // s
      return stringOf(value, options);
    case 106: // j
      return json(value);
    case 100: // d
      if (typeof value === 'bigint') return bigintText(value, separator(options));
      if (typeof value === 'symbol') return 'NaN';
      return numberText(Number(value), separator(options));
    case 79: // O
      return options === undefined ? inspect(value) : inspectWith(value, options);
    case 111: // o
      return inspectWith(value, options, thorough);
    case 105: // i
      if (typeof value === 'bigint') return bigintText(value, separator(options));
      if (typeof value === 'symbol') return 'NaN';
      return numberText(parseInt(value), separator(options));
    case 102: // f
      return typeof value === 'symbol' ? 'NaN' : numberText(parseFloat(value), separator(options));
    case 99: // c, CSS
      return '';
  }
}

function separator(options) {
  if (options === undefined || options.numericSeparator === undefined) return defaults.numericSeparator;
  return options.numericSeparator;
}

function stringOf(value, options) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(value, separator(options));
    case 'bigint':
      return bigintText(value, separator(options));
    case 'object':
      if (value !== null) return convertsItself(value) ? String(value) : inspectWith(value, options, shallow);
  }
  return String(value);
}

// Whether user code says how the object becomes a string: its toString or Symbol.toPrimitive is not of a language class.
function convertsItself(value) {
  while (kindOf(value) === kProxy) {
    value = getProxyDetails(value)[0];
    if (value === null) return false;
  }
  return isUsers(value, Symbol.toPrimitive) || isUsers(value, 'toString');
}

function isUsers(value, key) {
  if (typeof value[key] !== 'function') return false;
  let owner = value;
  while (!hasOwn(owner, key)) {
    owner = getPrototypeOf(owner);
    if (owner === null) return false;
  }
  if (owner === value) return true;
  const own = getOwnPropertyDescriptor(owner, 'constructor');
  return own === undefined || typeof own.value !== 'function' || !languageClasses.has(own.value.name);
}

function json(value) {
  try {
    return `${JSON.stringify(value)}`; // undefined, for a function
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('circular structure')) return '[Circular]';
    throw error;
  }
}

module.exports = { format, formatWithOptions, formatArguments };

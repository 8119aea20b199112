'use strict';

// What structured cloning makes of the platform's own classes. A class says so on its prototype; plain objects and
// classes of programs are cloned property by property.

/** On a prototype: a function, called on the object, that returns its clone or throws. */
const kClone = Symbol('kClone');
/** On a prototype: a function, called on an object in a transfer list, that returns what takes its place. */
const kTransfer = Symbol('kTransfer');

function dataCloneError(message) {
  const { DOMException } = require('shared/domexception');
  return new DOMException(message, 'DataCloneError');
}

function set(Class, key, value) {
  Object.defineProperty(Class.prototype, key, { __proto__: null, configurable: true, value });
}

/**
 * @param {Function} Class
 * @param {(this: any) => object} make the clone of `this`
 */
function cloneable(Class, make) {
  set(Class, kClone, make);
}

/** @this {object} */
function refuse() {
  throw dataCloneError('Cannot clone object of unsupported type.');
}

/** @param {Function} Class */
function uncloneable(Class) {
  set(Class, kClone, refuse);
}

/** @this {object} */
function refuseUnlisted() {
  throw dataCloneError('Object that needs transfer was found in message but not listed in transferList');
}

/**
 * @param {Function} Class
 * @param {(this: any) => object} move what takes the place of `this`, which is of no use afterwards
 */
function transferable(Class, move) {
  set(Class, kClone, refuseUnlisted);
  set(Class, kTransfer, move);
}

module.exports = { kClone, kTransfer, cloneable, dataCloneError, refuse, transferable, uncloneable };

'use strict';

// The process object, without what it does: that is process.js. Builtin files take it from here or from there, never from
// the global object, where programs put what they like.

const EventEmitter = require('events');

// Its name shows in messages.
const Process = function process() {
  throw new TypeError('Illegal constructor');
};

// The prototype chain that Node has: process -> an object whose constructor is called process -> EventEmitter.prototype.
Process.prototype = Object.create(EventEmitter.prototype, {
  constructor: { __proto__: null, value: Process, writable: true, enumerable: false, configurable: true },
  [Symbol.toStringTag]: { __proto__: null, value: 'process', writable: false, enumerable: false, configurable: true },
});

/** @type {any} */
const process = Object.create(Process.prototype);
EventEmitter.call(process);

module.exports = process;

'use strict';

// The process object, without what it does: that is process.js. Builtin files take it from here or from there, never from
// the global object, where programs put what they like.

const EventEmitter = require('events');

// Its name shows in messages. It may be called: test runners that make a process object of their own call all constructors
// of the chain on it.
const Process = function process() {};

// The prototype chain that Node has: process -> an object whose constructor is called process -> EventEmitter.prototype.
Process.prototype = Object.create(EventEmitter.prototype, {
  constructor: { __proto__: null, value: Process, writable: true, enumerable: false, configurable: true },
});

/** @type {any} */
const process = Object.create(Process.prototype, {
  [Symbol.toStringTag]: { __proto__: null, value: 'process', writable: true, enumerable: false, configurable: false },
});
EventEmitter.call(process);

module.exports = process;

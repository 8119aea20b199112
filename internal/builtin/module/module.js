'use strict';

// node:module, and the Module class that CommonJS modules are instances of.

const { Module } = require('module/cjs');

module.exports = Module;

'use strict';

// Code on the command line has the builtin modules as globals: `fs`, `http` ...

const { builtinModules } = require('module/builtins');

function install() {
  for (const id of builtinModules()) {
    if (
      id.startsWith('_') ||
      id.startsWith('node:') ||
      id.includes('/') ||
      id === 'module' ||
      id === 'process' ||
      id in globalThis
    )
      continue;
    Object.defineProperty(globalThis, id, {
      __proto__: null,
      get() {
        const value = require(id);
        put(id, value);
        return value;
      },
      set(value) {
        put(id, value);
      },
      enumerable: false,
      configurable: true,
    });
  }
}

function put(id, value) {
  Object.defineProperty(globalThis, id, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

module.exports = { install };

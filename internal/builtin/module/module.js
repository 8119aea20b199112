'use strict';

// node:module, and the Module class that CommonJS modules are instances of.

const { Module, lazyProperty } = require('module/cjs');
const hooks = require('module/hooks');

/** Functions of files that few programs need: loaded when called. */
function lazily(file, name) {
  return {
    [name](...args) {
      return require(file)[name](...args);
    },
  }[name];
}

Module.findPackageJSON = function findPackageJSON(specifier, base) {
  return Reflect.apply(require('module/package_json').findPackageJSON, this, arguments);
};
Module.registerHooks = hooks.registerHooks;
Module.register = lazily('module/register', 'register');
Module.syncBuiltinESMExports = lazily('module/esm', 'syncBuiltinESMExports');
Module.stripTypeScriptTypes = lazily('module/typescript', 'stripTypeScriptTypes');
Module.findSourceMap = lazily('module/source_map', 'findSourceMap');
Module.getSourceMapsSupport = lazily('module/source_map', 'getSourceMapsSupport');
Module.setSourceMapsSupport = lazily('module/source_map', 'setSourceMapsSupport');
Module.enableCompileCache = lazily('module/compile_cache', 'enableCompileCache');
Module.flushCompileCache = lazily('module/compile_cache', 'flushCompileCache');
Module.getCompileCacheDir = lazily('module/compile_cache', 'getCompileCacheDir');

lazyProperty('SourceMap', () => require('module/source_map').SourceMap);
Module.constants = Object.freeze({
  __proto__: null,
  compileCacheStatus: Object.freeze({ __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 }),
});

module.exports = Module;

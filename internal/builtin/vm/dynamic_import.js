'use strict';

// import() in code that node:vm compiled. V8 hands back the symbol that a script was compiled with; what it leads to is
// held by the symbol only, so that scripts can be collected.

const { codes } = require('shared/errors');
const { ERR_INVALID_ARG_TYPE, ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG, ERR_VM_MODULE_NOT_MODULE } = codes;
const { isModuleNamespaceObject } = engine;

const constants = Object.freeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol('vm_dynamic_import_main_context_default'),
  DONT_CONTEXTIFY: Symbol('vm_context_no_contextify'),
});

/** As USE_MAIN_CONTEXT_DEFAULT_LOADER, for the loader's own code. */
const mainLoader = Symbol('vm_dynamic_import_main');

/** Symbol -> {callback, owner} */
const hooks = new WeakMap();
/** Of scripts without a callback. */
const missing = Symbol('vm_dynamic_import_missing');

/**
 * What to compile with for an importModuleDynamically option.
 * @param {Function | symbol | undefined} callback
 * @param {string} name of the option
 * @param {object} [owner] what the callback is told asked
 * @param {{fn: WeakRef | undefined}} [box] instead of owner: filled in later
 */
function hostIdFor(callback, name, owner, box) {
  if (callback === undefined) return missing;
  if (callback === constants.USE_MAIN_CONTEXT_DEFAULT_LOADER || callback === mainLoader) return callback;
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE(name, 'function', callback);
  const id = Symbol('vm');
  hooks.set(id, { callback, owner: owner === undefined ? undefined : new WeakRef(owner), box });
  return id;
}

/**
 * @param {symbol} id
 * @param {string} specifier
 * @param {object} attributes
 * @param {string} phase
 * @returns {Promise<object>}
 */
async function importFrom(id, specifier, attributes, phase = 'evaluation') {
  const hook = hooks.get(id);
  if (hook === undefined) throw new codes.ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING();
  if (!require('process/options').flag('--experimental-vm-modules'))
    throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG();
  const owner = hook.owner === undefined ? hook.box?.fn?.deref() : hook.owner.deref();
  const m = await hook.callback(`${specifier}`, owner, attributes, phase);
  if (isModuleNamespaceObject(m)) return m;
  if (phase === 'source') throw new SyntaxError(`Source phase import object is not defined for module '${specifier}'`);
  const { isModule } = require('vm/module');
  if (!isModule(m)) throw new ERR_VM_MODULE_NOT_MODULE();
  if (m.status === 'errored') throw m.error;
  await m.evaluate();
  return m.namespace;
}

module.exports = { constants, hostIdFor, importFrom, mainLoader, missing };

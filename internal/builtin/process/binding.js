'use strict';

// process.binding: the few old inner modules of Node that packages still ask for and that have a meaning here: names,
// numbers and type tests. Inner modules that are handles of Node's own C++ do not exist.

const types = [
  'isAnyArrayBuffer',
  'isArrayBuffer',
  'isArrayBufferView',
  'isAsyncFunction',
  'isDataView',
  'isDate',
  'isExternal',
  'isMap',
  'isMapIterator',
  'isNativeError',
  'isPromise',
  'isRegExp',
  'isSet',
  'isSetIterator',
  'isTypedArray',
  'isUint8Array',
];

const bindings = {
  __proto__: null,
  constants: () => ({
    os: require('os').constants,
    fs: require('fs').constants,
    crypto: require('crypto').constants,
    zlib: require('zlib').constants,
  }),
  // yarn and others take the names. The texts are Node's, not hob's.
  natives() {
    const names = {};
    for (const id of require('module/builtins').builtinModules()) {
      if (id.startsWith('node:')) continue;
      Object.defineProperty(names, id, {
        __proto__: null,
        enumerable: true,
        get() {
          const { NotYet } = require('shared/later');
          throw new NotYet(`the source of node:${id}`);
        },
      });
    }
    return names;
  },
  util() {
    const all = require('util/types');
    return Object.fromEntries(types.map((name) => [name, all[name]]));
  },
  uv() {
    const { getSystemErrorMap, getSystemErrorName } = require('util');
    const out = { errname: getSystemErrorName };
    for (const [errno, [name]] of getSystemErrorMap()) out[`UV_${name}`] = errno;
    return out;
  },
};

/** @type {Record<string, any>} */
const made = { __proto__: null };

/** @param {string} name */
function binding(name) {
  if (bindings[name] === undefined) throw new Error(`No such module: ${name}`);
  return (made[name] ??= bindings[name]());
}

module.exports = { binding };

'use strict';

// process.env: strings only, written through to the process's environment unless the runtime has one of its own.

const process = require('process/object');
const { environ, setEnv, unsetEnv } = native;

function makeEnv() {
  const target = {};
  for (const line of environ()) {
    const eq = line.indexOf('=', 1);
    if (eq > 0) target[line.slice(0, eq)] = line.slice(eq + 1);
  }
  return new Proxy(target, {
    set(t, key, value) {
      if (typeof key === 'symbol' || typeof value === 'symbol')
        throw new TypeError('Cannot convert a Symbol value to a string');
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') warnPending();
      const text = `${value}`;
      // What can't be a variable's name is not set, as in Node.
      if (key === '' || key.includes('=') || key.includes('\0')) return true;
      t[key] = text;
      setEnv(key, text);
      return true;
    },
    defineProperty(t, key, d) {
      const { ERR_INVALID_OBJECT_DEFINE_PROPERTY } = require('shared/errors').codes;
      if ('value' in d) {
        if (d.configurable && d.writable && d.enumerable) {
          if (typeof key === 'symbol' || typeof d.value === 'symbol')
            throw new TypeError('Cannot convert a Symbol value to a string');
          const text = `${d.value}`;
          setEnv(key, text);
          return Reflect.defineProperty(t, key, { value: text, configurable: true, writable: true, enumerable: true });
        }
        throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
          "'process.env' only accepts a configurable, writable, and enumerable data descriptor",
        );
      }
      if ('get' in d || 'set' in d) {
        throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
          "'process.env' does not accept an accessor(getter/setter) descriptor",
        );
      }
      throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
        "'process.env' only accepts a configurable, writable, and enumerable data descriptor",
      );
    },
    deleteProperty(t, key) {
      if (typeof key === 'string') unsetEnv(key);
      delete t[key];
      return true;
    },
  });
}

let warned = false;
function warnPending() {
  if (warned || !require('process/options').flag('--pending-deprecation')) return;
  warned = true;
  process.emitWarning(
    'Assigning any value other than a string, number, or boolean to a process.env property is deprecated. ' +
      'Please make sure to convert the value to a string before setting process.env with it.',
    'DeprecationWarning',
    'DEP0104',
  );
}

module.exports = { makeEnv };

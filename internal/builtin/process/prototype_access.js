'use strict';

// --disable-proto: Object.prototype.__proto__ is taken away, or throws.

/** @param {'delete' | 'throw' | undefined} mode */
function restrict(mode) {
  if (mode === 'delete') {
    Reflect.deleteProperty(Object.prototype, '__proto__');
  } else if (mode === 'throw') {
    const refuse = () => {
      const {
        codes: { ERR_PROTO_ACCESS },
      } = require('shared/errors');
      throw new ERR_PROTO_ACCESS();
    };
    Object.defineProperty(Object.prototype, '__proto__', {
      __proto__: null,
      get: refuse,
      set: refuse,
      enumerable: false,
      configurable: true,
    });
  }
}

module.exports = { restrict };

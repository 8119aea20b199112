'use strict';

// Hashes and ciphers are streams that hardly anybody uses as streams. The stream's state is made when something first
// asks for it.

const Transform = require('stream/transform');

const kOptions = Symbol('streamOptions');
const kMaking = Symbol('makingState');

/**
 * @constructor
 * @param {any} [options] of the stream
 */
function LazyTransform(options) {
  this[kOptions] = options;
}
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);
Object.setPrototypeOf(LazyTransform, Transform);

LazyTransform.prototype[kMaking] = false;

function make(stream) {
  stream[kMaking] = true;
  const options = { ...stream[kOptions] };
  // Text that is written is hashed as it is encoded here.
  options.defaultEncoding ??= 'utf8';
  options.decodeStrings ??= false;
  Transform.call(stream, options);
}

for (const key of ['_readableState', '_writableState', '_events']) {
  Object.defineProperty(LazyTransform.prototype, key, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      if (this[kMaking] || (this[kOptions] === undefined && !Object.hasOwn(this, kOptions))) return undefined;
      make(this);
      return this[key];
    },
    set(value) {
      Object.defineProperty(this, key, {
        __proto__: null,
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}

module.exports = LazyTransform;

'use strict';

// PassThrough: the Transform that changes nothing.

const Transform = require('stream/transform');

/**
 * @constructor
 * @param {Options} [options]
 * @returns {void}
 */
function PassThrough(options) {
  if (!(this instanceof PassThrough)) return new PassThrough(options);
  Transform.call(this, options);
}
Object.setPrototypeOf(PassThrough.prototype, Transform.prototype);
Object.setPrototypeOf(PassThrough, Transform);

PassThrough.prototype._transform = function (chunk, encoding, cb) {
  cb(null, chunk);
};

module.exports = PassThrough;

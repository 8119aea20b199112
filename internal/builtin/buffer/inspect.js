'use strict';

// How a Buffer shows itself.

const { getOwnNonIndexProperties, hexSlice } = engine;
const { validateNumber } = require('shared/validators');

let most = 50;

/** buffer.INSPECT_MAX_BYTES. */
const inspectLimit = {
  get: () => most,
  /** @param {number} value */
  set(value) {
    validateNumber(value, 'INSPECT_MAX_BYTES', 0);
    most = value;
  },
};

function inspect(recurseTimes, context) {
  const shown = Math.min(most, this.length);
  let text =
    shown > 0
      ? hexSlice(this, 0, shown)
          .replace(/(.{2})/g, '$1 ')
          .trimEnd()
      : '';
  const more = this.length - shown;
  if (more > 0) text += ` ... ${more} more byte${more > 1 ? 's' : ''}`;
  // Properties that somebody put on it come after the bytes.
  if (context) {
    const keys = getOwnNonIndexProperties(this, !context.showHidden);
    if (keys.length > 0) {
      const extras = { __proto__: null };
      for (const key of keys) extras[key] = this[key];
      if (this.length !== 0) text += ', ';
      const { inspect } = require('util/inspect');
      const shownExtras = inspect(extras, { ...context, breakLength: Infinity, compact: true });
      text += shownExtras.slice('[Object: null prototype] { '.length, -2);
    }
  }
  return `<${this.constructor.name} ${text}>`;
}

/** @param {any} proto Buffer.prototype */
function addInspect(proto) {
  proto.inspect = inspect;
  proto[Symbol.for('nodejs.util.inspect.custom')] = inspect;
}

module.exports = { addInspect, inspectLimit };

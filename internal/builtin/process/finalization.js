'use strict';

// process.finalization: functions that run at exit unless the object they belong to has been collected.

const process = require('process/object');
const entries = new Set();
const listening = new Set();

function register(event, ref, fn) {
  const {
    codes: { ERR_INVALID_ARG_TYPE },
  } = require('shared/errors');
  if (ref === null || (typeof ref !== 'object' && typeof ref !== 'function'))
    throw new ERR_INVALID_ARG_TYPE('ref', 'object', ref);
  require('shared/validators').validateFunction(fn, 'fn');
  entries.add({ event, ref: new WeakRef(ref), fn });
  if (listening.has(event)) return;
  listening.add(event);
  process.on(event, () => {
    for (const e of [...entries]) {
      if (e.event !== event) continue;
      entries.delete(e);
      const target = e.ref.deref();
      if (target !== undefined) e.fn(target, event);
    }
  });
}

function unregister(ref) {
  for (const e of entries) if (e.ref.deref() === ref) entries.delete(e);
}

module.exports = { register, unregister };

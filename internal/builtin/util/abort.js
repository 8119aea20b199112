'use strict';

// The AbortSignal part of util.

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateAbortSignal, validateObject } = require('shared/validators');

// Resources that wait for a signal, with what wakes them. The signal holds a resource weakly: once nobody can see the
// resource any more, its promise stays pending.
const waiting = new WeakMap();

/**
 * Fulfilled when `signal` is aborted, as long as `resource` lives.
 * @param {AbortSignal} signal
 * @param {object} resource
 * @returns {Promise<void>}
 */
async function aborted(signal, resource) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', { nullable: false, allowFunction: true, allowArray: true });
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers();
  const held = waiting.get(resource);
  if (held === undefined) waiting.set(resource, [resolve]);
  else held.push(resolve);
  const weak = new WeakRef(resource);
  listen(signal, weak, held === undefined ? 0 : held.length - 1);
  return promise;
}

// Outside of aborted(), whose scope holds the resource.
function listen(signal, weak, index) {
  signal.addEventListener(
    'abort',
    () => {
      const resource = weak.deref();
      if (resource !== undefined) waiting.get(resource)[index]();
    },
    { __proto__: null, once: true },
  );
}

/** @param {AbortSignal} signal */
function transferableAbortSignal(signal) {
  if (signal?.aborted === undefined || !(signal instanceof AbortSignal)) {
    throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  }
  return signal;
}

function transferableAbortController() {
  return new AbortController();
}

module.exports = { aborted, transferableAbortSignal, transferableAbortController };

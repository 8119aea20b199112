'use strict';

// Async iteration over a Readable, or over an older stream wrapped as one.

const { aggregateTwoErrors } = require('shared/errors');
const { validateBoolean } = require('shared/validators');
const { destroyer } = require('stream/destroy');
const { eos } = require('stream/finished');

/**
 * @param {Record<string, any>} stream
 * @param {{ destroyOnReturn?: boolean }} [options]
 */
function iterate(stream, options) {
  if (options?.destroyOnReturn !== undefined && options.destroyOnReturn !== null) {
    validateBoolean(options.destroyOnReturn, 'options.destroyOnReturn');
  }
  if (typeof stream.read !== 'function') stream = require('stream/readable').wrap(stream, { objectMode: true });
  /** @type {AsyncGenerator & { stream?: object }} */
  const iterator = chunks(stream, options);
  iterator.stream = stream;
  return iterator;
}

function nop() {}

async function* chunks(stream, options) {
  let wake = nop;
  // undefined while the stream runs, null when it ended well.
  let error;

  function wait(resolve) {
    wake = resolve;
  }
  function onReadable() {
    const resolve = wake;
    wake = nop;
    resolve();
  }
  stream.on('readable', onReadable);
  const stop = eos(stream, { writable: false }, (err) => {
    error = err ? aggregateTwoErrors(error, err) : null;
    onReadable();
  });

  try {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (error) throw error;
      else if (error === null) return;
      else await new Promise(wait);
    }
  } catch (err) {
    error = aggregateTwoErrors(error, err);
    throw error;
  } finally {
    if ((error || options?.destroyOnReturn !== false) && (error === undefined || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off('readable', onReadable);
      stop();
    }
  }
}

module.exports = { iterate };

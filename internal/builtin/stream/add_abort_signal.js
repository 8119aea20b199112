'use strict';

// addAbortSignal(signal, stream): the signal destroys the stream.

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { isNodeStream, isWebStream, kControllerErrorFunction } = require('stream/predicates');

/**
 * @param {AbortSignal} signal
 * @param {object} stream
 */
function addAbortSignal(signal, stream) {
  if (typeof signal !== 'object' || !('aborted' in signal)) {
    throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  }
  if (!isNodeStream(stream) && !isWebStream(stream)) {
    throw new ERR_INVALID_ARG_TYPE('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  }
  return attach(signal, stream);
}

/** As addAbortSignal, for arguments that need no check: constructors call it before the stream is complete. */
function attach(signal, stream) {
  if (typeof signal !== 'object' || !('aborted' in signal)) return stream;
  const onAbort = isNodeStream(stream)
    ? () => stream.destroy(new AbortError(undefined, { cause: signal.reason }))
    : () => stream[kControllerErrorFunction](new AbortError(undefined, { cause: signal.reason }));
  if (signal.aborted) {
    onAbort();
  } else {
    const listener = require('events').addAbortListener(signal, onAbort);
    require('stream/finished').eos(stream, () => listener[Symbol.dispose]());
  }
  return stream;
}

module.exports = { addAbortSignal, attach };

'use strict';

// require('stream/promises').

const { validateAbortSignal } = require('shared/validators');
const { isIterable, isNodeStream, isWebStream } = require('stream/predicates');
const { connect } = require('stream/pipeline');
const { finished } = require('stream/finished');

/** @param {...any} streams the last may be options */
function pipeline(...streams) {
  return new Promise((resolve, reject) => {
    let signal;
    let end;
    const last = streams[streams.length - 1];
    if (last && typeof last === 'object' && !isNodeStream(last) && !isIterable(last) && !isWebStream(last)) {
      ({ signal, end } = streams.pop());
      validateAbortSignal(signal, 'options.signal');
    }
    connect(
      streams,
      (err, value) => {
        if (err) reject(err);
        else resolve(value);
      },
      { signal, end },
    );
  });
}

module.exports = { finished, pipeline };

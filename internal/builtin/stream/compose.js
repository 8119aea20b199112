'use strict';

// compose(): several streams in a row become one Duplex. Inside it is a pipeline().

const Duplex = require('stream/duplex');
const JoinedDuplex = require('stream/joint');
const { connect } = require('stream/pipeline');
const { destroyer } = require('stream/destroy');
const { eos } = require('stream/finished');
const is = require('stream/predicates');
const { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS } = require('shared/errors').codes;

/** @param {...any} given */
function compose(...given) {
  if (given.length === 0) throw new ERR_MISSING_ARGS('streams');
  if (given.length === 1) return Duplex.from(given[0]);
  const last = given.length - 1;
  const streams = given.slice();
  for (const i of [0, last]) {
    if (typeof streams[i] === 'function') streams[i] = Duplex.from(streams[i]);
  }
  for (let i = 0; i < streams.length; i++) {
    const stream = streams[i];
    if (!is.isNodeStream(stream) && !is.isWebStream(stream)) continue;
    if (i < last && !canRead(stream)) throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, given[i], 'must be readable');
    if (i > 0 && !canWrite(stream)) throw new ERR_INVALID_ARG_VALUE(`streams[${i}]`, given[i], 'must be writable');
  }

  const head = streams[0];
  let duplex = null;
  let canBeRead = false;
  let canBeWritten = false;
  const tail = connect(streams, (err) => {
    duplex.partsOver(err, !canBeRead && !canBeWritten);
  });
  canBeWritten = canWrite(head);
  canBeRead = canRead(tail);

  const sink = !canBeWritten ? null : is.isNodeStream(head) ? head : sinkOfWeb(head);
  const source = !canBeRead ? null : is.isNodeStream(tail) ? tail : sourceOfWeb(tail);
  duplex = new JoinedDuplex(
    sink,
    source,
    (err) => {
      if (is.isNodeStream(tail)) destroyer(tail, err);
    },
    {
      writableObjectMode: !!head?.writableObjectMode,
      readableObjectMode: !!tail?.readableObjectMode,
      // A web stream is not read before somebody reads the whole.
      lazySource: !is.isNodeStream(tail),
    },
  );
  if (sink !== null) {
    // Everything written has gone through when the tail is done.
    eos(source ?? tail, () => duplex.call('onFinish'));
  }
  return duplex;
}

function canRead(stream) {
  return !!(is.isReadable(stream) || is.isReadableStream(stream) || is.isTransformStream(stream));
}

function canWrite(stream) {
  return !!(is.isWritable(stream) || is.isWritableStream(stream) || is.isTransformStream(stream));
}

function nop() {}

function sinkOfWeb(stream) {
  const { writableFromWeb } = require('stream/adapters');
  const sink = writableFromWeb(is.isTransformStream(stream) ? stream.writable : stream, { objectMode: true });
  return sink.on('error', nop); // the pipeline reports it
}

function sourceOfWeb(stream) {
  const { readableFromWeb } = require('stream/adapters');
  const source = readableFromWeb(is.isTransformStream(stream) ? stream.readable : stream, { objectMode: true });
  return source.on('error', nop);
}

module.exports = compose;

'use strict';

// Web streams in the transfer list of structuredClone() and postMessage(): the original is locked, and what the
// receiver gets is fed from it, chunk by chunk, each chunk cloned.

const { dataCloneError } = require('shared/clone');
const readable = require('stream/web_readable');
const writable = require('stream/web_writable');
const { coreOf: transformCoreOf, transformOf } = require('stream/web_transform');

function cannotTransfer() {
  return dataCloneError('Cannot transfer a locked stream');
}

function clone(chunk) {
  return structuredClone(chunk);
}

function transferReadable(core) {
  if (core.reader !== null) throw cannotTransfer();
  const reader = new readable.ReaderCore(core, false);
  const copy = readable.createReadable(
    undefined,
    () =>
      new Promise((resolve, reject) => {
        reader.read({
          chunk(value) {
            try {
              copy.controller.enqueue(clone(value));
              resolve();
            } catch (err) {
              reader.cancel(err).catch(() => {});
              reject(err);
            }
          },
          close() {
            copy.controller.close();
            resolve();
          },
          error: reject,
        });
      }),
    (reason) => reader.cancel(reason),
    0,
  );
  return readable.faceOf(copy);
}

function transferWritable(core) {
  if (core.writer !== null) throw cannotTransfer();
  const writer = new writable.WriterCore(core);
  const copy = writable.createWritable(
    undefined,
    async (chunk) => {
      await writer.ready.promise;
      await writer.write(clone(chunk));
    },
    () => core.close(),
    (reason) => core.abort(reason),
    1,
  );
  writer.closed.promise.then(undefined, (reason) => copy.controller.errorIfNeeded(reason));
  return writable.faceOf(copy);
}

/**
 * @param {any} value
 * @returns {any} what takes the place of a stream at the receiver; undefined for everything else
 */
function transferStream(value) {
  const source = readable.coreOf(value);
  if (source !== undefined) return transferReadable(source);
  const sink = writable.coreOf(value);
  if (sink !== undefined) return transferWritable(sink);
  const transform = transformCoreOf(value);
  if (transform === undefined) return undefined;
  if (transform.readable.reader !== null || transform.writable.writer !== null) throw cannotTransfer();
  return transformOf({
    readable: transferReadable(transform.readable),
    writable: transferWritable(transform.writable),
  });
}

module.exports = { transferStream };

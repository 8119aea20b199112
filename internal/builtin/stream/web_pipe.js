'use strict';

// ReadableStream.prototype.pipeTo: chunks go from the reader to the writer as long as the writer wants some; an error,
// an end or an abort on either side shuts the pipe down, after the writes under way, with the action that fits.

const { ERR_INVALID_STATE } = require('shared/errors').codes;
const { ReaderCore } = require('stream/web_readable');
const { WriterCore } = require('stream/web_writable');
const { nop, silence } = require('stream/web_shared');

const resolved = Promise.resolve();

/** The pipe is told directly when the destination is ready: nobody else sees this writer, so it needs no promise. */
class PipeWriter extends WriterCore {
  constructor(stream, onReady) {
    super(stream);
    this.ready = { resolve: onReady, reject: nop, rejected: () => this.ready };
  }

  becomeBusy() {}
}

class Pipe {
  constructor(source, dest, options) {
    this.source = source;
    this.dest = dest;
    this.options = options;
    this.reader = new ReaderCore(source, false);
    this.writer = new PipeWriter(dest, () => this.readNext());
    source.disturbed = true;
    this.shuttingDown = false;
    this.reading = false;
    this.looping = false;
    /** Is what is read now in the queue already? */
    this.direct = false;
    /** Writes under way: shutting down waits for them. */
    this.writes = 0;
    this.onIdle = null;
    this.writeRequest = {
      resolve: () => this.writeDone(),
      reject: () => this.writeDone(),
    };
    this.result = Promise.withResolvers();
    this.abortListener = null;
  }

  run() {
    const { signal } = this.options;
    if (signal !== undefined) {
      const onAbort = () => this.aborted(signal);
      if (signal.aborted) {
        onAbort();
        return this.result.promise;
      }
      this.abortListener = require('events').addAbortListener(signal, onAbort);
    }
    this.watch();
    if (!this.shuttingDown) this.readNext();
    return this.result.promise;
  }

  aborted(signal) {
    const { dest, options, source } = this;
    const reason = signal.reason;
    this.shutDownWith(
      () => {
        const actions = [];
        if (!options.preventAbort) {
          actions.push(dest.state === 'writable' ? dest.abort(reason) : Promise.resolve());
        }
        if (!options.preventCancel) {
          actions.push(source.state === 'readable' ? source.cancel(reason) : Promise.resolve());
        }
        return Promise.all(actions);
      },
      true,
      reason,
    );
  }

  /** States that hold now, or will, and end the pipe. In this order, as the standard says. */
  watch() {
    const { dest, options, reader, source, writer } = this;
    const sourceFailed = () => {
      const reason = source.storedError;
      if (options.preventAbort) this.shutDown(true, reason);
      else this.shutDownWith(() => dest.abort(reason), true, reason);
    };
    const destFailed = () => {
      const reason = dest.storedError;
      if (options.preventCancel) this.shutDown(true, reason);
      else this.shutDownWith(() => source.cancel(reason), true, reason);
    };
    const sourceClosed = () => {
      if (options.preventClose) this.shutDown(false);
      else this.shutDownWith(() => writer.closeWithErrorPropagation(), false);
    };
    if (source.state === 'errored') sourceFailed();
    else silence(reader.closed.promise.then(nop, sourceFailed));

    if (dest.state === 'errored') destFailed();
    else silence(writer.closed.promise.then(nop, destFailed));

    if (source.state === 'closed') sourceClosed();
    else silence(reader.closed.promise.then(sourceClosed, nop));

    if (dest.closeQueuedOrInFlight || dest.state === 'closed') {
      const reason = new ERR_INVALID_STATE.TypeError('Destination WritableStream is closed');
      if (options.preventCancel) this.shutDown(true, reason);
      else this.shutDownWith(() => source.cancel(reason), true, reason);
    }
  }

  readNext() {
    if (this.looping) return;
    this.looping = true;
    const { dest, source } = this;
    // Chunks that are there already are taken at once, as long as the destination wants them.
    while (
      !this.shuttingDown &&
      !this.reading &&
      !dest.backpressure &&
      dest.state === 'writable' &&
      source.state === 'readable'
    ) {
      this.reading = true;
      this.direct = source.controller.hasQueued;
      this.reader.read(this);
      this.direct = false;
    }
    this.looping = false;
  }

  // The pipe is its own read request.

  chunk(value) {
    // Unless it was in the queue, the source is in the middle of enqueue(): later.
    if (this.direct) this.write(value);
    else resolved.then(() => this.write(value));
  }

  write(value) {
    this.reading = false;
    this.writes++;
    this.writer.writeFor(value, this.writeRequest);
    this.readNext();
  }

  close() {
    this.reading = false;
  }

  error() {
    this.reading = false;
  }

  writeDone() {
    if (--this.writes === 0 && this.onIdle !== null && !this.reading) this.onIdle();
  }

  /** A chunk that was read must be written, and all writes be done. */
  async writesDone() {
    if (this.reading) await undefined;
    while (this.writes > 0) {
      await new Promise((resolve) => {
        this.onIdle = resolve;
      });
    }
  }

  shutDownWith(action, isError, reason) {
    if (this.shuttingDown) return;
    this.shuttingDown = true;
    const act = () => {
      action().then(
        () => this.finish(isError, reason),
        (newReason) => this.finish(true, newReason),
      );
    };
    if (this.mustWaitForWrites()) this.writesDone().then(act);
    else act();
  }

  shutDown(isError, reason) {
    if (this.shuttingDown) return;
    this.shuttingDown = true;
    if (this.mustWaitForWrites()) this.writesDone().then(() => this.finish(isError, reason));
    else this.finish(isError, reason);
  }

  mustWaitForWrites() {
    return this.dest.state === 'writable' && !this.dest.closeQueuedOrInFlight;
  }

  finish(isError, reason) {
    this.writer.release();
    this.reader.release();
    this.abortListener?.[Symbol.dispose]();
    if (isError) this.result.reject(reason);
    else this.result.resolve();
  }
}

/**
 * @param {object} source core of a ReadableStream
 * @param {object} dest core of a WritableStream
 * @param {{ preventAbort: boolean, preventCancel: boolean, preventClose: boolean, signal?: AbortSignal }} options
 * @returns {Promise<void>}
 */
function pipeTo(source, dest, options) {
  return new Pipe(source, dest, options).run();
}

module.exports = { pipeTo };

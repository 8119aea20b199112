// ReadableStream.prototype.pipeTo: chunks go from the reader to the writer as long as the writer wants some; an error,
// an end or an abort on either side shuts the pipe down, after the writes under way, with the action that fits.

const { ERR_INVALID_STATE } = require('shared/errors').codes;
const { ReaderCore } = require('stream/web_readable');
const { WriterCore } = require('stream/web_writable');
const { nop, silence } = require('stream/web_shared');

class Pipe {
  constructor(source, dest, options) {
    this.source = source;
    this.dest = dest;
    this.options = options;
    this.reader = new ReaderCore(source, false);
    this.writer = new WriterCore(dest);
    source.disturbed = true;
    this.shuttingDown = false;
    this.reading = false;
    /** The last write: shutting down waits for it. */
    this.lastWrite = Promise.resolve();
    this.result = Promise.withResolvers();
    this.abortListener = null;
    this.step = () => this.readNext();
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
    this.shutDownWith(() => {
      const actions = [];
      if (!options.preventAbort) {
        actions.push(dest.state === 'writable' ? dest.abort(reason) : Promise.resolve());
      }
      if (!options.preventCancel) {
        actions.push(source.state === 'readable' ? source.cancel(reason) : Promise.resolve());
      }
      return Promise.all(actions);
    }, true, reason);
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
    if (this.shuttingDown || this.reading) return;
    if (this.dest.backpressure && this.dest.state === 'writable') {
      this.writer.ready.promise.then(this.step, nop);
      return;
    }
    if (this.dest.state !== 'writable') return; // `closed` will tell
    this.reading = true;
    this.reader.read(this);
  }

  // The pipe is its own read request.

  chunk(value) {
    this.reading = false;
    // In a task of its own: the source may be in the middle of enqueue().
    queueMicrotask(() => {
      this.lastWrite = this.writer.write(value);
      silence(this.lastWrite);
      this.readNext();
    });
  }

  close() {
    this.reading = false;
  }

  error() {
    this.reading = false;
  }

  async writesDone() {
    let last;
    do {
      last = this.lastWrite;
      try {
        await last;
      } catch {
        // Whoever wrote it is told elsewhere.
      }
    } while (last !== this.lastWrite);
  }

  shutDownWith(action, isError, reason) {
    if (this.shuttingDown) return;
    this.shuttingDown = true;
    const act = () => {
      action().then(() => this.finish(isError, reason), (newReason) => this.finish(true, newReason));
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

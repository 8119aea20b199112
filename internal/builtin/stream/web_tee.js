'use strict';

// tee(): two branches that each get every chunk of one stream. The source is cancelled when both branches are.
// A byte stream stays one: a branch may be read with a buffer of the reader's own, the other gets a copy.

const { ReaderCore, ReadableCore, createReadable, faceOf } = require('stream/web_readable');

/**
 * @param {InstanceType<typeof ReadableCore>} stream
 * @returns {InstanceType<typeof ReadableCore>[]}
 */
function tee(stream) {
  return stream.controller.isByteController === true ? new ByteTee(stream).branches : new DefaultTee(stream).branches;
}

/** What both kinds do about cancelling. */
class Tee {
  constructor(stream) {
    this.stream = stream;
    this.reading = false;
    this.canceled = [false, false];
    this.reasons = [undefined, undefined];
    this.cancelResult = Promise.withResolvers();
  }

  cancelBranch(index, reason) {
    this.canceled[index] = true;
    this.reasons[index] = reason;
    if (this.canceled[1 - index]) this.cancelResult.resolve(this.stream.cancel(this.reasons));
    return this.cancelResult.promise;
  }

  settleCancel() {
    if (!this.canceled[0] || !this.canceled[1]) this.cancelResult.resolve();
  }
}

class DefaultTee extends Tee {
  constructor(stream) {
    super(stream);
    this.reader = new ReaderCore(stream, false);
    this.readAgain = false;
    this.branches = [0, 1].map((index) =>
      createReadable(
        undefined,
        () => this.pull(),
        (reason) => this.cancelBranch(index, reason),
        1,
      ),
    );
    this.reader.closed.promise.then(undefined, (reason) => {
      for (const branch of this.branches) branch.controller.error(reason);
      this.settleCancel();
    });
  }

  pull() {
    if (this.reading) {
      this.readAgain = true;
      return Promise.resolve();
    }
    this.reading = true;
    this.reader.read(this);
    return Promise.resolve();
  }

  // The tee is its own read request.

  chunk(value) {
    // Later: the branches' readers must not run inside the source's enqueue().
    queueMicrotask(() => {
      this.readAgain = false;
      for (let i = 0; i < 2; i++) {
        if (!this.canceled[i]) this.branches[i].controller.enqueue(value);
      }
      this.reading = false;
      if (this.readAgain) this.pull();
    });
  }

  close() {
    this.reading = false;
    for (let i = 0; i < 2; i++) {
      if (!this.canceled[i]) this.branches[i].controller.close();
    }
    this.settleCancel();
  }

  error() {
    this.reading = false;
  }
}

class ByteTee extends Tee {
  constructor(stream) {
    super(stream);
    const { ByobReaderCore, ByteControllerCore } = require('stream/web_readable_bytes');
    this.ByobReaderCore = ByobReaderCore;
    this.reader = new ReaderCore(stream, false);
    this.readAgain = [false, false];
    this.branches = [0, 1].map((index) => {
      const branch = new ReadableCore();
      const controller = new ByteControllerCore(branch, 0, undefined);
      controller.start(
        undefined,
        undefined,
        () => this.pull(index),
        (reason) => this.cancelBranch(index, reason),
      );
      return branch;
    });
    for (const branch of this.branches) faceOf(branch);
    this.forwardErrors(this.reader);
  }

  forwardErrors(reader) {
    reader.closed.promise.then(undefined, (reason) => {
      if (reader !== this.reader) return;
      for (const branch of this.branches) branch.controller.error(reason);
      this.settleCancel();
    });
  }

  switchReader(make) {
    const old = this.reader;
    // From here on what the old one's release says is not forwarded.
    this.reader = null;
    old.release();
    this.reader = make();
    this.forwardErrors(this.reader);
  }

  pull(index) {
    if (this.reading) {
      this.readAgain[index] = true;
      return Promise.resolve();
    }
    this.reading = true;
    const { controller } = this.branches[index];
    controller.getRequest();
    const request = controller.request;
    if (request === null) this.pullPlain();
    else this.pullInto(request.view, index);
    return Promise.resolve();
  }

  pullPlain() {
    if (this.reader.isByob) this.switchReader(() => new ReaderCore(this.stream, false));
    this.reader.read({
      chunk: (chunk) => {
        queueMicrotask(() => {
          this.readAgain = [false, false];
          const chunks = [chunk, chunk];
          if (!this.canceled[0] && !this.canceled[1]) {
            try {
              chunks[1] = chunk.slice();
            } catch (err) {
              this.failBoth(err);
              return;
            }
          }
          for (let i = 0; i < 2; i++) {
            if (!this.canceled[i]) this.branches[i].controller.enqueue(chunks[i]);
          }
          this.readOn();
        });
      },
      close: () => {
        this.reading = false;
        for (let i = 0; i < 2; i++) {
          if (!this.canceled[i]) this.branches[i].controller.close();
        }
        for (const { controller } of this.branches) {
          if (controller.pendingPulls.length > 0) controller.respond(0);
        }
        this.settleCancel();
      },
      error: () => {
        this.reading = false;
      },
    });
  }

  pullInto(view, index) {
    if (!this.reader.isByob) this.switchReader(() => new this.ByobReaderCore(this.stream));
    const own = this.branches[index];
    const other = this.branches[1 - index];
    this.reader.readInto(view, 1, {
      chunk: (chunk) => {
        queueMicrotask(() => {
          this.readAgain = [false, false];
          const ownCanceled = this.canceled[index];
          if (!this.canceled[1 - index]) {
            let copy;
            try {
              copy = chunk.slice();
            } catch (err) {
              this.failBoth(err);
              return;
            }
            if (!ownCanceled) own.controller.respondWithNewView(chunk);
            other.controller.enqueue(copy);
          } else if (!ownCanceled) {
            own.controller.respondWithNewView(chunk);
          }
          this.readOn();
        });
      },
      close: (chunk) => {
        this.reading = false;
        const ownCanceled = this.canceled[index];
        const otherCanceled = this.canceled[1 - index];
        if (!ownCanceled) own.controller.close();
        if (!otherCanceled) other.controller.close();
        if (chunk !== undefined) {
          if (!ownCanceled) own.controller.respondWithNewView(chunk);
          if (!otherCanceled && other.controller.pendingPulls.length > 0) other.controller.respond(0);
        }
        this.settleCancel();
      },
      error: () => {
        this.reading = false;
      },
    });
  }

  failBoth(err) {
    for (const branch of this.branches) branch.controller.error(err);
    this.cancelResult.resolve(this.stream.cancel(err));
  }

  readOn() {
    this.reading = false;
    if (this.readAgain[0]) this.pull(0);
    else if (this.readAgain[1]) this.pull(1);
  }
}

module.exports = { tee };

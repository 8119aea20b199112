'use strict';

// Readable.prototype.pipe and unpipe, and wrap() for sources that are older than Readable.
// A source pauses as long as one of its destinations is full; which ones those are is in state.awaitDrainWriters.

const { errorOrDestroy, destroyer } = require('stream/destroy');
const { prependListener } = require('stream/legacy');

/** One destination of one source. */
class Pipe {
  constructor(source, dest) {
    this.source = source;
    this.dest = dest;
    this.cleanedUp = false;
    this.onDrain = null;
    this.onData = (chunk) => {
      let room;
      try {
        room = dest.write(chunk);
      } catch (err) {
        dest.destroy(err);
        return;
      }
      if (room === false) this.pause();
    };
    this.onEnd = () => this.dest.end();
    this.onError = (err) => this.fail(err);
    this.onClose = () => {
      dest.removeListener('finish', this.onFinish);
      this.unpipe();
    };
    this.onFinish = () => {
      dest.removeListener('close', this.onClose);
      this.unpipe();
    };
    this.unpipe = () => source.unpipe(dest);
    this.onUnpipe = (from, info) => {
      if (from === source && info && info.hasUnpiped === false) {
        info.hasUnpiped = true;
        this.cleanUp();
      }
    };
  }

  /** The destination is full. */
  pause() {
    const { source, dest } = this;
    const state = source._readableState;
    // After unpipe() in the middle of a write there is nobody left to wait for.
    if (!this.cleanedUp) {
      if (state.pipes.length === 1 && state.pipes[0] === dest) {
        state.awaitDrainWriters = dest;
        state.multiAwaitDrain = false;
      } else if (state.pipes.length > 1 && state.pipes.includes(dest)) {
        state.awaitDrainWriters.add(dest);
      }
      source.pause();
    }
    if (this.onDrain === null) {
      // Only now: most destinations never get full.
      this.onDrain = () => drained(source, dest);
      dest.on('drain', this.onDrain);
    }
  }

  fail(err) {
    const { dest } = this;
    this.unpipe();
    dest.removeListener('error', this.onError);
    if (dest.listenerCount('error') === 0) {
      const state = dest._writableState || dest._readableState;
      if (state && !state.errorEmitted) errorOrDestroy(dest, err);
      else dest.emit('error', err);
    }
  }

  cleanUp() {
    const { source, dest } = this;
    dest.removeListener('close', this.onClose);
    dest.removeListener('finish', this.onFinish);
    if (this.onDrain !== null) dest.removeListener('drain', this.onDrain);
    dest.removeListener('error', this.onError);
    dest.removeListener('unpipe', this.onUnpipe);
    source.removeListener('end', this.onEnd);
    source.removeListener('end', this.unpipe);
    source.removeListener('data', this.onData);
    this.cleanedUp = true;
    // The source may wait for this destination, which nobody listens to any more.
    if (
      this.onDrain !== null &&
      source._readableState.awaitDrainWriters &&
      (!dest._writableState || dest._writableState.needDrain)
    ) {
      this.onDrain();
    }
  }
}

function drained(source, dest) {
  const state = source._readableState;
  if (state.awaitDrainWriters === dest) state.awaitDrainWriters = null;
  else if (state.multiAwaitDrain) state.awaitDrainWriters.delete(dest);
  if ((!state.awaitDrainWriters || state.awaitDrainWriters.size === 0) && source.listenerCount('data')) {
    source.resume();
  }
}

/**
 * @param {Record<string, any>} source
 * @param {Record<string, any>} dest
 * @param {{ end?: boolean }} [options]
 */
function pipe(source, dest, options) {
  const state = source._readableState;
  if (state.pipes.length === 1 && !state.multiAwaitDrain) {
    state.multiAwaitDrain = true;
    state.awaitDrainWriters = new Set(state.awaitDrainWriters ? [state.awaitDrainWriters] : []);
  }
  state.pipes.push(dest);

  const link = new Pipe(source, dest);
  const ends = (!options || options.end !== false) && dest !== process.stdout && dest !== process.stderr;
  const onEnd = ends ? link.onEnd : link.unpipe;
  if (state.endEmitted) process.nextTick(onEnd);
  else source.once('end', onEnd);
  dest.on('unpipe', link.onUnpipe);
  source.on('data', link.onData);
  // Before the user's listeners, so that a source does not write into a stream that just failed.
  prependListener(dest, 'error', link.onError);
  dest.once('close', link.onClose);
  dest.once('finish', link.onFinish);
  dest.emit('pipe', source);

  if (dest.writableNeedDrain === true) link.pause();
  else if (!state.flowing) source.resume();
  return dest;
}

/**
 * @param {Record<string, any>} source
 * @param {Record<string, any>} [dest] all of them when left out
 */
function unpipe(source, dest) {
  const state = source._readableState;
  if (state.pipes.length === 0) return source;
  if (!dest) {
    const dests = state.pipes;
    state.pipes = [];
    source.pause();
    for (let i = 0; i < dests.length; i++) dests[i].emit('unpipe', source, { hasUnpiped: false });
    return source;
  }
  const index = state.pipes.indexOf(dest);
  if (index === -1) return source;
  state.pipes.splice(index, 1);
  if (state.pipes.length === 0) source.pause();
  dest.emit('unpipe', source, { hasUnpiped: false });
  return source;
}

/**
 * Lets `stream` read from an emitter with 'data', 'end', pause() and resume().
 * @param {Record<string, any>} stream
 * @param {Record<string, any>} old
 */
function wrap(stream, old) {
  let paused = false;
  old.on('data', (chunk) => {
    if (!stream.push(chunk) && old.pause) {
      paused = true;
      old.pause();
    }
  });
  old.on('end', () => stream.push(null));
  old.on('error', (err) => errorOrDestroy(stream, err));
  old.on('close', () => destroyer(stream));
  old.on('destroy', () => destroyer(stream));

  stream._read = () => {
    if (paused && old.resume) {
      paused = false;
      old.resume();
    }
  };
  // Whatever else the old one can do, the new one can.
  for (const name of Object.keys(old)) {
    if (stream[name] === undefined && typeof old[name] === 'function') stream[name] = old[name].bind(old);
  }
  return stream;
}

module.exports = { pipe, unpipe, wrap };

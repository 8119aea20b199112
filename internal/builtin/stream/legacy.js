'use strict';

// The oldest kind of stream: an event emitter with a pipe() that knows nothing but 'data', 'end', 'drain' and 'close'.
// It is the base class of all streams and, with everything else attached, what require('stream') returns.

const EventEmitter = require('events');

/**
 * @constructor
 * @param {Options} [options]
 */
function Stream(options) {
  EventEmitter.call(this, options);
}
Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Stream, EventEmitter);

/**
 * One running pipe between two streams. A class rather than closures keeps the listeners that must be removed
 * together in one place.
 */
class LegacyPipe {
  constructor(source, dest, ends) {
    this.source = source;
    this.dest = dest;
    this.over = false;
    const listeners = (this.listeners = [
      [
        source,
        'data',
        (chunk) => {
          if (dest.writable && dest.write(chunk) === false && source.pause) source.pause();
        },
      ],
      [
        dest,
        'drain',
        () => {
          if (source.readable && source.resume) source.resume();
        },
      ],
    ]);
    if (ends) {
      listeners.push([source, 'end', () => this.finish(false)], [source, 'close', () => this.finish(true)]);
    }
    const onError = function (err) {
      pipe.stop();
      if (EventEmitter.prototype.listenerCount.call(this, 'error') === 0) this.emit('error', err);
    };
    const pipe = this;
    for (const stream of [source, dest]) listeners.push([stream, 'error', onError, true]);
    const stop = () => this.stop();
    listeners.push([source, 'end', stop], [source, 'close', stop], [dest, 'close', stop]);
    for (const [stream, event, fn, first] of listeners) {
      if (first) prependListener(stream, event, fn);
      else stream.on(event, fn);
    }
  }

  finish(destroy) {
    if (this.over) return;
    this.over = true;
    if (!destroy) this.dest.end();
    else if (typeof this.dest.destroy === 'function') this.dest.destroy();
  }

  stop() {
    for (const [stream, event, fn] of this.listeners) stream.removeListener(event, fn);
  }
}

/**
 * @param {Record<string, any>} dest
 * @param {{ end?: boolean }} [options]
 */
Stream.prototype.pipe = function pipe(dest, options) {
  new LegacyPipe(this, dest, !dest._isStdio && (!options || options.end !== false));
  dest.emit('pipe', this);
  return dest;
};

/** Names with at least one listener: slots that are reserved for the sake of the object's shape don't count. */
Stream.prototype.eventNames = function eventNames() {
  const names = [];
  for (const name of Reflect.ownKeys(this._events)) {
    const listener = this._events[name];
    if (typeof listener === 'function' || (Array.isArray(listener) && listener.length > 0)) names.push(name);
  }
  return names;
};

/** Adds a listener that runs before those already there; emitters that cannot prepend get it at the end. */
function prependListener(emitter, event, fn) {
  if (typeof emitter.prependListener === 'function') return emitter.prependListener(event, fn);
  if (!emitter._events?.[event]) emitter.on(event, fn);
  else if (Array.isArray(emitter._events[event])) emitter._events[event].unshift(fn);
  else emitter._events[event] = [fn, emitter._events[event]];
}

module.exports = { Stream, prependListener };

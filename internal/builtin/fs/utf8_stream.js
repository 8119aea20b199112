'use strict';

// fs.Utf8Stream: a writer of log lines. What is written gathers in chunks of at most `maxWrite` and goes out one chunk at
// a time, at once or when `minLength` has gathered, on the pool or (sync) before write() returns. A chunk that could not
// be written stays at the head of the queue, so that nothing is lost or torn when the disk or the pipe is busy.

const { Buffer } = require('buffer');
const EventEmitter = require('events');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_OPERATION_FAILED },
} = require('shared/errors');
const {
  validateBoolean,
  validateFunction,
  validateObject,
  validateOneOf,
  validateUint32,
} = require('shared/validators');

const defaultMaxWrite = 16 * 1024;
const busyPause = 100; // milliseconds before a busy descriptor is asked again
const replaceable = ['write', 'writeSync', 'fsync', 'fsyncSync', 'close', 'open', 'openSync', 'mkdir', 'mkdirSync'];

const isBusy = (err) => err.code === 'EAGAIN' || err.code === 'EBUSY';
const always = () => true;

function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function withOverrides(overrides) {
  const fs = require('fs');
  if (overrides === undefined) return fs;
  validateObject(overrides, 'options.fs');
  const merged = { __proto__: null };
  for (const name of replaceable) {
    const f = overrides[name] ?? fs[name];
    validateFunction(f, `options.fs.${name}`);
    merged[name] = f;
  }
  return merged;
}

/** What of `chunk` is left after `n` bytes of it. Bytes, because n may lie within a character. */
function restOf(chunk, n) {
  if (typeof chunk === 'string' && n >= Buffer.byteLength(chunk)) return null;
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  return n < bytes.length ? bytes.subarray(n) : null;
}

class Utf8Stream extends EventEmitter {
  #fs;
  #fd = -1;
  #file = null;
  #mode;
  #append;
  #mkdir;
  #fsync;
  #sync;
  #buffers;
  #minLength;
  #maxLength;
  #maxWrite;
  #highWater;
  #retry;
  #periodicFlush;
  #timer;

  // Strings, or arrays of Buffers to be joined; #length counts what they and #chunk hold.
  #queue = [];
  #length = 0;
  // What is being written, or what could not be: null between chunks. #chunkLength is its part of #length.
  #chunk = null;
  #chunkLength = 0;

  #opening = false;
  #writing = false;
  #reopening = false;
  #ending = false;
  #closing = false;
  #destroyed = false;
  #drainSoon = false;
  #flushes = 0; // flush callbacks that still wait
  #flushing = false; // what waits goes out, however little it is

  constructor(options = { __proto__: null }) {
    validateObject(options, 'options');
    const {
      fd,
      dest,
      minLength = 0,
      maxLength = 0,
      maxWrite = defaultMaxWrite,
      periodicFlush = 0,
      sync = false,
      append = true,
      mkdir = false,
      fsync = false,
      contentMode = 'utf8',
      mode,
      retryEAGAIN = always,
      fs,
    } = options;
    super();
    const target = fd ?? dest;
    validateUint32(minLength, 'options.minLength');
    validateUint32(maxLength, 'options.maxLength');
    validateUint32(maxWrite, 'options.maxWrite');
    validateUint32(periodicFlush, 'options.periodicFlush');
    validateBoolean(sync, 'options.sync');
    validateBoolean(append, 'options.append');
    validateBoolean(mkdir, 'options.mkdir');
    validateBoolean(fsync, 'options.fsync');
    validateOneOf(contentMode, 'options.contentMode', ['buffer', 'utf8']);
    validateFunction(retryEAGAIN, 'options.retryEAGAIN');
    if (mode !== undefined && typeof mode !== 'number' && typeof mode !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('mode', 'number', mode);
    }
    this.#fs = withOverrides(fs);
    this.#minLength = minLength;
    this.#maxLength = maxLength;
    this.#maxWrite = maxWrite || defaultMaxWrite;
    if (minLength >= this.#maxWrite) {
      throw new ERR_INVALID_ARG_VALUE.RangeError(
        'minLength',
        minLength,
        `should be smaller than maxWrite (${this.#maxWrite})`,
      );
    }
    this.#highWater = Math.max(minLength, defaultMaxWrite);
    this.#sync = sync;
    this.#append = append;
    this.#mkdir = mkdir;
    this.#fsync = fsync;
    this.#mode = mode;
    this.#retry = retryEAGAIN;
    this.#buffers = contentMode === 'buffer';
    this.#periodicFlush = periodicFlush;

    if (typeof target === 'number') {
      this.#fd = target;
      process.nextTick(() => this.emit('ready'));
    } else if (typeof target === 'string') {
      this.#open(target, false);
    } else {
      throw new ERR_INVALID_ARG_TYPE('fd', ['number', 'string'], target);
    }
    if (periodicFlush > 0) {
      this.#timer = setInterval(() => this.flush(), periodicFlush);
      this.#timer.unref();
    }
  }

  /**
   * @param {string | Buffer} data
   * @returns {boolean} whether more may be written before 'drain'
   */
  write(data) {
    if (this.#buffers ? !(data instanceof Buffer) : typeof data !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('data', this.#buffers ? 'Buffer' : 'string', data);
    }
    this.#checkAlive();
    const length = this.#length + data.length;
    if (this.#maxLength > 0 && length > this.#maxLength) {
      this.emit('drop', data);
      return this.#length < this.#highWater;
    }
    this.#length = length;
    this.#enqueue(data);
    if (!this.#busy() && length >= this.#minLength) this.#writeNext();
    return this.#length < this.#highWater;
  }

  /** @param {(err?: Error | null) => void} [cb] called when all that was written so far is on the disk */
  flush(cb) {
    if (cb != null) {
      validateFunction(cb, 'cb');
      if (this.#destroyed) return void cb(new ERR_INVALID_STATE('Utf8Stream is destroyed'));
      // Without a minimum nothing waits for more.
      if (this.#minLength <= 0) return void cb();
      this.#callWhenFlushed(cb);
    }
    if (this.#destroyed || this.#minLength <= 0) return;
    this.#flushing = true;
    if (this.#busy()) return;
    if (this.#length > 0) this.#writeNext();
    else this.#scheduleDrain();
  }

  flushSync() {
    this.#checkAlive();
    if (this.#fd < 0) throw new ERR_INVALID_STATE('Invalid file descriptor');
    if (!this.#writing && this.#chunk !== null) this.#unshiftChunk();
    while (this.#queue.length > 0) {
      const chunk = this.#join(this.#queue[0]);
      const rest = this.#writeChunkSync(chunk, chunk.length, this.#length - chunk.length);
      this.#length -= chunk.length;
      this.#queue.shift();
      if (rest !== null) {
        this.#length += rest.length;
        this.#queue.unshift(this.#buffers ? [rest] : rest);
      }
    }
    try {
      this.#fs.fsyncSync(this.#fd);
    } catch {
      // A pipe or a terminal has nothing to sync.
    }
  }

  /** @param {string} [file] another file than before: what was the log may have been renamed */
  reopen(file) {
    this.#checkAlive();
    if (this.#opening) {
      this.once('ready', () => this.reopen(file));
      return;
    }
    if (this.#ending) return;
    if (!file && !this.#file) {
      throw new ERR_OPERATION_FAILED('Unable to reopen a file descriptor, you must pass a file to SonicBoom');
    }
    const { file: name, fd: old } = this;
    this.once('ready', () => {
      if (old !== this.#fd) this.#fs.close(old, (err) => err && this.emit('error', err));
    });
    this.#open(file || name, true);
    if (file) this.#file = file;
  }

  end() {
    this.#checkAlive();
    if (this.#opening) {
      this.once('ready', () => {
        if (!this.#destroyed) this.end();
      });
      return;
    }
    if (this.#ending) return;
    this.#ending = true;
    if (this.#writing) return;
    if (this.#length > 0 && this.#fd >= 0) this.#writeNext();
    else this.#close();
  }

  /** Closes without writing what waits. */
  destroy() {
    if (!this.#destroyed) this.#close();
  }

  [Symbol.dispose]() {
    this.destroy();
  }

  #checkAlive() {
    if (this.#destroyed) throw new ERR_INVALID_STATE('Utf8Stream is destroyed');
  }

  #busy() {
    return this.#writing || this.#opening;
  }

  #enqueue(data) {
    const queue = this.#queue;
    const last = queue.length - 1;
    if (this.#buffers) {
      const parts = queue[last];
      let gathered = 0;
      if (parts !== undefined) for (const part of parts) gathered += part.length;
      if (parts === undefined || gathered + data.length > this.#maxWrite) queue.push([data]);
      else parts.push(data);
      return;
    }
    const text = queue[last];
    // What a partial write left over is bytes: it goes out alone.
    if (typeof text !== 'string' || text.length + data.length > this.#maxWrite) queue.push(data);
    else queue[last] = text + data;
  }

  #join(item) {
    if (!Array.isArray(item)) return item;
    return item.length === 1 ? item[0] : Buffer.concat(item);
  }

  /** Writes the next chunk; synchronous streams write all there is. */
  #writeNext() {
    this.#writing = true;
    if (this.#chunk === null) {
      this.#chunk = this.#join(this.#queue.shift());
      this.#chunkLength = this.#chunk.length;
    }
    if (!this.#sync) return this.#writeAsync();
    for (;;) {
      let rest;
      try {
        rest = this.#writeChunkSync(this.#chunk, this.#chunkLength, this.#length - this.#chunkLength, true);
      } catch (err) {
        this.#writing = false;
        this.emit('error', err);
        return;
      }
      this.#took(rest);
      if (this.#destroyed || !this.#goesOn()) break;
      if (this.#chunk === null) {
        this.#chunk = this.#join(this.#queue.shift());
        this.#chunkLength = this.#chunk.length;
      }
    }
    this.#written();
  }

  /** Writes a chunk, all of it unless the descriptor takes only a part; says what is left. */
  #writeChunkSync(chunk, length, remaining, tell) {
    for (;;) {
      let n;
      try {
        n =
          typeof chunk === 'string' ? this.#fs.writeSync(this.#fd, chunk, 'utf8') : this.#fs.writeSync(this.#fd, chunk);
      } catch (err) {
        if (!isBusy(err) || !this.#retry(err, length, remaining)) throw err;
        pause(busyPause);
        continue;
      }
      n ??= Buffer.byteLength(chunk);
      if (tell) this.#wrote(n);
      return restOf(chunk, n);
    }
  }

  #writeAsync() {
    const chunk = this.#chunk;
    const done = (err, n) => this.#onWritten(err, n);
    if (typeof chunk === 'string') this.#fs.write(this.#fd, chunk, 'utf8', done);
    else this.#fs.write(this.#fd, chunk, done);
  }

  #onWritten(err, n) {
    if (err) {
      if (isBusy(err) && this.#retry(err, this.#chunkLength, this.#length - this.#chunkLength)) {
        setTimeout(() => this.#writeAsync(), busyPause);
        return;
      }
      this.#writing = false;
      this.emit('error', err);
      if (this.#closing) this.#closeFile();
      return;
    }
    n ??= Buffer.byteLength(this.#chunk);
    this.#wrote(n);
    this.#took(restOf(this.#chunk, n));
    if (this.#closing ? this.#chunk !== null : this.#goesOn()) this.#writeNext();
    else this.#written();
  }

  #wrote(n) {
    if (this.#fsync) this.#fs.fsyncSync(this.#fd);
    this.emit('write', n);
  }

  /** The chunk went out but for `rest`. */
  #took(rest) {
    this.#length -= this.#chunkLength;
    this.#chunk = rest;
    this.#chunkLength = rest === null ? 0 : rest.length;
    this.#length += this.#chunkLength;
  }

  #goesOn() {
    if (this.#length === 0) return false;
    return this.#chunk !== null || this.#ending || this.#flushing || this.#length >= this.#minLength;
  }

  /** Nothing more is to be written now. */
  #written() {
    this.#writing = false;
    this.#flushing = false;
    if (this.#closing) {
      if (this.#flushes > 0) this.emit('drain');
      this.#closeFile();
    } else if (this.#ending) {
      if (this.#flushes > 0) this.emit('drain');
      this.#close();
    } else if (this.#sync) {
      this.#scheduleDrain();
    } else {
      this.emit('drain');
    }
  }

  /** Once for all the writes of a turn. */
  #scheduleDrain() {
    if (this.#drainSoon) return;
    this.#drainSoon = true;
    process.nextTick(() => {
      this.#drainSoon = false;
      if (!this.#writing) this.emit('drain');
    });
  }

  #unshiftChunk() {
    const chunk = this.#chunk;
    this.#queue.unshift(this.#buffers ? [chunk] : chunk);
    this.#chunk = null;
    this.#chunkLength = 0;
  }

  #callWhenFlushed(cb) {
    this.#flushes++;
    const finish = (err) => {
      this.#flushes--;
      cb(err);
      if (this.#closing && this.#flushes === 0) this.#closeFile();
    };
    const onDrain = () => {
      this.off('error', onError);
      if (this.#fsync || this.#fd < 0) finish();
      else this.#fs.fsync(this.#fd, (err) => finish(err && err.code !== 'EBADF' && err.code !== 'EINVAL' ? err : null));
    };
    const onError = (err) => {
      this.off('drain', onDrain);
      finish(err);
    };
    this.once('drain', onDrain);
    this.once('error', onError);
  }

  #open(file, reopening) {
    this.#opening = true;
    this.#reopening = reopening;
    const flags = this.#append ? 'a' : 'w';
    const mode = this.#mode;
    const folder = this.#mkdir ? require('path').dirname(file) : undefined;
    if (this.#sync) {
      let fd;
      try {
        if (folder !== undefined) this.#fs.mkdirSync(folder, { recursive: true });
        fd = this.#fs.openSync(file, flags, mode);
      } catch (err) {
        this.#openFailed(err);
        throw err;
      }
      this.#opened(file, fd);
      return;
    }
    const open = (err) => {
      if (err) return this.#openFailed(err);
      this.#fs.open(file, flags, mode, (openErr, fd) => {
        if (openErr) this.#openFailed(openErr);
        else this.#opened(file, fd);
      });
    };
    if (folder !== undefined) this.#fs.mkdir(folder, { recursive: true }, open);
    else open(null);
  }

  #openFailed(err) {
    this.#opening = false;
    this.#reopening = false;
    if (!this.#sync) {
      this.emit('error', err);
      return;
    }
    // The caller has it already.
    process.nextTick(() => {
      if (this.listenerCount('error') > 0) this.emit('error', err);
    });
  }

  #opened(file, fd) {
    if (this.#destroyed) {
      // Destroyed during a reopen: the old descriptor is closed already, and nobody wants the new one.
      this.#opening = false;
      this.#fs.close(fd, () => {});
      return;
    }
    this.#fd = fd;
    this.#file = file;
    this.#opening = false;
    if (this.#sync) process.nextTick(() => this.#afterOpen());
    else this.#afterOpen();
  }

  #afterOpen() {
    const reopening = this.#reopening;
    this.#reopening = false;
    this.emit('ready');
    if (this.#destroyed || this.#busy()) return;
    if (this.#length > 0 && (this.#length >= this.#minLength || this.#flushing)) this.#writeNext();
    else if (reopening) this.#scheduleDrain();
  }

  #close() {
    clearInterval(this.#timer);
    if (this.#fd === -1) {
      // A file that could not be opened has nothing to close; one that is being opened will have.
      if (this.#opening) this.once('ready', () => this.destroy());
      else this.#closed(null);
      return;
    }
    this.#destroyed = true;
    this.#closing = true;
    if (!this.#writing) this.#closeFile();
  }

  #closeFile() {
    // A flush that has begun is brought to its end: its callback says that the data are on the disk.
    if (this.#flushes > 0 || !this.#closing) return;
    this.#closing = false;
    const fd = this.#fd;
    const close = () => {
      if (fd === 1 || fd === 2) setImmediate(() => this.#closed(null));
      else this.#fs.close(fd, (err) => this.#closed(err));
    };
    // What cannot be synced (a pipe) is closed all the same.
    if (this.#fsync) close();
    else this.#fs.fsync(fd, close);
  }

  #closed(err) {
    this.#destroyed = true;
    this.#queue = [];
    this.#length = 0;
    if (err) {
      this.emit('error', err);
      return;
    }
    if (this.#ending && !this.#writing) this.emit('finish');
    this.emit('close');
  }

  get mode() {
    return this.#mode;
  }

  get file() {
    return this.#file;
  }

  get fd() {
    return this.#fd;
  }

  get minLength() {
    return this.#minLength;
  }

  get maxLength() {
    return this.#maxLength;
  }

  get writing() {
    return this.#busy();
  }

  get sync() {
    return this.#sync;
  }

  get fsync() {
    return this.#fsync;
  }

  get append() {
    return this.#append;
  }

  get periodicFlush() {
    return this.#periodicFlush;
  }

  get contentMode() {
    return this.#buffers ? 'buffer' : 'utf8';
  }

  get mkdir() {
    return this.#mkdir;
  }
}

module.exports = { Utf8Stream };

'use strict';

// fs.Dir: a directory read entry by entry, in batches of `bufferSize`.

const { closeDir, opendir: opendirNative, readDir } = native;
const {
  codes: { ERR_DIR_CLOSED, ERR_DIR_CONCURRENT_OPERATION, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('shared/errors');
const { validateFunction, validateUint32 } = require('shared/validators');
const { decodeName, toOptions, toPath, wantsBytes } = require('fs/args');
const { Dirent } = require('fs/dirent');
const {
  constants: { UV_DIRENT_DIR },
} = require('fs/constants');

const defaults = Object.freeze({ __proto__: null, encoding: 'utf8', bufferSize: 32 });

class Dir {
  #handle;
  #path;
  #options;
  /** @type {(string | Buffer | number)[]} name, kind ... of entries read but not handed out */
  #entries = [];
  #at = 0;
  #closed = false;
  /** @type {Function[] | null} what waits for the operation under way */
  #queue = null;
  /** @type {string[]} recursive: folders to be read */
  #folders = [];
  #parent;

  constructor(handle, path, options) {
    if (handle == null) throw new ERR_MISSING_ARGS('handle');
    this.#handle = handle;
    this.#path = path;
    this.#parent = path;
    this.#options = toOptions(options, defaults);
    const { bufferSize } = this.#options;
    if (bufferSize !== undefined) validateUint32(bufferSize, 'options.bufferSize', true);
  }

  get path() {
    if (!(#path in this)) throw new ERR_INVALID_THIS('Dir');
    return this.#path;
  }

  #take() {
    const { encoding } = this.#options;
    const name = decodeName(this.#entries[this.#at], encoding);
    const kind = this.#entries[this.#at + 1];
    this.#at += 2;
    const entry = new Dirent(name, kind, this.#parent);
    if (this.#options.recursive && kind === UV_DIRENT_DIR) {
      this.#folders.push(require('path').join(`${this.#parent}`, `${name}`));
    }
    return entry;
  }

  #refill(callback) {
    return readDir(this.#handle, this.#options.bufferSize ?? 32, wantsBytes(this.#options.encoding), callback);
  }

  #settleRead(values) {
    this.#entries = values;
    this.#at = 0;
    return this.#take();
  }

  read(callback) {
    if (callback === undefined)
      return new Promise((resolve, reject) => this.#readThen((e, d) => (e ? reject(e) : resolve(d))));
    validateFunction(callback, 'callback');
    this.#readThen(callback);
  }

  #readThen(callback) {
    if (this.#closed) {
      process.nextTick(callback, new ERR_DIR_CLOSED());
      return;
    }
    if (this.#queue !== null) {
      this.#queue.push(() => this.#readThen(callback));
      return;
    }
    if (this.#at < this.#entries.length) {
      process.nextTick(callback, null, this.#take());
      return;
    }
    this.#queue = [];
    this.#refill((error, values) => this.#refilled(error, values, callback));
  }

  #refilled(error, values, callback) {
    if (!error && values === null && this.#folders.length > 0) {
      this.#nextFolder(callback);
      return;
    }
    const queue = this.#queue;
    this.#queue = null;
    const entry = error || values === null ? null : this.#settleRead(values);
    for (const next of queue) next();
    if (error) callback(error);
    else callback(null, entry);
  }

  /** Recursive: the folder's entries are all handed out, the next folder's follow. */
  #nextFolder(callback) {
    const path = this.#folders.shift();
    closeDir(this.#handle, () => {
      opendirNative(path, (error, handle) => {
        if (error) {
          this.#refilled(error, null, callback);
          return;
        }
        this.#handle = handle;
        this.#parent = path;
        this.#refill((failure, values) => this.#refilled(failure, values, callback));
      });
    });
  }

  readSync() {
    if (this.#closed) throw new ERR_DIR_CLOSED();
    if (this.#queue !== null) throw new ERR_DIR_CONCURRENT_OPERATION();
    if (this.#at < this.#entries.length) return this.#take();
    for (;;) {
      const values = this.#refill(undefined);
      if (values !== null) return this.#settleRead(values);
      if (this.#folders.length === 0) return null;
      const path = this.#folders.shift();
      closeDir(this.#handle);
      this.#handle = opendirNative(path);
      this.#parent = path;
    }
  }

  close(callback) {
    if (callback === undefined) {
      if (this.#closed) return Promise.reject(new ERR_DIR_CLOSED());
      return new Promise((resolve, reject) => this.#closeThen((error) => (error ? reject(error) : resolve())));
    }
    validateFunction(callback, 'callback');
    this.#closeThen(callback);
  }

  #closeThen(callback) {
    if (this.#closed) {
      process.nextTick(callback, new ERR_DIR_CLOSED());
      return;
    }
    if (this.#queue !== null) {
      this.#queue.push(() => this.#closeThen(callback));
      return;
    }
    this.#closed = true;
    closeDir(this.#handle, callback);
  }

  closeSync() {
    if (this.#closed) throw new ERR_DIR_CLOSED();
    if (this.#queue !== null) throw new ERR_DIR_CONCURRENT_OPERATION();
    this.#closed = true;
    closeDir(this.#handle);
  }

  async *entries() {
    try {
      for (;;) {
        const entry = await this.read();
        if (entry === null) break;
        yield entry;
      }
    } finally {
      if (!this.#closed) await this.close();
    }
  }

  [Symbol.dispose]() {
    if (!this.#closed) this.closeSync();
  }

  async [Symbol.asyncDispose]() {
    if (!this.#closed) await this.close();
  }
}

Object.defineProperty(Dir.prototype, Symbol.asyncIterator, {
  __proto__: null,
  value: Dir.prototype.entries,
  writable: true,
  configurable: true,
});

function opendir(path, options, callback) {
  callback = typeof options === 'function' ? options : callback;
  validateFunction(callback, 'callback');
  path = toPath(path);
  options = toOptions(options, defaults);
  checkBufferSize(options);
  opendirNative(path, (error, handle) => {
    if (error) callback(error);
    else callback(null, new Dir(handle, path, options));
  });
}

function checkBufferSize({ bufferSize }) {
  if (bufferSize !== undefined) validateUint32(bufferSize, 'options.bufferSize', true);
}

function opendirSync(path, options) {
  path = toPath(path);
  options = toOptions(options, defaults);
  checkBufferSize(options);
  return new Dir(opendirNative(path), path, options);
}

module.exports = { Dir, opendir, opendirSync };

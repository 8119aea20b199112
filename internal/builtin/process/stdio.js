'use strict';

// process.stdin, stdout and stderr. Output to files, pipes and terminals is written at once, as Node does on Linux: what a
// program printed is out when it ends, however it ends.

const process = require('process/object');
const { writeFd, fdType } = native;

/** @param {number} fd @param {string | Uint8Array} data */
function writeSync(fd, data) {
  writeFd(fd, data);
}

let SyncStream;
function syncStreamClass() {
  if (SyncStream !== undefined) return SyncStream;
  const { Writable } = require('stream');
  SyncStream = class SyncWriteStream extends Writable {
    constructor(fd, type) {
      super({ decodeStrings: false });
      this.fd = fd;
      this._type = type;
      this.readable = false;
    }

    _write(chunk, encoding, callback) {
      try {
        const latinOrUtf8 =
          typeof chunk !== 'string' || encoding === 'utf8' || encoding === 'utf-8' || encoding === undefined;
        writeFd(this.fd, latinOrUtf8 ? chunk : Buffer.from(chunk, encoding));
      } catch (err) {
        callback(err);
        return;
      }
      callback();
    }

    /**
     * The console's way past the stream's queue. False when there is something in it, or when user code has put its own
     * function in the way; nothing is written then. Throws what the write threw.
     * @param {string} text
     */
    writeNow(text) {
      if (
        this.write !== streamWrite ||
        this._write !== fdWrite ||
        this.writableLength !== 0 ||
        this.writableCorked !== 0 ||
        !this.writable
      )
        return false;
      writeFd(this.fd, text);
      return true;
    }
  };
  const streamWrite = Writable.prototype.write;
  const fdWrite = SyncStream.prototype._write;
  return SyncStream;
}

function makeOutput(fd) {
  const type = fdType(fd);
  let stream;
  if (type === 'tty') {
    const tty = require('tty');
    stream = new tty.WriteStream(fd);
    stream._type = 'tty';
  } else {
    stream = new (syncStreamClass())(fd, type === 'file' ? 'fs' : 'pipe');
  }
  stream._isStdio = true;
  // stdout and stderr can't be closed.
  stream.destroySoon = stream.destroy;
  stream._destroy = function (err, cb) {
    cb(err);
    this._undestroy();
    if (!this._writableState.emitClose) process.nextTick(() => this.emit('close'));
  };
  return stream;
}

function makeInput() {
  const type = fdType(0);
  let stream;
  switch (type) {
    case 'tty': {
      const tty = require('tty');
      stream = new tty.ReadStream(0);
      break;
    }
    case 'file': {
      const fs = require('fs');
      stream = new fs.ReadStream(null, { fd: 0, autoClose: false });
      break;
    }
    case 'pipe':
    case 'socket': {
      stream = require('net/stdio').openInput(0);
      stream._type = 'pipe';
      break;
    }
    default: {
      const { Readable } = require('stream');
      stream = new Readable({ read() {} });
      stream.push(null);
    }
  }
  stream.fd = 0;
  return stream;
}

function define(process) {
  const lazy = (name, make) => {
    let value;
    Object.defineProperty(process, name, {
      __proto__: null,
      get() {
        return (value ??= make());
      },
      set(v) {
        value = v;
      },
      configurable: true,
      enumerable: true,
    });
  };
  lazy('stdout', () => makeOutput(1));
  lazy('stderr', () => makeOutput(2));
  lazy('stdin', makeInput);
  process.openStdin = () => {
    process.stdin.resume();
    return process.stdin;
  };
}

module.exports = { writeSync, define };

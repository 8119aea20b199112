'use strict';

// fs.openAsBlob: a Blob over a file, which is read when the Blob is, and must not have changed until then.

const { close, open, read, stat: statNative } = native;
const { Buffer } = require('buffer');
const { validateObject, validateString } = require('shared/validators');
const { toPath } = require('fs/args');
const { BY_PATH, BY_FD } = require('fs/attributes');
const {
  constants: { O_RDONLY },
} = require('fs/constants');

/** A native as a promise. */
function ask(fn, ...args) {
  return new Promise((resolve, reject) => {
    fn(...args, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function changed() {
  const DOMException = require('shared/domexception').DOMException;
  return new DOMException('The blob could not be read', 'NotReadableError');
}

class FileSource {
  constructor(path, stats) {
    this.path = path;
    this.stats = stats;
  }

  /** @returns {Promise<Uint8Array>} */
  async read(start, end) {
    let fd;
    try {
      fd = await ask(open, this.path, O_RDONLY, 0);
    } catch {
      throw changed();
    }
    try {
      const now = await ask(statNative, fd, BY_FD, false);
      const { stats } = this;
      // Size and time of modification are what identifies the content.
      if (now[8] !== stats[8] || now[12] !== stats[12] || now[13] !== stats[13]) throw changed();
      const bytes = Buffer.allocUnsafeSlow(end - start);
      let got = 0;
      while (got < bytes.length) {
        const n = await ask(read, fd, bytes, got, bytes.length - got, start + got);
        if (n === 0) throw changed();
        got += n;
      }
      return bytes;
    } finally {
      await ask(close, fd);
    }
  }
}

/**
 * @param {string | Buffer | URL} path
 * @param {Options & { type?: string }} [options]
 */
function openAsBlob(path, options = { __proto__: null }) {
  validateObject(options, 'options');
  const type = options.type || '';
  validateString(type, 'options.type');
  path = toPath(path);
  return new Promise((resolve, reject) => {
    statNative(path, BY_PATH, false, (error, stats) => {
      if (error) {
        reject(error);
        return;
      }
      const { createFileBlob } = require('buffer/blob');
      resolve(createFileBlob(new FileSource(path, stats), stats[8], type));
    });
  });
}

module.exports = { openAsBlob };

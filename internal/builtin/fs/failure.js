'use strict';

// The errors of the synchronous calls that C++ makes (engine.file*), which answer with a negative errno.

const { errnoMap } = require('shared/errno');

const unknown = ['UNKNOWN', 'unknown error'];

class Given {
  constructor(object) {
    return object;
  }
}

/** Defines fields on an error, not assigning them: Error.prototype may have a setter of the program's. */
class Described extends Given {
  errno;
  code;
  syscall;

  constructor(error, errno, code, syscall) {
    super(error);
    this.errno = errno;
    this.code = code;
    this.syscall = syscall;
  }
}

class DescribedWithPath extends Described {
  path;

  constructor(error, errno, code, syscall, path) {
    super(error, errno, code, syscall);
    this.path = path;
  }
}

/**
 * `ENOENT: no such file or directory, open 'x'`
 * @param {number} errno negative
 * @param {string} syscall
 * @param {string | Uint8Array} [path] as toPath gave it
 */
function messageOf(errno, syscall, path = undefined) {
  const [code, words] = errnoMap().get(errno) ?? unknown;
  return path === undefined ? `${code}: ${words}, ${syscall}` : `${code}: ${words}, ${syscall} '${nameOf(path)}'`;
}

function nameOf(path) {
  return typeof path === 'string' ? path : engine.utf8Slice(path, 0, path.byteLength);
}

/**
 * Completes an error that the function which failed has made with messageOf's text: so its stack, which is most of what
 * an error costs, is captured once and begins there.
 * @param {Error} error
 * @param {number} errno negative
 * @param {string} syscall
 * @param {string | Uint8Array} [path]
 * @returns {any}
 */
function fileError(error, errno, syscall, path = undefined) {
  const [code] = errnoMap().get(errno) ?? unknown;
  return path === undefined
    ? new Described(error, errno, code, syscall)
    : new DescribedWithPath(error, errno, code, syscall, nameOf(path));
}

/** Further below than any errno lie those of the steps that follow open (native_file.cc). */
const LATER = -4096;

module.exports = { LATER, fileError, messageOf };

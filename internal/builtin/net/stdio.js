'use strict';

// Sockets over descriptors that the process was given: pipes and sockets that are its standard input and output, and what
// a child process shares with its parent.

const { Socket } = require('net/socket');
const { Pipe } = require('net/handle');
const { errnoException } = require('shared/errors');

/**
 * A Socket over a pipe's or socket's descriptor. Standard output and error are synchronous there, as in Node.
 * @param {number} fd
 * @param {Options & { readable?: boolean, writable?: boolean, manualStart?: boolean }} [options]
 * @returns {InstanceType<typeof Socket>}
 */
function openFd(fd, options = { __proto__: null }) {
  const { readable = fd === 0, writable = fd !== 0 } = options;
  return new Socket({ ...options, fd, readable, writable });
}

/**
 * A handle over a descriptor, for those who make the stream themselves.
 * @param {number} fd
 * @returns {InstanceType<typeof Pipe>}
 */
function openHandle(fd) {
  const handle = new Pipe();
  const errno = handle.open(fd);
  if (errno !== 0) throw errnoException(errno, 'open');
  return handle;
}

/**
 * process.stdin over a pipe or socket: it reads when somebody wants to, and lets go of the descriptor when paused.
 * @param {number} fd
 * @returns {InstanceType<typeof Socket>}
 */
function openInput(fd) {
  const stdin = openFd(fd, { readable: true, writable: false, manualStart: true });
  stdin.on('pause', onPause);
  return stdin;
}

/** @this {InstanceType<typeof Socket>} */
function onPause() {
  const handle = this._handle;
  if (handle?.reading) {
    this._readableState.reading = false;
    handle.readStop();
  }
}

module.exports = { openHandle, openInput };

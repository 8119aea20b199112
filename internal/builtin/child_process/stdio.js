'use strict';

// The stdio option: what each of a child's descriptors is.

const { codes } = require('shared/errors');
const { inspect } = require('util/inspect');

const IGNORE = -1;
const PIPE = -2;

/**
 * @typedef {object} Stdio
 * @property {'pipe' | 'overlapped' | 'ignore' | 'inherit' | 'fd' | 'wrap' | 'ipc'} type
 * @property {number} [fd]
 * @property {any} [stream] a stream of the program's whose handle the child gets
 * @property {any} [input] bytes or text for the synchronous forms
 */

/** A word for all three standard streams. */
function fromWord(word) {
  switch (word) {
    case 'ignore':
    case 'overlapped':
    case 'pipe':
      return [word, word, word];
    case 'inherit':
      return [0, 1, 2];
    default:
      throw new codes.ERR_INVALID_ARG_VALUE('stdio', word);
  }
}

function handleOf(stream) {
  if (stream === null || typeof stream !== 'object') return undefined;
  for (const candidate of [stream, stream.handle, stream._handle]) {
    if (candidate && typeof candidate.readStop === 'function' && typeof candidate.fd === 'number') return candidate;
  }
  return undefined;
}

function one(value, fd, sync) {
  if (value === null || value === undefined) value = fd < 3 ? 'pipe' : 'ignore';
  switch (value) {
    case 'ignore':
    case 'pipe':
    case 'overlapped':
      return { type: value };
    case 'inherit':
      return { type: 'inherit', fd };
    case 'ipc':
      if (sync) throw new codes.ERR_IPC_SYNC_FORK();
      return { type: 'ipc' };
    default:
  }
  if (typeof value === 'number') return { type: 'fd', fd: value };
  if (typeof value.fd === 'number' && value.fd >= 0 && !handleOf(value)) return { type: 'fd', fd: value.fd };
  const handle = handleOf(value);
  if (handle !== undefined) return { type: 'wrap', fd: handle.fd, handle, stream: value };
  if (ArrayBuffer.isView(value) || typeof value === 'string') {
    if (!sync) throw new codes.ERR_INVALID_SYNC_FORK_INPUT(inspect(value));
    return { type: 'pipe', input: value };
  }
  throw new codes.ERR_INVALID_ARG_VALUE('stdio', value);
}

/**
 * @param {string | any[]} stdio
 * @param {boolean} sync
 * @returns {Stdio[]}
 */
function parse(stdio, sync) {
  if (typeof stdio === 'string') stdio = fromWord(stdio);
  else if (!Array.isArray(stdio)) throw new codes.ERR_INVALID_ARG_VALUE('stdio', stdio);
  while (stdio.length < 3) stdio.push(undefined);
  const list = [];
  let ipc = false;
  for (let fd = 0; fd < stdio.length; fd++) {
    const s = one(stdio[fd], fd, sync);
    if (s.type === 'ipc') {
      if (ipc) throw new codes.ERR_IPC_ONE_PIPE();
      ipc = true;
    }
    list.push(s);
  }
  return list;
}

/** @param {Stdio[]} list @returns {Int32Array} what Go is told of it */
function encode(list) {
  return Int32Array.from(list, (s) => {
    if (s.type === 'pipe' || s.type === 'overlapped') return PIPE;
    return s.type === 'ignore' ? IGNORE : s.fd;
  });
}

module.exports = { parse, encode };

'use strict';

// ChildProcess: a running process and the streams that lead to it.

const { setup, spawn, kill, setRef } = native;
const { getContinuationData, setContinuationData } = engine;
const EventEmitter = require('events');
const { codes, errnoException } = require('shared/errors');
const { validateArray, validateObject, validateOneOf, validateString } = require('shared/validators');
const { signalName, signalNumber } = require('child_process/arguments');
const { asyncId, hooks, newId } = require('async_hooks/ids');
const process = require('process');
const { wanted } = require('diagnostics_channel/wanted');

const EAGAIN = -11;
const EACCES = -13;
const EINVAL = -22;
const EMFILE = -24;
const ENFILE = -23;
const ENOENT = -2;
const ENOSYS = -38;
const ESRCH = -3;

/** @type {Map<number, Process>} running processes by number */
const running = new Map();
let attached = false;

function onExit(id, code, signal) {
  const handle = /** @type {Process & { context: any }} */ (running.get(id));
  running.delete(id);
  handle.id = 0;
  setContinuationData(handle.context);
  const depth = hooks.tracking ? hooks.enter(handle) : 0;
  try {
    handle.onexit(code, signal === 0 ? '' : signalName(signal));
  } finally {
    setContinuationData(undefined);
    if (hooks.tracking) hooks.leave(handle, depth);
  }
}

/** What a ChildProcess holds of the Go half. */
class Process {
  constructor() {
    this.onexit = undefined;
    this.pid = undefined;
    Object.defineProperties(this, {
      id: { __proto__: null, value: 0, writable: true },
      refed: { __proto__: null, value: true, writable: true },
      context: { __proto__: null, value: getContinuationData(), writable: true },
    });
    if (hooks.tracking) hooks.init(this, 'PROCESSWRAP');
  }

  /** @returns {number | number[]} an errno, or the descriptors of our ends of the pipes */
  spawn(options, stdio) {
    if (!attached) {
      attached = true;
      setup(onExit);
    }
    const result = spawn(
      options.file,
      joined(options.args),
      options.cwd,
      joined(options.envPairs),
      stdio,
      options.detached ? 1 : 0,
      options.uid ?? -1,
      options.gid ?? -1,
    );
    if (typeof result === 'number') return result;
    const [id, pid, ...fds] = result;
    this.id = id;
    this.pid = pid;
    running.set(id, this);
    if (!this.refed) setRef(id, false);
    return fds;
  }

  kill(signal) {
    return this.id === 0 ? ESRCH : kill(this.id, signal);
  }

  ref() {
    this.refed = true;
    if (this.id !== 0) setRef(this.id, true);
  }

  unref() {
    this.refed = false;
    if (this.id !== 0) setRef(this.id, false);
  }

  hasRef() {
    return this.refed && this.id !== 0;
  }
  close() {}
  getAsyncId() {
    return (this[asyncId] ??= newId());
  }
}

/** A list as Go reads it: every item is followed by NUL. */
function joined(list) {
  return list === undefined || list.length === 0 ? '' : `${list.join('\0')}\0`;
}

function ChildProcess() {
  EventEmitter.call(this);
  this._closesNeeded = 1;
  this._closesGot = 0;
  this.connected = false;
  this.signalCode = null;
  this.exitCode = null;
  this.killed = false;
  this.spawnfile = null;
  this._handle = new Process();
  this._handle.onexit = (exitCode, signalCode) => ended(this, exitCode, signalCode);
}
Object.setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype);
Object.setPrototypeOf(ChildProcess, EventEmitter);

function ended(child, exitCode, signalCode) {
  if (signalCode) child.signalCode = signalCode;
  else child.exitCode = exitCode;
  child.stdin?.destroy();
  if (child._handle) {
    child._handle.close();
    child._handle = null;
  }
  if (exitCode < 0) {
    const error = errnoException(exitCode, child.spawnfile ? `spawn ${child.spawnfile}` : 'spawn');
    if (child.spawnfile) error.path = child.spawnfile;
    error.spawnargs = child.spawnargs.slice(1);
    child.emit('error', error);
  } else {
    child.emit('exit', child.exitCode, child.signalCode);
  }
  // Streams that nobody reads would keep 'close' from coming. Whoever starts to read them in 'exit' gets the rest.
  process.nextTick(flushStdio, child);
  maybeClose(child);
}

function flushStdio(child) {
  const { stdio } = child;
  if (stdio === undefined) return;
  for (const stream of stdio) {
    if (!stream || !stream.readable || stream[usedAsStdio]) continue;
    if (stream._readableState.readableListening || stream.listenerCount('readable') > 0) stream.read(0);
    else stream.resume();
  }
}

/** A stream whose descriptor another child was given: it is read there. */
const usedAsStdio = Symbol('kIsUsedAsStdio');

function maybeClose(child) {
  child._closesGot++;
  if (child._closesGot === child._closesNeeded) child.emit('close', child.exitCode, child.signalCode);
}

/**
 * @param {{ file: string, args?: string[], envPairs?: string[], cwd?: string, stdio?: any, detached?: boolean,
 *   uid?: number, gid?: number, serialization?: string }} options
 * @returns {number} 0 or a negative errno
 */
ChildProcess.prototype.spawn = function (options) {
  validateObject(options, 'options');
  const { parse, encode } = require('child_process/stdio');
  const stdio = parse(options.stdio || 'pipe', false);
  validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced']);
  if (stdio.some((s) => s.type === 'ipc')) {
    if (options.envPairs !== undefined) validateArray(options.envPairs, 'options.envPairs');
    const { NotYet } = require('shared/later');
    throw new NotYet('child_process: an IPC channel');
  }
  validateString(options.file, 'options.file');
  this.spawnfile = options.file;
  if (options.args === undefined) {
    this.spawnargs = [];
  } else {
    validateArray(options.args, 'options.args');
    this.spawnargs = options.args;
  }
  if (options.envPairs !== undefined) validateArray(options.envPairs, 'options.envPairs');

  const started = this._handle.spawn(options, encode(stdio));
  let fds = started;
  if (typeof started === 'number') {
    switch (started) {
      case EMFILE:
      case ENFILE:
        process.nextTick(failed, this, started);
        return started;
      case EACCES:
      case EAGAIN:
      case ENOENT:
        // The streams exist all the same, and are closed.
        process.nextTick(failed, this, started);
        fds = [];
        break;
      default:
        this._handle.close();
        this._handle = null;
        throw errnoException(started, 'spawn');
    }
  } else {
    this.pid = this._handle.pid;
    process.nextTick(emitSpawn, this);
    if (wanted.childProcess) require('diagnostics_channel').channel('child_process').publish({ process: this });
  }

  let pipe = 0;
  this.stdio = stdio.map((s, i) => {
    if (s.type === 'wrap') lend(s);
    if (s.type !== 'pipe' && s.type !== 'overlapped') return null;
    const stream = makeStream(fds[pipe++], i > 0);
    if (i > 0) {
      this._closesNeeded++;
      stream.on('close', () => maybeClose(this));
    }
    return stream;
  });
  [this.stdin, this.stdout, this.stderr] = this.stdio;
  return typeof started === 'number' ? started : 0;
};

function failed(child, errno) {
  child._handle.onexit(errno, '');
}

function emitSpawn(child) {
  child.emit('spawn');
}

/** @param {number | undefined} fd none: the stream of a process that could not be started */
function makeStream(fd, readable) {
  const { Socket } = require('net/socket');
  if (fd === undefined) {
    const stream = new Socket({ readable });
    stream.destroy();
    return stream;
  }
  const { openHandle } = require('net/stdio');
  return new Socket({ handle: openHandle(fd), readable });
}

/** The program's own stream stops reading what is now the child's. */
function lend({ handle, stream }) {
  handle.reading = false;
  handle.readStop();
  if (typeof stream.pause !== 'function') return;
  stream.pause();
  stream.readableFlowing = false;
  if (stream._readableState) stream._readableState.reading = false;
  stream[usedAsStdio] = true;
}

/**
 * @param {string | number} [signal]
 * @returns {boolean} whether the signal was sent
 */
ChildProcess.prototype.kill = function (signal) {
  const number = signal === 0 ? 0 : signalNumber(signal === undefined ? 'SIGTERM' : signal);
  if (this._handle) {
    const errno = this._handle.kill(number);
    if (errno === 0) {
      this.killed = true;
      return true;
    }
    if (errno === ESRCH) {
      // It has ended already.
    } else if (errno === EINVAL || errno === ENOSYS) {
      throw errnoException(errno, 'kill');
    } else {
      this.emit('error', errnoException(errno, 'kill'));
    }
  }
  return false;
};

ChildProcess.prototype[Symbol.dispose] = function () {
  if (!this.killed) this.kill();
};

ChildProcess.prototype.ref = function () {
  this._handle?.ref();
};

ChildProcess.prototype.unref = function () {
  this._handle?.unref();
};

module.exports = { ChildProcess, joined, codes };

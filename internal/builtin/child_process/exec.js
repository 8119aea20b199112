'use strict';

// exec and execFile: a child whose output is gathered for a callback.

const { AbortError, codes, genericError, getSystemErrorName } = require('shared/errors');
const { validateAbortSignal, validateFunction, validateObject, validateString } = require('shared/validators');
const { checkMaxBuffer, checkTimeout, given, killSignalOf, refuseNul } = require('child_process/arguments');

const defaultMaxBuffer = 1024 * 1024;

/** @returns {{ file: string, options: object, callback: Function | undefined | null }} */
/** @returns {any} the same by name */
function normaliseExec(command, options, callback) {
  validateString(command, 'command');
  refuseNul(command, 'command');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  options = { __proto__: null, ...options };
  options.shell = typeof options.shell === 'string' ? options.shell : true;
  return { file: command, options, callback };
}

/** @returns {{ file: string, args: string[], options: object, callback: Function | undefined | null }} */
/** @returns {any} the same by name */
function normaliseExecFile(file, args, options, callback) {
  if (Array.isArray(args)) {
    args = args.slice();
  } else if (args !== null && typeof args === 'object') {
    callback = options;
    options = args;
    args = null;
  } else if (typeof args === 'function') {
    callback = args;
    options = null;
    args = null;
  }
  args ??= [];
  if (typeof options === 'function') callback = options;
  else if (given(options)) validateObject(options, 'options');
  options = typeof options === 'function' || !given(options) ? {} : options;
  if (given(callback)) validateFunction(callback, 'callback');
  // Messages name the command as the program called it.
  if (given(options.argv0)) {
    validateString(options.argv0, 'options.argv0');
    refuseNul(options.argv0, 'options.argv0');
  }
  return { file, args, options, callback };
}

/** Gathers what a stream brings, up to a limit of characters (or bytes where there is no encoding). */
class Output {
  constructor(stream, name, encoding, limit, onOverflow) {
    this.stream = stream;
    this.name = name;
    this.encoding = encoding;
    this.limit = limit;
    this.onOverflow = onOverflow;
    this.parts = [];
    this.size = 0;
    if (!stream) return;
    if (encoding) stream.setEncoding(encoding);
    stream.on('data', (chunk) => this.take(chunk));
  }

  take(chunk) {
    const text = this.stream.readableEncoding;
    const { length } = chunk;
    this.size += text ? Buffer.byteLength(chunk, text) : length;
    if (this.limit === Infinity || this.size <= this.limit) {
      this.parts.push(chunk);
      return;
    }
    const room = this.limit - (this.size - (text ? Buffer.byteLength(chunk, text) : length));
    this.parts.push(chunk.slice(0, room));
    this.onOverflow(new codes.ERR_CHILD_PROCESS_STDIO_MAXBUFFER(this.name));
  }

  value() {
    if (this.encoding || this.stream?.readableEncoding) return this.parts.join('');
    return this.stream || !this.encoding ? Buffer.concat(this.parts) : '';
  }
}

/**
 * @param {string} file
 * @param {string[] | null} [args]
 * @param {Options | null} [options]
 * @param {Function} [callback] (error, stdout, stderr)
 */
function execFile(file, args, options, callback) {
  ({ file, args, options, callback } = normaliseExecFile(file, args, options, callback));
  options = {
    __proto__: null,
    encoding: 'utf8',
    timeout: 0,
    maxBuffer: defaultMaxBuffer,
    killSignal: 'SIGTERM',
    cwd: null,
    env: null,
    shell: false,
    ...options,
  };
  checkTimeout(options.timeout);
  checkMaxBuffer(options.maxBuffer);
  options.killSignal = killSignalOf(options.killSignal);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');

  const { spawn } = require('child_process');
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    gid: options.gid,
    shell: options.shell,
    signal: options.signal,
    uid: options.uid,
    windowsHide: Boolean(options.windowsHide),
    windowsVerbatimArguments: Boolean(options.windowsVerbatimArguments),
    ...(given(options.argv0) ? { argv0: options.argv0 } : undefined),
  });

  const encoding = options.encoding !== 'buffer' && Buffer.isEncoding(options.encoding) ? options.encoding : null;
  let timer;
  let killed = false;
  let done = false;
  let failure = null;
  const stdout = new Output(child.stdout, 'stdout', encoding, options.maxBuffer ?? Infinity, overflow);
  const stderr = new Output(child.stderr, 'stderr', encoding, options.maxBuffer ?? Infinity, overflow);

  function overflow(error) {
    failure = error;
    kill();
  }

  function kill() {
    child.stdout?.destroy();
    child.stderr?.destroy();
    killed = true;
    try {
      child.kill(options.killSignal);
    } catch (error) {
      if (!failure) failure = error;
      onEnd();
    }
  }

  function onEnd(code, signal) {
    if (done) return;
    done = true;
    if (timer !== undefined) clearTimeout(timer);
    if (!callback) return;
    const out = stdout.value();
    const err = stderr.value();
    if (failure === null && code === 0 && signal === null) {
      callback(null, out, err);
      return;
    }
    let command = file;
    if (args.length > 0) command += ` ${args.join(' ')}`;
    if (failure === null) {
      failure = genericError(`Command failed: ${command}\n${err}`, {
        code: code < 0 ? getSystemErrorName(code) : code,
        killed: child.killed || killed,
        signal,
      });
    }
    failure.cmd = command;
    callback(failure, out, err);
  }

  if (options.timeout > 0) {
    timer = setTimeout(() => {
      timer = undefined;
      kill();
    }, options.timeout);
  }
  child.addListener('close', onEnd);
  child.addListener('error', (error) => {
    failure = error;
    child.stdout?.destroy();
    child.stderr?.destroy();
    onEnd();
  });
  return child;
}

/**
 * @param {string} command for the shell
 * @param {Options} [options]
 * @param {Function} [callback] (error, stdout, stderr)
 */
function exec(command, options, callback) {
  const normal = normaliseExec(command, options, callback);
  return execFile(normal.file, normal.options, normal.callback);
}

/** util.promisify's form: a promise that has the child, too. */
function promised(original) {
  const form = (...args) => {
    const { promise, resolve, reject } = Promise.withResolvers();
    /** @type {any} */ (promise).child = original(...args, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ stdout, stderr });
      } else {
        error.stdout = stdout;
        error.stderr = stderr;
        reject(error);
      }
    });
    return promise;
  };
  Object.defineProperty(form, 'name', { __proto__: null, value: original.name, configurable: true });
  return form;
}

for (const fn of [exec, execFile]) {
  Object.defineProperty(fn, Symbol.for('nodejs.util.promisify.custom'), {
    __proto__: null,
    value: promised(fn),
    enumerable: false,
  });
}

module.exports = { AbortError, exec, execFile, normaliseExec, normaliseExecFile };

'use strict';

// spawnSync, execFileSync and execSync: the program waits until the process has ended.

const { spawnSync: run } = native;
const {
  errnoException,
  genericError,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateAbortSignal } = require('shared/validators');
const { checkMaxBuffer, checkTimeout, killSignalOf, normalise, signalName } = require('child_process/arguments');
const { parse, encode } = require('child_process/stdio');
const { joined } = require('child_process/child');

const defaultMaxBuffer = 1024 * 1024;
const SIGTERM = 15;

/** Bytes to write into a child's stdin. */
function inputOf(value, name, encoding) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return Buffer.from(value, encoding === 'buffer' ? undefined : encoding);
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView', 'string'], value);
}

function start(options, stdio) {
  let readable = 0;
  const inputs = [];
  let pipes = 0;
  stdio.forEach((s, fd) => {
    if (s.type !== 'pipe' && s.type !== 'overlapped') return;
    if (fd > 0) readable |= 1 << pipes;
    inputs.push(inputOf(s.input, fd === 0 ? 'options.input' : `options.stdio[${fd}]`, options.encoding));
    pipes++;
  });
  const result = run(
    options.file,
    joined(options.args),
    options.cwd,
    joined(options.envPairs),
    encode(stdio),
    options.detached ? 1 : 0,
    options.uid ?? -1,
    options.gid ?? -1,
    options.timeout ?? 0,
    Number.isFinite(options.maxBuffer) ? options.maxBuffer : 0,
    options.killSignal ?? SIGTERM,
    readable,
    ...inputs,
  );
  const [pid, code, signal, errno] = result;
  if (pid === 0) return { status: null, signal: null, output: null, pid: 0, error: errno };
  let at = 4;
  const output = stdio.map((s) => (s.type === 'pipe' || s.type === 'overlapped' ? result[at++] : null));
  return {
    status: signal === 0 ? code : null,
    signal: signal === 0 ? null : signalName(signal),
    output,
    pid,
    error: errno,
  };
}

/** @param {Options} options normalised */
function runSync(options) {
  const stdio = parse(options.stdio || 'pipe', true);
  if (options.input !== undefined && options.input !== null) stdio[0] = { type: 'pipe', input: options.input };
  const result = start(options, stdio);
  const { encoding } = options;
  if (result.output !== null && encoding && encoding !== 'buffer') {
    result.output = result.output.map((o) => (o ? o.toString(encoding) : o));
  }
  result.stdout = result.output?.[1];
  result.stderr = result.output?.[2];
  if (result.error !== 0) {
    const error = errnoException(result.error, `spawnSync ${options.file}`);
    error.path = options.file;
    error.spawnargs = options.args.slice(1);
    result.error = error;
  } else {
    delete result.error;
  }
  // The properties in the order in which Node has them.
  const { error, status, signal, output, pid, stdout, stderr } = result;
  return error === undefined
    ? { status, signal, output, pid, stdout, stderr }
    : { error, status, signal, output, pid, stdout, stderr };
}

/**
 * @param {string} file
 * @param {string[]} [args]
 * @param {Options} [options]
 */
function spawnSync(file, args, options) {
  options = { __proto__: null, maxBuffer: defaultMaxBuffer, ...normalise(file, args, options) };
  checkTimeout(options.timeout);
  checkMaxBuffer(options.maxBuffer);
  options.killSignal = killSignalOf(options.killSignal);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return runSync(options);
}

/** What execFileSync and execSync throw. */
function failure(result, args, command) {
  const { error, status } = result;
  if (error) {
    return Object.assign(error, { ...result, error });
  }
  if (status === 0) return undefined;
  let message = `Command failed: ${command ?? args.join(' ')}`;
  if (result.stderr && result.stderr.length > 0) message += `\n${result.stderr.toString()}`;
  return genericError(message, result);
}

function finish(result, showErrors, args, command) {
  if (showErrors && result.stderr) require('process').stderr.write(result.stderr);
  const error = failure(result, args, command);
  if (error) throw error;
  return result.stdout;
}

/**
 * @param {string} file
 * @param {string[]} [args]
 * @param {Options} [options]
 * @returns {Buffer | string} what it wrote to standard output
 */
function execFileSync(file, args, options) {
  const { normaliseExecFile } = require('child_process/exec');
  ({ file, args, options } = normaliseExecFile(file, args, options));
  const result = spawnSync(file, args, options);
  const argv0 = typeof options.argv0 === 'string' ? options.argv0 : file;
  return finish(result, !options.stdio, [argv0, ...args]);
}

/**
 * @param {string} command for the shell
 * @param {Options} [options]
 * @returns {Buffer | string} what it wrote to standard output
 */
function execSync(command, options) {
  const { normaliseExec } = require('child_process/exec');
  const exec = normaliseExec(command, options, null);
  return finish(spawnSync(exec.file, exec.options), !exec.options.stdio, undefined, command);
}

module.exports = { spawnSync, execFileSync, execSync };

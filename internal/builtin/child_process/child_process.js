'use strict';

// node:child_process. Starting one is in child.js, gathering output in exec.js, waiting for it in sync.js.

const { AbortError } = require('shared/errors');
const { validateAbortSignal } = require('shared/validators');
const { later } = require('shared/later');
const { checkTimeout, killSignalOf, normalise } = require('child_process/arguments');
const { ChildProcess } = require('child_process/child');
const { exec, execFile } = require('child_process/exec');
const { execFileSync, execSync, spawnSync } = require('child_process/sync');

const process = require('process');

/**
 * @param {string} file
 * @param {string[]} [args]
 * @param {Options} [options] cwd, env, argv0, stdio, detached, uid, gid, shell, signal, timeout, killSignal ...
 * @returns {InstanceType<typeof ChildProcess>}
 */
function spawn(file, args, options) {
  options = normalise(file, args, options);
  checkTimeout(options.timeout);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  const killSignal = killSignalOf(options.killSignal);
  const child = new ChildProcess();
  child.spawn(options);
  if (options.timeout > 0) killAfter(child, options.timeout, killSignal);
  if (options.signal) killOnAbort(child, options.signal, killSignal);
  return child;
}

function killAfter(child, ms, killSignal) {
  let timer = setTimeout(() => {
    timer = undefined;
    try {
      child.kill(killSignal);
    } catch (error) {
      child.emit('error', error);
    }
  }, ms);
  child.once('exit', () => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
  });
}

function killOnAbort(child, signal, killSignal) {
  function onAbort() {
    abort(child, killSignal, signal.reason);
  }
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  child.once('exit', () => signal.removeEventListener('abort', onAbort));
}

function abort(child, killSignal, reason) {
  try {
    if (child.kill(killSignal)) child.emit('error', new AbortError(undefined, { cause: reason }));
  } catch (error) {
    child.emit('error', error);
  }
}

module.exports = {
  _forkChild: later('child_process._forkChild'),
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  fork: later('child_process.fork'),
  spawn,
  spawnSync,
};

'use strict';

// Rejected promises that nobody handles: 'unhandledRejection', 'rejectionHandled' and what the
// --unhandled-rejections mode says.

const process = require('process/object');
const { setPromiseRejectCallback } = engine;
const { afterDrain, setUncaught } = require('process/ticks');

const REJECTED = 0;
const HANDLED_LATER = 1;
const RESOLVED_AGAIN = 3;
const REJECTED_AGAIN = 2;

/** Rejected since the last look, not handled: promise -> what is known of it. */
let pending = new Map();
/** Promises that have been reported: handled later, they emit 'rejectionHandled'. */
const reported = new WeakMap();
const handledLater = [];
let scheduled = false;
let nextUid = 0;

function schedule() {
  if (scheduled) return;
  scheduled = true;
  afterDrain(look);
}

function onReject(type, promise, reason) {
  switch (type) {
    case REJECTED:
      pending.set(promise, {
        reason,
        uid: ++nextUid,
        context: engine.getContinuationData(),
        domain: process.domain,
      });
      schedule();
      break;
    case HANDLED_LATER: {
      if (pending.delete(promise)) break;
      const info = reported.get(promise);
      if (info !== undefined) {
        reported.delete(promise);
        handledLater.push({ promise, uid: info.uid });
        schedule();
      }
      break;
    }
    case REJECTED_AGAIN:
      if (process.listenerCount('multipleResolves') > 0) process.emit('multipleResolves', 'reject', promise, reason);
      break;
    case RESOLVED_AGAIN:
      if (process.listenerCount('multipleResolves') > 0) process.emit('multipleResolves', 'resolve', promise, reason);
      break;
    default:
  }
}

function look() {
  scheduled = false;
  while (handledLater.length > 0) {
    const { promise, uid } = handledLater.shift();
    if (process.emit('rejectionHandled', promise) || mode() === 'none') continue;
    const warning = new Error(`Promise rejection was handled asynchronously (rejection id: ${uid})`);
    warning.name = 'PromiseRejectionHandledWarning';
    warning.id = uid;
    process.emitWarning(warning);
  }
  const list = pending;
  pending = new Map();
  const iterator = list.entries();
  for (let step = iterator.next(); !step.done; step = iterator.next()) {
    const [promise, info] = step.value;
    reported.set(promise, info);
    const outer = engine.getContinuationData();
    engine.setContinuationData(info.context);
    try {
      act(promise, info);
    } catch (err) {
      // The rest waits for the next look, which the host's return makes.
      for (const [p, i] of iterator) pending.set(p, i);
      if (pending.size > 0) schedule();
      throw err;
    } finally {
      engine.setContinuationData(outer);
    }
  }
  if (pending.size > 0) schedule();
}

let theMode;
function mode() {
  return (theMode ??= require('process/options').flag('--unhandled-rejections') ?? 'throw');
}

function act(promise, info) {
  const { reason, uid } = info;
  switch (mode()) {
    case 'strict': {
      const err = asError(reason);
      throwUncaught(err);
      if (!process.emit('unhandledRejection', reason, promise)) warn(uid, reason);
      return;
    }
    case 'none':
      process.emit('unhandledRejection', reason, promise);
      return;
    case 'warn':
      process.emit('unhandledRejection', reason, promise);
      warn(uid, reason);
      return;
    case 'warn-with-error-codes':
      if (!process.emit('unhandledRejection', reason, promise)) {
        warn(uid, reason);
        process.exitCode = 1;
      }
      return;
    default:
      if (process.emit('unhandledRejection', reason, promise)) return;
      if (info.domain) info.domain.emit('error', reason);
      else throwUncaught(asError(reason));
  }
}

/** What is thrown for a reason that is no error: it has no place of its own, so no stack frames. */
function unhandledError(text) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(
    'This error originated either by throwing inside of an async function without a catch block, or by ' +
      `rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${text}".`,
  );
  Error.stackTraceLimit = stackTraceLimit;
  error.code = 'ERR_UNHANDLED_REJECTION';
  Object.defineProperty(error, 'name', {
    __proto__: null,
    value: 'UnhandledPromiseRejection',
    writable: true,
    enumerable: false,
    configurable: true,
  });
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

/** A value as text, without running the program's code. */
function plainText(value) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'symbol':
      return Symbol.prototype.toString.call(value);
    case 'function':
      return Function.prototype.toString.call(value);
    case 'object':
      if (value === null) return 'null';
      if (engine.isNativeError(value)) {
        try {
          return Error.prototype.toString.call(value);
        } catch {
          return '#<Error>';
        }
      }
      return `#<${engine.getConstructorName(value)}>`;
    default:
      return String(value);
  }
}

function throwUncaught(err) {
  require('process/uncaught').handle(err, undefined, true);
}

function asError(reason) {
  if (engine.isNativeError(reason)) return reason;
  if (reason !== null && typeof reason === 'object' && Object.prototype.hasOwnProperty.call(reason, 'stack'))
    return reason;
  return unhandledError(plainText(reason));
}

function warn(uid, reason) {
  const errorLike = reason !== null && typeof reason === 'object' && Object.hasOwn(reason, 'stack');
  process.emitWarning(errorLike ? `${reason.stack}` : plainText(reason), 'UnhandledPromiseRejectionWarning');
  const warning = new Error(
    'Unhandled promise rejection. This error originated either by throwing inside of an async ' +
      'function without a catch block, or by rejecting a promise which was not handled with .catch(). To terminate the node process ' +
      'on unhandled promise rejection, use the CLI flag `--unhandled-rejections=strict` (see ' +
      `https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). (rejection id: ${uid})`,
  );
  warning.name = 'UnhandledPromiseRejectionWarning';
  if (errorLike) warning.stack = reason.stack;
  process.emitWarning(warning);
}

function install() {
  setPromiseRejectCallback(onReject);
  setUncaught((error) => {
    require('process/uncaught').handle(error, undefined);
  });
}

module.exports = { install };

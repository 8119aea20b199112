'use strict';

// module.register: hooks that run in a thread of their own (hooks_thread.go; their half is module/hooks_worker). import()
// sends what it has to resolve and load, and goes on when the answer comes; require() of an ES module, import.meta.resolve
// and register itself wait for it.

const { hooksAsk, hooksSend, hooksStart } = native;
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('shared/errors');
const { state } = require('module/hooks');

let started = false;

function start() {
  if (started) return;
  started = true;
  hooksStart();
}

function pack(kind, list) {
  try {
    return require('v8').serialize([kind, ...list]);
  } catch (err) {
    const { DOMException } = require('shared/domexception');
    throw new DOMException(err.message, 'DataCloneError');
  }
}

/** What a thread's answer says, or throws. */
function unpack(bytes) {
  const [ok, value, properties] = require('v8').deserialize(bytes);
  if (ok) return value;
  throw properties === undefined ? value : Object.assign(value, properties);
}

/** @returns {any} */
function ask(kind, ...list) {
  return unpack(hooksAsk(pack(kind, list)));
}

/** @returns {Promise<any>} */
function send(kind, ...list) {
  const { promise, resolve, reject } = Promise.withResolvers();
  hooksSend(pack(kind, list), (err, bytes) => {
    try {
      resolve(unpack(bytes));
    } catch (error) {
      reject(error);
    }
  });
  return promise;
}

/**
 * @param {string | URL} specifier
 * @param {string | URL | {parentURL?: string | URL, data?: any, transferList?: any[]}} [parentURL]
 * @param {{parentURL?: string | URL, data?: any, transferList?: any[]}} [options]
 */
function register(specifier, parentURL = undefined, options = undefined) {
  const { isURL } = require('module/urls');
  let settings = options;
  let parent = parentURL;
  if (parent !== null && typeof parent === 'object' && !isURL(parent)) {
    settings = parent;
    parent = settings.parentURL;
  }
  const { data, transferList = [] } = settings ?? {};
  for (const item of transferList) {
    if (item instanceof ArrayBuffer) continue;
    throw new ERR_INVALID_ARG_VALUE('options.transferList', transferList, 'may hold ArrayBuffers only, so far');
  }
  start();
  ask('register', `${specifier}`, parent === undefined ? 'data:' : `${parent}`, data);
  state.thread = true;
  for (const buffer of transferList) buffer.transfer();
}

/** --experimental-loader */
function fromCommandLine(list) {
  const { pathToFileURL } = require('url');
  const here = pathToFileURL(`${process.cwd()}/`).href;
  const calls = list.map((s) => `register(${JSON.stringify(s)}, pathToFileURL("./"));`).join(' ');
  process.emitWarning(
    '`--experimental-loader` may be removed in the future; instead use `register()`:\n' +
      '--import \'data:text/javascript,import { register } from "node:module"; import { pathToFileURL } from "node:url"; ' +
      `${encodeURI(calls)}'`,
    'ExperimentalWarning',
  );
  for (const specifier of list) register(specifier, here);
}

module.exports = { ask, fromCommandLine, register, send };

'use strict';

// v8.promiseHooks: functions called when promises are made, run, have run and are resolved.

const { setPromiseHooks } = engine;
const { watchPromises } = require('process/ticks');
const { validateFunction } = require('shared/validators');

/** Kind -> functions */
const hooks = { init: [], before: [], after: [], settled: [] };

function caller(kind) {
  const list = hooks[kind];
  if (list.length === 0) return undefined;
  return (promise, parent) => {
    for (const fn of [...list]) {
      try {
        fn(promise, parent);
      } catch (error) {
        // Nobody's promise fails for it.
        require('process/uncaught').handle(error, undefined);
      }
    }
  };
}

function update() {
  watchPromises();
  setPromiseHooks(caller('init'), caller('before'), caller('after'), caller('settled'));
}

function add(kind, name, fn) {
  validateFunction(fn, name);
  if (engine.isAsyncFunction(fn)) {
    const { ERR_INVALID_ARG_TYPE } = require('shared/errors').codes;
    throw new ERR_INVALID_ARG_TYPE(name, 'function', fn);
  }
  hooks[kind].push(fn);
  update();
  let on = true;
  return () => {
    if (!on) return;
    on = false;
    hooks[kind].splice(hooks[kind].indexOf(fn), 1);
    update();
  };
}

const onInit = (fn) => add('init', 'initHook', fn);
const onBefore = (fn) => add('before', 'beforeHook', fn);
const onAfter = (fn) => add('after', 'afterHook', fn);
const onSettled = (fn) => add('settled', 'settledHook', fn);

/** @param {Options & { init?: Function, before?: Function, after?: Function, settled?: Function }} [callbacks] */
function createHook({ init, before, after, settled } = { __proto__: null }) {
  const stops = [];
  if (init !== undefined) stops.push(onInit(init));
  if (before !== undefined) stops.push(onBefore(before));
  if (after !== undefined) stops.push(onAfter(after));
  if (settled !== undefined) stops.push(onSettled(settled));
  return () => {
    for (const stop of stops) stop();
  };
}

module.exports = { createHook, onInit, onBefore, onAfter, onSettled };

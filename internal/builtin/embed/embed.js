'use strict';

// What a Go program that embeds hob calls: evaluates, calls functions, wraps Go functions. See package hob at the root.

const { done } = native;

/**
 * Calls fn and reports to Go under `id` when the result, awaited if it is a promise, is there.
 * @param {number} id
 * @param {Function} fn
 * @param {any} self
 * @param {any[]} args
 */
function call(id, fn, self, args) {
  settle(id, Reflect.apply(fn, self, args));
}

function settle(id, value) {
  if (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof value.then === 'function'
  ) {
    Promise.resolve(value).then(
      (v) => done(id, true, v),
      (err) => done(id, false, undefined, describe(err)),
    );
  } else {
    done(id, true, value);
  }
}

/** What Go's hob.Error holds, as JSON, of anything thrown. */
function describe(err) {
  try {
    if (typeof err?.stack !== 'string') return JSON.stringify({ Text: require('util/inspect').inspect(err) });
    const { name, message, code, stack } = err;
    return JSON.stringify({
      Text: stack,
      Name: `${name}`,
      Message: `${message}`,
      Code: code === undefined ? '' : `${code}`,
    });
  } catch {
    return '{"Text":"error"}';
  }
}

/** Runs source as a script, whose declarations later ones see, and reports its value. */
function evaluate(id, source, filename) {
  const { mainLoader } = require('vm/dynamic_import');
  settle(id, require('vm').runInThisContext(source, { filename, importModuleDynamically: mainLoader }));
}

/** import(specifier) as seen from the working directory; reports the namespace. */
function importModule(id, specifier) {
  settle(id, require('module/esm').importModule(specifier, undefined, {}));
}

/** require(specifier) as seen from the working directory. */
function requireModule(id, specifier) {
  const { Module } = require('module/cjs');
  settle(id, Module.createRequire(`${process.cwd()}/`)(specifier));
}

/** JSON of a value, or undefined. */
function json(value) {
  return JSON.stringify(value);
}

function get(object, key) {
  return object[key];
}

/**
 * A JavaScript function for a Go function. `spec` has a letter for each parameter, 'j' where it is handed over as JSON and
 * '-' as it is, then '>' and the result's letter; isAsync: the Go function runs on its own goroutine and a promise is
 * returned.
 */
function wrap(fn, name, spec, isAsync) {
  const [params, result] = spec.split('>');
  const out = result === 'j' ? (text) => (text === undefined ? undefined : JSON.parse(text)) : (v) => v;
  const convert = (args) => {
    const list = args.slice(0, params.length);
    for (let i = 0; i < params.length; i++) {
      if (params[i] === 'j') list[i] = JSON.stringify(args[i]) ?? 'null';
      else if (i >= args.length) list[i] = undefined;
    }
    return list;
  };
  const wrapped = isAsync
    ? {
        [name]: (...args) =>
          new Promise((resolve, reject) => {
            fn(
              (err, value) => {
                if (err) reject(err);
                else resolve(out(value));
              },
              ...convert(args),
            );
          }),
      }[name]
    : { [name]: (...args) => out(fn(...convert(args))) }[name];
  return wrapped;
}

/** Sets a property of the global object. */
function setGlobal(name, value) {
  globalThis[name] = value;
}

/** The embedding program's loader: makes require() and import() work before any main program runs. */
function start() {
  const { Module } = require('module/cjs');
  Module._initPaths();
  require('module/esm').install();
}

module.exports = { call, evaluate, importModule, requireModule, json, get, wrap, setGlobal, start, describe };

'use strict';

// Words an error's stack when it is first read. V8 calls prepareStackTrace (see engine.setPrepareStackTrace) with the
// error and its call sites; a program's own Error.prepareStackTrace goes first. Until installStackTrace has run V8
// words stacks itself and knows nothing of codes: `formatsStacks.now` is false and errors.js does it at construction.

/** Marks prototypes of errors whose header shows their code. */
const codedError = Symbol('codedError');

const formatsStacks = { now: false };

/** Words one call site; set when there are source maps to go by. */
let siteMapper;

/** @param {(site: object) => string} fn */
function setSiteMapper(fn) {
  siteMapper = fn;
}

const errorToString = Error.prototype.toString;

/** @returns {string} the first line(s) of the stack */
function stackHeader(error) {
  try {
    if (typeof error === 'object' && error !== null && error[codedError]) {
      return `${error.name} [${error.code}]: ${error.message}`;
    }
    return Reflect.apply(errorToString, error, []);
  } catch {
    return '<error>';
  }
}

/**
 * @param {any} error
 * @param {object[]} sites
 * @param {typeof globalThis} [realm] global object of the error's context
 */
function prepareStackTrace(error, sites, realm = globalThis) {
  const { Error: RealmError } = realm;
  const own = typeof RealmError === 'function' ? RealmError.prepareStackTrace : undefined;
  if (typeof own === 'function') return Reflect.apply(own, RealmError, [error, sites]);
  let text = stackHeader(error);
  for (let i = 0; i < sites.length; i++)
    text += `\n    at ${siteMapper === undefined ? sites[i] : siteMapper(sites[i])}`;
  return text;
}

/** Called once by the bootstrap, before user code runs. */
function installStackTrace() {
  if (typeof engine.setPrepareStackTrace !== 'function') return;
  engine.setPrepareStackTrace(prepareStackTrace);
  formatsStacks.now = true;
}

module.exports = { codedError, formatsStacks, installStackTrace, prepareStackTrace, setSiteMapper, stackHeader };

'use strict';

// Which ids user code may load as builtin modules, and how.

const { publicIds } = native;

/** Ids that exist only with the "node:" prefix. */
const prefixOnly = new Set(['sea', 'sqlite', 'test', 'test/reporters']);

let ids;

function all() {
  return (ids ??= new Set(publicIds()));
}

/**
 * The id without "node:" when `request` names a builtin that user code may load, else undefined.
 * @param {string} request
 * @returns {string | undefined}
 */
function builtinId(request) {
  if (request.startsWith('node:')) {
    const id = request.slice(5);
    return all().has(id) ? id : undefined;
  }
  return all().has(request) && !prefixOnly.has(request) ? request : undefined;
}

/** Names for module.builtinModules. */
function builtinModules() {
  return [...all()].map((id) => (prefixOnly.has(id) ? `node:${id}` : id));
}

module.exports = { builtinId, builtinModules };

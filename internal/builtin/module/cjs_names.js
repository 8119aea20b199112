'use strict';

// The names that a CommonJS module exports, known without running it, so that ES modules can import them. Reading the
// text is Go's (internal/loader/cjsnames.go); here is the following of what a module exports whole.

const { cjsExports, format, readText } = native;
const { scans } = require('module/graph');

/**
 * @param {string} file
 * @param {string} text
 * @param {Set<string>} [names] added to
 * @param {Set<string>} [seen] files looked at
 * @returns {Set<string>}
 */
function namesOf(file, text, names = new Set(), seen = new Set()) {
  seen.add(file);
  const scan = scans.get(file);
  const [own, whole] = scan === undefined ? cjsExports(text) : [scan[2], scan[3]];
  for (const name of own) names.add(name);
  whole.forEach((request, i) => {
    follow(file, request, scan?.[4][i], names, seen);
  });
  return names;
}

/** @param {string | undefined} found where the request leads, when that is known */
function follow(file, request, found, names, seen) {
  const { Module, lookAt } = require('module/cjs');
  const id = require('module/builtins').builtinId(request);
  if (id !== undefined) {
    for (const k of Object.keys(require(id))) names.add(k);
    return;
  }
  try {
    const target = found || Module._resolveFilename(request, lookAt(file), false);
    if (seen.has(target)) return;
    seen.add(target);
    const [kind] = format(target);
    if (kind === 'module' || kind === 'module-typescript') {
      for (const k of require('module/esm').exportNamesOf(target)) names.add(k);
      return;
    }
    if (kind !== 'json' && kind !== 'addon') namesOf(target, scans.has(target) ? '' : readText(target), names, seen);
  } catch {
    /* what can't be found exports nothing that can be known */
  }
}

module.exports = { namesOf };

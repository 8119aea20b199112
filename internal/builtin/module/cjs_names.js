'use strict';

// The names that a CommonJS module exports, known without running it, so that ES modules can import them. Reading the
// text is Go's (internal/loader/cjsnames.go); here is the following of what a module exports whole.

const { cjsExports, format, readText } = native;

/**
 * @param {string} file
 * @param {string} text
 * @param {Set<string>} [names] added to
 * @param {Set<string>} [seen] files looked at
 * @returns {Set<string>}
 */
function namesOf(file, text, names = new Set(), seen = new Set()) {
  seen.add(file);
  const [own, whole] = cjsExports(text);
  for (const name of own) names.add(name);
  for (const request of whole) follow(file, request, names, seen);
  return names;
}

function follow(file, request, names, seen) {
  const { Module, lookAt } = require('module/cjs');
  const id = require('module/builtins').builtinId(request);
  if (id !== undefined) {
    for (const k of Object.keys(require(id))) names.add(k);
    return;
  }
  try {
    const m = lookAt(file);
    const target = Module._resolveFilename(request, m, false);
    if (seen.has(target)) return;
    seen.add(target);
    const [kind] = format(target);
    if (kind === 'module' || kind === 'module-typescript') {
      for (const k of require('module/esm').exportNamesOf(target)) names.add(k);
      return;
    }
    if (kind !== 'json' && kind !== 'addon') namesOf(target, readText(target), names, seen);
  } catch {
    /* what can't be found exports nothing that can be known */
  }
}

module.exports = { namesOf };

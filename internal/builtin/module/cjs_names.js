'use strict';

// The names that a CommonJS module exports, guessed from its text without running it, so that ES modules can import them.

const ASSIGN = /(?:^|[^\w$.])(?:module\.)?exports(?:\.([A-Za-z_$][\w$]*)|\[\s*['"]([^'"\\]+)['"]\s*\])\s*=(?!=)/g;
const DEFINE = /Object\.defineProperty\(\s*(?:module\.)?exports\s*,\s*['"]([^'"\\]+)['"]/g;
const LITERAL = /module\.exports\s*=\s*\{([^}]*)/g;
const REEXPORT = /module\.exports\s*=\s*require\(\s*['"]([^'"\\]+)['"]\s*\)|__exportStar\(\s*require\(\s*['"]([^'"\\]+)['"]\s*\)|__export\(\s*require\(\s*['"]([^'"\\]+)['"]\s*\)/g;
const KEY = /^\s*(?:\.\.\.require\(\s*['"]([^'"\\]+)['"]\s*\)|([A-Za-z_$][\w$]*)|['"]([^'"\\]+)['"])\s*(?=[,:(]|$)/;

const { readText, format } = native;

/**
 * @param {string} file
 * @param {string} text
 * @param {Set<string>} [names]
 * @param {Set<string>} [seen] files looked at
 * @returns {Set<string>}
 */
function namesOf(file, text, names = new Set(), seen = new Set()) {
  seen.add(file);
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1');
  for (const m of code.matchAll(ASSIGN)) names.add(m[1] ?? m[2]);
  for (const m of code.matchAll(DEFINE)) names.add(m[1]);
  for (const m of code.matchAll(LITERAL)) {
    for (const part of m[1].split(',')) {
      const key = KEY.exec(part);
      if (key === null) break;
      if (key[1] !== undefined) follow(file, key[1], names, seen);
      else names.add(key[2] ?? key[3]);
      if (part.includes(':') && !/^\s*[\w$'"]+\s*:\s*[\w$.]+\s*$/.test(part)) break;
    }
  }
  for (const m of code.matchAll(REEXPORT)) follow(file, m[1] ?? m[2] ?? m[3], names, seen);
  return names;
}

function follow(file, request, names, seen) {
  const { Module } = require('module/cjs');
  const { builtinId } = require('module/builtins');
  const id = builtinId(request);
  if (id !== undefined) {
    for (const k of Object.keys(require(id))) names.add(k);
    return;
  }
  try {
    const m = new Module(file);
    m.filename = file;
    m.paths = Module._nodeModulePaths(m.path);
    const target = Module._resolveFilename(request, m, false);
    if (seen.has(target) || !/\.c?js$/.test(target) || format(target)[0] === 'module') return;
    namesOf(target, readText(target), names, seen);
  } catch { /* what can't be found exports nothing that can be known */ }
}

module.exports = { namesOf };

'use strict';

// What both flavours of path do alike with a last segment and its extension.
const { validateObject } = require('shared/validators');
const { charCodeAt } = require('shared/text');

const DOT = 46;

/** Where the extension of the segment path[start, end) begins; its end when it has none. */
function extensionAt(path, start, end) {
  let dot = end - 1;
  while (dot > start && charCodeAt(path, dot) !== DOT) dot--;
  // A dot in front begins a name, and '..' is one.
  if (dot <= start || (dot === start + 1 && end - start === 2 && charCodeAt(path, start) === DOT)) return end;
  return dot;
}

function formatWith(sep, pathObject) {
  validateObject(pathObject, 'pathObject');
  const dir = pathObject.dir || pathObject.root;
  let base = pathObject.base;
  if (!base) {
    const ext = pathObject.ext;
    base = `${pathObject.name || ''}${ext ? (ext[0] === '.' ? ext : `.${ext}`) : ''}`;
  }
  if (!dir) return base;
  return dir === pathObject.root ? `${dir}${base}` : `${dir}${sep}${base}`;
}

module.exports = { extensionAt, formatWith };

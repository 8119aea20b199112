'use strict';

// What both flavours of path do alike with a last segment and its extension.
const { validateObject } = require('shared/validators');

const DOT = 46;

/** Where the extension of `base` begins; its length when it has none. */
function extensionAt(base) {
  const dot = base.lastIndexOf('.');
  if (dot <= 0 || (dot === 1 && base.length === 2 && base.charCodeAt(0) === DOT)) return base.length;
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

'use strict';

// module.enableCompileCache: V8's code cache of CommonJS modules in a folder, by the hash of the text. Written when the
// program ends, or by flushCompileCache.

const { codeCache, cachedDataVersionTag } = engine;
const { validateString } = require('shared/validators');

const compileCacheStatus = Object.freeze({ __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 });

let folder;
/** file -> [name in the cache, function] */
const wanted = new Map();

function nameOf(filename, content) {
  const { createHash } = require('crypto');
  return createHash('sha256').update(filename).update('\0').update(content).digest('hex').slice(0, 32);
}

/**
 * @param {string | {directory?: string, portable?: boolean}} [options]
 * @returns {{__proto__: null, status: number, message?: string, directory?: string}}
 */
function enableCompileCache(options) {
  const path = require('path');
  const fs = require('fs');
  let directory = typeof options === 'object' && options !== null ? options.directory : options;
  if (directory !== undefined) validateString(directory, 'cacheDir');
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) {
    return { __proto__: null, status: compileCacheStatus.DISABLED, message: 'Disabled by NODE_DISABLE_COMPILE_CACHE' };
  }
  if (folder !== undefined) return { __proto__: null, status: compileCacheStatus.ALREADY_ENABLED, directory: folder };
  directory ??= NODE_COMPILE_CACHE || path.join(require('os').tmpdir(), 'node-compile-cache');
  const full = path.join(
    path.resolve(directory),
    `${process.version}-${process.arch}-${cachedDataVersionTag().toString(16)}-${process.getuid?.() ?? 0}`,
  );
  try {
    fs.mkdirSync(full, { recursive: true });
  } catch (err) {
    return {
      __proto__: null,
      status: compileCacheStatus.FAILED,
      message: `Cannot create cache directory: ${err.message}`,
    };
  }
  folder = full;
  const { compileCache } = require('module/cjs');
  compileCache.read = (filename, content) => {
    try {
      return fs.readFileSync(path.join(folder, nameOf(filename, content)));
    } catch {
      return undefined;
    }
  };
  compileCache.want = (filename, content, fn) => {
    wanted.set(filename, [nameOf(filename, content), fn]);
  };
  process.on('exit', flushCompileCache);
  return { __proto__: null, status: compileCacheStatus.ENABLED, directory: folder };
}

function getCompileCacheDir() {
  return folder;
}

function flushCompileCache() {
  if (folder === undefined) return;
  const path = require('path');
  const fs = require('fs');
  for (const [name, fn] of wanted.values()) {
    const data = codeCache(fn);
    if (data === undefined) continue;
    const file = path.join(folder, name);
    const temporary = `${file}.${process.pid}`;
    try {
      fs.writeFileSync(temporary, data);
      fs.renameSync(temporary, file);
    } catch {
      /* a cache that can't be written is none */
    }
  }
  wanted.clear();
}

module.exports = { compileCacheStatus, enableCompileCache, flushCompileCache, getCompileCacheDir };

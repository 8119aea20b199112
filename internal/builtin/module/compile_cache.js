'use strict';

// module.enableCompileCache: V8's code cache of CommonJS and ES modules in a folder, by name, and valid for one text. Read
// when a module is compiled, written when the program ends, or by flushCompileCache: by then it holds the functions that
// have run, too.

const { cacheRead, cacheWrite } = native;
const { cachedDataVersionTag, codeCache, moduleCodeCache } = engine;
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');

const compileCacheStatus = Object.freeze({ __proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 });

let folder;
/** Names are relative to the folder, so that both can move together. */
let portable = false;
/** kind, NUL, name -> Entry */
const entries = new Map();
let talks;

/** NODE_DEBUG_NATIVE=COMPILE_CACHE */
function debug(text) {
  talks ??= /(?:^|,)\s*COMPILE_CACHE\s*(?:,|$)/i.test(process.env.NODE_DEBUG_NATIVE ?? '');
  if (talks) require('process/stdio').writeSync(2, `[compile cache] ${text}\n`);
}

/** One text that is compiled. */
class Entry {
  constructor(kind, name, text) {
    this.kind = kind;
    this.name = name;
    this.text = text;
    const [file, data, what] = cacheRead(folder, kind, portable ? relative(name) : name, text);
    this.file = file;
    /** what to compile with */
    this.data = data;
    /** the function, or the number of the module */
    this.code = undefined;
    this.kept = false;
    debug(`reading cache from ${file} for ${kind} ${name}...${what}`);
  }

  compiled(code) {
    this.kept = this.data !== undefined;
    if (this.kept) this.text = '';
    else this.code = code;
    debug(
      this.kept
        ? `V8 code cache for ${this.kind} ${this.name} was accepted, keeping the in-memory entry`
        : `V8 code cache for ${this.kind} ${this.name} was not initialized, initializing the in-memory entry`,
    );
    this.data = undefined;
  }

  write() {
    const subject = `${this.kind} ${this.name}`;
    if (this.kept) return debug(`skip persisting ${subject} because cache was the same`);
    if (this.code === undefined) return debug(`skip persisting ${subject} because the cache was not initialized`);
    const data = this.kind === 'ESM' ? moduleCodeCache(this.code) : codeCache(this.code);
    if (data === undefined) return undefined;
    const [temporary, why] = cacheWrite(this.file, this.text, data);
    debug(`writing cache for ${subject} to temporary file ${temporary}...${why === '' ? 'success' : why}`);
    if (why === '') debug(`Renaming ${temporary} to ${this.file}...success`);
    this.kept = true;
    this.text = '';
    this.code = undefined;
    return undefined;
  }
}

function relative(name) {
  const file = name.startsWith('file:') ? require('url').fileURLToPath(name) : name;
  return require('path').relative(folder, file);
}

/** @param {'CommonJS' | 'ESM'} kind @param {string} name @param {string} text */
function look(kind, name, text) {
  if (kind === 'ESM' && !name.startsWith('file:')) return undefined;
  const entry = new Entry(kind, name, text);
  entries.set(`${kind}\0${name}`, entry);
  return entry;
}

function failed(message) {
  debug(message);
  return { __proto__: null, status: compileCacheStatus.FAILED, message };
}

/**
 * @param {string | {directory?: string, portable?: boolean}} [options]
 * @returns {any} {status, message, directory}
 */
function enableCompileCache(options) {
  let directory = options;
  let moves = process.env.NODE_COMPILE_CACHE_PORTABLE === '1';
  if (typeof options === 'object' && options !== null) {
    directory = options.directory;
    if (options.portable !== undefined) moves = options.portable;
  }
  if (directory !== undefined && typeof directory !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('cacheDir', 'string', directory);
  }
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) {
    const message = 'Disabled by NODE_DISABLE_COMPILE_CACHE';
    debug(message);
    return { __proto__: null, status: compileCacheStatus.DISABLED, message };
  }
  if (folder !== undefined) return { __proto__: null, status: compileCacheStatus.ALREADY_ENABLED, directory: folder };
  const path = require('path');
  const given = directory || NODE_COMPILE_CACHE || path.join(require('os').tmpdir(), 'node-compile-cache');
  const tag = `${process.version}-${process.arch}-${cachedDataVersionTag().toString(16)}-${process.getuid?.() ?? 0}`;
  const full = path.join(path.resolve(given), tag);
  debug(`resolved path ${given} + ${tag} -> ${full}`);
  try {
    require('fs').mkdirSync(full, { recursive: true });
  } catch (err) {
    return failed(`Cannot create cache directory: ${err.message}`);
  }
  debug(`creating cache directory ${full}...success`);
  folder = full;
  portable = moves;
  require('module/cjs').compileCache.look = look;
  process.on('exit', persist);
  return { __proto__: null, status: compileCacheStatus.ENABLED, directory: folder };
}

function getCompileCacheDir() {
  return folder;
}

function persist() {
  for (const entry of entries.values()) entry.write();
}

function flushCompileCache() {
  if (folder === undefined) return;
  persist();
  debug('module.flushCompileCache() finished.');
}

module.exports = { compileCacheStatus, enableCompileCache, flushCompileCache, getCompileCacheDir };

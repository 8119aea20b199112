'use strict';

// fs.glob, globSync and fs.promises.glob. A pattern is cut into segments; the walk goes from folder to folder with what is
// left of it. It is a generator that yields paths and, as functions, the look-ups it needs: here or on the pool.

const { kindOf, readdir } = native;
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateFunction, validateObject, validateString, validateStringArray } = require('shared/validators');
const { basename, dirname, join, resolve } = require('path');
const { compile, expandBraces } = require('path/glob');
const { toPath } = require('fs/args');
const { LINK, BY_PATH } = require('fs/attributes');
const { Dirent } = require('fs/dirent');
const { constants } = require('fs/constants');

const { S_IFMT, S_IFDIR, S_IFLNK, UV_DIRENT_DIR, UV_DIRENT_LINK } = constants;

const GLOBSTAR = Symbol('**');
const PARENT = Symbol('..');
/** At the end: what matched must be a folder. */
const FOLDER = Symbol('/');

const magic = /[*?[]|[@+!]\(/;

/**
 * @param {string} pattern without braces
 * @returns {{ start: string, segments: (string | symbol | RegExp)[] }}
 */
function parsePattern(pattern) {
  /** @type {any[] & { rooted?: boolean }} */
  const segments = [];
  const absolute = pattern.startsWith('/');
  // A globstar that comes first does not go through symbolic links, a later one goes through one.
  let first = true;
  for (const part of pattern.split(/\/+/)) {
    if (part === '' || part === '.') {
      if (part === '.') first = false;
      continue;
    }
    if (part === '..') segments.push(PARENT);
    else if (part !== '**') segments.push(magic.test(part) ? compile(part) : part.replace(/\\(.)/g, '$1'));
    else if (segments.at(-1) !== GLOBSTAR) segments.push(GLOBSTAR);
    if (segments.length === 1 && part === '**' && first) segments.rooted = true;
  }
  if (pattern.endsWith('/') && segments.length > 0) segments.push(FOLDER);
  return { start: absolute ? '/' : '', segments };
}

/** A pattern for exclude without its `.` and `x/..`. */
function simplified(pattern) {
  const out = [];
  for (const part of pattern.split('/')) {
    if (part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..' && out.at(-1) !== '**' && out.at(-1) !== '') out.pop();
    else out.push(part);
  }
  return out.join('/');
}

class Walk {
  constructor(patterns, options = { __proto__: null }) {
    validateObject(options, 'options');
    const { cwd, exclude, withFileTypes } = options;
    if (Array.isArray(patterns)) validateStringArray(patterns, 'patterns');
    else validateString(patterns, 'patterns');
    this.cwd = cwd == null ? '.' : toPath(cwd, 'options.cwd');
    this.withFileTypes = !!withFileTypes;
    this.exclude = undefined;
    if (exclude != null) {
      if (Array.isArray(exclude)) {
        validateStringArray(exclude, 'options.exclude');
        this.exclude = exclude.map((one) => compile(simplified(one)));
      } else if (typeof exclude === 'function') {
        this.exclude = exclude;
      } else {
        throw new ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
      }
    }
    this.patterns = (Array.isArray(patterns) ? patterns : [patterns])
      .flatMap(expandBraces)
      .filter((p) => p !== '')
      .map(parsePattern);
    this.folders = new Map();
    this.found = new Set();
    this.seen = new Set();
  }

  full(path) {
    return path === '' ? `${this.cwd}` : resolve(`${this.cwd}`, path);
  }

  /** The kind bits of a path's mode; negative when it is not there. */
  kind(path, how) {
    const full = this.full(path);
    return (callback) => kindOf(full, how, callback);
  }

  /** name, kind, name, kind ... of a folder; empty when it is none. */
  *list(path) {
    let entries = this.folders.get(path);
    if (entries === undefined) {
      try {
        const [names, kinds] = yield (callback) => readdir(this.full(path), false, true, false, false, callback);
        entries = { names: names === '' ? [] : names.split('\0'), kinds };
      } catch {
        entries = { names: [], kinds: '' };
      }
      this.folders.set(path, entries);
    }
    return entries;
  }

  direntOf(path) {
    const full = this.full(path);
    return (function* dirent(self) {
      const mode = yield (callback) => kindOf(full, LINK, callback);
      const name = path === '' ? '.' : basename(path);
      const parent = path === '' ? `${self.cwd}` : dirname(join(`${self.cwd}`, path));
      return new Dirent(name, kindOfMode(mode), path.startsWith('/') ? dirname(path) : parent);
    })(this);
  }

  *excludes(path) {
    const { exclude } = this;
    if (exclude === undefined || path === '') return false;
    if (typeof exclude === 'function') {
      const subject = this.withFileTypes ? yield* this.direntOf(path) : path;
      if (exclude(subject)) return true;
      return !this.withFileTypes && basename(path) !== path && exclude(basename(path)) === true;
    }
    return exclude.some((one) => one.test(path) || one.test(`${path}/`));
  }

  /** Yields { path } for each match, functions for look-ups. */
  *run() {
    for (let i = 0; i < this.patterns.length; i++) {
      const { start, segments } = this.patterns[i];
      if (segments.length > 0) yield* this.walk(start, segments, 0, i);
    }
  }

  *add(path) {
    if (this.found.has(path)) return;
    this.found.add(path);
    yield { match: this.withFileTypes ? yield* this.direntOf(path) : path === '' ? '.' : path };
  }

  *walk(path, segments, at, id) {
    const key = `${id}:${at}:${path}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (yield* this.excludes(path)) return;
    if (at === segments.length) {
      yield* this.add(path);
      return;
    }
    const segment = segments[at];
    if (segment === FOLDER) {
      if (((yield this.kind(path, BY_PATH)) & S_IFMT) === S_IFDIR) yield* this.add(path);
    } else if (segment === PARENT) {
      if (((yield this.kind(path, BY_PATH)) & S_IFMT) === S_IFDIR) {
        yield* this.walk(trimmed(join(path, '..')), segments, at + 1, id);
      }
    } else if (typeof segment === 'string') {
      const child = join(path, segment);
      if ((yield this.kind(child, LINK)) >= 0) yield* this.walk(child, segments, at + 1, id);
    } else if (segment === GLOBSTAR) {
      yield* this.walkAll(path, segments, at, id);
    } else {
      const { names } = yield* this.list(path);
      for (let i = 0; i < names.length; i++) {
        if (segment.test(names[i])) yield* this.walk(join(path, names[i]), segments, at + 1, id);
      }
    }
  }

  *walkAll(path, segments, at, id) {
    yield* this.walk(path, segments, at + 1, id);
    const last = at + 1 === segments.length;
    const { names, kinds } = yield* this.list(path);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const kind = kinds.charCodeAt(i);
      if (name.startsWith('.')) continue;
      const child = join(path, name);
      if (kind === UV_DIRENT_DIR) {
        yield* this.walk(child, segments, at, id);
      } else if (last || (kind === UV_DIRENT_LINK && (segments[at + 1] === FOLDER || !(at === 0 && segments.rooted)))) {
        yield* this.walk(child, segments, at + 1, id);
      }
    }
  }
}

function trimmed(path) {
  return path === '.' ? '' : path;
}

function kindOfMode(mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return UV_DIRENT_DIR;
    case S_IFLNK:
      return UV_DIRENT_LINK;
    case constants.S_IFREG:
      return constants.UV_DIRENT_FILE;
    case constants.S_IFIFO:
      return constants.UV_DIRENT_FIFO;
    case constants.S_IFSOCK:
      return constants.UV_DIRENT_SOCKET;
    case constants.S_IFCHR:
      return constants.UV_DIRENT_CHAR;
    case constants.S_IFBLK:
      return constants.UV_DIRENT_BLOCK;
    default:
      return constants.UV_DIRENT_UNKNOWN;
  }
}

function globSync(pattern, options) {
  const steps = new Walk(pattern, options).run();
  const matches = [];
  let step = steps.next();
  while (!step.done) {
    if (typeof step.value !== 'function') {
      matches.push(step.value.match);
      step = steps.next();
      continue;
    }
    let answer;
    try {
      answer = step.value(undefined);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(answer);
  }
  return matches;
}

/** @returns {AsyncGenerator<any>} */
function globIterator(pattern, options) {
  return iterate(new Walk(pattern, options));
}

async function* iterate(walk) {
  const steps = walk.run();
  let step = steps.next();
  while (!step.done) {
    const { value } = step;
    if (typeof value !== 'function') {
      yield value.match;
      step = steps.next();
      continue;
    }
    let answer;
    try {
      answer = await new Promise((done, reject) => {
        value((error, result) => (error ? reject(error) : done(result)));
      });
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(answer);
  }
}

async function gather(iterator) {
  const list = [];
  for await (const item of iterator) list.push(item);
  return list;
}

function glob(pattern, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'cb');
  // On the next tick, so that what the callback throws is an uncaught exception, not a rejection.
  gather(globIterator(pattern, options)).then(
    (list) => process.nextTick(callback, null, list),
    (error) => process.nextTick(callback, error),
  );
}

module.exports = { glob, globIterator, globSync };

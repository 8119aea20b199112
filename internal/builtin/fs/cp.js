'use strict';

// fs.cp, cpSync and fs.promises.cp. The algorithm is a generator that yields what is to be done; one driver does it here,
// the other on the pool.

const { chmod, copyFile, mkdir, mkdirp, readdir, readlink, stat: statNative, symlink, unlink, utimes } = native;
const { Buffer } = require('buffer');
const { dirname, isAbsolute, join, parse, resolve, sep } = require('path');
const { codes, fromNative } = require('shared/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('shared/validators');
const { BY_PATH, LINK } = require('fs/attributes');
const { toCallback, toPath } = require('fs/args');
const { constants } = require('fs/constants');

const { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } = constants;

const EEXIST = 17;
const ENOTDIR = 20;
const EISDIR = 21;
const EINVAL = 22;

const defaults = {
  __proto__: null,
  dereference: false,
  errorOnExist: false,
  filter: undefined,
  force: true,
  mode: 0,
  preserveTimestamps: false,
  recursive: false,
  verbatimSymlinks: false,
};

function cpOptions(options) {
  if (options === undefined) return defaults;
  validateObject(options, 'options');
  options = { ...defaults, ...options };
  for (const name of ['dereference', 'errorOnExist', 'force', 'preserveTimestamps', 'recursive', 'verbatimSymlinks']) {
    validateBoolean(options[name], `options.${name}`);
  }
  if (options.mode == null) options.mode = 0;
  validateInteger(options.mode, 'mode', 0, 7);
  if (options.dereference && options.verbatimSymlinks) {
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('dereference', 'verbatimSymlinks');
  }
  if (options.filter !== undefined) validateFunction(options.filter, 'options.filter');
  return options;
}

/** Node words these errors differently when they are thrown and when they are handed to a callback. */
function refuse(context, code, errno, path, message) {
  if (context.sync) throw fromNative(0, code, message[0].toUpperCase() + message.slice(1));
  throw new codes[code]({ message, path, syscall: 'cp', errno, code: errnoNames[errno] });
}
const errnoNames = { [EEXIST]: 'EEXIST', [ENOTDIR]: 'ENOTDIR', [EISDIR]: 'EISDIR', [EINVAL]: 'EINVAL' };

// --- what the generator yields: functions that take a callback or, without one, do it at once
const statOp = (path, kind) => (callback) => statNative(path, kind, true, callback);

/** The numbers of stat, as BigInts; null when there is no such file. */
function* statOrNull(path, kind) {
  try {
    return yield statOp(path, kind);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

const kindOf = (stats) => Number(stats[1]) & S_IFMT;
const isFolder = (stats) => kindOf(stats) === S_IFDIR;
const isSame = (a, b) => a[7] === b[7] && a[0] === b[0] && a[7] !== 0n;
const seconds = (whole, nanoseconds) => Number(whole) + Number(nanoseconds) / 1e9;

function isInside(parent, path) {
  const above = resolve(parent).split(sep).filter(Boolean);
  const parts = resolve(path).split(sep).filter(Boolean);
  return above.every((part, i) => parts[i] === part);
}

function asks(context, src, dest) {
  const { filter } = context.options;
  return (callback) => {
    if (callback === undefined) {
      const answer = filter(src, dest);
      if (answer !== null && typeof answer === 'object' && typeof answer.then === 'function') {
        throw new codes.ERR_INVALID_RETURN_VALUE('boolean', 'filter', answer);
      }
      return answer;
    }
    new Promise((done) => done(filter(src, dest))).then((answer) => callback(null, answer), callback);
  };
}

/** The stats of both ends, once they are known to go together. */
function* checkEnds(context, src, dest) {
  const kind = context.options.dereference ? BY_PATH : LINK;
  const from = yield statOp(src, kind);
  const to = yield* statOrNull(dest, kind);
  if (to !== null) {
    if (isSame(from, to)) refuse(context, 'ERR_FS_CP_EINVAL', EINVAL, dest, sameWords(context, dest));
    if (isFolder(from) && !isFolder(to)) {
      refuse(
        context,
        'ERR_FS_CP_DIR_TO_NON_DIR',
        EISDIR,
        dest,
        `cannot overwrite non-directory ${dest} with directory ${src}`,
      );
    }
    if (!isFolder(from) && isFolder(to)) {
      refuse(
        context,
        'ERR_FS_CP_NON_DIR_TO_DIR',
        ENOTDIR,
        dest,
        `cannot overwrite directory ${dest} with non-directory ${src}`,
      );
    }
  }
  if (isFolder(from) && isInside(src, dest)) {
    refuse(context, 'ERR_FS_CP_EINVAL', EINVAL, dest, `cannot copy ${src} to a subdirectory of self ${dest}`);
  }
  return [from, to];
}

function sameWords(context, dest) {
  return context.sync ? `src and dest cannot be the same ${dest}` : 'src and dest cannot be the same';
}

/** No parent of dest may be src, by whatever name. */
function* checkParents(context, src, from, dest) {
  const srcParent = resolve(dirname(src));
  for (
    let parent = resolve(dirname(dest));
    parent !== srcParent && parent !== parse(parent).root;
    parent = dirname(parent)
  ) {
    const stats = yield* statOrNull(parent, BY_PATH);
    if (stats !== null && isSame(from, stats)) {
      refuse(context, 'ERR_FS_CP_EINVAL', EINVAL, dest, `cannot copy ${src} to a subdirectory of self ${dest}`);
    }
  }
}

function* copyRoot(context, src, dest) {
  if (context.options.filter && !(yield asks(context, src, dest))) return;
  const [from, to] = yield* checkEnds(context, src, dest);
  yield* checkParents(context, src, from, dest);
  if (to === null) yield (callback) => mkdirp(dirname(dest), 0o777, callback);
  yield* copyAny(context, src, from, dest, to);
}

function* copyAny(context, src, from, dest, to) {
  switch (kindOf(from)) {
    case S_IFDIR:
      if (!context.options.recursive) {
        if (context.sync) {
          throw fromNative(0, 'ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${src}`);
        }
        throw new codes.ERR_FS_EISDIR({
          message: `${src} is a directory (not copied)`,
          path: src,
          syscall: 'cp',
          errno: EISDIR,
          code: 'EISDIR',
        });
      }
      yield* copyFolder(context, src, from, dest, to);
      break;
    case S_IFREG:
    case S_IFCHR:
    case S_IFBLK:
      yield* copyOne(context, src, from, dest, to);
      break;
    case S_IFLNK:
      yield* copyLink(context, src, dest, to);
      break;
    case S_IFSOCK:
      refuse(context, 'ERR_FS_CP_SOCKET', EINVAL, dest, `cannot copy a socket file: ${dest}`);
      break;
    case S_IFIFO:
      refuse(context, 'ERR_FS_CP_FIFO_PIPE', EINVAL, dest, `cannot copy a FIFO pipe: ${dest}`);
      break;
    default:
      refuse(context, 'ERR_FS_CP_UNKNOWN', EINVAL, dest, `cannot copy an unknown file type: ${dest}`);
  }
}

function* copyOne(context, src, from, dest, to) {
  const { errorOnExist, force, mode, preserveTimestamps } = context.options;
  if (to !== null) {
    if (!force) {
      if (!errorOnExist) return;
      throw new codes.ERR_FS_CP_EEXIST({
        message: `${dest} already exists`,
        path: dest,
        syscall: 'cp',
        errno: EEXIST,
        code: 'EEXIST',
      });
    }
    yield (callback) => unlink(dest, callback);
  }
  yield (callback) => copyFile(src, dest, mode, callback);
  const bits = Number(from[1]) & 0o7777;
  if (preserveTimestamps) {
    const writable = (bits & 0o200) !== 0;
    if (!writable) yield (callback) => chmod(dest, bits | 0o200, callback);
    // Copying has just changed src's time of access.
    const now = yield statOp(src, BY_PATH);
    yield (callback) => utimes(dest, seconds(now[10], now[11]), seconds(now[12], now[13]), callback);
    if (!writable) yield (callback) => chmod(dest, bits, callback);
  }
}

function* copyFolder(context, src, from, dest, to) {
  if (to === null) yield (callback) => mkdir(dest, 0o777, callback);
  const names = yield (callback) => readdir(src, false, false, false, false, callback);
  for (const name of names === '' ? [] : names.split('\0')) {
    const child = join(src, name);
    const target = join(dest, name);
    if (context.options.filter && !(yield asks(context, child, target))) continue;
    const [childFrom, childTo] = yield* checkEnds(context, child, target);
    yield* copyAny(context, child, childFrom, target, childTo);
  }
  if (to === null) yield (callback) => chmod(dest, Number(from[1]) & 0o7777, callback);
}

function* copyLink(context, src, dest, to) {
  let target = yield (callback) => readlink(src, false, callback);
  if (!context.options.verbatimSymlinks && !isAbsolute(target)) target = resolve(dirname(src), target);
  if (to === null) {
    yield (callback) => symlink(target, dest, callback);
    return;
  }
  let there;
  try {
    there = yield (callback) => readlink(dest, false, callback);
  } catch (error) {
    // A regular file is in the way: making the link says so.
    if (error.code !== 'EINVAL' && error.code !== 'UNKNOWN') throw error;
    yield (callback) => symlink(target, dest, callback);
    return;
  }
  if (!isAbsolute(there)) there = resolve(dirname(dest), there);
  const pointee = yield* statOrNull(src, BY_PATH);
  if (pointee !== null && isFolder(pointee)) {
    if (isInside(target, there)) {
      refuse(context, 'ERR_FS_CP_EINVAL', EINVAL, dest, `cannot copy ${target} to a subdirectory of self ${there}`);
    }
    // What dest points at would lose the folder that the new link leads to.
    if (isInside(there, target)) {
      refuse(context, 'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY', EINVAL, dest, `cannot overwrite ${there} with ${target}`);
    }
  }
  yield (callback) => unlink(dest, callback);
  yield (callback) => symlink(target, dest, callback);
}

function text(path) {
  return typeof path === 'string' ? path : Buffer.from(path).toString();
}

function cpSync(src, dest, options) {
  options = cpOptions(options);
  src = text(toPath(src, 'src'));
  dest = text(toPath(dest, 'dest'));
  const steps = copyRoot({ options, sync: true }, src, dest);
  let step = steps.next();
  while (!step.done) {
    let result;
    try {
      result = step.value(undefined);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(result);
  }
}

function drive(steps, resume, argument, callback) {
  let step;
  try {
    step = steps[resume](argument);
  } catch (error) {
    callback(error);
    return;
  }
  if (step.done) {
    callback(null);
    return;
  }
  step.value((error, result) => {
    if (error) drive(steps, 'throw', error, callback);
    else drive(steps, 'next', result, callback);
  });
}

function cp(src, dest, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  toCallback(callback);
  begin(src, dest, options, callback);
}

function begin(src, dest, options, callback) {
  options = cpOptions(options);
  src = text(toPath(src, 'src'));
  dest = text(toPath(dest, 'dest'));
  drive(copyRoot({ options, sync: false }, src, dest), 'next', undefined, callback);
}

function cpPromise(src, dest, options) {
  return new Promise((done, reject) => {
    begin(src, dest, options, (error) => (error ? reject(error) : done()));
  });
}

module.exports = { cp, cpPromise, cpSync };

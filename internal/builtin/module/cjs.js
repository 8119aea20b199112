'use strict';

// The CommonJS loader: Module, require, and the hooks that packages patch (Module._load, _resolveFilename, _extensions,
// _cache ...). Finding files is Go's (internal/loader), one crossing for each request that is not in a cache here.

const { findPath, resolveSelf, imports, format, readText, realPath, scope } = native;
const { compileFunction } = engine;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_BUILTIN_MODULE } } = require('shared/errors');
const { validateString } = require('shared/validators');
const path = require('path');
const { builtinId, builtinModules } = require('module/builtins');

const NUL = '\0';

/** `${parent folder}\0${request}` -> file, for requests that were found. */
const found = new Map();
/** The main module's record. */
let mainModule;
/** Further conditions, from -C. */
let userConditions = [];

function conditions(kind) {
  return ['node', kind, 'module-sync', 'node-addons', ...userConditions].join(NUL);
}

/**
 * @param {string} [id]
 * @param {Module} [parent]
 */
function Module(id = '', parent) {
  this.id = id;
  this.path = path.dirname(id);
  this.exports = {};
  updateChildren(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
  Object.defineProperty(this, kParent, { __proto__: null, value: parent, writable: true });
}

const kParent = Symbol('kParent');

function updateChildren(parent, child, scan) {
  const children = parent?.children;
  if (children && !(scan && children.includes(child))) children.push(child);
}

Object.defineProperty(Module.prototype, 'parent', {
  __proto__: null,
  get() { return this[kParent]; },
  set(value) { this[kParent] = value; },
  configurable: true,
});

Object.defineProperty(Module.prototype, 'isPreloading', {
  __proto__: null,
  get() { return preloading; },
  configurable: true,
});
let preloading = false;

Object.defineProperty(Module.prototype, 'constructor', {
  __proto__: null,
  get() { return Module; },
  configurable: true,
});

Module._cache = { __proto__: null };
Module._pathCache = { __proto__: null };
Module._extensions = { __proto__: null };
Module.globalPaths = [];
Module.Module = Module;

const wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
let wrapperPatched = false;
Module.wrap = (script) => wrapper[0] + script + wrapper[1];
Object.defineProperty(Module, 'wrapper', {
  __proto__: null,
  get() { return new Proxy(wrapper, { set(t, k, v) { wrapperPatched = true; return Reflect.set(t, k, v); } }); },
  set(value) { wrapperPatched = true; wrapper[0] = value[0]; wrapper[1] = value[1]; },
  configurable: true,
});

/** @param {string} from */
Module._nodeModulePaths = function(from) {
  const list = [];
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    if (path.basename(dir) !== 'node_modules') list.push(dir === '/' ? '/node_modules' : `${dir}/node_modules`);
    if (dir === path.dirname(dir)) return list;
  }
};

function isRelative(request) {
  return request.startsWith('./') || request.startsWith('../') || request === '.' || request === '..';
}

Module._resolveLookupPaths = function(request, parent) {
  if (builtinId(request) !== undefined) return null;
  if (!isRelative(request)) {
    const paths = parent?.paths?.length ? parent.paths.concat(Module.globalPaths) : Module.globalPaths.slice();
    return paths.length > 0 ? paths : null;
  }
  if (!parent?.id || !parent.filename) return ['.', ...Module._nodeModulePaths('.'), ...Module.globalPaths];
  return [path.dirname(parent.filename)];
};

Module._findPath = function(request, paths) {
  const absolute = path.isAbsolute(request);
  if (!absolute && !paths?.length) return false;
  const key = request + NUL + (absolute ? '' : paths.join(NUL));
  const cached = Module._pathCache[key];
  if (cached) return cached;
  const file = findPath(request, absolute ? '' : paths.map((p) => path.resolve(p)).join(NUL),
    Object.keys(Module._extensions).join(NUL), conditions('require'));
  if (file === '') return false;
  Module._pathCache[key] = file;
  return file;
};

function notFound(request, parent) {
  const stack = [];
  const seen = new Set();
  for (let m = parent; m && !seen.has(m); m = m[kParent]) {
    seen.add(m);
    stack.push(m.filename || m.id);
  }
  let message = `Cannot find module '${request}'`;
  if (stack.length > 0) message += `\nRequire stack:\n- ${stack.join('\n- ')}`;
  const err = new Error(message);
  err.code = 'MODULE_NOT_FOUND';
  err.requireStack = stack;
  return err;
}

Module._resolveFilename = function(request, parent, isMain, options) {
  if (builtinId(request) !== undefined) return request;
  if (request.startsWith('node:')) throw new ERR_UNKNOWN_BUILTIN_MODULE(request);
  let paths;
  if (typeof options === 'object' && options !== null && options.paths !== undefined) {
    if (!Array.isArray(options.paths)) throw new ERR_INVALID_ARG_VALUE('options.paths', options.paths);
    if (isRelative(request)) {
      paths = options.paths;
    } else {
      const fake = new Module('', null);
      paths = [];
      for (const p of options.paths) {
        validateString(p, 'options.paths[i]');
        fake.paths = Module._nodeModulePaths(p);
        for (const l of Module._resolveLookupPaths(request, fake) ?? []) if (!paths.includes(l)) paths.push(l);
      }
    }
  } else {
    paths = Module._resolveLookupPaths(request, parent);
  }
  const parentFile = parent?.filename ?? null;
  if (request.startsWith('#') && (parentFile !== null || parent?.id === '<repl>' || parent?.id === 'internal/preload')) {
    const file = imports(parentFile ?? path.resolve('.') + path.sep, request, conditions('require'));
    if (!file.startsWith('node:') && !isFile(file)) throw notFound(file, parent);
    return file.startsWith('node:') ? file : realPath(file);
  }
  if (parentFile !== null && !isRelative(request) && !path.isAbsolute(request)) {
    const self = resolveSelf(parentFile, request, conditions('require'));
    if (self !== undefined) return realPath(self);
  }
  let file;
  try {
    file = Module._findPath(request, paths, isMain);
  } catch (err) {
    if (err?.code === 'MODULE_NOT_FOUND') {
      err.requestPath ??= request;
    }
    throw err;
  }
  if (file) return file;
  throw notFound(request, parent);
};

const { isFile } = native;

function cycleWarning(exports) {
  return exports;
}

Module._load = function(request, parent, isMain) {
  let key;
  if (parent) {
    key = parent.path + NUL + request;
    const file = found.get(key);
    if (file !== undefined) {
      const cached = Module._cache[file];
      if (cached !== undefined) {
        updateChildren(parent, cached, true);
        return cached.loaded ? cached.exports : partial(cached);
      }
      found.delete(key);
    }
  }
  if (request.startsWith('node:')) {
    const id = builtinId(request);
    if (id === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(request);
    return require(id);
  }
  const file = Module._resolveFilename(request, parent, isMain);
  const cached = Module._cache[file];
  if (cached !== undefined) {
    updateChildren(parent, cached, true);
    if (key !== undefined) found.set(key, file);
    return cached.loaded ? cached.exports : partial(cached);
  }
  const id = builtinId(file);
  if (id !== undefined) return require(id);
  const m = new Module(file, parent);
  if (isMain) {
    process.mainModule = m;
    mainModule = m;
    m.id = '.';
  }
  Module._cache[file] = m;
  if (key !== undefined) found.set(key, file);
  let threw = true;
  try {
    m.load(file);
    threw = false;
  } finally {
    if (threw) {
      delete Module._cache[file];
      if (key !== undefined) found.delete(key);
      const i = parent?.children?.indexOf(m) ?? -1;
      if (i >= 0) parent.children.splice(i, 1);
    }
  }
  return m.exports;
};

/** A module in a cycle: what it has exported so far. */
function partial(m) {
  return require('module/esm').requireOfEvaluating(m) ?? cycleWarning(m.exports);
}

function extensionOf(filename) {
  const name = path.basename(filename);
  for (let i = 0; (i = name.indexOf('.', i)) >= 0; i++) {
    if (i === 0) continue;
    const ext = name.slice(i);
    if (Module._extensions[ext]) return ext;
  }
  return '.js';
}

Module.prototype.load = function(filename) {
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(path.dirname(filename));
  Module._extensions[extensionOf(filename)](this, filename);
  this.loaded = true;
};

Module.prototype.require = function(id) {
  validateString(id, 'id');
  if (id === '') throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  return Module._load(id, this, false);
};

/** @param {Module} m */
function makeRequire(m) {
  // The name shows in stack traces.
  const req = function require(id) { return m.require(id); };
  req.resolve = function resolve(request, options) {
    validateString(request, 'request');
    return Module._resolveFilename(request, m, false, options);
  };
  req.resolve.paths = function paths(request) {
    validateString(request, 'request');
    return Module._resolveLookupPaths(request, m);
  };
  req.main = mainModule;
  req.extensions = Module._extensions;
  req.cache = Module._cache;
  return req;
}

const PARAMS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** Compiles and runs `content` as the module's code. `known` is the format when the caller knows it. */
Module.prototype._compile = function(content, filename, known) {
  const esm = require('module/esm');
  if (known === 'module') return esm.requireSource(this, content, filename);
  let fn;
  try {
    fn = wrapperPatched
      ? require('vm').runInThisContext(Module.wrap(content), { filename })
      : compileFunction(content, filename, 0, 0, undefined, PARAMS, esm.hostId(filename));
  } catch (err) {
    if (known === undefined || known === '') {
      if (esm.isModuleSyntax(err, content, filename)) return esm.requireSource(this, content, filename);
    }
    throw err;
  }
  require('module/source_map').note(filename, content, fn);
  const req = makeRequire(this);
  return fn.call(this.exports, this.exports, req, this, filename, path.dirname(filename));
};

Module._extensions['.js'] = function(m, filename) {
  const [kind] = format(filename);
  if (kind.endsWith('typescript')) return Module._extensions['.ts'](m, filename);
  m._compile(readText(filename), filename, kind === 'unknown' ? 'commonjs' : kind);
};

Module._extensions['.json'] = function(m, filename) {
  const text = readText(filename);
  try {
    m.exports = JSON.parse(text);
  } catch (err) {
    err.message = `${filename}: ${err.message}`;
    throw err;
  }
};

Module._extensions['.node'] = function(m, filename) {
  return process.dlopen(m, path.toNamespacedPath(filename));
};

function loadTypeScript(m, filename) {
  const { code, format: kind } = require('module/typescript').load(filename);
  m._compile(code, filename, kind);
}

for (const ext of ['.ts', '.cts', '.mts', '.tsx', '.jsx']) {
  // Not enumerable: require('./x') does not try these, as in Node, unless the folder has nothing else.
  Object.defineProperty(Module._extensions, ext, { __proto__: null, value: loadTypeScript, writable: true, configurable: true, enumerable: true });
}

Module.runMain = function(file = process.argv[1]) {
  require('module/main').run('file', file);
};

function createRequire(target) {
  let file;
  if (target instanceof URL || (typeof target === 'string' && !path.isAbsolute(target))) {
    try {
      file = require('url').fileURLToPath(target);
    } catch {
      throw new ERR_INVALID_ARG_VALUE('filename', target, 'must be a file URL object, file URL string, or absolute path string');
    }
  } else if (typeof target === 'string') {
    file = target;
  } else {
    throw new ERR_INVALID_ARG_VALUE('filename', target, 'must be a file URL object, file URL string, or absolute path string');
  }
  const trailing = file.endsWith('/');
  const proxy = trailing ? path.join(file, 'noop.js') : file;
  const m = new Module(proxy);
  m.filename = proxy;
  m.paths = Module._nodeModulePaths(m.path);
  return makeRequire(m);
}

Module.createRequire = createRequire;
Module.isBuiltin = (request) => {
  if (typeof request !== 'string') throw new ERR_INVALID_ARG_TYPE('request', 'string', request);
  return builtinId(request) !== undefined;
};
Object.defineProperty(Module, 'builtinModules', { __proto__: null, get: builtinModules, enumerable: true, configurable: true });

Module._initPaths = function() {
  const home = process.env.HOME;
  const paths = home ? [path.join(home, '.node_modules'), path.join(home, '.node_libraries')] : [];
  paths.push(path.resolve(process.execPath, '..', '..', 'lib', 'node'));
  const extra = process.env.NODE_PATH;
  Module.globalPaths = extra ? [...extra.split(path.delimiter).filter(Boolean), ...paths] : paths;
};

Module._preloadModules = function(requests) {
  if (!requests?.length) return;
  preloading = true;
  const parent = new Module('internal/preload', null);
  parent.paths = Module._nodeModulePaths(process.cwd());
  for (const r of requests) parent.require(r);
  preloading = false;
};

module.exports = {
  Module,
  makeRequire,
  scope,
  setMain(m) { mainModule = m; },
  setConditions(list) { userConditions = list; },
  conditions,
  kParent,
};

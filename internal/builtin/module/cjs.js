'use strict';

// The CommonJS loader: Module, require, and the hooks that packages patch (Module._load, _resolveFilename, _extensions,
// _cache ...). Finding files is Go's (internal/loader), one crossing for each request that is not in a cache here.

const { findPath, resolveSelf, imports, format, readText, realPath, scope, statKind } = native;
const { compileFunction, sourceMapURL } = engine;
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_BUILTIN_MODULE },
} = require('shared/errors');
const { validateString } = require('shared/validators');
const path = require('path');
const { builtinId, builtinModules } = require('module/builtins');
const hooks = require('module/hooks');

const NUL = '\0';

/** `${parent folder}\0${request}` -> file, for requests that were found. */
const found = new Map();
/** The main module's record. */
let mainModule;
/** Conditions besides 'node' and the kind of request: from the command line, read at first use. */
let userConditions;

/** @param {'import' | 'require'} kind */
function conditionList(kind) {
  if (userConditions === undefined) {
    const { flag } = require('process/options');
    userConditions = [...(flag('--conditions') ?? [])];
    if (flag('--addons') !== false) userConditions.unshift('node-addons');
    if (flag('--require-module') !== false) userConditions.unshift('module-sync');
  }
  return ['node', kind, ...userConditions];
}

const joined = { import: undefined, require: undefined };

function conditions(kind) {
  return (joined[kind] ??= conditionList(kind).join(NUL));
}

/**
 * @param {string} [id]
 * @param {any} [parent] a Module
 */
function Module(id = '', parent) {
  this.id = id;
  this.path = path.dirname(id);
  // Defined: a program may have put a setter on Object.prototype.
  Object.defineProperty(this, 'exports', {
    __proto__: null,
    value: {},
    writable: true,
    enumerable: true,
    configurable: true,
  });
  updateChildren(parent, this, false);
  this.filename = null;
  this.loaded = false;
  this.children = [];
  Object.defineProperty(this, kParent, { __proto__: null, value: parent, writable: true });
}

const kParent = Symbol('kParent');
const kExported = Symbol('kExported');

function updateChildren(parent, child, scan) {
  const children = parent?.children;
  if (children && !(scan && children.includes(child))) children.push(child);
}

Object.defineProperty(Module.prototype, 'parent', {
  __proto__: null,
  get() {
    warnParent();
    return this[kParent];
  },
  set(value) {
    warnParent();
    this[kParent] = value;
  },
  configurable: true,
});

/** --pending-deprecation */
function warnParent() {
  if (require('process/options').flag('--pending-deprecation') !== true) return;
  require('module/warnings').once(
    'DEP0144',
    () =>
      'module.parent is deprecated due to accuracy issues. Please use require.main to find ' +
      'program entry point instead.',
    'DeprecationWarning',
    'DEP0144',
  );
}

Object.defineProperty(Module.prototype, 'isPreloading', {
  __proto__: null,
  get() {
    return preloading;
  },
  configurable: true,
});
let preloading = false;

Object.defineProperty(Module.prototype, 'constructor', {
  __proto__: null,
  get() {
    return Module;
  },
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
  get() {
    return new Proxy(wrapper, {
      set(t, k, v) {
        wrapperPatched = true;
        return Reflect.set(t, k, v);
      },
    });
  },
  set(value) {
    wrapperPatched = true;
    wrapper[0] = value[0];
    wrapper[1] = value[1];
  },
  configurable: true,
});

/** @param {string} from */
Module._nodeModulePaths = function (from) {
  const list = [];
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    if (path.basename(dir) !== 'node_modules') list.push(dir === '/' ? '/node_modules' : `${dir}/node_modules`);
    if (dir === path.dirname(dir)) return list;
  }
};

function isRelative(request) {
  return request.startsWith('./') || request.startsWith('../') || request === '.' || request === '..';
}

Module._resolveLookupPaths = function (request, parent) {
  if (builtinId(request) !== undefined) return null;
  if (!isRelative(request)) {
    const paths = parent?.paths?.length ? parent.paths.concat(Module.globalPaths) : Module.globalPaths.slice();
    return paths.length > 0 ? paths : null;
  }
  if (!parent?.id || !parent.filename) return ['.', ...Module._nodeModulePaths('.'), ...Module.globalPaths];
  return [path.dirname(parent.filename)];
};

Module._findPath = function (request, paths, isMain, parentFile = '') {
  const absolute = path.isAbsolute(request);
  if (!absolute && !paths?.length) return false;
  const key = request + NUL + (absolute ? '' : paths.join(NUL));
  const cached = Module._pathCache[key];
  if (cached) return cached;
  let file = findPath(
    request,
    absolute ? '' : paths.map((p) => path.resolve(p)).join(NUL),
    extensionNames(),
    conditions('require'),
    parentFile,
    isMain === true,
  );
  if (typeof file !== 'string') file = warned(file);
  if (file === '') return false;
  Module._pathCache[key] = file;
  return file;
};

/** Gives the deprecation warnings that came with a result: [result, code, text ...]. */
function warned(list) {
  for (let i = 1; i < list.length; i += 2) {
    require('module/warnings').once(list[i + 1], () => list[i + 1], 'DeprecationWarning', list[i]);
  }
  return list[0];
}

/** 0 for a file, 1 for a folder, negative for what is neither. */
Module._stat = (filename) => statKind(filename);

/** What require('./x') tries: the keys of Module._extensions, those for TypeScript excepted, which come last by themselves. */
function extensionNames() {
  return Object.keys(Module._extensions)
    .filter((e) => Module._extensions[e] !== loadTypeScript)
    .join(NUL);
}

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

Module._resolveFilename = function (request, parent, isMain, options) {
  if (builtinId(request) !== undefined) return request;
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
  const parentFile = parent?.filename ?? (parent?.id === 'internal/preload' ? path.resolve('.') + path.sep : null);
  if (
    request.startsWith('#') &&
    (parentFile !== null || parent?.id === '<repl>' || parent?.id === 'internal/preload')
  ) {
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
    file = Module._findPath(request, paths, isMain, parentFile ?? undefined);
  } catch (err) {
    if (err?.code === 'MODULE_NOT_FOUND') {
      if (err.path !== undefined) err.requestPath = request;
      else err.requireStack = [];
    }
    throw err;
  }
  if (file) return file;
  throw notFound(request, parent);
};

const { isFile } = native;

/** What a module in a cycle has exported so far, which warns of names that are not there (yet). */
function cycleWarning(m) {
  const { exports } = m;
  if (
    exports === null ||
    typeof exports !== 'object' ||
    require('util/types').isProxy(exports) ||
    Object.getPrototypeOf(exports) !== Object.prototype ||
    exports.__esModule
  )
    return exports;
  Object.setPrototypeOf(exports, unfinished);
  watched.add(exports);
  return exports;
}

/** Exports that have `unfinished` for a prototype. */
const watched = new WeakSet();

/** Stands for Object.prototype behind the exports of an unfinished module. */
const unfinished = new Proxy(
  {},
  {
    get(target, key) {
      if (key in Object.prototype) return Object.prototype[key];
      if (key !== '__esModule') warnMissing(key);
      return undefined;
    },
    getOwnPropertyDescriptor(target, key) {
      if (key in Object.prototype || key === '__esModule')
        return Reflect.getOwnPropertyDescriptor(Object.prototype, key);
      warnMissing(key);
      return undefined;
    },
    getPrototypeOf() {
      return Object.prototype;
    },
  },
);

function warnMissing(key) {
  process.emitWarning(`Accessing non-existent property '${String(key)}' of module exports inside circular dependency`);
}

Module._load = function (request, parent, isMain) {
  let key;
  if ((hooks.state.resolve || hooks.state.load) && !kept.has(request)) return loadHooked(request, parent, isMain);
  if (parent) {
    key = parent.path + NUL + request;
    const file = found.get(key);
    if (file !== undefined) {
      const cached = Module._cache[file];
      if (cached !== undefined) {
        updateChildren(parent, cached, true);
        return cached.loaded ? cached.exports : partial(cached, parent);
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
    return cached.loaded ? cached.exports : partial(cached, parent);
  }
  const id = builtinId(file);
  if (id !== undefined) return require(id);
  return loadFile(file, key, parent, isMain);
};

function loadFile(file, key, parent, isMain, url) {
  const m = new Module(file, parent);
  if (url !== undefined) m[kURL] = url;
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
  if (watched.has(m.exports) && Object.getPrototypeOf(m.exports) === unfinished) {
    Object.setPrototypeOf(m.exports, Object.prototype);
  }
  return m.exports;
}

const kURL = Symbol('kURL');

/** file -> JavaScript: what an ES module imports and is about to run has been read, and hooks have seen it. */
const kept = new Map();

function keepText(file, text) {
  if (Module._cache[file] !== undefined) return;
  kept.set(file, text);
  Module._pathCache[file + NUL] ??= file;
}

function takeKept(file) {
  if (kept.size === 0) return undefined;
  const text = kept.get(file);
  if (text !== undefined) kept.delete(file);
  return text;
}

/** Module._load when there are hooks: resolve hooks see every request, load hooks every file. */
function loadHooked(request, parent, isMain) {
  const { pathToFileURL, fileURLToPath } = require('url');
  const parentURL = parent?.filename ? pathToFileURL(parent.filename).href : undefined;
  const plain = (spec) => {
    const file = Module._resolveFilename(spec, parent, isMain);
    const id = builtinId(file);
    if (id !== undefined) return { __proto__: null, url: `node:${id}`, format: 'builtin' };
    const [kind] = format(file);
    return {
      __proto__: null,
      url: pathToFileURL(file).href,
      format: kind === '' || kind === 'unknown' ? undefined : kind,
    };
  };
  const { url, format: resolved } = hooks.state.resolve
    ? hooks.runResolve(
        request,
        { conditions: conditionList('require'), importAttributes: { __proto__: null }, parentURL },
        plain,
      )
    : plain(request);
  const id = url.startsWith('node:') ? builtinId(url) : undefined;
  if (id !== undefined && !hooks.state.load) return require(id);
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  const cached = Module._cache[file];
  if (cached !== undefined) {
    updateChildren(parent, cached, true);
    return cached.loaded ? cached.exports : partial(cached, parent);
  }
  if (id !== undefined) {
    const { source, format: kind } = hooks.runLoad(url, loadContext('builtin', 'require'), () => ({
      __proto__: null,
      format: 'builtin',
      source: null,
    }));
    if (kind === 'builtin' || source === null || source === undefined) return require(id);
  }
  pendingFormat = resolved;
  return loadFile(file, undefined, parent, isMain, url);
}
let pendingFormat;

function loadContext(kind, how) {
  return { conditions: conditionList(how), format: kind, importAttributes: { __proto__: null } };
}

/**
 * The text of a module's file and its format, as load hooks have them.
 * @returns {{text: string, kind: string}}
 */
function sourceOf(m, filename, kind) {
  const ready = takeKept(filename);
  if (ready !== undefined) return { text: ready, kind: 'commonjs' };
  if (!hooks.state.load) return { text: readText(filename), kind };
  const url = m[kURL] ?? require('url').pathToFileURL(filename).href;
  const known = pendingFormat ?? (kind === '' || kind === 'unknown' ? undefined : kind);
  pendingFormat = undefined;
  const { source, format: given } = hooks.runLoad(url, loadContext(known, 'require'), (u, ctx) => ({
    __proto__: null,
    format: ctx.format ?? undefined,
    source: readText(u.startsWith('file:') ? require('url').fileURLToPath(u) : u),
  }));
  return { text: hooks.textOf(source) ?? readText(filename), kind: given ?? kind };
}

/** A module in a cycle: what it has exported so far. */
function partial(m, parent) {
  const es = require('module/esm').requireOfEvaluating(m, parent);
  return es === undefined ? cycleWarning(m) : es;
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

Module.prototype.load = function (filename) {
  this.filename ??= filename;
  this.paths ??= Module._nodeModulePaths(path.dirname(filename));
  Module._extensions[extensionOf(filename)](this, filename);
  this.loaded = true;
  // What ES modules see even if somebody replaces it in the cache. Objects are shared anyway.
  const { exports } = this;
  if (exports === null || (typeof exports !== 'object' && typeof exports !== 'function')) {
    Object.defineProperty(this, kExported, { __proto__: null, value: exports, configurable: true });
  }
};

Module.prototype.require = function (id) {
  validateString(id, 'id');
  if (id === '') throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
  if (traced.require?.hasSubscribers) {
    const context = { __proto__: null, parentFilename: this.filename, id };
    return traced.require.traceSync(Module._load, context, Module, id, this, false);
  }
  return Module._load(id, this, false);
};

/** The tracing channels of node:diagnostics_channel, once somebody has asked for them: module.require and module.import. */
const traced = { require: undefined, import: undefined };

/** @param {any} m a Module */
function makeRequire(m) {
  // The name shows in stack traces.
  const req = function require(id) {
    return m.require(id);
  };
  req.resolve = function resolve(request, options) {
    validateString(request, 'request');
    if (hooks.state.resolve && builtinId(request) === undefined) {
      const { fileURLToPath, pathToFileURL } = require('url');
      const parentURL = m.filename ? pathToFileURL(m.filename).href : undefined;
      const { url } = hooks.runResolve(
        request,
        { conditions: conditionList('require'), importAttributes: { __proto__: null }, parentURL },
        (spec) => ({ __proto__: null, url: pathToFileURL(Module._resolveFilename(spec, m, false, options)).href }),
      );
      return url.startsWith('file:') ? fileURLToPath(url) : url;
    }
    return Module._resolveFilename(request, m, false, options);
  };
  req.resolve.paths = function paths(request) {
    validateString(request, 'request');
    return Module._resolveLookupPaths(request, m);
  };
  // Defined: a program may have put a setter on Object.prototype.
  Object.defineProperty(req, 'main', {
    __proto__: null,
    value: mainModule,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  req.extensions = Module._extensions;
  req.cache = Module._cache;
  return req;
}

/** Set by module/compile_cache while a cache is in use. */
const compileCache = { look: undefined };

function mainLoader() {
  return require('vm/dynamic_import').mainLoader;
}

const PARAMS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** Compiles and runs `content` as the module's code. `known` is the format when the caller knows it. */
Module.prototype._compile = function (content, filename, known) {
  const esm = require('module/esm');
  if (known === 'module') return esm.requireSource(this, content, filename);
  let fn;
  // What a patched wrapper makes is a script, of which V8 keeps no function's code.
  const cached = wrapperPatched ? undefined : compileCache.look?.('CommonJS', filename, content);
  try {
    if (wrapperPatched)
      fn = require('vm').runInThisContext(Module.wrap(content), { filename, importModuleDynamically: mainLoader() });
    else fn = compileFunction(content, filename, 0, 0, cached?.data, PARAMS, undefined);
  } catch (err) {
    if (known === undefined || known === '') {
      if (
        require('process/options').flag('--experimental-detect-module') !== false &&
        esm.isModuleSyntax(err, content, filename)
      ) {
        esm.warnTypeless(filename);
        return esm.requireSource(this, content, filename);
      }
    }
    esm.noteESMInCommonJS(err, filename);
    throw err;
  }
  cached?.compiled(fn);
  require('module/source_map').note(filename, content, () => sourceMapURL(fn));
  const req = makeRequire(this);
  return fn.call(this.exports, this.exports, req, this, filename, path.dirname(filename));
};

Module._extensions['.js'] = function (m, filename) {
  const [kind, type] = m[kURL] !== undefined && !m[kURL].startsWith('file:') ? [''] : format(filename);
  const source = sourceOf(m, filename, kind);
  if (source.kind === 'json') {
    m.exports = parseJSON(source.text, filename);
    return;
  }
  if (source.kind.endsWith('typescript')) {
    const out = require('module/typescript').fromText(source.text, filename, source.kind);
    return m._compile(out.code, filename, out.format);
  }
  if (source.kind === 'module' && require('process/options').flag('--require-module') === false) {
    throw requireESM(m, filename, type);
  }
  m._compile(source.text, filename, source.kind === 'unknown' ? 'commonjs' : source.kind);
};

/** The error of --no-experimental-require-module. */
function requireESM(m, filename, type) {
  const { ERR_REQUIRE_ESM } = require('shared/errors').codes;
  const parent = m[kParent];
  const parentFile = parent?.filename ?? null;
  const pkg = type === 'module' ? scope(filename)?.path : null;
  let isModule = true;
  if (pkg) {
    try {
      isModule = parentFile !== null && require('module/esm').hasModuleSyntax(readText(filename), filename);
    } catch {
      /* the message does without */
    }
  }
  return new ERR_REQUIRE_ESM(filename, isModule, parentFile, pkg);
}

function parseJSON(text, filename) {
  try {
    return JSON.parse(text);
  } catch (err) {
    err.message = `${filename}: ${err.message}`;
    throw err;
  }
}

Module._extensions['.json'] = function (m, filename) {
  m.exports = parseJSON(sourceOf(m, filename, 'json').text, filename);
};

Module._extensions['.node'] = function (m, filename) {
  return process.dlopen(m, path.toNamespacedPath(filename));
};

function loadTypeScript(m, filename) {
  const source = sourceOf(m, filename, format(filename)[0]);
  if (!source.kind.endsWith('typescript')) return m._compile(source.text, filename, source.kind);
  const { code, format: kind } = require('module/typescript').fromText(source.text, filename, source.kind);
  m._compile(code, filename, kind);
}

for (const ext of ['.ts', '.cts', '.mts', '.tsx', '.jsx']) {
  // Not enumerable: require('./x') does not try these, as in Node, unless the folder has nothing else.
  Object.defineProperty(Module._extensions, ext, {
    __proto__: null,
    value: loadTypeScript,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

Module.runMain = function (file = process.argv[1]) {
  require('module/main').runFile(file);
};

function createRequire(target) {
  let file;
  if (target instanceof URL || (typeof target === 'string' && !path.isAbsolute(target))) {
    try {
      file = require('url').fileURLToPath(target);
    } catch {
      throw new ERR_INVALID_ARG_VALUE(
        'filename',
        target,
        'must be a file URL object, file URL string, or absolute path string',
      );
    }
  } else if (typeof target === 'string') {
    file = target;
  } else {
    throw new ERR_INVALID_ARG_VALUE(
      'filename',
      target,
      'must be a file URL object, file URL string, or absolute path string',
    );
  }
  const trailing = file.endsWith('/');
  const proxy = trailing ? path.join(file, 'noop.js') : file;
  const m = new Module(proxy);
  m.filename = proxy;
  m.paths = Module._nodeModulePaths(m.path);
  return makeRequire(m);
}

/** A module that only serves to resolve from `file`. */
function lookAt(file) {
  const m = new Module(file);
  m.filename = file;
  m.paths = Module._nodeModulePaths(m.path);
  return m;
}

Module.createRequire = createRequire;
Module.isBuiltin = (request) => {
  return typeof request === 'string' && builtinId(request) !== undefined;
};
/**
 * A property of Module that is made when first read. It can be assigned, in a subclass too: jest's copies all of them.
 * @param {string} name
 * @param {() => unknown} get
 */
function lazyProperty(name, get) {
  const plain = { __proto__: null, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(Module, name, {
    __proto__: null,
    get,
    set(value) {
      Object.defineProperty(this, name, { ...plain, value });
    },
    enumerable: true,
    configurable: true,
  });
}

lazyProperty('builtinModules', builtinModules);

Module._initPaths = function () {
  const home = process.env.HOME;
  const paths = home ? [path.join(home, '.node_modules'), path.join(home, '.node_libraries')] : [];
  paths.push(path.resolve(process.execPath, '..', '..', 'lib', 'node'));
  const extra = process.env.NODE_PATH;
  Module.globalPaths = extra ? [...extra.split(path.delimiter).filter(Boolean), ...paths] : paths;
};

Module._preloadModules = function (requests) {
  if (!requests?.length) return;
  preloading = true;
  const parent = new Module('internal/preload', null);
  try {
    parent.paths = Module._nodeModulePaths(process.cwd());
  } catch (err) {
    if (err?.code !== 'ENOENT') throw err; // without a working directory nothing is found by name
  }
  for (const r of requests) parent.require(r);
  preloading = false;
};

module.exports = {
  Module,
  lazyProperty,
  makeRequire,
  compileCache,
  conditionList,
  lookAt,
  scope,
  conditions,
  traced,
  kExported,
  kParent,
  keepText,
};

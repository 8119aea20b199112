'use strict';

// Makes the record of a module that is not known yet, by its format: source text, CommonJS, JSON, builtins, WebAssembly,
// data: URLs, and whatever load hooks give.

const { format: formatOfFile, readText } = native;
const { moduleSetExport, moduleSynthetic } = engine;
const { codes } = require('shared/errors');
const hooks = require('module/hooks');
const path = require('path');
const { Record, answers, fetched, fileOf, finish } = require('module/graph');

function unsupported(key, value, url) {
  return new codes.ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(key, value, url);
}

/** @param {string} kind of the module @param {Record<string, string>} attributes of the import */
function checkAttributes(url, kind, attributes) {
  for (const key of Object.keys(attributes)) {
    if (key !== 'type') throw unsupported(key, attributes[key], url);
  }
  const { type } = attributes;
  if (kind === 'json') {
    if (type === undefined) throw new codes.ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', 'json');
    if (type !== 'json') throw unsupported('type', type, url);
  } else if (type !== undefined) {
    if (type !== 'json') throw unsupported('type', type, url);
    throw new codes.ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, 'json');
  }
}

/** The format of a URL as far as its name tells; undefined when only the text can tell. */
function formatOf(url) {
  if (url.startsWith('node:')) return 'builtin';
  if (url.startsWith('data:')) return dataFormat(/^data:([^,;]*)/.exec(url)?.[1]);
  if (!url.startsWith('file:')) return undefined;
  const [kind] = formatOfFile(fileOf(url));
  return kind === '' || kind === 'unknown' || kind === 'typescript' ? undefined : kind;
}

function dataFormat(mime) {
  switch (mime?.toLowerCase()) {
    case 'text/javascript':
    case 'application/javascript':
      return 'module';
    case 'application/json':
      return 'json';
    case 'application/wasm':
      return 'wasm';
    default:
      return undefined;
  }
}

/**
 * @param {string} url
 * @param {object} attributes
 * @param {string | undefined} parentURL
 * @param {string | undefined} hinted the format that a resolve hook named
 */
function create(url, attributes, parentURL, hinted) {
  if (hooks.state.load || hooks.state.thread) return hooked(url, attributes, parentURL, hinted);
  if (url.startsWith('node:')) return builtin(url, attributes);
  if (url.startsWith('data:')) return fromData(url, attributes);
  if (!url.startsWith('file:')) throw unknownScheme(url);
  const file = fileOf(url);
  const read = fetched.get(url);
  if (read === undefined) return fromText(url, file, hinted ?? formatOfFile(file)[0], undefined, attributes, parentURL);
  return fromAhead(read, file, attributes, parentURL);
}

/** Of a file that was read ahead: [1, url, format, text or bytes, source map, error, error in TypeScript]. */
function fromAhead([, url, kind, text, map, err, bad], file, attributes, parentURL) {
  if (text === undefined && kind !== 'addon' && kind !== 'unknown') {
    checkAttributes(url, kind, attributes);
    throw err ?? require('module/typescript').syntaxError(bad, file);
  }
  if (err !== undefined) throw err;
  if (kind.endsWith('typescript')) {
    checkAttributes(url, kind, attributes);
    return fromTypeScript(url, file, require('module/typescript').fromTranspiled(text, map, file, kind));
  }
  return fromText(url, file, kind, text, attributes, parentURL);
}

function fromTypeScript(url, file, { code, format }) {
  return format === 'module' ? require('module/esm').source(url, code) : commonjs(url, file, code);
}

function unknownScheme(url) {
  return new codes.ERR_UNSUPPORTED_ESM_URL_SCHEME(new URL(url), ['file', 'data', 'node']);
}

/** @param {string | undefined} text what is known to be in the file */
function fromText(url, file, kind, text, attributes, parentURL) {
  const { hasModuleSyntax, source } = require('module/esm');
  switch (kind) {
    case 'json':
      checkAttributes(url, 'json', attributes);
      return json(url, text ?? readText(file), file);
    case 'wasm':
      checkAttributes(url, 'wasm', attributes);
      return require('module/wasm').create(url, text ?? require('fs').readFileSync(file));
    case 'module':
      checkAttributes(url, kind, attributes);
      return source(url, text ?? readText(file));
    case 'commonjs':
      checkAttributes(url, kind, attributes);
      return commonjs(url, file, text ?? readText(file));
    case 'builtin':
      return builtin(url, attributes);
    case 'addon':
    case 'unknown': {
      checkAttributes(url, kind, attributes);
      throw new codes.ERR_UNKNOWN_FILE_EXTENSION(path.extname(file), file);
    }
    case 'module-typescript':
    case 'commonjs-typescript':
    case 'typescript': {
      checkAttributes(url, kind, attributes);
      return fromTypeScript(url, file, require('module/typescript').fromText(text ?? readText(file), file, kind));
    }
    case '':
    case undefined: {
      checkAttributes(url, 'module', attributes);
      const code = text ?? readText(file);
      if (!file.includes('/node_modules/') || !/\bexports\b/.test(code)) {
        if (hasModuleSyntax(code, file)) {
          require('module/esm').warnTypeless(file);
          return source(url, code);
        }
        return commonjs(url, file, code);
      }
      return hasModuleSyntax(code, file) ? source(url, code) : commonjs(url, file, code);
    }
    default:
      checkAttributes(url, kind, attributes);
      throw new codes.ERR_UNKNOWN_MODULE_FORMAT(kind, url);
  }
}

/** With load hooks: whatever they say a URL holds. */
function hooked(url, attributes, parentURL, hinted) {
  const { source } = require('module/esm');
  const { conditionList } = require('module/cjs');
  const context = {
    conditions: conditionList('import'),
    format: hinted ?? formatOf(url),
    importAttributes: attributes,
  };
  const result = hooks.state.load ? hooks.runLoad(url, context, lastLoad) : lastLoad(url, context);
  const { format, source: given } = result;
  if (format === 'builtin') return builtin(url, attributes);
  if (format === 'commonjs' && (given === null || given === undefined)) {
    const file = fileOf(url);
    return fromText(url, file, 'commonjs', undefined, attributes, parentURL);
  }
  if (format === 'wasm') {
    checkAttributes(url, 'wasm', attributes);
    return require('module/wasm').create(url, given);
  }
  if (format === null || format === undefined) {
    if (url.startsWith('file:'))
      return fromText(url, fileOf(url), undefined, hooks.textOf(given), attributes, parentURL);
    throw new codes.ERR_UNKNOWN_MODULE_FORMAT(format, url);
  }
  const text = hooks.textOf(given);
  if (text === undefined && format !== 'addon') {
    throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE(
      hooks.state.load ? 'a string, an ArrayBuffer, or a TypedArray' : 'string, array buffer, or typed array',
      'load',
      'source',
      given,
    );
  }
  // Which attributes an import needs is the default load's matter: these hooks may have gone without it.
  if (format === 'module') return source(url, text);
  if (format === 'json') return json(url, text, fileOf(url));
  return fromText(url, fileOf(url), format, text, attributes, parentURL);
}

/** What follows the hooks in this thread: those in another, or none. */
function lastLoad(url, context) {
  if (!hooks.state.thread) return defaultLoad(url, context);
  return answers.get(url) ?? require('module/register').ask('load', url, context);
}

/** What a load hook's nextLoad ends in. */
function defaultLoad(url, context) {
  const { importAttributes: attributes = { __proto__: null } } = context;
  if (url.startsWith('node:')) return { __proto__: null, format: 'builtin', responseURL: url, source: null };
  if (url.startsWith('data:')) {
    const { mime, body } = parseData(url);
    const format = context.format ?? dataFormat(mime);
    if (format === undefined) throw new codes.ERR_UNKNOWN_MODULE_FORMAT(mime, url);
    return { __proto__: null, format, responseURL: url, source: body };
  }
  if (!url.startsWith('file:')) throw unknownScheme(url);
  const file = fileOf(url);
  let { format } = context;
  const data = require('fs').readFileSync(file);
  if (format === undefined || format === null) {
    [format] = formatOfFile(file);
    if (format === 'unknown') throw new codes.ERR_UNKNOWN_FILE_EXTENSION(path.extname(file), file);
    if (format === '') format = require('module/esm').hasModuleSyntax(data.toString(), file) ? 'module' : 'commonjs';
  }
  for (const key of Object.keys(attributes)) {
    if (key !== 'type') throw unsupported(key, attributes[key], url);
  }
  return { __proto__: null, format, responseURL: url, source: data };
}

function json(url, text, file) {
  let value;
  // A file that require() has read is the same object.
  const plain = url.startsWith('file:') && !/[?#]/.test(url);
  const known = plain ? require('module/cjs').Module._cache[file] : undefined;
  if (known?.loaded) {
    value = known.exports;
  } else {
    try {
      value = JSON.parse(text);
    } catch (err) {
      err.message = `${url.startsWith('file:') ? file : url}: ${err.message}`;
      throw err;
    }
    if (plain) keepForRequire(file, value);
  }
  const record = new Record(url, 'json');
  return finish(
    record,
    moduleSynthetic(url, ['default'], (id) => {
      moduleSetExport(id, 'default', value);
    }),
  );
}

function keepForRequire(file, value) {
  const { Module, lookAt } = require('module/cjs');
  if (Module._cache[file] !== undefined) return;
  const m = lookAt(file);
  m.exports = value;
  m.loaded = true;
  Module._cache[file] = m;
}

function builtin(url, attributes) {
  checkAttributes(url, 'builtin', attributes);
  const id = require('module/builtins').builtinId(url);
  if (id === undefined) throw new codes.ERR_UNKNOWN_BUILTIN_MODULE(url);
  const exports = require(id);
  const names = builtinNames(exports, id);
  const record = new Record(url, 'builtin');
  record.exports = exports;
  record.names = names;
  return finish(
    record,
    moduleSynthetic(url, names, (mid) => setBuiltinExports(mid, exports, names)),
  );
}

function builtinNames(exports, id) {
  const names = new Set(Object.keys(exports));
  names.add('default');
  if (typeof exports === 'function') names.delete('prototype');
  if (id === 'vm' && require('process/options').flag('--experimental-vm-modules')) {
    for (const name of ['Module', 'SourceTextModule', 'SyntheticModule']) names.add(name);
  }
  return [...names];
}

function setBuiltinExports(id, exports, names) {
  for (const name of names) {
    if (name === 'default' || name === 'module.exports') {
      moduleSetExport(id, name, exports);
      continue;
    }
    let value;
    try {
      value = exports[name];
    } catch {
      /* a getter that throws exports undefined */
    }
    moduleSetExport(id, name, value);
  }
}

/** A CommonJS module seen from ES modules: the names that a look at its text finds, and default. */
function commonjs(url, file, text) {
  const { isMainRecord } = require('module/esm');
  const { Module, kExported, keepText } = require('module/cjs');
  if (url.startsWith('file:') && !/[?#]/.test(url)) keepText(file, text);
  const names = require('module/cjs_names').namesOf(file, text);
  names.add('default');
  names.add('module.exports');
  const list = [...names];
  const record = new Record(url, 'commonjs');
  return finish(
    record,
    moduleSynthetic(url, list, (id) => {
      let m = Module._cache[file];
      if (m === undefined) {
        // As one that nobody requires: without a parent, except that its require stack knows who imported it.
        Module._load(file, undefined, isMainRecord(record));
        m = Module._cache[file];
      }
      // As they were when the module had run, whatever has become of them since.
      const exports = m !== undefined && Object.hasOwn(m, kExported) ? m[kExported] : m?.exports;
      const isObject = exports !== null && (typeof exports === 'object' || typeof exports === 'function');
      const fromESM = isObject && exports.__esModule === true && Object.hasOwn(exports, '__esModule');
      for (const name of list) {
        if (name === 'default' || name === 'module.exports') continue;
        let value;
        if (isObject && Object.hasOwn(exports, name)) {
          try {
            value = exports[name];
          } catch {
            /* as above */
          }
        }
        moduleSetExport(id, name, value);
      }
      moduleSetExport(
        id,
        'default',
        fromESM && require('util/types').isModuleNamespaceObject(exports) ? exports.default : exports,
      );
      moduleSetExport(id, 'module.exports', exports);
    }),
  );
}

function parseData(url) {
  const match = /^data:([^,;]*)((?:;[^,]*)?),([\s\S]*)$/.exec(url);
  if (match === null) throw new codes.ERR_INVALID_URL(url);
  const { Buffer } = require('buffer');
  const [, mime, parameters, body] = match;
  const bytes = /;base64$/i.test(parameters)
    ? Buffer.from(decodeURIComponent(body), 'base64')
    : Buffer.from(decodeURIComponent(body));
  return { mime, body: bytes };
}

function fromData(url, attributes) {
  const { mime, body } = parseData(url);
  switch (dataFormat(mime)) {
    case 'module':
      checkAttributes(url, 'module', attributes);
      return require('module/esm').source(url, body.toString());
    case 'json':
      checkAttributes(url, 'json', attributes);
      return json(url, body.toString(), url);
    case 'wasm':
      checkAttributes(url, 'wasm', attributes);
      return require('module/wasm').create(url, body);
    default:
      for (const key of Object.keys(attributes)) {
        if (key !== 'type') throw unsupported(key, attributes[key], url);
      }
      throw new codes.ERR_UNKNOWN_MODULE_FORMAT(mime, url);
  }
}

module.exports = { create, defaultLoad, formatOf, setBuiltinExports };

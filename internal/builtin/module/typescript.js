'use strict';

// TypeScript and JSX: transpiled in Go (internal/loader/transpile.go) before they are compiled. Types, enums, namespaces,
// decorators and JSX all go; positions come back through the source map.

const { transpile } = native;

/** Errors in the source, worded as the engine's own are. */
class TypeScriptSyntaxError extends SyntaxError {
  constructor(message, file, line, column, length, source) {
    super(message);
    this.code = 'ERR_INVALID_TYPESCRIPT_SYNTAX';
    if (line > 0) {
      const pad = source.slice(0, column).replace(/[^\t]/g, ' ');
      const head = `${file}:${line}\n${source}\n${pad}${'^'.repeat(Math.max(1, length))}\n`;
      const { stack } = this;
      Object.defineProperty(this, 'stack', {
        __proto__: null,
        value: `${head}\n${stack}`,
        writable: true,
        configurable: true,
      });
    }
  }
}
Object.defineProperty(TypeScriptSyntaxError.prototype, 'name', {
  __proto__: null,
  value: 'SyntaxError',
  writable: true,
  configurable: true,
});
Object.defineProperty(TypeScriptSyntaxError.prototype, 'constructor', {
  __proto__: null,
  value: SyntaxError,
  writable: true,
  configurable: true,
});

/**
 * @param {string} text
 * @param {string} file
 * @param {boolean} commonjs import and export become require and exports
 * @returns {string} JavaScript
 */
function toJavaScript(text, file, commonjs) {
  const out = transpile(file, text, commonjs);
  const [code, map] = out;
  if (code === undefined) throw syntaxError(out, file);
  require('module/source_map').remember(file, map, code);
  return code;
}

/** @param {any[]} bad what `transpile` says of an error */
function syntaxError([, message, line, column, length, source], file) {
  return new TypeScriptSyntaxError(message, file, line, column, length, source);
}

/**
 * @param {string} text
 * @param {string} file
 * @param {string} kind 'module-typescript', 'commonjs-typescript', 'typescript'
 * @returns {{code: string, format: 'module' | 'commonjs'}}
 */
function fromText(text, file, kind) {
  if (kind === 'module-typescript') return { code: toJavaScript(text, file, false), format: 'module' };
  if (kind === 'commonjs-typescript') return { code: toJavaScript(text, file, true), format: 'commonjs' };
  return detected(toJavaScript(text, file, false), file);
}

/** @returns {{code: string, format: 'module' | 'commonjs'}} */
function detected(code, file) {
  return { code, format: require('module/esm').hasModuleSyntax(code, file) ? 'module' : 'commonjs' };
}

/** Of a file that was transpiled already: read ahead. */
function fromTranspiled(code, map, file, kind) {
  require('module/source_map').remember(file, map, code);
  if (kind === 'typescript') return detected(code, file);
  return { code, format: kind === 'module-typescript' ? 'module' : 'commonjs' };
}

/**
 * module.stripTypeScriptTypes
 * @param {string} code
 * @param {Options & {mode?: 'strip' | 'transform', sourceMap?: boolean, sourceUrl?: string}} [options]
 */
function stripTypeScriptTypes(code, options = { __proto__: null }) {
  const { validateBoolean, validateObject, validateOneOf, validateString } = require('shared/validators');
  require('module/warnings').experimental('stripTypeScriptTypes');
  validateString(code, 'code');
  validateObject(options, 'options');
  const { sourceMap = false, sourceUrl = '', mode = 'strip' } = options;
  validateOneOf(mode, 'options.mode', ['strip', 'transform']);
  validateString(sourceUrl, 'options.sourceUrl');
  if (mode === 'strip') validateOneOf(sourceMap, 'options.sourceMap', [false, undefined]);
  else validateBoolean(sourceMap, 'options.sourceMap');
  const file = sourceUrl === '' ? '<anon>.ts' : sourceUrl;
  const [out, map, line, column, length, source] = transpile(
    /\.[mc]?tsx?$/.test(file) ? file : `${file}.ts`,
    code,
    false,
  );
  if (out === undefined) throw new TypeScriptSyntaxError(map, file, line, column, length, source);
  let text = out.replace(/;?\n$/, (end) => (code.trimEnd().endsWith(';') ? end : '')).trimEnd();
  if (sourceUrl !== '') text += `\n\n//# sourceURL=${sourceUrl}`;
  if (sourceMap) {
    const m = JSON.parse(map);
    m.sources = [sourceUrl];
    delete m.sourcesContent;
    text += `\n\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(m)).toString('base64')}`;
  }
  return text;
}

module.exports = {
  fromText,
  fromTranspiled,
  stripTypeScriptTypes,
  syntaxError,
  toJavaScript,
};

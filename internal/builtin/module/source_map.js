'use strict';

// Source maps of loaded code: always for what is transpiled here; for //# sourceMappingURL with --enable-source-maps.
// Stacks are mapped only once there is a map, by a hook in shared/stack_trace.

const { readText } = native;
const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('shared/errors');
const { validateBoolean, validateObject } = require('shared/validators');

/** file name or URL -> {map: string | object, url, code, made: SourceMap | undefined} */
const maps = new Map();
let support = { __proto__: null, enabled: false, nodeModules: false, generatedCode: false };
let decided = false;

function enabled() {
  if (!decided) {
    decided = true;
    if (require('process/options').flag('--enable-source-maps') === true) {
      support = { __proto__: null, enabled: true, nodeModules: true, generatedCode: true };
    }
  }
  return support.enabled;
}

function lengthsOf(code) {
  return code
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.length);
}

function install() {
  require('shared/stack_trace').setSiteMapper(mapSite);
}

/** A map made by transpiling. */
function remember(file, map, code) {
  maps.set(file, { map, base: file, code, made: undefined });
  install();
}

/**
 * Looks for a source map comment in code that was compiled.
 * @param {string} name file or URL
 * @param {string} content
 * @param {() => string | undefined} [ask] the engine, which knows comments from strings
 */
function note(name, content, ask) {
  if (!enabled() || maps.get(name)?.code === content) return;
  if (!support.nodeModules && name.includes('/node_modules/')) return;
  let found = ask?.();
  if (ask === undefined) {
    const at = content.lastIndexOf('sourceMappingURL=');
    if (at < 0) return;
    found = /[#@]\s*sourceMappingURL=([^\s'"]+)/.exec(content.slice(Math.max(0, at - 4)))?.[1];
  }
  if (typeof found !== 'string' || found === '') return;
  const map = read(found, name);
  if (map === undefined) return;
  maps.set(name, { map, base: name, code: content, made: undefined });
  install();
}

function read(url, name) {
  try {
    if (url.startsWith('data:')) {
      const comma = url.indexOf(',');
      const body = url.slice(comma + 1);
      const head = url.slice(5, comma);
      if (!head.startsWith('application/json')) return undefined;
      return JSON.parse(head.endsWith(';base64') ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body));
    }
    const { fileURLToPath, pathToFileURL } = require('url');
    const base = name.startsWith('file:') ? name : pathToFileURL(name);
    return JSON.parse(readText(fileURLToPath(new URL(url, base))));
  } catch {
    return undefined;
  }
}

function sourceMapOf(entry) {
  if (entry.made === undefined) {
    const payload = typeof entry.map === 'string' ? JSON.parse(entry.map) : entry.map;
    const { base } = entry;
    const { pathToFileURL } = require('url');
    const baseURL = /^[a-z]+:/.test(base) ? base : pathToFileURL(base).href;
    payload.sources = (payload.sources ?? []).map((s) => {
      const full = payload.sourceRoot ? `${payload.sourceRoot.replace(/\/?$/, '/')}${s}` : s;
      if (full === base || full.startsWith('/')) return pathToFileURL(full).href;
      try {
        return new URL(full, baseURL).href;
      } catch {
        return full;
      }
    });
    entry.made = new SourceMap(payload, { lineLengths: lengthsOf(entry.code) });
  }
  return entry.made;
}

/** @param {string} path file or URL @returns {SourceMap | undefined} */
function findSourceMap(path) {
  let entry = maps.get(path);
  if (entry === undefined && typeof path === 'string') {
    const { fileURLToPath, pathToFileURL } = require('url');
    try {
      entry = maps.get(path.startsWith('file:') ? fileURLToPath(path) : pathToFileURL(path).href);
    } catch {
      /* no file */
    }
  }
  return entry === undefined ? undefined : sourceMapOf(entry);
}

/** One line of a stack, where it came from. */
function mapSite(site) {
  const text = `${site}`;
  const file = site.getFileName?.() ?? site.getScriptNameOrSourceURL?.();
  if (typeof file !== 'string' || maps.size === 0) return text;
  const entry = maps.get(file) ?? (file.startsWith('file:') ? maps.get(require('url').fileURLToPath(file)) : undefined);
  if (entry === undefined) return text;
  let found;
  try {
    found = sourceMapOf(entry).findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
  } catch {
    return text;
  }
  if (found.originalSource === undefined) return text;
  const source = found.originalSource;
  const shown = source.startsWith('file:') && !file.startsWith('file:') ? require('url').fileURLToPath(source) : source;
  const place = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  return text.replace(place, `${shown}:${found.originalLine + 1}:${found.originalColumn + 1}`);
}

/**
 * Where a position in generated code came from.
 * @param {string} file
 * @param {number} line from 1
 * @param {number} column from 0
 * @returns {{file: string, line: number, column: number, source: string} | undefined}
 */
function originOf(file, line, column) {
  const map = maps.size === 0 ? undefined : findSourceMap(file);
  if (map === undefined) return undefined;
  const e = map.findEntry(line - 1, column);
  if (e.originalSource === undefined) return undefined;
  const { fileURLToPath } = require('url');
  const name = e.originalSource.startsWith('file:') ? fileURLToPath(e.originalSource) : e.originalSource;
  const index = map.payload.sources.indexOf(e.originalSource);
  let text = map.payload.sourcesContent?.[index];
  try {
    text ??= readText(name);
  } catch {
    /* the source may not be there */
  }
  const source = text?.split('\n')[e.originalLine]?.replace(/\r$/, '') ?? '';
  return { file: name, line: e.originalLine + 1, column: e.originalColumn, source };
}

const DIGITS = new Int8Array(128).fill(-1);
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('').forEach((c, i) => {
  DIGITS[c.charCodeAt(0)] = i;
});

/** Numbers of a segment, VLQ in base 64. */
function decodeSegment(text) {
  const out = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGITS[text.charCodeAt(i)] ?? -1;
    if (digit < 0) return out;
    value += (digit & 31) << shift;
    if (digit & 32) {
      shift += 5;
      continue;
    }
    // As other decoders have it: a negative zero is the least integer.
    out.push(value & 1 ? -(value >>> 1) || -2147483648 : value >>> 1);
    value = shift = 0;
  }
  return out;
}

class SourceMap {
  #payload;
  #mappings;
  #lineLengths;

  /**
   * @param {object} payload
   * @param {Options & {lineLengths?: number[]}} [options]
   */
  constructor(payload, { lineLengths } = { __proto__: null }) {
    validateObject(payload, 'payload');
    this.#payload = copy(payload);
    if (lineLengths !== undefined) {
      if (!Array.isArray(lineLengths)) throw new ERR_INVALID_ARG_TYPE('options.lineLengths', 'Array', lineLengths);
      this.#lineLengths = [...lineLengths];
    }
  }

  get payload() {
    return copy(this.#payload);
  }

  get lineLengths() {
    return this.#lineLengths === undefined ? undefined : [...this.#lineLengths];
  }

  #decode() {
    if (this.#mappings !== undefined) return this.#mappings;
    const list = [];
    if (this.#payload.sections) {
      for (const { offset, map } of this.#payload.sections) decodeMap(map, offset.line, offset.column, list);
    } else {
      decodeMap(this.#payload, 0, 0, list);
    }
    list.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return (this.#mappings = list);
  }

  /**
   * @param {number} line zero-based, in the generated code
   * @param {number} column zero-based
   */
  findEntry(line, column) {
    const list = this.#decode();
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const m = list[middle];
      if (m[0] < line || (m[0] === line && m[1] <= column)) low = middle + 1;
      else high = middle;
    }
    const m = list[low - 1];
    if (m === undefined || m.length < 5) return {};
    const entry = {
      generatedLine: m[0],
      generatedColumn: m[1],
      originalSource: m[2],
      originalLine: m[3],
      originalColumn: m[4],
    };
    if (m[5] !== undefined) entry.name = m[5];
    return entry;
  }

  /**
   * @param {number} lineNumber from 1
   * @param {number} columnNumber from 1
   */
  findOrigin(lineNumber, columnNumber) {
    const range = this.findEntry(lineNumber - 1, columnNumber - 1);
    if (
      range.originalSource === undefined ||
      range.originalLine === undefined ||
      range.originalColumn === undefined ||
      range.generatedLine === undefined ||
      range.generatedColumn === undefined
    )
      return {};
    const lineOffset = lineNumber - range.generatedLine;
    const columnOffset = columnNumber - range.generatedColumn;
    return {
      name: range.name,
      fileName: range.originalSource,
      lineNumber: range.originalLine + lineOffset,
      columnNumber: range.originalColumn + columnOffset,
    };
  }
}

function copy(payload) {
  const sections = Array.isArray(payload.sections)
    ? payload.sections.map((s) => ({ offset: { ...s.offset }, map: copy(s.map) }))
    : undefined;
  return {
    ...payload,
    sources: Array.isArray(payload.sources) ? [...payload.sources] : payload.sources,
    ...(sections === undefined ? {} : { sections }),
  };
}

/** Appends [line, column, source, original line, original column, name] of each segment. */
function decodeMap(map, firstLine, firstColumn, list) {
  const { sources = [], names = [], mappings = '' } = map;
  let source = 0;
  let originalLine = 0;
  let originalColumn = 0;
  let name = 0;
  `${mappings}`.split(';').forEach((line, i) => {
    let column = i === 0 ? firstColumn : 0;
    for (const segment of line.split(',')) {
      const n = decodeSegment(segment);
      if (n.length === 0) continue;
      column += n[0];
      if (n.length < 4) {
        list.push([firstLine + i, column]);
        continue;
      }
      source += n[1];
      originalLine += n[2];
      originalColumn += n[3];
      const entry = [firstLine + i, column, sources[source], originalLine, originalColumn, undefined];
      if (n.length > 4) {
        name += n[4];
        entry[5] = names[name];
      }
      list.push(entry);
    }
  });
}

function getSourceMapsSupport() {
  enabled();
  return Object.freeze({ __proto__: null, ...support });
}

/**
 * @param {boolean} on
 * @param {Options & {nodeModules?: boolean, generatedCode?: boolean}} [options]
 */
function setSourceMapsSupport(on, options = { __proto__: null }) {
  validateBoolean(on, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  decided = true;
  support = { __proto__: null, enabled: on, nodeModules, generatedCode };
}

module.exports = { SourceMap, findSourceMap, getSourceMapsSupport, note, originOf, remember, setSourceMapsSupport };

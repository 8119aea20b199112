'use strict';

// Better words for what goes wrong between modules: names that are not exported, files that are not found.

const { readText } = native;
const { getErrorSource } = engine;

/** The line of the import statement that an error of instantiation is about. */
function placeOf(err) {
  const at = getErrorSource(err);
  if (at === undefined) return undefined;
  return { url: `${at[0]}`, line: at[1], text: at[2], column: at[3], end: at[4] };
}

/** @param {any} err what instantiation threw @param {object} record of the graph's top */
function improve(err, record) {
  if (!(err instanceof SyntaxError)) return err;
  const missing = /^The requested module '([\s\S]*)' does not provide an export named '([\s\S]*)'$/.exec(err.message);
  if (missing === null) return err;
  const at = placeOf(err);
  const [, specifier, name] = missing;
  const importer = find(record, at?.url);
  const index = importer?.specifiers?.indexOf(specifier) ?? -1;
  const target = index >= 0 ? importer.links[index] : undefined;
  const old = err.stack;
  if (target?.kind === 'commonjs') {
    const names = at === undefined ? undefined : namedImports(at.text, specifier);
    err.message =
      `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may not support ` +
      'all module.exports as named exports.\nCommonJS modules can always be imported via the default export, for example using:' +
      `\n\nimport pkg from '${specifier}';\n${names === undefined ? '' : `const ${names} = pkg;\n`}`;
  }
  if (at !== undefined && typeof old === 'string' && !old.startsWith(`${at.url}:`)) {
    const pad = at.text.slice(0, at.column).replace(/[^\t]/g, ' ');
    const frames = old.slice(old.indexOf('\n    at '));
    const stack = `${at.url}:${at.line}\n${at.text}\n${pad}${'^'.repeat(Math.max(1, at.end - at.column))}\nSyntaxError: ${err.message}${old.includes('\n    at ') ? frames : ''}`;
    Object.defineProperty(err, 'stack', { __proto__: null, value: stack, writable: true, configurable: true });
  }
  return err;
}

/** `{ a: b }` for the `{ a as b }` of a statement that is on one line. */
function namedImports(line, specifier) {
  const quoted = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`import\\s*(?:[\\w$]+\\s*,\\s*)?(\\{[^}]*\\})\\s*from\\s*['"]${quoted}['"]`).exec(line);
  return found === null ? undefined : found[1].replace(/\s+as\s+/g, ': ');
}

function find(record, url, seen = new Set()) {
  if (url === undefined || seen.has(record)) return undefined;
  seen.add(record);
  if (record.url === url) return record;
  for (const to of record.links ?? []) {
    const found = find(to, url, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

const GLOBALS = ['require', 'exports', 'module', '__filename', '__dirname'];

/** Adds what to do to "require is not defined" and its like. @param {any} err @param {{ url: string }} record that ran */
function explain(err, record) {
  if (!engine.isNativeError(err) || err.name !== 'ReferenceError' || typeof err.message !== 'string') return err;
  const name = /^(\w+) is not defined$/.exec(err.message)?.[1];
  if (!GLOBALS.includes(name)) return err;
  let text = `${err.message} in ES module scope`;
  if (name === 'require') text += ', you can use import instead';
  const file = record.url.startsWith('file:') ? require('url').fileURLToPath(record.url) : '';
  if (file.endsWith('.js')) {
    const pkg = require('module/cjs').scope(file);
    if (pkg?.type === 'module') {
      text +=
        "\nThis file is being treated as an ES module because it has a '.js' file extension and " +
        `'${pkg.path}' contains "type": "module". To treat it as a CommonJS script, rename it to use the '.cjs' file extension.`;
    }
  }
  const { stack } = err;
  const old = err.message;
  err.message = text;
  if (typeof stack === 'string') {
    Object.defineProperty(err, 'stack', {
      __proto__: null,
      value: stack.replace(old, () => text),
      writable: true,
      configurable: true,
    });
  }
  return err;
}

/** --experimental-print-required-tla: where a graph awaits. */
function printAwaits(record, seen = new Set()) {
  if (seen.has(record)) return;
  seen.add(record);
  for (const to of record.links ?? []) printAwaits(to, seen);
  if (record.kind !== 'module' || !engine.moduleHasTopLevelAwait(record.id) || !record.url.startsWith('file:')) return;
  const file = require('url').fileURLToPath(record.url);
  const lines = readText(file).split('\n');
  lines.forEach((text, i) => {
    const column = /(?:^|[^\w$.])await(?=\s)/.exec(text)?.index ?? -1;
    if (column < 0) return;
    const at = text.indexOf('await', column);
    require('process/stdio').writeSync(
      2,
      `Error: unexpected top-level await at ${record.url}:${i + 1}\n${text}\n${' '.repeat(at)}^\n\n\n`,
    );
  });
}

module.exports = { explain, improve, printAwaits };

'use strict';

// WebAssembly as ES modules: a module of source text is composed that imports what the WebAssembly module imports and
// exports what it exports; names only ever get into the text as string literals.

const { moduleCompile, moduleSetSource } = engine;

let warned = false;

/** @param {string} url @param {Uint8Array} bytes */
function create(url, bytes) {
  const { Record, finish } = require('module/graph');
  if (!warned) {
    warned = true;
    process.emitWarning(
      'Importing WebAssembly module instances is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
  }
  const { WebAssembly } = globalThis;
  const compiled = new WebAssembly.Module(bytes, {
    builtins: ['js-string'],
    importedStringConstants: 'wasm:js/string-constants',
  });
  const imports = WebAssembly.Module.imports(compiled);
  const exports = WebAssembly.Module.exports(compiled);
  for (const { module: from, name } of imports) {
    if (from.startsWith('wasm-js:')) throw new WebAssembly.LinkError(`Invalid Wasm import "${from}" in "${url}"`);
    if (name.startsWith('wasm:') || name.startsWith('wasm-js:'))
      throw new WebAssembly.LinkError(`Invalid Wasm import name "${name}" in "${url}"`);
  }
  for (const { name } of exports) {
    if (name.startsWith('wasm:') || name.startsWith('wasm-js:'))
      throw new WebAssembly.LinkError(`Invalid Wasm export "${name}" in "${url}"`);
  }
  const modules = [...new Set(imports.map((i) => i.module))];
  let text = '';
  modules.forEach((m, i) => {
    text += `import * as $i${i} from ${JSON.stringify(m)};\n`;
  });
  if (exports.length > 0) {
    text += `let ${exports.map((e, i) => `$e${i}`).join(', ')};\n`;
    text += `export { ${exports.map((e, i) => `$e${i} as ${JSON.stringify(e.name)}`).join(', ')} };\n`;
  }
  text += `[${exports.map((e, i) => `$e${i}`).join(', ')}] = import.meta.instantiate([${modules.map((m, i) => `$i${i}`).join(', ')}]);\n`;
  const record = new Record(url, 'wasm');
  record.meta = {
    instantiate(namespaces) {
      const given = { __proto__: null };
      modules.forEach((m, i) => {
        given[m] = namespaces[i];
      });
      const instance = new WebAssembly.Instance(compiled, given);
      return exports.map((e) => {
        const value = instance.exports[e.name];
        return value instanceof WebAssembly.Global ? valueOf(value) : value;
      });
    },
  };
  record.sourceObject = compiled;
  finish(record, moduleCompile(text, url, 0, 0, url));
  moduleSetSource(record.id, compiled);
  return record;
}

function valueOf(global) {
  try {
    return global.value;
  } catch {
    return undefined; // a v128 has no value in JavaScript
  }
}

module.exports = { create };

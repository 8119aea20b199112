// Runs the main program.

const { readFile } = native;
const { compileFunction } = engine;

function run(kind, text) {
  const source = kind === 'file' ? readFile(text) : text;
  const wrapper = compileFunction(source, kind === 'file' ? text : '[eval]', 0, 0, undefined,
    ['exports', 'require', 'module', '__filename', '__dirname'], undefined);
  const m = { exports: {} };
  wrapper.call(m.exports, m.exports, (id) => require(id.replace(/^node:/, '')), m, text, require('path').dirname(text));
}

module.exports = { run };

// module.register(): what is in transferList is moved, and the hooks are in force from then on.
import assert from 'node:assert';
import { register } from 'node:module';

const hooks = `
  let size;
  export function initialize(data) { size = data.buffer.byteLength; }
  export function resolve(specifier, context, next) {
    if (specifier !== 'virtual:size') return next(specifier, context);
    return { url: 'data:text/javascript,export default ' + size, shortCircuit: true };
  }`;
const buffer = new ArrayBuffer(8);
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { buffer }, transferList: [buffer] });
assert.strictEqual(buffer.byteLength, 0);
assert.strictEqual((await import('virtual:size')).default, 8);

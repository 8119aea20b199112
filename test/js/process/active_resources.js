// process.getActiveResourcesInfo names what is under way, by its kind, and nothing else.
const assert = require('node:assert');
const active = () => process.getActiveResourcesInfo().sort();

assert.deepStrictEqual(active(), []);
require('node:crypto').pbkdf2('a', 'b', 1, 8, 'sha1', () => {});
assert.deepStrictEqual(active(), []);
require('node:fs').stat('.', () => {});
require('node:dns').lookup('localhost', () => {});
const timer = setTimeout(() => {}, 1000);
assert.deepStrictEqual(active(), ['FSReqCallback', 'GetAddrInfoReqWrap', 'Timeout']);
assert.deepStrictEqual(
  process
    ._getActiveRequests()
    .map((r) => r.constructor.name)
    .sort(),
  ['FSReqCallback', 'GetAddrInfoReqWrap'],
);
clearTimeout(timer);
process.on('exit', () => assert.deepStrictEqual(active(), []));

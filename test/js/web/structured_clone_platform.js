'use strict';

// structuredClone() of the platform's own objects: they arrive as what they were, or are refused; none arrives as {}.

const assert = require('assert');
const { BlockList, SocketAddress } = require('net');
const { createHistogram } = require('perf_hooks');
const { createSecretKey } = require('crypto');

let done = false;
process.on('exit', () => assert.ok(done, 'a promise was never settled'));

(async () => {
  const { blob, file } = structuredClone({
    blob: new Blob(['a', 'bc'], { type: 'text/x' }),
    file: new File(['d'], 'n'),
  });
  assert.ok(blob instanceof Blob && !(blob instanceof File));
  assert.strictEqual(blob.type, 'text/x');
  assert.strictEqual(await blob.text(), 'abc');
  assert.ok(file instanceof File);
  assert.deepStrictEqual([file.name, await file.text()], ['n', 'd']);

  const error = new DOMException('why', 'AbortError');
  const copy = structuredClone(error);
  assert.ok(copy instanceof DOMException && copy !== error);
  assert.deepStrictEqual([copy.name, copy.message, copy.code, copy.stack], ['AbortError', 'why', 20, error.stack]);

  const key = structuredClone([createSecretKey(Buffer.from('abc'))])[0];
  assert.strictEqual(key.export().toString(), 'abc');
  const address = structuredClone(new SocketAddress({ address: '::1', family: 'ipv6', port: 7 }));
  assert.deepStrictEqual(address.toJSON(), { address: '::1', family: 'ipv6', port: 7, flowlabel: 0 });

  const list = new BlockList();
  const other = structuredClone(list);
  other.addAddress('1.2.3.4');
  assert.ok(list.check('1.2.3.4'));
  const histogram = createHistogram();
  structuredClone(histogram).record(5);
  assert.strictEqual(histogram.max, 5);

  const kinds = [
    new URL('http://a'),
    new URLSearchParams(),
    new URLPattern({}),
    new Headers(),
    new Request('http://a'),
    new Response(),
    new FormData(),
  ];
  for (const object of kinds) {
    const message = 'Cannot clone object of unsupported type.';
    assert.throws(() => structuredClone({ object }), { name: 'DataCloneError', message });
  }

  const stream = ReadableStream.from(['x', { y: 1 }]);
  assert.throws(() => structuredClone(stream), /Object that needs transfer was found in message but not listed/);
  const moved = structuredClone({ stream }, { transfer: [stream] }).stream;
  assert.ok(stream.locked && moved instanceof ReadableStream);
  assert.deepStrictEqual(await Array.fromAsync(moved), ['x', { y: 1 }]);
  const locked = new ReadableStream();
  locked.getReader();
  assert.throws(() => structuredClone(locked, { transfer: [locked] }), { name: 'DataCloneError' });
})().then(() => {
  done = true;
});

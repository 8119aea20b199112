'use strict';

// A codec serves one stream after another: nothing of the one may show in the next.

const assert = require('assert');
const zlib = require('zlib');

const text = Buffer.from('a text that repeats itself, a text that repeats itself; '.repeat(500));

function run(stream, input) {
  return new Promise((resolve, reject) => {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('error', reject);
    stream.on('end', () => resolve(Buffer.concat(pieces)));
    stream.end(input);
  });
}

async function main() {
  const first = await run(zlib.createGzip(), text);
  const raw = await run(zlib.createDeflateRaw({ level: 1 }), text);
  const dictionary = Buffer.from('repeats itself');
  const withDictionary = await run(zlib.createDeflate({ dictionary }), text);
  for (let i = 0; i < 6; i++) {
    assert.deepStrictEqual(await run(zlib.createGzip(), text), first);
    assert.deepStrictEqual(await run(zlib.createDeflateRaw({ level: 1 }), text), raw);
    assert.deepStrictEqual(await run(zlib.createDeflate({ dictionary }), text), withDictionary);
    assert.deepStrictEqual(await run(zlib.createGunzip(), first), text);
    // Broken off, failed, with other parameters halfway.
    const half = zlib.createGzip();
    half.write(text.subarray(0, 5000));
    await new Promise((resolve) => half.flush(resolve));
    half.destroy();
    await assert.rejects(run(zlib.createGunzip(), Buffer.from('no gzip at all')), { code: 'Z_DATA_ERROR' });
    await assert.rejects(run(zlib.createGunzip(), first.subarray(0, 50)), { code: 'Z_BUF_ERROR' });
    const changed = zlib.createGzip();
    changed.write(text.subarray(0, 5000));
    await new Promise((resolve) => changed.params(0, zlib.constants.Z_DEFAULT_STRATEGY, resolve));
    assert.deepStrictEqual(zlib.gunzipSync(await run(changed, text)), Buffer.concat([text.subarray(0, 5000), text]));
    // Many at a time have one each.
    const all = await Promise.all(Array.from({ length: 8 }, () => run(zlib.createGzip(), text)));
    for (const one of all) assert.deepStrictEqual(one, first);
    // A window that the data names is this data's.
    const narrow = zlib.deflateSync(text, { windowBits: 9 });
    const wide = zlib.deflateSync(text);
    for (const data of [narrow, wide]) {
      assert.deepStrictEqual(zlib.inflateSync(data, { windowBits: 0 }), text);
      assert.deepStrictEqual(await run(zlib.createInflate({ windowBits: 0 }), data), text);
    }
    // unzip finds out anew what it is given.
    for (const data of [first, wide]) assert.deepStrictEqual(await run(zlib.createUnzip(), data), text);
  }
}

let done = false;
main().then(() => {
  done = true;
});
process.on('exit', () => assert.ok(done));

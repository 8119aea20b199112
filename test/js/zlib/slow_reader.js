// A stream through compression and back, with a slow reader: no byte is lost, and no more piles up than the marks allow.
const assert = require('node:assert');
const zlib = require('node:zlib');
const { once } = require('node:events');
const { Readable, Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');

const total = 3_000_000;
function source() {
  let at = 0;
  return new Readable({
    read(n) {
      if (at >= total) return void this.push(null);
      const piece = Buffer.allocUnsafe(Math.min(n, total - at));
      for (let i = 0; i < piece.length; i++) piece[i] = ((at + i) * 7 + ((at + i) >> 9)) & 0xff;
      at += piece.length;
      this.push(piece);
    },
  });
}

async function roundTrip(pack, unpack) {
  let at = 0;
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      for (let i = 0; i < chunk.length; i++, at++) {
        if (chunk[i] !== ((at * 7 + (at >> 9)) & 0xff)) throw new Error(`byte ${at} is wrong`);
      }
      assert.ok(unpack.readableLength <= 1_000_000, `${unpack.readableLength} bytes wait`);
      setImmediate(done);
    },
  });
  await pipeline(source(), pack, unpack, slow);
  assert.strictEqual(at, total);
}

async function main() {
  await roundTrip(zlib.createGzip({ level: 1 }), zlib.createGunzip());
  await roundTrip(zlib.createDeflateRaw({ level: 1 }), zlib.createInflateRaw());
  await roundTrip(zlib.createZstdCompress(), zlib.createZstdDecompress());

  // Nobody reads: write() says that it is enough.
  const gunzip = zlib.createGunzip();
  const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
  gunzip.write(bomb);
  await once(gunzip, 'readable');
  assert.ok(gunzip.readableLength < 1_000_000, `${gunzip.readableLength} bytes wait`);
  gunzip.destroy();
}
main();

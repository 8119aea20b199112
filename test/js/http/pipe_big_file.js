// A file of 4 MB piped into an answer arrives whole, with a slow reader as well.
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const file = path.join(process.env.TEST_TMP ?? require('node:os').tmpdir(), `big-${process.pid}`);
const bytes = Buffer.alloc(4 << 20);
for (let i = 0; i < bytes.length; i += 4) bytes.writeUInt32LE((i * 2654435761) >>> 0, i);
fs.writeFileSync(file, bytes);
const want = crypto.createHash('sha256').update(bytes).digest('hex');

const server = http
  .createServer((req, res) => fs.createReadStream(file).pipe(res))
  .listen(0, () => {
    http.get({ port: server.address().port }, (res) => {
      const hash = crypto.createHash('sha256');
      res.on('data', (d) => {
        hash.update(d);
        res.pause();
        setTimeout(() => res.resume(), 1);
      });
      res.on('end', () => {
        assert.strictEqual(hash.digest('hex'), want);
        fs.unlinkSync(file);
        server.close();
      });
    });
  });

// An answer that comes after its connection closed reaches nobody, above all not the next client, who may have got the
// same file descriptor.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

let late;
let first;
const server = http
  .createServer((req, res) => {
    if (req.url === '/late') {
      late = res;
      res.on('close', () => setImmediate(next));
      first.destroy();
    } else {
      late.end('secret of the first client');
      setTimeout(() => res.end('mine'), 20);
    }
  })
  .listen(0, () => {
    first = net.connect(server.address().port, () => first.write('GET /late HTTP/1.1\r\nHost: a\r\n\r\n'));
  });
function next() {
  assert.ok(late.destroyed);
  const second = net.connect(server.address().port, () => {
    second.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  });
  let text = '';
  second
    .setEncoding('latin1')
    .on('data', (d) => {
      text += d;
    })
    .on('end', () => {
      assert.match(text, /\r\n\r\nmine$/);
      assert.doesNotMatch(text, /secret/);
      server.close();
    });
}

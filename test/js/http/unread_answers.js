// A client that sends requests and reads no answers is not read from any further: what waits for it stays bounded.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

let handled = 0;
const body = Buffer.alloc(1000, 'x');
const server = http.createServer((req, res) => {
  handled++;
  res.end(body);
});
server.listen(0, () => {
  const socket = net.connect(server.address().port);
  socket.pause();
  const block = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2000));
  const total = 30 * 2000;
  for (let i = 0; i < 30; i++) socket.write(block);
  let seen = -1;
  const timer = setInterval(() => {
    if (handled === 0 || handled !== seen) {
      seen = handled;
      return;
    }
    clearInterval(timer);
    assert.ok(handled < total / 2, `${handled} of ${total} handled`);
    // Once it reads, everything is answered.
    let size = 0;
    socket.on('data', (d) => {
      size += d.length;
    });
    socket.resume();
    const done = setInterval(() => {
      if (handled < total || size < total * body.length) return;
      clearInterval(done);
      assert.strictEqual(handled, total);
      socket.destroy();
      server.close();
    }, 20);
  }, 300);
});

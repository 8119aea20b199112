// write() says false when the peer does not read, 'drain' comes when it does, and nothing is lost.
const assert = require('node:assert');
const net = require('node:net');

const chunk = Buffer.alloc(8 << 20, 'x');
let sent = 0;
let received = 0;
const server = net
  .createServer((socket) => {
    while (socket.write(chunk)) sent += chunk.length;
    sent += chunk.length;
    assert.ok(socket.writableLength > 0);
    socket.once('drain', () => socket.end());
  })
  .listen(0, () => {
    const client = net.connect(server.address().port).pause();
    setTimeout(() => client.resume(), 50);
    client.on('data', (d) => {
      received += d.length;
    });
    client.on('end', () => {
      assert.strictEqual(received, sent);
      server.close();
    });
  });

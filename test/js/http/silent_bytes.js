// Bytes that make no request (empty lines, heads that never end) do not use up what other clients are read into.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const server = http
  .createServer((req, res) => res.end('ok'))
  .listen(0, async () => {
    const { port } = server.address();
    await flood(port, Buffer.alloc(6 << 20, '\r\n'));
    const slow = [];
    for (let i = 0; i < 500; i++) slow.push(await flood(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(14000)}`));
    const timer = setTimeout(() => assert.fail('no answer'), 5000);
    http.get({ port, agent: false }, (res) => {
      assert.strictEqual(res.statusCode, 200);
      clearTimeout(timer);
      server.closeAllConnections();
      server.close();
    });
  });

function flood(port, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(port, () => socket.write(bytes, () => resolve(socket)));
    socket.on('error', () => {});
    setTimeout(resolve, 1000).unref();
  });
}

// Bytes that make no request (empty lines, heads that never end) do not use up what other clients are read into.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');
const fs = require('node:fs');

const clients = 500;
const descriptors = Number(/^Max open files +\S+ +(\d+)/m.exec(fs.readFileSync('/proc/self/limits', 'latin1'))?.[1]);
if (descriptors < 2 * clients + 100) {
  console.log(`skipped: ${clients} clients need more than ${descriptors} descriptors`);
  process.exit();
}

const server = http
  .createServer((req, res) => res.end('ok'))
  .listen(0, async () => {
    const { port } = server.address();
    await flood(port, Buffer.alloc(6 << 20, '\r\n'));
    const slow = [];
    for (let i = 0; i < clients; i++)
      slow.push(await flood(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(14000)}`));
    http.get({ port, agent: false }, (res) => {
      assert.strictEqual(res.statusCode, 200);
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

// headersTimeout and requestTimeout are a message's: a connection that is never idle does not use them up.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

attempt(400);

function attempt(timeout) {
  const options = { headersTimeout: timeout, requestTimeout: timeout, connectionsCheckingInterval: 20 };
  const server = http.createServer(options, (req, res) => setTimeout(() => res.end('ok'), 30));
  server.listen(0, () => {
    const socket = net.connect(server.address().port);
    let got = '';
    socket
      .setEncoding('latin1')
      .on('data', (d) => {
        got += d;
      })
      .on('error', () => {});
    // A head is always under way, and an answer always owed.
    const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    socket.write(`${request}GET /`);
    let last = performance.now();
    let longest = 0;
    const tick = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    };
    const timer = setInterval(() => {
      tick();
      socket.write(request.slice(5) + request.slice(0, 5));
    }, 20);
    setTimeout(() => {
      clearInterval(timer);
      tick();
      // On a machine that stood still a message did take that long: another attempt, with more time.
      if (longest > timeout / 4) {
        socket.destroy();
        server.close(() => attempt(2 * timeout));
        return;
      }
      assert.ok(!got.includes('408'), got.slice(-200));
      // The one under way now never ends: it is told so.
      socket.on('close', () => {
        assert.match(got, /HTTP\/1\.1 408 /);
        server.close();
      });
    }, 4 * timeout);
  });
}

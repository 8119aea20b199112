// headersTimeout and requestTimeout are a message's: a connection that is never idle does not use them up.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const options = { headersTimeout: 400, requestTimeout: 400, connectionsCheckingInterval: 20 };
const server = http.createServer(options, (req, res) => setTimeout(() => res.end('ok'), 30));
server.listen(0, () => {
  const socket = net.connect(server.address().port);
  let got = '';
  socket.setEncoding('latin1').on('data', (d) => {
    got += d;
  });
  // A head is always under way, and an answer always owed.
  const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  socket.write(`${request}GET /`);
  const timer = setInterval(() => socket.write(`${(`GET ${request.slice(4)}`).slice(5)}GET /`), 20);
  setTimeout(() => {
    clearInterval(timer);
    assert.ok(!got.includes('408'), got.slice(-200));
    // The one under way now never ends: it is told so.
    socket.on('close', () => {
      assert.match(got, /HTTP\/1\.1 408 /);
      server.close();
    });
  }, 1500);
});

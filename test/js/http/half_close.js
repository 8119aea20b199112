// A client that has sent its request and closes its half still gets its answer.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const server = http
  .createServer((req, res) => {
    req.resume().on('end', () => setTimeout(() => res.end('answer'), 20));
  })
  .listen(0, () => {
    const socket = net.connect({ port: server.address().port, allowHalfOpen: true }, () => {
      socket.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
    });
    let text = '';
    socket
      .setEncoding('latin1')
      .on('data', (d) => {
        text += d;
      })
      .on('end', () => {
        assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
        assert.match(text, /answer$/);
        server.close();
      });
  });

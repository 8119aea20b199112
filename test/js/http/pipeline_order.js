// Answers keep the order of the requests, whatever order they are made in, and a 400 takes its place behind them.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const server = http
  .createServer((req, res) => {
    setTimeout(() => res.end(req.url), req.url === '/slow' ? 30 : 0);
  })
  .listen(0, () => {
    const socket = net.connect(server.address().port, () => {
      socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /quick HTTP/1.1\r\nHost: a\r\n\r\n');
    });
    let text = '';
    let sentRest = false;
    socket
      .setEncoding('latin1')
      .on('data', (d) => {
        text += d;
        if (!sentRest && text.includes('/quick')) {
          sentRest = true;
          socket.write('BAD\r\n\r\n');
        }
      })
      .on('close', () => {
        const slow = text.indexOf('/slow');
        const quick = text.indexOf('/quick');
        const bad = text.indexOf('HTTP/1.1 400 Bad Request');
        assert.ok(slow > 0 && slow < quick && quick < bad, text);
        server.close();
      });
  });

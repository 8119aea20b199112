// A body that breaks off ends in ECONNRESET and 'aborted'; the server lives.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

let socket;
const server = http
  .createServer((req, res) => {
    const seen = [];
    req.on('data', (d) => {
      seen.push(d.toString());
      socket.destroy();
    });
    req.on('aborted', () => seen.push('aborted'));
    req.on('error', (err) => {
      assert.strictEqual(err.code, 'ECONNRESET');
      seen.push('error');
    });
    req.on('close', () => {
      assert.deepStrictEqual(seen, ['half', 'aborted', 'error']);
      http.get({ port: server.address().port, path: '/again', agent: false }, (r) =>
        r.resume().on('end', () => server.close()),
      );
    });
    if (req.url === '/again') {
      req.removeAllListeners();
      res.end();
    }
  })
  .listen(0, () => {
    socket = net.connect(server.address().port, () => {
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    });
  });

// Each request of a server has its own store, also when requests come in one packet.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');
const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const server = http
  .createServer((req, res) => {
    assert.strictEqual(storage.getStore(), undefined);
    storage.run(req.url, async () => {
      await new Promise((resolve) => setTimeout(resolve, 10 - Number(req.url.slice(1))));
      res.end(storage.getStore());
    });
  })
  .listen(0, () => {
    const socket = net.connect(server.address().port);
    socket.write(
      'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n' +
        'GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    let text = '';
    socket
      .setEncoding('latin1')
      .on('data', (d) => {
        text += d;
      })
      .on('end', () => {
        assert.deepStrictEqual(
          text.match(/\r\n\r\n(?:2\r\n)?(\/\d)/g).map((m) => m.slice(-2)),
          ['/1', '/2', '/3'],
        );
        server.close();
      });
  });

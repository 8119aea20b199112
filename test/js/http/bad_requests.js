// A malformed request gets 400, too many header bytes 431, byte by byte as well as whole; the server lives.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const server = http.createServer((req, res) => res.end('ok')).listen(0, run);
function talk(text, bytewise) {
  return new Promise((resolve) => {
    let got = '';
    const socket = net.connect({ port: server.address().port, noDelay: true });
    socket
      .setEncoding('latin1')
      .on('data', (d) => {
        got += d;
      })
      .on('error', () => {})
      .on('close', () => resolve(got));
    if (!bytewise) {
      socket.write(text);
      return;
    }
    let i = 0;
    const one = () => {
      if (i < text.length && !socket.destroyed) socket.write(text[i++], 'latin1', () => setImmediate(one));
    };
    one();
  });
}
async function run() {
  const cases = [
    ['GET / HTTP/9.9\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
  ];
  for (const [text, status] of cases) {
    for (const bytewise of [false, true]) {
      assert.match(await talk(text, bytewise), new RegExp(`^HTTP/1\\.1 ${status} `), JSON.stringify(text));
    }
  }
  assert.match(await talk(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
  assert.match(await talk('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'), /ok$/);
  server.close();
}

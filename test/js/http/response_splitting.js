// No value that a program passes on makes a header or an answer of its own; trailers are Latin-1 as headers are.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const bad = { code: 'ERR_INVALID_CHAR' };
const server = http.createServer((req, res) => {
  assert.throws(() => res.writeEarlyHints({ link: '</a>; rel=preload', 'x-a': 'b\r\nInjected: 1' }), bad);
  assert.throws(() => res.writeEarlyHints({ link: '</a>; rel=preload', 'x a': 'b' }), {
    code: 'ERR_INVALID_HTTP_TOKEN',
  });
  assert.throws(() => res.setHeader('X', 'a\nb'), bad);
  assert.throws(() => res.setHeader('X', ['a', 'b\r']), bad);
  assert.throws(() => res.appendHeader('X', 'a\0'), bad);
  assert.throws(() => res.writeHead(200, 'a\r\nb'), bad);
  assert.throws(() => res.addTrailers({ a: 'b\r\nc' }), bad);
  assert.throws(() => res.addTrailers({ 'a\r': 'b' }), { code: 'ERR_INVALID_HTTP_TOKEN' });
  res.statusMessage = 'x\r\ny';
  assert.throws(() => res.end('x'), bad);
  res.statusMessage = 'fine';
  res.setHeader('Trailer', 'X-T');
  res.addTrailers({ 'X-T': '\xe9\xff' });
  res.end('\xe9');
});
server.listen(0, () => {
  const socket = net.connect(server.address().port);
  let got = '';
  socket.setEncoding('latin1').on('data', (d) => {
    got += d;
  });
  socket.on('close', () => {
    assert.match(got, /^HTTP\/1\.1 200 fine\r\nTrailer: X-T\r\n/);
    assert.ok(got.endsWith('\r\n\r\n2\r\n\xc3\xa9\r\n0\r\nX-T: \xe9\xff\r\n\r\n'), JSON.stringify(got));
    server.close();
  });
  socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
});

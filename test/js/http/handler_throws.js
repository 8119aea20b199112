// A handler that throws, with somebody there who catches it: what it listens to on its request and response is still told.
const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');

const events = [];
let socket;
process.on('uncaughtException', (e) => {
  events.push(e.message);
  setImmediate(() => socket.destroy());
});
const server = http.createServer((req, res) => {
  req.on('close', () => events.push('request closed'));
  res.on('close', () => {
    events.push('response closed');
    server.close(() => {
      assert.deepStrictEqual(events.sort(), ['request closed', 'response closed', 'thrown']);
      process.exitCode = 0;
    });
  });
  throw new Error('thrown');
});
process.exitCode = 1;
server.listen(0, () => {
  socket = net.connect(server.address().port, () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
});

// A descriptor that somebody else already listens or reads on is refused; the process lives.
const assert = require('node:assert');
const net = require('node:net');

const server = net.createServer().listen(0, () => {
  assert.throws(() => new net.Socket({ fd: server._handle.fd }), { code: 'EEXIST', syscall: 'open' });
  server.close();
});

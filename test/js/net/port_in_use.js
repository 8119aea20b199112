// A port in use is an 'error' with code, syscall, address and port.
const assert = require('node:assert');
const net = require('node:net');
const first = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = first.address();
  net
    .createServer()
    .on('error', (err) => {
      assert.strictEqual(err.code, 'EADDRINUSE');
      assert.strictEqual(err.syscall, 'listen');
      assert.strictEqual(err.address, '127.0.0.1');
      assert.strictEqual(err.port, port);
      assert.strictEqual(err.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
      first.close();
    })
    .listen(port, '127.0.0.1');
});

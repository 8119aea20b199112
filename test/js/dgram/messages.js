// Datagrams: whole or not at all, empty ones too, with the sender's address; connected sockets; close ends the program.
const assert = require('node:assert');
const dgram = require('node:dgram');

const got = [];
const server = dgram.createSocket('udp4');
server.on('message', (message, from) => {
  got.push(message.length);
  assert.strictEqual(from.address, '127.0.0.1');
  assert.strictEqual(from.family, 'IPv4');
  assert.strictEqual(from.size, message.length);
  server.send([message, Buffer.from('!')], from.port, from.address);
});
server.bind(0, '127.0.0.1', () => {
  const { port } = server.address();
  const client = dgram.createSocket('udp4');
  assert.throws(() => client.remoteAddress(), { code: 'ERR_SOCKET_DGRAM_NOT_CONNECTED' });
  const answers = [];
  client.on('message', (message) => {
    answers.push(message.length);
    if (answers.length < 3) return;
    assert.deepStrictEqual(
      answers.sort((a, b) => a - b),
      [1, 6, 60_001],
    );
    client.close();
    server.close();
  });
  client.connect(port, '127.0.0.1', () => {
    assert.strictEqual(client.remoteAddress().port, port);
    client.send('hello');
    client.send(Buffer.alloc(0));
    client.send(Buffer.alloc(60_000));
    client.send(Buffer.alloc(70_000), (err) => assert.strictEqual(err.code, 'EMSGSIZE'));
  });
});
process.on('exit', () =>
  assert.deepStrictEqual(
    got.sort((a, b) => a - b),
    [0, 5, 60_000],
  ),
);

// socket.io's client against the server on the given port, over each transport.
const { io } = require('socket.io-client');
const assert = require('node:assert');

async function main() {
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const [a, b] = [1, 2].map(() => io(`http://127.0.0.1:${process.argv[2]}`, { transports, forceNew: true }));
    await Promise.all(
      [a, b].map((s) => new Promise((resolve, reject) => s.on('connect', resolve).on('connect_error', reject))),
    );
    assert.strictEqual(await a.emitWithAck('add', 2, 3), 5);
    assert.deepStrictEqual(Buffer.from(await b.emitWithAck('bytes', Buffer.from([1, 2, 3]))), Buffer.from([3, 2, 1]));
    await a.emitWithAck('join', 'room');
    await b.emitWithAck('join', 'room');
    const said = [a, b].map((s) => new Promise((resolve) => s.once('said', resolve)));
    a.emit('say', 'room', 'hello');
    assert.deepStrictEqual(await Promise.all(said), ['hello', 'hello']);
    a.disconnect();
    b.disconnect();
    console.log(`${transports} ok`);
  }
  console.log('socket.io ok');
}
main();

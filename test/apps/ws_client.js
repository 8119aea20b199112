// ws's client against the server on the given port: echoes of all sizes, broadcast, close codes.
const WebSocket = require('ws');
const assert = require('node:assert');

const base = `ws://127.0.0.1:${process.argv[2]}`;
const open = (url, options) =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(url, options);
    ws.once('open', () => resolve(ws));
    ws.once('error', reject);
  });
const message = (ws) => new Promise((resolve) => ws.once('message', (data, binary) => resolve([data, binary])));

async function main() {
  for (const perMessageDeflate of [false, true]) {
    const ws = await open(`${base}/echo`, { perMessageDeflate });
    for (const size of [0, 1, 125, 126, 65535, 65536, 300000]) {
      const sent = Buffer.alloc(size, 'abcdefg');
      ws.send(sent);
      const [data, binary] = await message(ws);
      assert.ok(binary);
      assert.ok(sent.equals(data), `echo of ${size} bytes`);
    }
    ws.send('gr\u00fc\u00df dich');
    assert.strictEqual((await message(ws))[0].toString(), 'gr\u00fc\u00df dich');
    const pong = new Promise((resolve) => ws.once('pong', resolve));
    ws.ping('are you there');
    assert.strictEqual((await pong).toString(), 'are you there');
    const closed = new Promise((resolve) => ws.once('close', resolve));
    ws.close(4001, 'done');
    assert.strictEqual(await closed, 4001);
  }
  const clients = await Promise.all([1, 2, 3].map(() => open(`${base}/all`)));
  const heard = clients.map(message);
  clients[0].send('hello');
  for (const h of heard) assert.strictEqual((await h)[0].toString(), 'all: hello');
  for (const c of clients) c.close();
  await assert.rejects(open(`${base}/nowhere`), /404/);
  console.log('ws ok');
}
main();

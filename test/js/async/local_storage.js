// AsyncLocalStorage follows timers, immediates, ticks, promises, fs, net and await; and stays apart.
const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const { AsyncLocalStorage } = require('node:async_hooks');

const storage = new AsyncLocalStorage();
const is = (want) => assert.strictEqual(storage.getStore(), want);
let left = 0;
let open = 2;
const expect = (want, f) => {
  left++;
  return (...args) => {
    left--;
    is(want);
    f?.(...args);
  };
};

const server = net
  .createServer((socket) => socket.end('x'))
  .listen(0, () => {
    for (const id of [1, 2]) {
      storage.run(id, async () => {
        setTimeout(
          expect(id, () => setImmediate(expect(id))),
          id,
        );
        process.nextTick(expect(id));
        queueMicrotask(expect(id));
        fs.stat(
          __filename,
          expect(id, () => fs.readFile(__filename, expect(id))),
        );
        const socket = net.connect(server.address().port);
        socket.on('connect', expect(id));
        socket.on('data', expect(id));
        socket.on(
          'close',
          expect(id, () => {
            if (--open === 0) server.close();
          }),
        );
        await null;
        is(id);
        await fs.promises.stat(__filename);
        is(id);
        await new Promise((resolve) => setTimeout(resolve, 5));
        is(id);
        storage.exit(() => setTimeout(expect(undefined), 1));
        storage.enterWith(`${id} entered`);
        await null;
        is(`${id} entered`);
      });
      is(undefined);
    }
  });
process.on('exit', () => assert.strictEqual(left, 0));

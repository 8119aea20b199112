'use strict';
// 'finish' and 'close' of a response, and what a client hears on a connection that another request used before, belong
// to the async context of whoever asked.
const assert = require('node:assert');
const { AsyncLocalStorage } = require('node:async_hooks');
const http = require('node:http');

const als = new AsyncLocalStorage();
const heard = [];
const server = http.createServer((req, res) => {
  als.run(req.url, () => {
    res.on('finish', () => heard.push(`finish ${als.getStore()}`));
    res.on('close', () => heard.push(`close ${als.getStore()}`));
    setImmediate(() => res.end('x'));
  });
});
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function get(path, done) {
  als.run(`client ${path}`, () => {
    http.get({ port: server.address().port, path, agent }, (res) => {
      heard.push(`response ${als.getStore()}`);
      res.resume();
      res.on('end', () => {
        heard.push(`end ${als.getStore()}`);
        setImmediate(done);
      });
    });
  });
}

server.listen(0, () => {
  get('/1', () =>
    get('/2', () => {
      server.close();
      agent.destroy();
    }),
  );
});
process.on('exit', () => {
  const expected = [];
  for (const n of [1, 2]) expected.push(`finish /${n}`, `close /${n}`, `response client /${n}`, `end client /${n}`);
  assert.deepStrictEqual(heard.sort(), expected.sort());
});

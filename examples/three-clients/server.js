// Three requests at once, one thread, and nobody waits for anybody: the first waits for a query that takes 200 ms, the
// second for a file, the third for nothing. The order of events is printed.
const fs = require('node:fs');
const http = require('node:http');

const log = (text) => console.log(text);

/** Stands for a database: answers after 200 ms, or $QUERY_MS. */
const query = (sql) => new Promise((resolve) => setTimeout(resolve, process.env.QUERY_MS ?? 200, `rows of ${sql}`));

const server = http.createServer((req, res) => {
  log(`${req.url}: asked`);
  res.on('finish', () => log(`${req.url}: answered`));
  switch (req.url) {
    case '/query':
      query('select 1').then((rows) => res.end(rows));
      break;
    case '/file':
      fs.readFile(__filename, 'utf8', (err, text) => res.end(err ? err.message : text.slice(0, 20)));
      break;
    default:
      res.end('at once');
  }
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  let waiting = 3;
  for (const path of ['/query', '/file', '/now']) {
    http.get({ port, path, agent: false }, (res) => {
      res.resume().on('end', () => {
        log(`${path}: received`);
        if (--waiting === 0) server.close(() => log('closed'));
      });
    });
  }
});

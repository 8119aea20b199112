// A file of 1 MB, piped.
const fs = require('node:fs');
const http = require('node:http');
const file = process.env.BENCH_FILE;
http
  .createServer((req, res) => {
    res.setHeader('Content-Type', 'application/octet-stream');
    fs.createReadStream(file).pipe(res);
  })
  .listen(process.env.PORT, '127.0.0.1');

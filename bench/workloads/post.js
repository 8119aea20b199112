// A JSON body, parsed and sent back.
const http = require('node:http');
http
  .createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      if (chunks.length === 0) return res.end();
      const value = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify(value));
    });
  })
  .listen(process.env.PORT, '127.0.0.1');

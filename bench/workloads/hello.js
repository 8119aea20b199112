// node:http, the smallest answer.
const http = require('node:http');
http.createServer((req, res) => res.end('Hello World\n')).listen(process.env.PORT, '127.0.0.1');

// ws: a server that echoes on /echo and tells everybody on /all.
const { WebSocketServer } = require('ws');
const http = require('node:http');

const server = http.createServer((req, res) => res.end('plain http beside it'));
const echo = new WebSocketServer({ noServer: true });
const all = new WebSocketServer({ noServer: true, perMessageDeflate: false });

echo.on('connection', (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
all.on('connection', (socket) => {
  socket.on('message', (data) => {
    for (const client of all.clients) client.send(`all: ${data}`);
  });
});
server.on('upgrade', (req, socket, head) => {
  const target = { '/echo': echo, '/all': all }[req.url];
  if (target === undefined) {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    return;
  }
  target.handleUpgrade(req, socket, head, (ws) => target.emit('connection', ws, req));
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));

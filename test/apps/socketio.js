// socket.io: acknowledgements, rooms, binary data.
const http = require('node:http');
const { Server } = require('socket.io');

const server = http.createServer();
const io = new Server(server);
io.on('connection', (socket) => {
  socket.on('add', (a, b, reply) => reply(a + b));
  socket.on('bytes', (data, reply) => reply(Buffer.from(data).reverse()));
  socket.on('join', (room, reply) => {
    socket.join(room);
    reply();
  });
  socket.on('say', (room, text) => io.to(room).emit('said', text));
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));

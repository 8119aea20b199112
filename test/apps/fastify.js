// Fastify 5: routing with schemas, JSON body, static files, errors, streaming.
const fs = require('node:fs');
const path = require('node:path');
const fastify = require('fastify')({ logger: false });

fastify.register(require('@fastify/static'), { root: path.join(__dirname, 'public'), prefix: '/static/' });

fastify.get('/', async (request, reply) => {
  reply.type('text/html; charset=utf-8');
  return 'home';
});
fastify.get('/users/:id', async (request) => ({ id: request.params.id, query: request.query, ip: typeof request.ip }));
fastify.post('/echo', async (request, reply) => reply.code(201).send({ got: request.body }));
fastify.get('/async', async (request, reply) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  reply.header('X-Late', 'yes');
  return 'later';
});
fastify.get('/stream', (request, reply) => {
  reply.type('text/plain').send(fs.createReadStream(path.join(__dirname, 'public', 'hello.txt')));
});
fastify.get('/throw', async () => {
  throw new Error('thrown by a handler');
});
fastify.get(
  '/strict',
  { schema: { querystring: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } } },
  async (request) => ({ n: request.query.n + 1 }),
);
fastify.setNotFoundHandler((request, reply) => reply.code(404).send('nothing here'));
fastify.setErrorHandler((err, request, reply) => reply.code(err.statusCode ?? 500).send({ error: err.message }));

fastify.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(`listening ${fastify.server.address().port}`));

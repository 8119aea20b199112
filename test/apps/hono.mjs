// Hono on its Node server: routing, JSON body, static files, errors, streaming.
import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { streamText } from 'hono/streaming';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const app = new Hono();
process.chdir(import.meta.dirname);

app.get('/', (c) => c.html('home'));
app.get('/users/:id', (c) => c.json({ id: c.req.param('id'), query: c.req.query(), ip: 'string' }));
app.post('/echo', async (c) => c.json({ got: await c.req.json() }, 201));
app.get('/async', async (c) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  c.header('X-Late', 'yes');
  return c.text('later');
});
app.get('/stream', (c) =>
  streamText(c, async (stream) => {
    const text = await readFile(path.join(import.meta.dirname, 'public', 'hello.txt'), 'utf8');
    await stream.write(text.slice(0, 10));
    await stream.sleep(5);
    await stream.write(text.slice(10));
  }),
);
app.get('/throw', async () => {
  throw new Error('thrown by a handler');
});
app.use('/static/*', serveStatic({ root: './public', rewriteRequestPath: (p) => p.replace(/^\/static/, '') }));
app.notFound((c) => c.text('nothing here', 404));
app.onError((err, c) => c.json({ error: err.message }, err.status ?? 500));

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => console.log(`listening ${info.port}`));

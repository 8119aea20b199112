// Koa 3: routing, JSON body, static files, errors, streaming.
const Koa = require('koa');
const Router = require('@koa/router');
const { bodyParser } = { bodyParser: require('koa-bodyparser') };
const send = require('koa-send');
const fs = require('node:fs');
const path = require('node:path');

const app = new Koa();
const router = new (Router.default ?? Router)();

app.use(async (ctx, next) => {
  try {
    await next();
    if (ctx.status === 404 && ctx.body === undefined) {
      ctx.status = 404;
      ctx.body = 'nothing here';
    }
  } catch (err) {
    ctx.status = err.status ?? 500;
    ctx.body = { error: err.message };
  }
});
app.use(bodyParser());

router.get('/', (ctx) => {
  ctx.body = 'home';
});
router.get('/users/:id', (ctx) => {
  ctx.body = { id: ctx.params.id, query: { ...ctx.query }, ip: typeof ctx.ip };
});
router.post('/echo', (ctx) => {
  ctx.status = 201;
  ctx.body = { got: ctx.request.body };
});
router.get('/async', async (ctx) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  ctx.set('X-Late', 'yes');
  ctx.body = 'later';
});
router.get('/stream', (ctx) => {
  ctx.type = 'text/plain';
  ctx.body = fs.createReadStream(path.join(__dirname, 'public', 'hello.txt'));
});
router.get('/throw', async () => {
  throw new Error('thrown by a handler');
});
router.get('/static/:file', (ctx) => send(ctx, ctx.params.file, { root: path.join(__dirname, 'public') }));
router.get('/move', (ctx) => ctx.redirect('/'));
app.use(router.routes()).use(router.allowedMethods());

const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));

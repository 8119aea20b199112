// What an API's handler does: awaits, reads headers, parses the URL, sets headers one by one, answers JSON.
const http = require('node:http');
const users = new Map([['7', { id: 7, name: 'Ada', roles: ['admin', 'cook'] }]]);
const find = async (id) => users.get(id);
http
  .createServer(async (req, res) => {
    const { host, 'user-agent': agent, accept } = req.headers;
    const url = new URL(req.url, `http://${host}`);
    const user = await find(url.searchParams.get('id') ?? '7');
    res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('X-Request-Path', url.pathname);
    res.setHeader('Vary', 'Accept');
    res.end(JSON.stringify({ user, path: url.pathname, agent: agent ?? null, accept: accept ?? null }));
  })
  .listen(process.env.PORT, '127.0.0.1');

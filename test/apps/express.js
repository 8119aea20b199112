// Express 5: routing, JSON body, static files, errors, streaming.
const express = require('express');
const fs = require('node:fs');
const path = require('node:path');

const app = express();
app.use(express.json());
app.use('/static', express.static(path.join(__dirname, 'public')));

app.get('/', (req, res) => res.send('home'));
app.get('/users/:id', (req, res) => res.json({ id: req.params.id, query: req.query, ip: typeof req.ip }));
app.post('/echo', (req, res) => res.status(201).json({ got: req.body }));
app.get('/async', async (req, res) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  res.set('X-Late', 'yes').send('later');
});
app.get('/stream', (req, res) => fs.createReadStream(path.join(__dirname, 'public', 'hello.txt')).pipe(res));
app.get('/throw', async () => {
  await null;
  throw new Error('thrown by a handler');
});
app.get('/download', (req, res) => res.download(path.join(__dirname, 'public', 'hello.txt')));
app.get('/move', (req, res) => res.redirect('/'));
app.use((req, res) => res.status(404).send('nothing here'));
app.use((err, req, res, next) => res.status(err.status ?? 500).json({ error: err.message }));

const server = app.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));

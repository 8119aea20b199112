// Express 5, the smallest answer.
const express = require('express');
const app = express();
app.get('/', (req, res) => res.send('Hello World\n'));
app.listen(process.env.PORT, '127.0.0.1');

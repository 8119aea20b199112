// fs.watch with recursive sees what happens in a folder that came into being after it started.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hob-fs-'));
const watcher = fs.watch(dir, { recursive: true });
const seen = new Set();
watcher.on('change', (eventType, name) => {
  seen.add(name);
  if (name === 'new') fs.writeFileSync(path.join(dir, 'new', 'file'), 'x');
  if (name !== path.join('new', 'file')) return;
  watcher.close();
});
watcher.on('close', () => {
  assert.ok(seen.has('new'));
  fs.rmSync(dir, { recursive: true });
});
fs.mkdirSync(path.join(dir, 'new'));

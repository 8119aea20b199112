'use strict';

// node:child_process: not there yet.

const { laterModule } = require('shared/later');

module.exports = laterModule('child_process', ['ChildProcess', 'exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']);

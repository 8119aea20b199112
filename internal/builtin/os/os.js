'use strict';

// node:os.

const { laterModule } = require('shared/later');

module.exports = { ...laterModule('os', ['hostname', 'cpus']), tmpdir: () => process.env.TMPDIR || '/tmp', platform: () => 'linux', type: () => 'Linux',
  EOL: '\n', totalmem: () => 2 ** 33, availableParallelism: () => 2, constants: {}, arch: () => 'x64' };

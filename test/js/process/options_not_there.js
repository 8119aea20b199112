// An option that Node.js has and hob has not ends the program with code 9: it is not taken and then ignored.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');

for (const option of ['--watch-path=a', '--tls-min-v1.0', '--use-system-ca', '--inspect', '--no-global-search-paths']) {
  const { status, stderr } = spawnSync(process.execPath, [option, '-e', '1'], { encoding: 'utf8' });
  assert.strictEqual(status, 9, option);
  assert.ok(stderr.endsWith(`: ${option.split('=')[0]} is not there yet in hob\n`), stderr);
}

// The process object.

const { writeOut, argv, environ, cwd, hrtime } = native;
const { nextTick } = require('process/ticks');
const EventEmitter = require('events');

const process = Object.create(EventEmitter.prototype);
EventEmitter.call(process);
process.nextTick = nextTick;
process.version = 'v24.12.0';
process.versions = { node: '24.12.0' };
process.platform = 'linux';
process.arch = 'x64';
process.argv = argv();
process.env = Object.fromEntries(environ().map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
process.cwd = cwd;
process.exit = (code) => require('process/exit').exit(code);
process.emitWarning = (w) => writeOut(2, `(hob) Warning: ${w?.message ?? w}\n`);
process.hrtime = () => hrtime();
process.config = { variables: {} };
process.features = {};
process.execArgv = [];
process.execPath = process.argv[0];
process.stdout = { write: (s) => { writeOut(1, String(s)); return true; }, isTTY: false };
process.stderr = { write: (s) => { writeOut(2, String(s)); return true; }, isTTY: false };
module.exports = process;

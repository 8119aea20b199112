'use strict';

// The process object: made when a runtime starts, from what the host tells of this process.

const {
  availableMemory,
  chdir,
  constrainedMemory,
  cpuUsage,
  cwd,
  dlopen,
  identity,
  ids,
  kill,
  memoryUsage,
  resourceUsage,
  rss,
  setId,
  setTitle,
  start,
  threadCpuUsage,
  umask,
  uptime,
} = native;
const { monotonicNow } = engine;
const { nextTick } = require('process/ticks');
const exiting = require('process/exit');
const uncaught = require('process/uncaught');
const { emitWarning } = require('process/warning');
const { codes } = require('shared/errors');
const { validateNumber, validateObject, validateString, validateUint32 } = require('shared/validators');

const process = require('process/object');

function define(name, value, enumerable = true) {
  Object.defineProperty(process, name, { __proto__: null, value, writable: true, enumerable, configurable: true });
}

process.version = 'v24.12.0';
process.versions = undefined;
process.arch = 'x64';
process.platform = 'linux';
process.release = {
  name: 'node',
  lts: 'Krypton',
  sourceUrl: 'https://nodejs.org/download/release/v24.12.0/node-v24.12.0.tar.gz',
  headersUrl: 'https://nodejs.org/download/release/v24.12.0/node-v24.12.0-headers.tar.gz',
};
process._exiting = false;
process.moduleLoadList = [];
process.nextTick = nextTick;
process.emitWarning = emitWarning;
process.exit = exiting.exit;
process.reallyExit = exiting.reallyExit;
process.abort = exiting.abort;
exiting.defineExitCode(process);
process._fatalException = uncaught.handle;
process.setUncaughtExceptionCaptureCallback = uncaught.setCapture;
process.hasUncaughtExceptionCaptureCallback = uncaught.hasCapture;
process.addUncaughtExceptionCaptureCallback = uncaught.setCapture;
process.domain = null;

// --- time

process.hrtime = function hrtime(previous) {
  const now = monotonicNow();
  const s = Math.floor(now / 1e3);
  const n = Math.min(Math.max(Math.floor((now - s * 1e3) * 1e6), 0), 999999999);
  if (previous === undefined) return [s, n];
  const { validateArray } = require('shared/validators');
  validateArray(previous, 'time');
  if (previous.length !== 2) throw new codes.ERR_OUT_OF_RANGE('time', 2, previous.length);
  let sec = s - previous[0];
  let nano = n - previous[1];
  if (nano < 0) {
    sec--;
    nano += 1e9;
  }
  return [sec, nano];
};
process.hrtime.bigint = function hrtimeBigInt() {
  return BigInt(Math.floor(monotonicNow() * 1e6));
};
process.uptime = uptime;

// --- memory and processor

process.memoryUsage = function () {
  const [r, heapTotal, heapUsed, external, arrayBuffers] = memoryUsage();
  return { rss: r, heapTotal, heapUsed, external, arrayBuffers };
};
process.memoryUsage.rss = rss;
process.constrainedMemory = constrainedMemory;
process.availableMemory = availableMemory;

process.cpuUsage = cpuUsageOf(cpuUsage);
process.threadCpuUsage = cpuUsageOf(threadCpuUsage);

function cpuUsageOf(read) {
  return (previous) => {
    if (previous) {
      validateObject(previous, 'prevValue');
      for (const key of ['user', 'system']) {
        validateNumber(previous[key], `prevValue.${key}`);
        if (!(previous[key] >= 0 && previous[key] <= Number.MAX_SAFE_INTEGER)) {
          throw new codes.ERR_INVALID_ARG_VALUE.RangeError(`prevValue.${key}`, previous[key]);
        }
      }
    }
    const [user, system] = read();
    return previous ? { user: user - previous.user, system: system - previous.system } : { user, system };
  };
}

process.resourceUsage = function () {
  const v = resourceUsage();
  const names = [
    'userCPUTime',
    'systemCPUTime',
    'maxRSS',
    'sharedMemorySize',
    'unsharedDataSize',
    'unsharedStackSize',
    'minorPageFault',
    'majorPageFault',
    'swappedOut',
    'fsRead',
    'fsWrite',
    'ipcSent',
    'ipcReceived',
    'signalsCount',
    'voluntaryContextSwitches',
    'involuntaryContextSwitches',
  ];
  return Object.fromEntries(names.map((n, i) => [n, v[i]]));
};

// --- the system

let knownCwd;
process.cwd = function () {
  return (knownCwd ??= cwd());
};
process.chdir = function (directory) {
  validateString(directory, 'directory');
  chdir(directory);
  knownCwd = undefined;
};
process.umask = function (mask) {
  if (mask === undefined) return umask();
  return umask(parseMode(mask));
};

function parseMode(value) {
  if (typeof value === 'string') {
    if (!/^[0-7]+$/.test(value)) {
      throw new codes.ERR_INVALID_ARG_VALUE('mask', value, 'must be a 32-bit unsigned integer or an octal string');
    }
    return Number.parseInt(value, 8);
  }
  validateUint32(value, 'mask');
  return value;
}

process.kill = function (pid, signal) {
  // Not ===: '0' is a process id too.
  if (pid != (pid | 0)) throw new codes.ERR_INVALID_ARG_TYPE('pid', 'number', pid);
  const { signals } = require('process/signals');
  let number;
  if (typeof signal === 'number') {
    number = signal;
  } else {
    number = signals[signal || 'SIGTERM'];
    if (number === undefined) throw new codes.ERR_UNKNOWN_SIGNAL(signal);
  }
  // A stand-in that tests put here sees the call.
  const err = process._kill(pid | 0, number);
  if (err) throw require('shared/errors').errnoException(err, 'kill');
  return true;
};
process._kill = kill;

for (const name of ['getuid', 'geteuid', 'getgid', 'getegid', 'getgroups']) {
  process[name] = () => ids(name);
}
for (const name of ['setuid', 'seteuid', 'setgid', 'setegid']) {
  process[name] = (id) => {
    checkId(id, 'id');
    if (setId(name, id) === 1) throw new codes.ERR_UNKNOWN_CREDENTIAL(name.endsWith('uid') ? 'User' : 'Group', id);
  };
}
/** A user or group by number or name. */
function checkId(id, name) {
  if (typeof id === 'number') validateUint32(id, name);
  else if (typeof id !== 'string') throw new codes.ERR_INVALID_ARG_TYPE(name, ['number', 'string'], id);
}

process.setgroups = (groups) => {
  require('shared/validators').validateArray(groups, 'groups');
  groups.forEach((g, i) => {
    if (typeof g !== 'number' && typeof g !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE(`groups[${i}]`, ['number', 'string'], g);
    if (typeof g === 'number') validateUint32(g, `groups[${i}]`);
  });
  for (let i = 0; i < groups.length; i++) checkId(groups[i], `groups[${i}]`);
  const unknown = setId('setgroups', groups.join(','));
  if (unknown > 0) throw new codes.ERR_UNKNOWN_CREDENTIAL('Group', groups[unknown - 1]);
};
process.initgroups = (user, extra) => {
  checkId(user, 'user');
  checkId(extra, 'extraGroup');
  const unknown = setId('initgroups', `${user},${extra}`);
  if (unknown === 1) throw new codes.ERR_UNKNOWN_CREDENTIAL('User', user);
  if (unknown === 2) throw new codes.ERR_UNKNOWN_CREDENTIAL('Group', extra);
};

process.dlopen = dlopen;
process.binding = function (module) {
  validateString(module, 'module');
  return require('process/binding').binding(module);
};
process.getBuiltinModule = function (id) {
  validateString(id, 'id');
  const { builtinId } = require('module/builtins');
  const found = builtinId(id);
  return found === undefined ? undefined : require(found);
};
process.getActiveResourcesInfo = () => require('process/active').resources();
process._getActiveRequests = () => require('process/active').requests();
process._getActiveHandles = () => require('process/active').handles();
process.ref = (target) => {
  (target?.[Symbol.for('nodejs.ref')] ?? target?.ref)?.call(target);
};
process.unref = (target) => {
  (target?.[Symbol.for('nodejs.unref')] ?? target?.unref)?.call(target);
};
process.loadEnvFile = function (file = '.env') {
  const { parseEnv } = require('util');
  const fs = require('fs');
  const values = parseEnv(fs.readFileSync(file, 'utf8'));
  for (const key of Object.keys(values)) if (process.env[key] === undefined) process.env[key] = values[key];
};
process.setSourceMapsEnabled = function (on) {
  require('module/source_map').setSourceMapsSupport(on, { __proto__: null, nodeModules: on, generatedCode: on });
};
process._rawDebug = (...args) => {
  require('process/stdio').writeSync(2, `${require('util/inspect').format(...args)}\n`);
};
process._tickCallback = () => require('process/ticks').runTicks();
process.finalization = {
  register(ref, fn) {
    require('process/finalization').register('exit', ref, fn);
  },
  registerBeforeExit(ref, fn) {
    require('process/finalization').register('beforeExit', ref, fn);
  },
  unregister(ref) {
    require('process/finalization').unregister(ref);
  },
};
process.execve = function execve(execPath, args, env) {
  require('process/execve')(execPath, args, env);
};

require('process/stdio').define(process);

/** Fills in what differs from run to run. Called once, when the runtime starts. */
function initialise() {
  const { argv, execArgv, execPath, argv0, pid, ppid, debugPort, versions } = start();
  process.versions = Object.freeze(versions);
  process.env = require('process/env').makeEnv();
  process.argv = [execPath, ...argv];
  process.execArgv = execArgv;
  process.execPath = execPath;
  process.pid = pid;
  define('ppid', ppid);
  Object.defineProperty(process, 'ppid', {
    __proto__: null,
    get: () => identity('ppid'),
    enumerable: true,
    configurable: true,
  });
  process.debugPort = debugPort;
  process.argv0 = argv0;
  let title = argv0;
  Object.defineProperty(process, 'title', {
    __proto__: null,
    get() {
      return title;
    },
    set(value) {
      title = `${value}`;
      setTitle(title);
    },
    enumerable: true,
    configurable: true,
  });
  require('process/features').define(process);
  require('process/signals').install(process);
  require('process/rejections').install();
  const { flag } = require('process/options');
  if (flag('--deprecation') === false || flag('--no-deprecation')) process.noDeprecation = true;
  if (flag('--throw-deprecation')) process.throwDeprecation = true;
  if (flag('--trace-deprecation')) process.traceDeprecation = true;
  if (flag('--trace-warnings')) process.traceProcessWarnings = true;
  require('process/prototype_access').restrict(flag('--disable-proto'));
  if (flag('--title') !== undefined) process.title = flag('--title');
  if (flag('--warnings') !== false && !flag('--no-warnings') && process.env.NODE_NO_WARNINGS !== '1')
    process.on('warning', require('process/warning').print);
}

Object.defineProperty(process, 'initialise', {
  __proto__: null,
  value: initialise,
  enumerable: false,
  configurable: true,
});

module.exports = process;

'use strict';

// node:os.

const {
  availableParallelism,
  cpus: readCpus,
  freemem,
  getPriority: readPriority,
  homedir: readHome,
  hostname: readHostname,
  loadavg,
  networkInterfaces: readInterfaces,
  setPriority: writePriority,
  totalmem,
  uname,
  uptime,
  userInfo: readUser,
} = native;
const constants = require('os/constants');
const {
  codes: { ERR_SYSTEM_ERROR },
  getSystemErrorMessage,
  getSystemErrorName,
} = require('shared/errors');
const { validateInt32, validateObject } = require('shared/validators');
const process = require('process');

function systemError(errno, syscall) {
  return new ERR_SYSTEM_ERROR({
    errno,
    code: getSystemErrorName(errno),
    message: getSystemErrorMessage(errno),
    syscall,
  });
}

function checked(value, syscall) {
  if (typeof value === 'number') throw systemError(value, syscall);
  return value;
}

const arch = () => process.arch;
const platform = () => process.platform;
const endianness = () => 'LE';
const homedir = () => checked(readHome(), 'uv_os_homedir');
const hostname = () => checked(readHostname(), 'uv_os_gethostname');

let system;
/** [sysname, version, release, machine] */
function ofSystem(i) {
  system ??= uname();
  return system[i];
}
const type = () => ofSystem(0);
const version = () => ofSystem(1);
const release = () => ofSystem(2);
const machine = () => ofSystem(3);

function tmpdir() {
  const { env } = process;
  const dir = env.TMPDIR || env.TMP || env.TEMP || '/tmp';
  return dir.length > 1 && dir.endsWith('/') ? dir.slice(0, -1) : dir;
}

function cpus() {
  const list = readCpus();
  const result = [];
  for (let i = 0; i < list.length; i += 7) {
    result.push({
      model: list[i],
      speed: list[i + 1],
      times: { user: list[i + 2], nice: list[i + 3], sys: list[i + 4], idle: list[i + 5], irq: list[i + 6] },
    });
  }
  return result;
}

function networkInterfaces() {
  const list = checked(readInterfaces(), 'uv_interface_addresses');
  const result = {};
  for (let i = 0; i < list.length; i += 8) {
    const [name, address, netmask, family, mac, internal, prefix, scopeid] = list.slice(i, i + 8);
    const entry = { address, netmask, family, mac, internal, cidr: `${address}/${prefix}` };
    if (family === 'IPv6') entry.scopeid = scopeid;
    (result[name] ??= []).push(entry);
  }
  return result;
}

/** @param {number} [pid] 0: this process */
function getPriority(pid) {
  if (pid === undefined) pid = 0;
  else validateInt32(pid, 'pid');
  const priority = readPriority(pid);
  if (priority < -1000) throw systemError(priority + 1000, 'uv_os_getpriority');
  return priority;
}

/**
 * @param {number} pid 0, or left out: this process
 * @param {number} [priority]
 */
function setPriority(pid, priority) {
  if (priority === undefined) {
    priority = pid;
    pid = 0;
  }
  validateInt32(pid, 'pid');
  validateInt32(priority, 'priority', -20, 19);
  const errno = writePriority(pid, priority);
  if (errno !== 0) throw systemError(errno, 'uv_os_setpriority');
}

/** @param {{ encoding?: string }} [options] */
function userInfo(options) {
  if (options !== undefined) validateObject(options, 'options');
  const encoding = options?.encoding;
  const [uid, gid, ...texts] = checked(readUser(), 'uv_os_get_passwd');
  const [username, home, shell] = texts.map((text) => {
    if (encoding === 'buffer') return Buffer.from(text);
    return encoding && Buffer.isEncoding(encoding) ? Buffer.from(text).toString(encoding) : text;
  });
  return { __proto__: null, uid, gid, username, homedir: home, shell };
}

module.exports = {
  arch,
  availableParallelism: () => availableParallelism(),
  cpus,
  endianness,
  freemem: () => freemem(),
  getPriority,
  homedir,
  hostname,
  loadavg: () => loadavg(),
  networkInterfaces,
  platform,
  release,
  setPriority,
  tmpdir,
  totalmem: () => totalmem(),
  type,
  userInfo,
  uptime: () => uptime(),
  version,
  machine,
};

// Functions without arguments stand for their value in templates and sums.
for (const name of [
  'arch',
  'availableParallelism',
  'endianness',
  'freemem',
  'homedir',
  'hostname',
  'platform',
  'release',
  'tmpdir',
  'totalmem',
  'type',
  'uptime',
  'version',
  'machine',
]) {
  const fn = module.exports[name];
  fn[Symbol.toPrimitive] = () => fn();
}

Object.defineProperties(module.exports, {
  constants: { __proto__: null, value: constants, writable: false, enumerable: true, configurable: false },
  EOL: { __proto__: null, value: '\n', writable: false, enumerable: true, configurable: true },
  devNull: { __proto__: null, value: '/dev/null', writable: false, enumerable: true, configurable: true },
});

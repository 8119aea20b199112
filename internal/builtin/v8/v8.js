'use strict';

// node:v8: statistics of the heap, V8's flags, its serializer, heap snapshots.

const {
  cachedDataVersionTag,
  heapCodeStatistics,
  heapSnapshot,
  heapSpaceStatistics,
  heapStatistics,
  isOneByteString,
  queryObjects: query,
  setV8Flags,
} = engine;
const {
  codes: { ERR_NOT_BUILDING_SNAPSHOT },
} = require('shared/errors');
const {
  validateFunction,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('shared/validators');
const { NotYet } = require('shared/later');
const {
  DefaultDeserializer,
  DefaultSerializer,
  Deserializer,
  Serializer,
  deserialize,
  serialize,
} = require('v8/serdes');

function getHeapStatistics() {
  return heapStatistics();
}

function getHeapSpaceStatistics() {
  return heapSpaceStatistics();
}

function getHeapCodeStatistics() {
  return heapCodeStatistics();
}

/** @param {string} flags */
function setFlagsFromString(flags) {
  validateString(flags, 'flags');
  // The engine would abort without asking who takes uncaught exceptions: process/uncaught does it.
  const rest = flags.replace(/(?:^|\s)--(no-?)?abort[-_]on[-_]uncaught[-_]exception(?!\S)/g, (_, no) => {
    require('process/options').setFlag('--abort-on-uncaught-exception', no === undefined);
    return '';
  });
  if (rest !== '') setV8Flags(rest);
}

/** @param {string} content */
function isStringOneByteRepresentation(content) {
  validateString(content, 'content');
  return isOneByteString(content);
}

function snapshotOptions(options) {
  if (options === undefined) return;
  validateObject(options, 'options');
  const { validateBoolean } = require('shared/validators');
  for (const name of ['exposeInternals', 'exposeNumericValues']) {
    if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
  }
}

/** @returns {any} a Readable: the JSON of the snapshot */
function getHeapSnapshot(options) {
  snapshotOptions(options);
  const { Readable } = require('stream');
  const chunks = [];
  heapSnapshot((chunk) => {
    chunks.push(chunk);
  });
  return Readable.from(chunks, { objectMode: false });
}

/** How many snapshots have been given a name. */
let snapshots = 0;

/** @param {string} [filename] @param {Options} [options] @returns {string} the name of the file */
function writeHeapSnapshot(filename, options) {
  const fs = require('fs');
  let name = filename;
  if (name !== undefined) name = require('fs/args').toPath(name);
  snapshotOptions(options);
  if (name === undefined) {
    const now = new Date();
    const two = (n) => String(n).padStart(2, '0');
    const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
    const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
    const number = String(++snapshots).padStart(3, '0');
    name = `Heap.${day}.${time}.${process.pid}.0.${number}.heapsnapshot`;
    const folder = require('process/options').flag('--diagnostic-dir');
    if (folder !== undefined) name = require('path').join(folder, name);
  }
  const fd = fs.openSync(name, 'w');
  try {
    heapSnapshot((chunk) => {
      fs.writeSync(fd, chunk);
    });
  } finally {
    fs.closeSync(fd);
  }
  return name;
}

let warned = false;

/**
 * @param {Function} ctor
 * @param {Options & { format?: 'count' | 'summary' }} [options]
 */
function queryObjects(ctor, options = { __proto__: null }) {
  validateFunction(ctor, 'constructor');
  validateObject(options, 'options');
  const { format = 'count' } = options;
  validateOneOf(format, 'options.format', ['count', 'summary']);
  if (!warned) {
    warned = true;
    process.emitWarning(
      'v8.queryObjects() is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
  }
  const list = query(ctor.prototype);
  if (format === 'count') return list.length;
  const { inspect } = require('util/inspect');
  return list.map((o) => inspect(o, { depth: 0 }));
}

function notBuilding() {
  throw new ERR_NOT_BUILDING_SNAPSHOT();
}

const startupSnapshot = {
  isBuildingSnapshot() {
    return false;
  },
  addSerializeCallback() {
    notBuilding();
  },
  addDeserializeCallback() {
    notBuilding();
  },
  setDeserializeMainFunction() {
    notBuilding();
  },
};

// Coverage is an inspector's: without NODE_V8_COVERAGE there is nothing to write, in Node as well.
function takeCoverage() {
  if (process.env.NODE_V8_COVERAGE) throw new NotYet('v8.takeCoverage with NODE_V8_COVERAGE');
}

function stopCoverage() {
  if (process.env.NODE_V8_COVERAGE) throw new NotYet('v8.stopCoverage with NODE_V8_COVERAGE');
}

/** @param {number} limit */
function setHeapSnapshotNearHeapLimit(limit) {
  validateUint32(limit, 'limit', true);
  throw new NotYet('v8.setHeapSnapshotNearHeapLimit');
}

class GCProfiler {
  start() {
    throw new NotYet('v8.GCProfiler');
  }
  stop() {
    throw new NotYet('v8.GCProfiler');
  }
}

const v8 = {
  cachedDataVersionTag: () => cachedDataVersionTag(),
  getHeapSnapshot,
  getHeapStatistics,
  getHeapSpaceStatistics,
  getHeapCodeStatistics,
  getCppHeapStatistics() {
    throw new NotYet('v8.getCppHeapStatistics');
  },
  setFlagsFromString,
  Serializer,
  Deserializer,
  DefaultSerializer,
  DefaultDeserializer,
  deserialize,
  takeCoverage,
  stopCoverage,
  serialize,
  writeHeapSnapshot,
  queryObjects,
  startupSnapshot,
  setHeapSnapshotNearHeapLimit,
  GCProfiler,
  isStringOneByteRepresentation,
  startCpuProfile() {
    throw new NotYet('v8.startCpuProfile');
  },
};

Object.defineProperty(v8, 'promiseHooks', {
  __proto__: null,
  get() {
    return require('v8/promise_hooks');
  },
  enumerable: true,
  configurable: true,
});

module.exports = v8;

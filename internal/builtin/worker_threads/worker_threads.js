'use strict';

// node:worker_threads: this is the main thread; workers and message channels are a later version's.

const { laterModule } = require('shared/later');

const environment = new Map();
const untransferable = new WeakSet();
const uncloneable = new WeakSet();

module.exports = {
  isInternalThread: false,
  isMainThread: true,
  threadId: 0,
  threadName: '',
  parentPort: null,
  workerData: null,
  resourceLimits: {},
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  getEnvironmentData: (key) => environment.get(key),
  setEnvironmentData(key, value) {
    if (value === undefined) environment.delete(key);
    else environment.set(key, value);
  },
  markAsUntransferable(object) { if (object !== null && typeof object === 'object') untransferable.add(object); },
  isMarkedAsUntransferable: (object) => object !== null && typeof object === 'object' && untransferable.has(object),
  markAsUncloneable(object) { if (object !== null && typeof object === 'object') uncloneable.add(object); },
  ...laterModule('worker_threads', ['Worker', 'MessageChannel', 'MessagePort', 'BroadcastChannel', 'moveMessagePortToContext',
    'receiveMessageOnPort', 'postMessageToThread', 'locks']),
};

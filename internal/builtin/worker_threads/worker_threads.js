'use strict';

// node:worker_threads: this is the main thread; workers and message channels are a later version's.

const { NotYet, laterModule } = require('shared/later');

const environment = new Map();

function isObject(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function');
}

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
  markAsUntransferable(object) {
    if (isObject(object)) require('boot/clone').untransferable.add(object);
  },
  isMarkedAsUntransferable: (object) => isObject(object) && require('boot/clone').untransferable.has(object),
  markAsUncloneable(object) {
    if (isObject(object) && !require('boot/clone').refuseClone(object)) {
      throw new NotYet('worker_threads.markAsUncloneable of an object that cannot be extended');
    }
  },
  ...laterModule('worker_threads', [
    'Worker',
    'MessageChannel',
    'MessagePort',
    'BroadcastChannel',
    'moveMessagePortToContext',
    'receiveMessageOnPort',
    'postMessageToThread',
    'locks',
  ]),
};

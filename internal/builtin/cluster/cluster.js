'use strict';

// node:cluster: this process is a primary one; workers are a later version's.

const EventEmitter = require('events');
const { later } = require('shared/later');

const cluster = new EventEmitter();
Object.assign(cluster, {
  isWorker: false,
  isMaster: true,
  isPrimary: true,
  workers: {},
  settings: {},
  SCHED_NONE: 1,
  SCHED_RR: 2,
  schedulingPolicy: 2,
  Worker: later('cluster.Worker'),
  setupPrimary: later('cluster.setupPrimary'),
  setupMaster: later('cluster.setupMaster'),
  fork: later('cluster.fork'),
  disconnect: later('cluster.disconnect'),
});

module.exports = cluster;

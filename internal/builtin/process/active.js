'use strict';

// What keeps the program from ending: process.getActiveResourcesInfo and its older relatives.

const { activity } = native;

/** Sockets and servers, the streams and servers themselves. */
function handles() {
  const list = [];
  for (const handle of require('net/handle').open()) {
    if (handle.refed && handle.owner !== null) list.push(handle.owner);
  }
  return list;
}

/** @returns {object[]} one for each operation under way */
function requests() {
  return Array.from({ length: activity()[0] }, () => ({ __proto__: null }));
}

/** @returns {string[]} */
function resources() {
  const [pending] = activity();
  const list = new Array(pending).fill('FSReqCallback');
  for (const handle of require('net/handle').open()) {
    if (handle.refed) list.push(resourceName(handle));
  }
  const { timers, immediates } = require('timers/lists').active();
  for (let i = 0; i < timers; i++) list.push('Timeout');
  for (let i = 0; i < immediates; i++) list.push('Immediate');
  return list;
}

const names = { __proto__: null, TCPWRAP: 'TCPSocketWrap', TCPSERVERWRAP: 'TCPServerWrap', PIPEWRAP: 'PipeWrap',
  PIPESERVERWRAP: 'PipeServerWrap', TTYWRAP: 'TTYWrap' };

function resourceName(handle) {
  return names[handle.constructor.asyncType] ?? handle.constructor.name;
}

module.exports = { handles, requests, resources };

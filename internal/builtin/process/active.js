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

// Operations under way on the pool have no objects of their own: these stand for them.
class FSReqCallback {}
class GetAddrInfoReqWrap {}
class GetNameInfoReqWrap {}

/** @returns {object[]} one for each operation on files and each look-up of a name that is under way */
function requests() {
  const [files, questions] = activity();
  const services = questions === 0 ? 0 : require('dns/lookup').servicesAsked();
  const list = [];
  for (let i = 0; i < files; i++) list.push(new FSReqCallback());
  for (let i = 0; i < questions - services; i++) list.push(new GetAddrInfoReqWrap());
  for (let i = 0; i < services; i++) list.push(new GetNameInfoReqWrap());
  return list;
}

/** @returns {string[]} */
function resources() {
  const list = requests().map((request) => request.constructor.name);
  for (const handle of require('net/handle').open()) {
    if (handle.refed) list.push(resourceName(handle));
  }
  const { timers, immediates } = require('timers/lists').active();
  for (let i = 0; i < timers; i++) list.push('Timeout');
  for (let i = 0; i < immediates; i++) list.push('Immediate');
  return list;
}

const names = {
  __proto__: null,
  TCPWRAP: 'TCPSocketWrap',
  TCPSERVERWRAP: 'TCPServerWrap',
  PIPEWRAP: 'PipeWrap',
  PIPESERVERWRAP: 'PipeServerWrap',
  TTYWRAP: 'TTYWrap',
};

function resourceName(handle) {
  return names[handle.constructor.asyncType] ?? handle.constructor.name;
}

module.exports = { handles, requests, resources };

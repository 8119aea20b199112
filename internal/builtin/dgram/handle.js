'use strict';

// Handles: what a socket has of the Go half, and what Go reports. A handle is known by an id that is never used twice.

const {
  setup,
  create,
  bind,
  open,
  connect,
  disconnect,
  send,
  receive,
  close,
  setRef,
  fdOf,
  sockname,
  peername,
  setOption,
  setInterface,
  setMembership,
  setSourceMembership,
  bufferSize,
  sendQueue,
} = native;
const { getContinuationData, setContinuationData } = engine;
const { hooks, newId, asyncId } = require('async_hooks/ids');

/** @type {Map<number, UDP>} */
const handles = new Map();
let ready = false;

/** Runs what a report leads to in the async context that the socket was made in. */
function within(handle, what, ...args) {
  const { context } = handle;
  if (context !== undefined) setContinuationData(context);
  const depth = hooks.tracking ? hooks.enter(handle) : 0;
  try {
    handle.owner[what](...args);
  } finally {
    if (context !== undefined) setContinuationData(undefined);
    if (hooks.tracking) hooks.leave(handle, depth);
  }
}

/** `list` has four entries for each datagram. An exception of a listener does not take the rest away. */
function onMessages(id, list) {
  const handle = handles.get(id);
  if (handle === undefined) return;
  let i = 0;
  try {
    for (; i < list.length; i += 4) {
      if (handle.id === 0 || !handle.receiving) return;
      within(handle, kMessage, list[i], list[i + 1], list[i + 2], list[i + 3]);
      if (i + 4 < list.length) drain();
    }
  } catch (error) {
    if (i + 4 < list.length) setImmediate(onMessages, id, list.slice(i + 4));
    throw error;
  }
}

/** What one message leads to comes before the next message. */
function drain() {
  process._tickCallback?.();
}

function onSent(id, token, errno, size) {
  const request = requests.get(token);
  if (request === undefined) return;
  requests.delete(token);
  request.handle.pending--;
  const { context } = request;
  if (context !== undefined) setContinuationData(context);
  try {
    request.done(errno, size);
  } finally {
    if (context !== undefined) setContinuationData(undefined);
  }
}

function onClosed(id) {
  const handle = handles.get(id);
  handles.delete(id);
  if (handle !== undefined && hooks.tracking) hooks.destroy(handle);
}

function onFailed(id, errno) {
  const handle = handles.get(id);
  if (handle !== undefined && handle.id !== 0) within(handle, kFailed, errno);
}

const kMessage = Symbol('message');
const kFailed = Symbol('failed');

/** Datagrams that wait for the kernel. */
const requests = new Map();
let lastToken = 0;

class UDP {
  /** @param {4 | 6} family */
  constructor(family) {
    if (!ready) {
      ready = true;
      setup(onMessages, onSent, onClosed, onFailed);
    }
    this.family = family;
    this.owner = null;
    this.context = getContinuationData();
    this.receiving = false;
    this.pending = 0;
    this.id = create(family, process.execArgv.includes('--test-udp-no-try-send'));
    handles.set(this.id, this);
    if (hooks.tracking) hooks.init(this, 'UDPWRAP');
  }

  get fd() {
    return this.id === 0 ? -1 : fdOf(this.id);
  }

  getAsyncId() {
    return (this[asyncId] ??= newId());
  }

  bind(address, port, flags) {
    return bind(this.id, address, port, flags);
  }

  open(fd) {
    return open(this.id, fd);
  }

  connect(address, port) {
    return connect(this.id, address, port);
  }

  disconnect() {
    return disconnect(this.id);
  }

  /** More than 0: sent, that many bytes and one. 0: `done` is called later. Less: an error. */
  send(chunks, port, address, done) {
    const token = ++lastToken;
    const result =
      chunks.length === 1
        ? send(this.id, token, port, address, chunks[0])
        : send(this.id, token, port, address, ...chunks);
    if (result === 0) {
      this.pending++;
      requests.set(token, { handle: this, done, context: getContinuationData() });
    }
    return result;
  }

  recvStart() {
    this.receiving = true;
    return receive(this.id, true);
  }

  recvStop() {
    this.receiving = false;
    return receive(this.id, false);
  }

  close() {
    if (this.id === 0) return;
    const { id } = this;
    this.id = 0;
    if (!close(id)) handles.delete(id);
  }

  ref() {
    setRef(this.id, true);
  }

  unref() {
    setRef(this.id, false);
  }

  getsockname(out) {
    return describe(sockname(this.id), out);
  }

  getpeername(out) {
    return describe(peername(this.id), out);
  }

  option(name, value) {
    return setOption(this.id, name, value);
  }

  setMulticastInterface(address) {
    return setInterface(this.id, address);
  }

  membership(group, from, join) {
    return setMembership(this.id, group, from ?? '', join);
  }

  sourceMembership(source, group, from, join) {
    return setSourceMembership(this.id, source, group, from ?? '', join);
  }

  bufferSize(size, isReceive) {
    return bufferSize(this.id, size, isReceive);
  }

  /** [bytes, datagrams] */
  sendQueue() {
    return sendQueue(this.id);
  }
}

function describe(found, out) {
  if (typeof found === 'number') return found;
  out.address = found[0];
  out.family = found[1];
  out.port = found[2];
  return 0;
}

module.exports = { UDP, kMessage, kFailed };

'use strict';

// Handles: what a socket or server holds of the Go half. A handle names its connection by an id that is never used
// twice; 0 before there is one and after it is closed. What Go reports comes in through the functions given to setup,
// one call per event, all events of a poll in one entry into JavaScript.
//
// Writes don't cross into Go one by one: they are gathered in memory shared with Go (the outbox), which Go drains when
// JavaScript has run, with one system call per connection. Only what is too large for that is handed over directly, and
// is not copied.

const {
  setup,
  flush,
  openTcp,
  openPipe,
  openFd,
  bindTcp,
  connectTcp,
  connectPipe,
  listenTcp,
  listenPipe,
  listenFd,
  closeListener,
  readStart,
  readStop,
  readInto,
  writeBuffer,
  shutdown,
  close,
  reset,
  sockname,
  peername,
  setNoDelay,
  setKeepAlive,
  setBlocking,
  setRef,
  fdOf,
  queued,
} = native;
const { getContinuationData, setContinuationData, utf8Write, latin1Write, ucs2Write, byteLengthUtf8 } = engine;
const { asyncId, hooks, newId } = require('async_hooks/ids');

const EADDRINUSE = -98;
const EBADF = -9;
const EINVAL = -22;
const ECANCELED = -125;

/** Larger writes go to Go directly. */
const directSize = 16 * 1024;
const recordHead = 16;

/** @type {Map<number, any>} handles of every class by id */
const handles = new Map();

// The outbox. Positions count from the end of its head of 16 bytes.
let outBytes;
let outWords;
let outIds;
let outSize = 0;

function attach() {
  const memory = setup(onConnection, onConnect, onRead, onReadInto, onEnd, onWritten, onShutdown, onClosed);
  outBytes = new Uint8Array(memory);
  outWords = new Uint32Array(memory);
  outIds = new Float64Array(memory);
  outSize = memory.byteLength - recordHead;
}

/** What a callback needs to run in the async context it belongs to. */
function enter(handle, context) {
  if (context !== undefined) setContinuationData(context);
  return hooks.tracking ? hooks.enter(handle) : 0;
}

function leave(handle, context, depth) {
  if (context !== undefined) setContinuationData(undefined);
  if (hooks.tracking) hooks.leave(handle, depth);
}

// --- what Go reports. Owners have the methods named by these symbols.

const kData = Symbol('data');
const kDataInto = Symbol('data into');
const kEnd = Symbol('end of data');

function onConnection(serverId, id) {
  const server = handles.get(serverId);
  if (server === undefined) {
    if (id > 0) close(id);
    return;
  }
  const { context } = server;
  const depth = enter(server, context);
  try {
    if (id < 0) server.onconnection(id, undefined);
    else server.onconnection(0, adoptAs(server.Stream, id));
  } finally {
    leave(server, context, depth);
  }
}

function adoptAs(Class, id) {
  const handle = new Class();
  handle.id = id;
  handle.context = undefined; // nobody's: it comes from outside
  handles.set(id, handle);
  return handle;
}

function onConnect(id, errno) {
  const handle = handles.get(id);
  if (handle === undefined || handle.connected === undefined) return;
  const { connected, connectContext: context } = handle;
  handle.connected = handle.connectContext = undefined;
  const depth = enter(handle, context);
  try {
    connected(errno, handle);
  } finally {
    leave(handle, context, depth);
  }
}

function onRead(id, chunk) {
  const handle = handles.get(id);
  if (handle === undefined || handle.owner === null) return;
  handle.bytesRead += chunk.length;
  const { context } = handle;
  const depth = enter(handle, context);
  try {
    handle.owner[kData](chunk, handle);
  } finally {
    leave(handle, context, depth);
  }
}

function onReadInto(id, size) {
  const handle = handles.get(id);
  if (handle === undefined || handle.owner === null) return;
  handle.bytesRead += size;
  const { context } = handle;
  const depth = enter(handle, context);
  try {
    handle.owner[kDataInto](size, handle);
  } finally {
    leave(handle, context, depth);
  }
}

function onEnd(id, errno) {
  const handle = handles.get(id);
  if (handle === undefined || handle.owner === null) return;
  const { context } = handle;
  const depth = enter(handle, context);
  try {
    handle.owner[kEnd](errno, handle);
  } finally {
    leave(handle, context, depth);
  }
}

function onWritten(id, errno) {
  const handle = handles.get(id);
  if (handle !== undefined) handle.finishWrite(errno);
}

function onShutdown(id, errno) {
  const handle = handles.get(id);
  if (handle !== undefined) handle.finishShutdown(errno);
}

function onClosed(id) {
  const handle = handles.get(id);
  handles.delete(id);
  if (handle === undefined) return;
  handle.finishClose();
}

class Handle {
  constructor() {
    if (outBytes === undefined) attach();
    this.id = 0;
    /** The socket or server. */
    this.owner = null;
    this.context = getContinuationData();
    this.closing = false;
    this.refed = true;
    this.closed = undefined;
    if (hooks.tracking) hooks.init(this, /** @type {any} */ (this.constructor).asyncType);
  }

  get fd() {
    return this.id === 0 ? -1 : fdOf(this.id);
  }

  getAsyncId() {
    return (this[asyncId] ??= newId());
  }

  ref() {
    this.refed = true;
    if (this.id !== 0) setRef(this.id, true);
  }

  unref() {
    this.refed = false;
    if (this.id !== 0) setRef(this.id, false);
  }

  hasRef() {
    return this.refed && !this.closing;
  }

  /** Takes the id that a native returned, or hands on its error. */
  take(id) {
    if (id < 0) return id;
    this.id = id;
    handles.set(id, this);
    if (!this.refed) setRef(id, false);
    return 0;
  }

  /** @param {Function} [callback] called in the closing phase */
  close(callback) {
    if (this.closing) return;
    this.closing = true;
    this.closed = callback;
    if (this.id === 0 || !(/** @type {any} */ (this).closeNative())) setImmediate(finishClose, this);
  }

  finishClose() {
    this.id = 0;
    const { closed, context } = this;
    this.closed = undefined;
    if (hooks.tracking) hooks.destroy(this);
    if (closed === undefined) return;
    const depth = enter(this, context);
    try {
      Reflect.apply(closed, this, []);
    } finally {
      leave(this, context, depth);
    }
  }

  getsockname(out) {
    return address(sockname, this.id, out);
  }
}

function finishClose(handle) {
  handle.finishClose();
}

function address(get, id, out) {
  if (id === 0) return EBADF;
  const found = get(id);
  if (typeof found === 'number') return found;
  if (typeof found === 'string') {
    out.address = found;
    return 0;
  }
  [out.address, out.family, out.port] = found;
  return 0;
}

/** Binds and listens; each accepted connection is a call of `onconnection(errno, handle)`. */
class ListenHandle extends Handle {
  constructor() {
    super();
    this.onconnection = undefined;
  }

  closeNative() {
    return closeListener(this.id);
  }
}

class StreamHandle extends Handle {
  constructor() {
    super();
    this.reading = false;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.connected = undefined;
    this.connectContext = undefined;
    this.written = undefined;
    this.writeContext = undefined;
    this.isShut = undefined;
    this.shutContext = undefined;
    /** Only servers have it; here so that both look alike to those who ask. */
    this.onconnection = undefined;
  }

  get writeQueueSize() {
    return this.id === 0 ? 0 : queued(this.id);
  }

  getpeername(out) {
    return address(peername, this.id, out);
  }

  readStart() {
    if (this.id === 0 || this.closing) return EBADF;
    this.reading = true;
    readStart(this.id);
    return 0;
  }

  readStop() {
    this.reading = false;
    if (this.id !== 0) readStop(this.id);
    return 0;
  }

  /** Further bytes go to this memory; owner[kDataInto] is told how many. */
  useUserBuffer(bytes) {
    readInto(this.id, bytes);
  }

  setBlocking(on) {
    return setBlocking(this.id, on);
  }

  /**
   * Writes one chunk. `callback(errno, handle)` is called when it has been written, never before write returns, unless
   * write returns an error. One write at a time, as streams do.
   * @param {Uint8Array | string} chunk
   * @param {string} encoding of a string
   * @param {(errno: number, handle: StreamHandle) => void} callback
   * @returns {number} 0, 1 when all is written already (the callback won't be called), or a negative errno
   */
  write(chunk, encoding, callback) {
    if (this.id === 0 || this.closing) return EBADF;
    const result = this.append(chunk, encoding, true);
    if (result !== 0) return result;
    this.written = callback;
    this.writeContext = getContinuationData();
    return 0;
  }

  /**
   * As write, for the list of chunks that _writev gets.
   * @param {{ chunk: Uint8Array | string, encoding: string }[]} list
   */
  writev(list, callback) {
    if (this.id === 0 || this.closing) return EBADF;
    const last = list.length - 1;
    let result = 0;
    for (let i = 0; i <= last; i++) {
      const { chunk, encoding } = list[i];
      result = this.append(chunk, encoding, i === last);
      if (result < 0) return result;
    }
    if (result !== 0) return result;
    this.written = callback;
    this.writeContext = getContinuationData();
    return 0;
  }

  /** 0: in the outbox or queued by Go; 1: written; negative: an error. */
  append(chunk, encoding, last) {
    const { id } = this;
    if (typeof chunk === 'string') {
      const size = sizeBound(chunk, encoding);
      if (size > directSize || size === 0) {
        chunk = Buffer.from(chunk, encoding);
      } else {
        let at = outWords[0];
        if (at + recordHead + size > outSize) {
          flush();
          at = 0;
        }
        const start = at + 2 * recordHead;
        let written;
        switch (encoding) {
          case 'latin1':
          case 'binary':
          case 'ascii':
            written = latin1Write(outBytes, chunk, start, size);
            break;
          case 'ucs2':
          case 'ucs-2':
          case 'utf16le':
          case 'utf-16le':
            written = ucs2Write(outBytes, chunk, start, size);
            break;
          default:
            written = utf8Write(outBytes, chunk, start, size);
        }
        this.bytesWritten += written;
        endRecord(id, at, written, last);
        return 0;
      }
    }
    const size = chunk.byteLength;
    this.bytesWritten += size;
    if (size > directSize) {
      const result = writeBuffer(id, chunk, last);
      return result === 0 ? 1 : result === 1 ? 0 : result;
    }
    let at = outWords[0];
    if (at + recordHead + size > outSize) {
      flush();
      at = 0;
    }
    outBytes.set(chunk, at + 2 * recordHead);
    endRecord(id, at, size, last);
    return 0;
  }

  finishWrite(errno) {
    const { written, writeContext: context } = this;
    if (written === undefined) return;
    this.written = this.writeContext = undefined;
    const depth = enter(this, context);
    try {
      written(errno, this);
    } finally {
      leave(this, context, depth);
    }
  }

  /**
   * Ends our side when everything is written.
   * @param {(errno: number, handle: StreamHandle) => void} callback
   */
  shutdown(callback) {
    if (this.id === 0) return EBADF;
    this.isShut = callback;
    this.shutContext = getContinuationData();
    const errno = shutdown(this.id);
    if (errno !== 0) this.isShut = this.shutContext = undefined;
    return errno;
  }

  finishShutdown(errno) {
    const { isShut, shutContext: context } = this;
    if (isShut === undefined) return;
    this.isShut = this.shutContext = undefined;
    const depth = enter(this, context);
    try {
      isShut(errno, this);
    } finally {
      leave(this, context, depth);
    }
  }

  closeNative() {
    return close(this.id);
  }

  finishClose() {
    handles.delete(this.id);
    if (this.connected !== undefined) onConnectCanceled(this);
    this.finishWrite(ECANCELED);
    this.finishShutdown(ECANCELED);
    super.finishClose();
  }
}

function onConnectCanceled(handle) {
  const { connected } = handle;
  handle.connected = handle.connectContext = undefined;
  connected(ECANCELED, handle);
}

function sizeBound(string, encoding) {
  switch (encoding) {
    case 'utf8':
    case 'utf-8':
    case undefined:
    case null:
      // Three bytes to a code unit is the most; short strings needn't be measured.
      return string.length <= 2048 ? string.length * 3 : byteLengthUtf8(string);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return string.length;
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le':
      return string.length * 2;
    default:
      return 0;
  }
}

function endRecord(id, at, size, last) {
  outIds[(at + recordHead) >> 3] = id;
  outWords[(at + recordHead + 8) >> 2] = size;
  outWords[(at + recordHead + 12) >> 2] = last ? 1 : 0;
  outWords[0] = at + recordHead + ((size + 7) & ~7);
}

class TCP extends StreamHandle {
  static asyncType = 'TCPWRAP';

  open(fd) {
    return this.take(openFd(fd, false));
  }

  /** Makes the socket when an address is known: its family decides. */
  need(family) {
    return this.id === 0 ? this.take(openTcp(family)) : 0;
  }

  bind(ip, port) {
    return this.bindFamily(ip, port, 4, 0);
  }

  bind6(ip, port, flags) {
    return this.bindFamily(ip, port, 6, flags);
  }

  bindFamily(ip, port, family, flags) {
    return this.need(family) || bindTcp(this.id, ip, port, family, flags);
  }

  /**
   * @param {(errno: number, handle: TCP) => void} callback
   * @param {string} ip
   * @param {number} port
   * @param {4 | 6} family
   * @returns {number} 0, or an errno; then the callback won't be called
   */
  connect(callback, ip, port, family) {
    const errno = this.need(family);
    if (errno !== 0) return errno;
    this.connected = callback;
    this.connectContext = getContinuationData();
    const result = connectTcp(this.id, ip, port, family);
    if (result !== 0) this.connected = this.connectContext = undefined;
    return result;
  }

  setNoDelay(on) {
    return this.id === 0 ? EBADF : setNoDelay(this.id, !!on);
  }

  setKeepAlive(on, seconds) {
    return this.id === 0 ? EBADF : setKeepAlive(this.id, !!on, seconds);
  }

  /** Closes so that the peer sees a reset. */
  reset(callback) {
    if (this.closing) return EINVAL;
    if (this.id === 0) {
      this.close(callback);
      return 0;
    }
    const errno = reset(this.id);
    if (errno === 0) {
      this.closing = true;
      this.closed = callback;
    }
    return errno;
  }
}

class Pipe extends StreamHandle {
  static asyncType = 'PIPEWRAP';

  open(fd) {
    return this.take(openFd(fd, false));
  }

  connect(callback, path) {
    const errno = this.id === 0 ? this.take(openPipe()) : 0;
    if (errno !== 0) return errno;
    this.connected = callback;
    this.connectContext = getContinuationData();
    const result = connectPipe(this.id, path);
    if (result !== 0) this.connected = this.connectContext = undefined;
    return result;
  }
}

/** A terminal, opened anew where that is possible: see openFd in Go. */
class TTY extends StreamHandle {
  static asyncType = 'TTYWRAP';

  open(fd) {
    return this.take(openFd(fd, true));
  }
}

class TCPServer extends ListenHandle {
  static asyncType = 'TCPSERVERWRAP';

  /** @returns {number} 0 or a negative errno */
  listen(ip, port, family, backlog, flags) {
    return this.take(listenTcp(ip, port, family, backlog, flags));
  }

  listenFd(fd, backlog) {
    return this.take(listenFd(fd, backlog));
  }
}

class PipeServer extends ListenHandle {
  static asyncType = 'PIPESERVERWRAP';

  listen(path, backlog, modes) {
    return this.take(listenPipe(path, backlog, modes));
  }

  listenFd(fd, backlog) {
    return this.take(listenFd(fd, backlog));
  }
}

// Unix sockets tell no addresses: their ends are paths, if anything.
for (const { prototype } of [Pipe, PipeServer, TTY]) {
  Object.assign(prototype, { getsockname: undefined, getpeername: undefined });
}

// The handles of servers and of connections share their names, which programs see.
Object.defineProperty(TCPServer, 'name', { __proto__: null, value: 'TCP' });
Object.defineProperty(PipeServer, 'name', { __proto__: null, value: 'Pipe' });
Object.assign(TCPServer.prototype, { Stream: TCP });
Object.assign(PipeServer.prototype, { Stream: Pipe });

/**
 * A handle for a connection that Go has exposed by its id.
 * @param {number} id
 * @returns {TCP}
 */
function adopt(id) {
  return handles.get(id) ?? adoptAs(TCP, id);
}

/** Handles that are open: process.getActiveResourcesInfo. */
function open() {
  return handles.values();
}

module.exports = {
  open,
  TCP,
  Pipe,
  TTY,
  TCPServer,
  PipeServer,
  adopt,
  kData,
  kDataInto,
  kEnd,
  EADDRINUSE,
};

'use strict';

// The fast path: a server's own connections, which Go accepts, reads, parses and writes (fast.go). All requests of one
// poll arrive in one call, onBatch: records in memory that Go shares, and an array with each head as a string. Requests
// and responses are made here and offered to the server one after another, with process.nextTick's queue and microtasks
// after each, as if each had come alone. A connection that waits has no JavaScript object.
//
// A message keeps its head and, while its batch lasts, its place in the records. What is asked for later is read from
// the head again, so nothing depends on the shared memory.

const { addHeader } = require('http/incoming');
const { RAW, END, CLOSE, NOTIFY } = require('http/response');
const { beginBatch, endBatch } = require('http/head');
const { allMethods } = require('http/tokens');
const { parseError } = require('http/parser');
const {
  answers,
  connectionListener,
  connResetException,
  dispatch,
  emitClose,
  refuse: refuseSocket,
} = require('http/connection');
const { insecure, maxHeaderSize } = require('http/limits');
const { runTicks } = require('process/ticks');
const { wanted } = require('diagnostics_channel/wanted');
const observed = require('perf_hooks/observed');
const {
  attach,
  closeAll,
  closeConn,
  closeIdle,
  configure,
  countOf,
  checkTimes,
  detach,
  drainOutbox,
  expose,
  fastSetup,
  giveUp,
  pause,
  pendingOf,
  proceed,
  resume,
  takeOver,
} = native;
const { getContinuationData, respond, setContinuationData } = engine;

/** The async context of end(), on a response whose end somebody waits for. */
const kEndContext = Symbol('http.endContext');

/** Kinds of records: internal/http1/batch.go and fast.go. */
const HEAD = 1;
const BODY = 2;
const TRAILERS = 3;
const COMPLETE = 4;
const ERROR = 5;
const ABORT = 7;
const DRAINED = 8;
const INPUT_ENDED = 9;
const GONE = 10;
const LATE = 11;
const WAITING = 12;
const RECORD = 16;
const HEADER = 4;

const FLAG_KEEP_ALIVE = 1;
const FLAG_BODY = 2;
const FLAG_UPGRADE = 4;
/** Chunked, or a Content-Length. */
const FLAG_FRAMED = 32 | 64;
const FLAG_EXPECT = 128;
const FLAG_HOST = 256;
const FLAG_LAST = 1 << 10;
/** Milliseconds that a malformed request waits for the answers before it. */
const kPatience = 1000;
/** Our own: JavaScript has stopped the body. */
const PAUSED = 1 << 16;
/** Our own: in the map of messages that are not over. */
const OPEN = 1 << 17;

/** Names by the ids of internal/http1/names.go: a test compares the lists. */
const names = [
  '',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'expect',
  'user-agent',
  'accept',
  'accept-encoding',
  'accept-language',
  'cookie',
  'content-type',
  'authorization',
  'referer',
  'origin',
  'cache-control',
  'if-none-match',
  'if-modified-since',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'range',
  'date',
  'via',
  'x-requested-with',
  'keep-alive',
  'content-encoding',
  'etag',
  'last-modified',
  'server',
  'set-cookie',
  'location',
  'vary',
  'pragma',
  'te',
  'trailer',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'upgrade-insecure-requests',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'sec-fetch-user',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'dnt',
  'x-real-ip',
  'x-request-id',
  'forwarded',
  'if-match',
  'if-unmodified-since',
  'access-control-request-method',
  'access-control-request-headers',
  'priority',
  'content-disposition',
];

let rec;
let slab;
/** Counts batches: a message whose batch is over reads from its head. */
let batchNumber = 0;
/** Messages that are not over, by their seq: requests whose body or answer is incomplete. */
const open = new Map();
/** Sockets that JavaScript asked for, by slot. */
const sockets = new Map();
/** Servers by the number that Go gave. */
const servers = new Map();

/** The methods that a message calls when something of it is touched. */
class Fast {
  constructor(server) {
    this.server = server;
    this.id = 0;
    this.keepLine = '';
    this.keepLineFor = -1;
    this.configured = '';
  }

  // --- what a request asks for

  urlOf(req) {
    const { _head: head, _at: at } = req;
    if (req._batch === batchNumber) return head.substring(rec[at + 6], rec[at + 6] + rec[at + 7]);
    const from = head.search(/[^\s] /) + 2;
    let i = from;
    while (head.charCodeAt(i) === 32) i++;
    let k = i;
    while (head.charCodeAt(k) > 32) k++;
    return head.slice(i, k);
  }

  methodOf(req) {
    return allMethods[req._methodNumber];
  }

  rawHeadersOf(req) {
    const list = [];
    eachHeader(req, (id, name, value) => list.push(name, value));
    return list;
  }

  headersOf(req, dest) {
    const max = req._count > 0 ? req._count >> 1 : 1 << 20;
    const join = req.joinDuplicateHeaders;
    if (req._batch !== batchNumber) {
      let n = 0;
      eachHeader(req, (id, name, value) => {
        if (n++ < max) addHeader(dest, name.toLowerCase(), value, join);
      });
      return;
    }
    const head = req._head;
    const at = req._at;
    const n = Math.min(rec[at + 9], max);
    for (let i = 0, t = rec[at + 8]; i < n; i++, t += HEADER) {
      const packed = rec[t];
      const id = packed & 255;
      const from = rec[t + 2];
      const value = head.substring(from, from + rec[t + 3]);
      if (id !== 0) {
        const name = names[id];
        if (dest[name] === undefined && id !== 32) dest[name] = value;
        else addHeader(dest, name, value, join);
      } else {
        const start = rec[t + 1];
        addHeader(dest, head.substring(start, start + (packed >> 8)).toLowerCase(), value, join);
      }
    }
  }

  /** The reader wants more of a body. */
  readMore(req) {
    if ((req._flags & PAUSED) === 0) return;
    req._flags &= ~PAUSED;
    if (req._socket !== null) req._socket.resume();
    resume(req._slot, req._seq);
  }

  /** Ends the connection of a message that is broken off. */
  kill(req) {
    closeConn(req._slot, req._seq);
  }

  socketOf(req) {
    const socket = socketAt(this.server, req._slot, req._seq);
    const res = req._res;
    if (res !== null && socket._handle) {
      socket._handle.bytesWritten += res._total;
      if (!res.finished && !socket._httpMessage) {
        socket._httpMessage = res;
        res._socket = socket;
      }
    }
    return socket;
  }

  socketFor(res) {
    const socket = res.req.socket;
    if (socket !== null && !res.finished) {
      res._socket = socket;
      socket._httpMessage = res;
    }
    return socket;
  }

  // --- what a response tells

  /** Bytes that the kernel has not taken yet. */
  pendingOf(res) {
    return pendingOf(res._slot, res._seq);
  }

  /** NOTIFY when somebody listens for the end, or has a callback waiting. */
  wants(res) {
    if (res._eventsCount !== 0 || res.req._eventsCount !== 0 || res._waiting !== null || res._rs !== undefined) {
      res._flushed = false;
      const context = getContinuationData();
      if (context !== undefined) res[kEndContext] = context;
      hold(res);
      return NOTIFY;
    }
    return 0;
  }

  /** end() was called. */
  ended(res) {
    const { req } = res;
    res._fastEnded = true;
    if (!req.complete && !req._consumed && req._eventsCount === 0) {
      // What is still to come of the body is dropped, and nobody is there to be told.
      req._dumped = true;
      this.readMore(req);
    }
    const socket = res._socket;
    if (socket !== null && socket._httpMessage === res) socket._httpMessage = null;
    if (res._flushed === false) {
      res.emit('prefinish');
      return;
    }
    if (req.complete && (req._flags & OPEN) !== 0) open.delete(res._seq);
  }

  /** A listener for the end that came when the end had been. */
  tellLater(res) {
    if (res._flushed !== false) {
      res._flushed = false;
      process.nextTick(() => {
        if (res._flushed === false) {
          drainOutbox();
          res._flushed = true;
          this.finished(res);
        }
      });
    }
  }

  /** Everything has reached the kernel. */
  finished(res) {
    const { req } = res;
    if (req.complete) open.delete(res._seq);
    if (!req._consumed && req._eventsCount !== 0) req._dump();
    if (res._last) {
      const socket = sockets.get(res._slot);
      if (socket !== undefined && socket === req._socket) socket.destroySoon();
    }
    // 'finish' and 'close' belong to the async context that end() was called in.
    const context = res[kEndContext];
    if (context !== undefined) setContinuationData(context);
    try {
      res.emit('finish');
      process.nextTick(emitClose, res);
    } finally {
      if (context !== undefined) setContinuationData(undefined);
    }
  }
}

/** Keeps a message known by its number. */
function hold(res) {
  keep(res.req);
}

function keep(req) {
  req._flags |= OPEN;
  open.set(req._seq, req);
}

/** Calls f(id, name, value) for each header of a message. */
function eachHeader(req, f) {
  const head = req._head;
  if (req._batch === batchNumber) {
    const at = req._at;
    for (let i = 0, n = rec[at + 9], t = rec[at + 8]; i < n; i++, t += HEADER) {
      f(
        rec[t] & 255,
        head.substring(rec[t + 1], rec[t + 1] + (rec[t] >> 8)),
        head.substring(rec[t + 2], rec[t + 2] + rec[t + 3]),
      );
    }
    return;
  }
  const lines = head.split('\n');
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(':');
    if (colon > 0)
      f(0, lines[i].slice(0, colon).trimStart(), lines[i].slice(colon + 1).replace(/^[ \t]+|[ \t\r]+$/g, ''));
  }
}

/** The net.Socket of a connection, made when first asked for; null when the connection is gone. */
function socketAt(server, slot, seq) {
  const known = sockets.get(slot);
  if (known !== undefined && !known.destroyed) return known;
  const id = expose(slot, seq);
  if (id === 0) return goneSocket(server);
  const socket = socketOver(server, id);
  sockets.set(slot, socket);
  socket.once('close', () => {
    if (sockets.get(slot) === socket) sockets.delete(slot);
  });
  socket.on('error', onSocketError);
  socket.on('timeout', onSocketTimeout);
  return socket;
}

function socketOver(server, id) {
  const { Socket } = require('net');
  const socket = new Socket({
    handle: require('net/handle').adopt(id),
    allowHalfOpen: true,
    manualStart: true,
    readable: true,
    writable: true,
  });
  socket.parser = null;
  socket.server = server;
  socket._paused = false;
  return socket;
}

/** A socket in the place of one whose connection is gone: destroyed already. */
function goneSocket(server) {
  const { Socket } = require('net');
  const socket = new Socket();
  socket.server = server;
  socket.destroy();
  return socket;
}

function nop() {}

function onSocketError(error) {
  // The first one counts, and none may end the process from here on.
  this.removeListener('error', onSocketError);
  if (this.listenerCount('error') === 0) this.on('error', nop);
  if (!this.server.emit('clientError', error, this)) refuseSocket(this, error);
}

function onSocketTimeout() {
  const res = this._httpMessage;
  const first = res?.req && !res.req.complete && res.req.emit('timeout', this);
  const second = res?.emit('timeout', this);
  const third = this.server.emit('timeout', this);
  if (!first && !second && !third) this.destroy();
}

// --- a batch

let count = 0;
let at = 0;
let heads = null;
/** The request that was begun last. */
let begun = null;

/**
 * Called by Go with everything that one poll brought.
 * @param {number} n
 * @param {(string | undefined)[]} list
 */
function onBatch(n, list) {
  batchNumber++;
  count = n;
  at = 0;
  heads = list;
  run();
}

/** Goes through the batch. When a handler throws, the rest is done after the error has been dealt with. */
function run() {
  let whole = false;
  beginBatch();
  try {
    while (at < count) {
      const i = at++;
      setContinuationData(undefined);
      one(rec[i * RECORD], i * RECORD, heads[i]);
      runTicks();
    }
    whole = true;
  } finally {
    endBatch();
    if (!whole) {
      // What the request's own listeners wait for is still to be told, although its handler threw.
      if (begun !== null && !begun._res?._fastEnded && (begun._flags & OPEN) === 0) keep(begun);
      if (at < count) process.nextTick(run);
    }
    begun = null;
  }
}

function one(kind, b, head) {
  const seq = rec[b + 2];
  switch (kind) {
    case HEAD:
      begin(b, head, seq);
      break;
    case BODY: {
      if (sockets.size > 0) sockets.get(rec[b + 1])?._unrefTimer();
      const req = open.get(seq);
      if (req === undefined) break;
      if (!req._dumped) {
        const from = rec[b + 4];
        const size = rec[b + 5];
        const chunk = Buffer.allocUnsafe(size);
        chunk.set(slab.subarray(from, from + size));
        const last = (rec[b + 3] & FLAG_LAST) !== 0;
        const more = req.push(chunk);
        if (!more && !last && (req._flags & PAUSED) === 0 && open.has(seq)) {
          req._flags |= PAUSED;
          pause(req._slot, seq);
          if (req._socket !== null) req._socket.pause();
        }
      }
      if ((rec[b + 3] & FLAG_LAST) !== 0) complete(req);
      break;
    }
    case TRAILERS: {
      const req = open.get(seq);
      if (req === undefined) break;
      const list = [];
      for (let i = 0, n = rec[b + 9], t = rec[b + 8]; i < n; i++, t += HEADER) {
        list.push(
          head.substring(rec[t + 1], rec[t + 1] + (rec[t] >> 8)),
          head.substring(rec[t + 2], rec[t + 2] + rec[t + 3]),
        );
      }
      req._rawTrailers = list;
      req._trailers = undefined;
      break;
    }
    case COMPLETE: {
      const req = open.get(seq);
      if (req !== undefined) complete(req);
      break;
    }
    case ERROR:
      malformed(b, seq);
      break;
    case ABORT: {
      const req = open.get(seq);
      if (req !== undefined) aborted(req);
      break;
    }
    case DRAINED: {
      const req = open.get(seq);
      if (req?._res) req._res._drained();
      break;
    }
    case INPUT_ENDED: {
      const req = open.get(seq);
      if (req !== undefined) inputEnded(req);
      break;
    }
    case GONE:
      if (rec[b + 1] === 0) {
        servers.get(rec[b + 12])?.server._emitCloseIfDrained();
      } else {
        const socket = sockets.get(rec[b + 1]);
        if (socket !== undefined) socket.destroy();
      }
      break;
    case LATE:
      late(b, seq);
      break;
    case WAITING:
      setTimeout(giveUp, kPatience, rec[b + 1], seq);
      break;
    default:
  }
}

function begin(b, head, seq) {
  const fast = slots[rec[b + 15]];
  const { server } = fast;
  const flags = rec[b + 3];
  const Request = server._IncomingMessage;
  const req = new Request(null);
  req._fast = fast;
  req._head = head;
  req._at = b;
  req._batch = batchNumber;
  req._slot = rec[b + 1];
  req._seq = seq;
  req._flags = flags;
  req._url = undefined;
  const number = rec[b + 10];
  req._methodNumber = number;
  req._method = allMethods[number];
  req._version = rec[b + 11];
  req._rawHeaders = undefined;
  if (server.joinDuplicateHeaders) req.joinDuplicateHeaders = true;
  const limit = server.maxHeadersCount;
  if (limit !== null && limit !== undefined) req._count = limit > 0 ? limit * 2 : 0;
  req.upgrade = false;
  if ((flags & FLAG_UPGRADE) !== 0 && wantsUpgrade(fast, req, seq)) return;
  req.complete = (flags & FLAG_BODY) === 0;
  if (server.optimizeEmptyRequests && (flags & FLAG_FRAMED) === 0) req._dumpAndCloseReadable();
  begun = req;
  const Response = server._ServerResponse;
  const res = new Response(req, undefined);
  if (res._fast === undefined) throw new TypeError('ServerResponse option must be a subclass of http.ServerResponse');
  req._res = res;
  res._fast = fast;
  res._slot = req._slot;
  res._seq = seq;
  const alive = (flags & FLAG_KEEP_ALIVE) !== 0;
  res.shouldKeepAlive = alive;
  if (fast.keepLineFor !== server.keepAliveTimeout) setKeepLine(fast, server);
  res._keepAliveTimeout = server.keepAliveTimeout;
  res._keepLine = fast.keepLine;
  if (server._uniqueHeaders !== null) res._unique = server._uniqueHeaders;
  if (server.rejectNonStandardBodyWrites) res.rejectNonStandardBodyWrites = true;
  if (!req.complete) keep(req);
  const max = server.maxRequestsPerSocket;
  if (max > 0) {
    res._maxRequestsPerSocket = max;
    res._defaultKeepAlive = true;
    res._keepLine = fast.keepLine.replace(/(timeout=\d+)/, `$1, max=${max}`);
  }
  if (wanted.httpServer || observed.http) require('http/observe').serverRequest(server, req, res);
  if (
    max > 0 ||
    (flags & FLAG_EXPECT) !== 0 ||
    ((flags & FLAG_HOST) === 0 && server.requireHostHeader && req._version === 0x11)
  ) {
    dispatch(server, req, res, rec[b + 14], undefined);
  } else {
    server.emit('request', req, res);
  }
  if (!res._fastEnded && (req._flags & OPEN) === 0) keep(req);
}

function setKeepLine(fast, server) {
  fast.keepLineFor = server.keepAliveTimeout;
  fast.keepLine = 'Connection: keep-alive\r\n';
  if (server.keepAliveTimeout) fast.keepLine += `Keep-Alive: timeout=${Math.floor(server.keepAliveTimeout / 1000)}\r\n`;
  configureServer(fast, server);
}

/** A request that asks to leave HTTP: true when it has been given away. */
function wantsUpgrade(fast, req, seq) {
  const { server } = fast;
  const connect = req.method === 'CONNECT';
  req.upgrade = true;
  if (!connect && !server.shouldUpgradeCallback(req)) {
    req.upgrade = false;
    proceed(req._slot, seq);
    return false;
  }
  req.complete = true;
  // What is needed of the head, before the memory is used again.
  void req.rawHeaders;
  void req.url;
  const event = connect ? 'connect' : 'upgrade';
  const socket = socketAt(server, req._slot, seq);
  req._socket = socket;
  if (server.listenerCount(event) === 0) {
    closeConn(req._slot, seq);
    socket.destroy();
    return true;
  }
  sockets.delete(req._slot);
  const rest = takeOver(req._slot, seq) ?? Buffer.alloc(0);
  socket.removeListener('timeout', onSocketTimeout);
  socket.removeAllListeners('error');
  socket.removeAllListeners('close');
  // The server counts it as one of its sockets from now on.
  socket._server = server;
  server._connections++;
  socket.read(0);
  server.emit(event, req, socket, rest);
  return true;
}

function complete(req) {
  req.complete = true;
  if (req._rs !== undefined) req.push(null);
  const res = req._res;
  if (res._fastEnded && res._flushed !== false) open.delete(req._seq);
}

function aborted(req) {
  const res = req._res;
  open.delete(req._seq);
  const ended = res._fastEnded && res._flushed !== false;
  if (!req.complete || !ended) req.destroy(connResetException('aborted'));
  if (!res._closed) {
    res.destroyed = true;
    res._closed = true;
    res.emit('close');
  }
}

/** The client has closed its side. Whoever watches for that is told; nobody does: it gets its answer. */
function inputEnded(req) {
  const res = req._res;
  if (res._fastEnded) return;
  const watched = res.listenerCount('close') > 0 || req.listenerCount('close') > 0 || req.listenerCount('aborted') > 0;
  if (watched && !req._slotEnded) {
    closeConn(req._slot, req._seq);
    return;
  }
  res._last = true;
  res.shouldKeepAlive = false;
}

function malformed(b, seq) {
  const error = parseError(rec[b + 12], rec[b + 13]);
  if (error.code !== 'HPE_INVALID_EOF_STATE')
    error.rawPacket = Buffer.from(slab.slice(rec[b + 4], rec[b + 4] + rec[b + 5]));
  const slot = rec[b + 1];
  refuse(b, seq, slot, error, rec[b + 3] === 1);
}

function late(b, seq) {
  const { ERR_HTTP_REQUEST_TIMEOUT } = require('shared/errors').codes;
  refuse(b, seq, rec[b + 1], new ERR_HTTP_REQUEST_TIMEOUT(), rec[b + 3] === 1);
}

/** What can't be parsed, or comes too late: 'clientError', or an answer in its turn and the end. */
function refuse(b, seq, slot, error, inBody) {
  const fast = slots[rec[b + 15]];
  const { server } = fast;
  const req = inBody ? open.get(seq) : undefined;
  if (server.listenerCount('clientError') > 0) {
    const socket = socketAt(server, slot, seq);
    if (req?._res && !req._res.finished) socket._httpMessage = req._res;
    server.emit('clientError', error, socket);
    return;
  }
  const begun = req?._res?.headersSent === true;
  if (begun) {
    closeConn(slot, seq);
    return;
  }
  respond(
    slot,
    seq,
    answers[error.code] ?? 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
    null,
    RAW,
    END | CLOSE,
  );
  if (req !== undefined) aborted(req);
}

// --- servers

/** Fast by the number that Go puts into records. */
const slots = [];

/** Whether a server's connections may be taken: nobody wants to see them as sockets. */
function eligible(server) {
  return (
    server.listenerCount('connection') === 1 &&
    server.listeners('connection')[0] === connectionListener &&
    !server.timeout &&
    server.listenerCount('timeout') === 0 &&
    !server.pauseOnConnect &&
    !server.blockList &&
    (server.maxConnections === undefined || server.maxConnections === null) &&
    server.listenerCount('drop') === 0
  );
}

function parserOptions(server) {
  const lenient = server.insecureHTTPParser === undefined ? insecure() : server.insecureHTTPParser;
  // Go keeps all headers that a message may have: the limit is that of the moment when they are looked at.
  return [
    server.maxHeaderSize || maxHeaderSize(),
    lenient,
    0,
    server.keepAliveTimeout > 0 ? server.keepAliveTimeout + server.keepAliveTimeoutBuffer : 0,
  ];
}

/** Takes over the connections that `server` accepts from now on. */
function take(server) {
  const handle = server._handle;
  if (!handle || !(handle.id > 0)) return;
  if (rec === undefined) {
    const [records, bytes] = fastSetup(onBatch);
    rec = new Int32Array(records);
    slab = new Uint8Array(bytes);
  }
  const fast = new Fast(server);
  const id = attach(handle.id, ...parserOptions(server), server.noDelay);
  if (id === 0) return;
  fast.id = id;
  slots[id] = fast;
  servers.set(id, fast);
  server._native = new Control(fast);
}

function configureServer(fast, server) {
  configure(fast.id, ...parserOptions(server));
}

/** What a server can do with the connections that are not JavaScript's. */
class Control {
  constructor(fast) {
    this.fast = fast;
  }

  get count() {
    return countOf(this.fast.id);
  }

  closeIdle() {
    drainOutbox();
    closeIdle(this.fast.id);
  }

  closeAll() {
    drainOutbox();
    closeAll(this.fast.id);
  }

  checkConnections() {
    const { server } = this.fast;
    configureServer(this.fast, server);
    checkTimes(this.fast.id, server.headersTimeout, server.requestTimeout);
  }

  /** Connections accepted from now on are sockets. */
  leave() {
    detach(this.fast.id);
  }
}

module.exports = { eligible, take };

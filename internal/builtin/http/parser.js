'use strict';

// The parser as JavaScript sees it where bytes come through a stream: sockets that are no connections of the fast path,
// TLS, and whatever a program hands to server.emit('connection'). The work is Go's (internal/http1); a piece of input
// comes back as a batch of records, which are read out whole before anybody is told, so that whoever is told may feed
// another parser.

const { allMethods } = require('http/tokens');
const { parserBuffers, parserContinue, parserError, parserExecute, parserFinish, parserFree, parserNew } = native;

const REQUEST = 1;
const RESPONSE = 2;
const kOnMessageBegin = 0;
const kOnHeaders = 1;
const kOnHeadersComplete = 2;
const kOnBody = 3;
const kOnMessageComplete = 4;
const kOnExecute = 5;
const kOnTimeout = 6;
const kLenientAll = 1023;

/** Kinds and fields of a record: internal/http1/batch.go. */
const HEAD = 1;
const BODY = 2;
const TRAILERS = 3;
const COMPLETE = 4;
const ERROR = 5;
const RECORD = 16;
const HEADER = 4;
const FLAG_KEEP_ALIVE = 1;
const FLAG_BODY = 2;
const FLAG_UPGRADE = 4;
const FLAG_SLAB = 8;
const FLAG_LAST = 1 << 10;

let rec;
let slab;

class Event {
  constructor(kind) {
    this.kind = kind;
    this.flags = 0;
    this.headers = null;
    this.target = '';
    this.number = 0;
    this.version = 0;
    this.from = 0;
    this.to = 0;
  }
}

/** Copies the records out of the shared memory. */
function readRecords(n, chunk) {
  const out = new Array(n);
  for (let i = 0, b = 0; i < n; i++, b += RECORD) {
    const e = (out[i] = new Event(rec[b]));
    const flags = (e.flags = rec[b + 3]);
    const from = (e.from = rec[b + 4]);
    e.to = from + rec[b + 5];
    if (e.kind === ERROR) {
      e.number = rec[b + 12];
      e.from = rec[b + 13];
    } else if (e.kind === HEAD || e.kind === TRAILERS) {
      const head = ((flags & FLAG_SLAB) !== 0 ? slab : chunk).latin1Slice(from, e.to);
      if (e.kind === HEAD) {
        e.target = head.substring(rec[b + 6], rec[b + 6] + rec[b + 7]);
        e.number = rec[b + 10];
        e.version = rec[b + 11];
      }
      const count = rec[b + 9];
      const headers = (e.headers = new Array(count * 2));
      for (let k = 0, t = rec[b + 8]; k < count; k++, t += HEADER) {
        headers[2 * k] = head.substring(rec[t + 1], rec[t + 1] + (rec[t] >> 8));
        headers[2 * k + 1] = head.substring(rec[t + 2], rec[t + 2] + rec[t + 3]);
      }
    }
  }
  return out;
}

/** Made into an error that says what was wrong and where. That the input ended too early is told without a reason. */
function parseError(number, at) {
  const [code, reason] = parserError(number);
  const message = code === 'HPE_INVALID_EOF_STATE' ? 'Parse Error' : `Parse Error: ${reason}`;
  return Object.assign(new Error(message), { code, reason, bytesParsed: at });
}

class HTTPParser {
  constructor() {
    this._id = 0;
    this._type = 0;
    this._failed = null;
    this._events = null;
    this._paused = false;
    this._chunk = null;
    this.headersCompleted = false;
    this.startedAt = 0;
    this.headersAt = 0;
    this.busy = false;
    this._begun = false;
    this._executing = false;
    this._queued = [];
  }

  /**
   * @param {number} type
   * @param {object} [resource]
   * @param {number} [maxHeaderSize]
   * @param {number} [lenient]
   * @param {number} [maxHeaders]
   */
  initialize(type, resource, maxHeaderSize, lenient = 0, maxHeaders = 0) {
    if (rec === undefined) {
      const [records, bytes] = parserBuffers();
      rec = new Int32Array(records);
      slab = Buffer.from(bytes);
    }
    if (this._id !== 0) parserFree(this._id);
    this._type = type;
    this._failed = null;
    this._id = parserNew(
      type === RESPONSE,
      maxHeaderSize > 0 ? maxHeaderSize : require('http/limits').maxHeaderSize(),
      lenient !== 0,
      maxHeaders,
    );
    this.startedAt = 0;
    this.headersAt = 0;
    this.headersCompleted = false;
    this._begun = false;
  }

  /**
   * Returns the bytes parsed (fewer than there are after an upgrade) or an Error.
   * @param {Buffer} chunk
   */
  execute(chunk) {
    if (this._failed !== null) return this._failed;
    if (this._executing) {
      // Fed by somebody whom it has just told something.
      this._queued.push(chunk);
      return chunk.length;
    }
    this._executing = true;
    try {
      let result = this.run(chunk);
      while (this._queued.length > 0 && typeof result === 'number') result = this.run(this._queued.shift());
      return result;
    } finally {
      this._executing = false;
    }
  }

  run(chunk) {
    this._chunk = chunk;
    let at = 0;
    let left = false;
    const size = chunk.length;
    while (at < size) {
      if (this._id === 0) return size;
      if (!this._begun) this.begin();
      const piece = at === 0 ? chunk : chunk.subarray(at);
      const packed = parserExecute(this._id, piece);
      const n = packed % 0x100000;
      const used = Math.floor(packed / 0x100000);
      const events = readRecords(n, piece);
      for (let i = 0; i < n; i++) {
        const e = events[i];
        if (this._id === 0) return size;
        if (e.kind === ERROR) return (this._failed = parseError(e.number, at + e.from));
        if (this.tell(e, piece) === 2) left = true;
      }
      at += used;
      if (left) return at;
      if (used === 0 && n === 0) break;
    }
    return at;
  }

  begin() {
    this._begun = true;
    this.headersCompleted = false;
    this.startedAt = Date.now();
    this.headersAt = this.startedAt;
    this[kOnMessageBegin]?.();
  }

  /** One event; 2 when the parser has left HTTP. */
  tell(e, piece) {
    switch (e.kind) {
      case HEAD: {
        this.busy = true;
        if (!this._begun) this.begin();
        this.headersCompleted = true;
        const response = this._type === RESPONSE;
        const upgrade = (e.flags & FLAG_UPGRADE) !== 0;
        const answer =
          this[kOnHeadersComplete]?.(
            e.version >> 4,
            e.version & 15,
            e.headers,
            response ? undefined : e.number,
            response ? undefined : e.target,
            response ? e.number : undefined,
            response ? e.target : undefined,
            upgrade,
            (e.flags & FLAG_KEEP_ALIVE) !== 0,
          ) ?? 0;
        if (this._id === 0) return 2;
        if (response || upgrade) {
          // The parser waits to hear what follows the head.
          const events = readRecords(parserContinue(this._id, answer), piece);
          for (let i = 0; i < events.length; i++) {
            if (events[i].kind === ERROR) this._failed = parseError(events[i].number, 0);
            else this.tell(events[i], piece);
          }
          return answer === 2 ? 2 : 0;
        }
        if ((e.flags & FLAG_BODY) === 0) this.done();
        return 0;
      }
      case BODY:
        this[kOnBody]?.(piece.subarray(e.from, e.to));
        if ((e.flags & FLAG_LAST) !== 0) this.done();
        return 0;
      case TRAILERS:
        this[kOnHeaders]?.(e.headers, '');
        return 0;
      default:
        if (e.kind === COMPLETE) this.done();
        return 0;
    }
  }

  done() {
    this._begun = false;
    this.busy = false;
    this.startedAt = 0;
    this[kOnMessageComplete]?.();
  }

  /** The end of the input: an Error when a message is unfinished. */
  finish() {
    if (this._id === 0 || this._failed !== null) return undefined;
    const events = readRecords(parserFinish(this._id), null);
    for (const e of events) {
      if (e.kind === ERROR) return (this._failed = parseError(e.number, e.from));
      this.tell(e, null);
    }
    return undefined;
  }

  getCurrentBuffer() {
    return this._chunk;
  }

  close() {
    this.free();
  }

  free() {
    if (this._id !== 0) parserFree(this._id);
    this._id = 0;
    this._chunk = null;
  }

  remove() {}

  pause() {}

  resume() {}

  consume() {}

  unconsume() {}

  /** Milliseconds since the current message began. */
  duration() {
    return this.startedAt === 0 ? 0 : Date.now() - this.startedAt;
  }
}

Object.assign(HTTPParser, {
  REQUEST,
  RESPONSE,
  kOnMessageBegin,
  kOnHeaders,
  kOnHeadersComplete,
  kOnBody,
  kOnMessageComplete,
  kOnExecute,
  kOnTimeout,
  kLenientNone: 0,
  kLenientHeaders: 1,
  kLenientChunkedLength: 2,
  kLenientKeepAlive: 4,
  kLenientTransferEncoding: 8,
  kLenientVersion: 16,
  kLenientDataAfterClose: 32,
  kLenientOptionalLFAfterCR: 64,
  kLenientOptionalCRLFAfterChunk: 128,
  kLenientOptionalCRBeforeLF: 256,
  kLenientSpacesAfterChunkSize: 512,
  kLenientAll,
});

module.exports = { HTTPParser, parseError, allMethods };

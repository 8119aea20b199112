'use strict';

// Heads of outgoing messages. A message's headers are one flat list [Name, value, line, Name, value, line, ...]. A Name
// exists once per spelling and keeps the last value it was given together with the finished line: a server sets the
// same few headers again and again, and neither checks nor joins them anew. On top of that whole heads are kept by
// (status, reason, headers): the answer that equals the last one is a comparison away from being a finished string.

const STATUS_CODES = require('http/status');
const { hasInvalidChar, validateHeaderName } = require('http/tokens');
const { ERR_HTTP_INVALID_HEADER_VALUE, ERR_INVALID_CHAR } = require('shared/errors').codes;

const { flatten } = engine;

/** What a header means to whoever frames the message. */
const LENGTH = 1;
const TRANSFER = 2;
const CONNECTION = 4;
const DATE = 8;
const EXPECT = 16;
const TRAILER = 32;
const KEEP_ALIVE = 64;
const meanings = new Map([
  ['content-length', LENGTH],
  ['transfer-encoding', TRANSFER],
  ['connection', CONNECTION],
  ['date', DATE],
  ['expect', EXPECT],
  ['trailer', TRAILER],
  ['keep-alive', KEEP_ALIVE],
]);

/** How many names are remembered: those that a program spells out, not those that somebody invents. */
const kMaxNames = 1000;
/** Longer lines are not kept. */
const kMaxKept = 512;

class Name {
  constructor(name, lower) {
    this.name = name;
    this.lower = lower;
    this.meaning = meanings.get(lower) ?? 0;
    this.value = undefined;
    this.line = '';
  }
}

const names = new Map();

/**
 * The Name for a spelling; throws when it is no token.
 * @param {any} name
 * @returns {Name}
 */
function nameOf(name) {
  const known = names.get(name);
  if (known !== undefined) return known;
  validateHeaderName(name);
  const made = new Name(name, name.toLowerCase());
  if (names.size < kMaxNames && name.length < 64) names.set(name, made);
  return made;
}

function refuse(name) {
  throw new ERR_INVALID_CHAR('header content', name);
}

/**
 * Checks a value and gives its line or lines.
 * @param {Name} name
 * @param {any} value
 */
function lineOf(name, value) {
  if (typeof value === 'string' || typeof value === 'number') {
    if (name.value === value) return name.line;
    if (hasInvalidChar(typeof value === 'string' ? value : `${value}`)) refuse(name.name);
    const line = name.name + ': ' + value + '\r\n';
    if (line.length < kMaxKept) {
      name.value = value;
      name.line = line;
    }
    return line;
  }
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name.name);
  if (!Array.isArray(value)) {
    if (hasInvalidChar(value)) refuse(name.name);
    return name.name + ': ' + value + '\r\n';
  }
  for (let i = 0; i < value.length; i++) {
    if (value[i] === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value[i], name.name);
    if (hasInvalidChar(value[i])) refuse(name.name);
  }
  if (name.lower === 'cookie') return name.name + ': ' + value.join('; ') + '\r\n';
  let lines = '';
  for (let i = 0; i < value.length; i++) lines += name.name + ': ' + value[i] + '\r\n';
  return lines;
}

/** Index of a lower-case name in a list, or -1. */
function indexIn(list, lower) {
  for (let i = 0; i < list.length; i += 3) {
    if (list[i].lower === lower) return i;
  }
  return -1;
}

/** A finished head, less what differs between answers with the same headers. */
class Entry {
  constructor(code, reason, list) {
    this.code = code;
    this.reason = reason;
    this.list = list;
    let text = statusLine(code, reason);
    let meaning = 0;
    if (list !== null) {
      for (let i = 0; i < list.length; i += 3) {
        text += list[i + 2];
        meaning |= list[i].meaning;
      }
    }
    this.text = text;
    this.meaning = meaning;
    /** Finished strings for [Content-Length follows, chunked, complete as it is], good in `second` with `keep`. */
    this.finished = [null, null, null];
    this.hits = 0;
    this.date = '';
    this.keep = '';
  }
}

const lines = new Array(600).fill(undefined);

function statusLine(code, reason) {
  if (reason !== undefined && reason !== STATUS_CODES[code]) return `HTTP/1.1 ${code} ${reason}\r\n`;
  return (lines[code] ??= `HTTP/1.1 ${code} ${STATUS_CODES[code] || 'unknown'}\r\n`);
}

const kSlots = 64;
const entries = new Array(kSlots).fill(null);

function sameList(a, b) {
  if (a === null || b === null) return a === b;
  const n = a.length;
  if (n !== b.length) return false;
  for (let i = 0; i < n; i += 3) {
    // Lines are compared as strings: equal ones are nearly always the same string.
    if (a[i] !== b[i] || a[i + 2] !== b[i + 2]) return false;
  }
  return true;
}

/**
 * @param {number} code
 * @param {string | undefined} reason
 * @param {any[] | null} list
 * @returns {Entry}
 */
function entryFor(code, reason, list) {
  const slot = (code * 7 + (list === null ? 0 : list.length * 5)) & (kSlots - 1);
  const e = entries[slot];
  if (e !== null && e.code === code && e.reason === reason && sameList(list, e.list)) return e;
  // The list belongs to a message, which may still change it.
  return (entries[slot] = new Entry(code, reason, list === null ? null : list.slice()));
}

/**
 * @param {Entry} e
 * @param {0 | 1 | 2} kind 0: C++ adds Content-Length and the empty line, 1: chunked, 2: nothing to add
 * @param {string} keep the line or lines about the connection
 * @param {string} date the Date line, or ''
 */
function finish(e, kind, keep, date) {
  if (e.date !== date || e.keep !== keep) {
    e.date = date;
    e.keep = keep;
    e.finished[0] = e.finished[1] = e.finished[2] = null;
    e.hits = 0;
  }
  const ready = e.finished[kind];
  if (ready !== null) return ready;
  let text = e.text + date + keep;
  if (kind === 1) text += (e.meaning & TRANSFER) === 0 ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
  else if (kind === 2) text += '\r\n';
  // Worth it only for a head that is used again: C++ walks an unflattened string anew each time.
  if (e.hits++ > 0) e.finished[kind] = text = flatten(text);
  return text;
}

let dateSecond = 0;
let dateLine = '';
/** Whether the clock was looked at in the batch that runs: its answers go out together, with one date. */
let dated = false;
let inBatch = false;

/** The Date line of this second. */
function currentDateLine() {
  if (dated) return dateLine;
  dated = inBatch;
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateLine = 'Date: ' + new Date(now).toUTCString() + '\r\n';
  }
  return dateLine;
}

function beginBatch() {
  inBatch = true;
}

function endBatch() {
  inBatch = dated = false;
}

module.exports = {
  LENGTH,
  TRANSFER,
  CONNECTION,
  DATE,
  EXPECT,
  TRAILER,
  KEEP_ALIVE,
  nameOf,
  lineOf,
  indexIn,
  entryFor,
  finish,
  statusLine,
  currentDateLine,
  beginBatch,
  endBatch,
};

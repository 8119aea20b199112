'use strict';

// The head of an outgoing message: how its body is framed, whether the connection stays, and the text that says so.

const head = require('http/head');
const { ERR_HTTP_TRAILER_INVALID, ERR_INVALID_ARG_VALUE } = require('shared/errors').codes;

const { LENGTH, TRANSFER, CONNECTION, DATE, EXPECT, TRAILER, nameOf, lineOf } = head;

/**
 * Decides about connection and framing and makes the head. `list` is a list as _list, or null.
 * @param {string} firstLine with its line end
 * @param {any[] | null} list
 */
function store(msg, firstLine, list) {
  let text = firstLine;
  let meaning = 0;
  if (list !== null) {
    for (let i = 0; i < list.length; i += 3) {
      const name = list[i];
      let line = list[i + 2];
      if (msg._unique !== null && Array.isArray(list[i + 1]) && msg._unique.has(name.lower)) {
        line = name.name + ': ' + list[i + 1].join('; ') + '\r\n';
      }
      if (name.meaning !== 0) meaning |= read(msg, name, list[i + 1]);
      text += line;
    }
  }
  if (msg.sendDate && (meaning & DATE) === 0) text += head.currentDateLine();
  if (msg.chunkedEncoding && (msg.statusCode === 204 || msg.statusCode === 304)) {
    // The body that these cannot have would be taken for the next message.
    msg.chunkedEncoding = false;
    msg.shouldKeepAlive = false;
  }
  text += connectionLines(msg, meaning);
  if ((meaning & (LENGTH | TRANSFER)) === 0) {
    if (!msg._hasBody) {
      msg.chunkedEncoding = false;
    } else if (!msg.useChunkedEncodingByDefault) {
      msg._last = true;
    } else if ((meaning & TRAILER) === 0 && (msg._removed & LENGTH) === 0 && typeof msg._contentLength === 'number') {
      text += 'Content-Length: ' + msg._contentLength + '\r\n';
    } else if ((msg._removed & TRANSFER) === 0) {
      text += 'Transfer-Encoding: chunked\r\n';
      msg.chunkedEncoding = true;
    } else {
      // Without either the end of the body is the end of the connection.
      msg._last = true;
    }
  }
  if (!msg.chunkedEncoding && (meaning & TRAILER) !== 0) throw new ERR_HTTP_TRAILER_INVALID();
  msg._header = text + '\r\n';
  msg._headerSent = false;
  if ((meaning & EXPECT) !== 0) msg._send('');
}

/** Takes note of what a header says about the message. */
function read(msg, name, value) {
  switch (name.meaning) {
    case CONNECTION:
      msg._removed &= ~CONNECTION;
      if (/(?:^|\W)close(?:$|\W)/i.test(value)) msg._last = true;
      else msg.shouldKeepAlive = true;
      break;
    case TRANSFER:
      msg._removed &= ~TRANSFER;
      if (/(?:^|\W)chunked(?:$|\W)/i.test(value)) msg.chunkedEncoding = true;
      break;
    case LENGTH:
      msg._contentLength = +value;
      msg._removed &= ~LENGTH;
      break;
    case head.KEEP_ALIVE:
      msg._defaultKeepAlive = false;
      break;
    default:
  }
  return name.meaning;
}

/** What is said about the connection, and whether it ends with the message. */
function connectionLines(msg, meaning) {
  if ((msg._removed & CONNECTION) !== 0) {
    // Without the header HTTP/1.1 keeps the connection and 1.0 closes it.
    msg._last = !msg.shouldKeepAlive;
    return '';
  }
  if ((meaning & CONNECTION) !== 0) return '';
  const stays =
    msg.shouldKeepAlive &&
    ((meaning & LENGTH) !== 0 || msg.useChunkedEncodingByDefault || msg._agentKeepsAlive || !!msg.agent);
  if (stays && msg.maxRequestsOnConnectionReached) return 'Connection: close\r\n';
  if (stays) {
    let lines = 'Connection: keep-alive\r\n';
    if (msg._keepAliveTimeout && msg._defaultKeepAlive) {
      lines += 'Keep-Alive: timeout=' + Math.floor(msg._keepAliveTimeout / 1000);
      if (msg._maxRequestsPerSocket > 0) lines += ', max=' + msg._maxRequestsPerSocket;
      lines += '\r\n';
    }
    return lines;
  }
  msg._last = true;
  return 'Connection: close\r\n';
}

/** A list from an object, an array of pairs or a flat array. */
function toList(headers) {
  if (!headers) return null;
  const list = [];
  const add = (key, value) => {
    const name = nameOf(key);
    if (Array.isArray(value) && value.length < 2 && name.lower !== 'cookie') {
      for (const v of value) list.push(name, v, lineOf(name, v));
    } else {
      list.push(name, value, lineOf(name, value));
    }
  };
  if (Array.isArray(headers)) {
    if (headers.length && Array.isArray(headers[0])) {
      for (const entry of headers) add(entry[0], entry[1]);
    } else {
      if (headers.length % 2 !== 0) throw new ERR_INVALID_ARG_VALUE('headers', headers);
      for (let i = 0; i < headers.length; i += 2) add(headers[i], headers[i + 1]);
    }
  } else {
    for (const key of Object.keys(headers)) add(key, headers[key]);
  }
  return list;
}

module.exports = { store, toList };

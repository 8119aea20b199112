'use strict';

// What Node.js offers as _http_common: programs look at parsers and checks through it.

const { HTTPParser } = require('http/parser');
const { hasInvalidChar, isToken, methods } = require('http/tokens');
const { insecure } = require('http/limits');

const kIncomingMessage = Symbol('IncomingMessage');

/** The interface of a free list: parsers are pooled by Go. */
const parsers = {
  name: 'parsers',
  max: 1000,
  list: [],
  alloc() {
    return new HTTPParser();
  },
  free(parser) {
    parser.free();
    return false;
  },
};

function freeParser(parser, req, socket) {
  if (parser) {
    for (const k of [0, 1, 2, 3, 4, 5, 6]) parser[k] = null;
    parser.free();
    parser.socket = null;
    parser.incoming = null;
    parser.outgoing = null;
  }
  if (req) req.parser = null;
  if (socket) socket.parser = null;
}

module.exports = {
  _checkInvalidHeaderChar: hasInvalidChar,
  _checkIsHttpToken: isToken,
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  CRLF: '\r\n',
  freeParser,
  methods,
  parsers,
  kIncomingMessage,
  HTTPParser,
  isLenient: insecure,
};

'use strict';

// node:tls: a later version's. A TLSSocket can be made, which packages do when they load; the first byte is an error.

const { Socket } = require('net');
const { NotYet, laterModule } = require('shared/later');

/** What stands between a TLSSocket and a stream that is no net.Socket. */
class JSStreamSocket extends Socket {
  constructor(stream) {
    super();
    this.stream = stream;
  }

  _read() {
    this.destroy(new NotYet('tls.TLSSocket over a stream'));
  }

  _write(chunk, encoding, callback) {
    callback(new NotYet('tls.TLSSocket over a stream'));
  }
}

class TLSSocket extends Socket {
  /**
   * @param {any} socket
   * @param {Options} [options]
   */
  constructor(socket, options) {
    super({ allowHalfOpen: options?.allowHalfOpen });
    const wrap = socket === undefined || socket instanceof Socket ? socket : new JSStreamSocket(socket);
    this._handle = { _parentWrap: wrap };
    this.encrypted = true;
    this.authorized = false;
  }

  _read() {
    this.destroy(new NotYet('tls.TLSSocket'));
  }

  _write(chunk, encoding, callback) {
    callback(new NotYet('tls.TLSSocket'));
  }

  _destroy(error, callback) {
    this._handle = null;
    callback(error);
  }

  connect() {
    throw new NotYet('tls.TLSSocket');
  }
}

module.exports = {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MIN_VERSION: 'TLSv1.2',
  DEFAULT_MAX_VERSION: 'TLSv1.3',
  TLSSocket,
  ...laterModule('tls', [
    'SecureContext',
    'Server',
    'checkServerIdentity',
    'connect',
    'convertALPNProtocols',
    'createSecureContext',
    'createServer',
    'getCACertificates',
    'getCiphers',
    'setDefaultCACertificates',
  ]),
};

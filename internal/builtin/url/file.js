'use strict';

// Paths as file URLs and back.
const { validateString } = require('shared/validators');
const { URL, isURL } = require('url/whatwg');
const { percentEncode, PATH, sets } = require('url/percent');
const { charCodeAt } = require('shared/text');

/** Characters of a path that stand for themselves in a file URL. */
const plain = new Uint8Array(128);
for (let c = 33; c < 127; c++) {
  if ((sets[c] & PATH) === 0 && !'%[]\\|~'.includes(String.fromCharCode(c))) plain[c] = 1;
}

function errors() {
  return require('shared/errors').codes;
}

function asFileURL(path) {
  if (typeof path === 'string') path = new URL(path);
  else if (!isURL(path)) throw new (errors().ERR_INVALID_ARG_TYPE)('path', ['string', 'URL'], path);
  if (path.protocol !== 'file:') throw new (errors().ERR_INVALID_URL_SCHEME)('file');
  return path;
}

function refuseEncodedSeparators(url, pattern, names) {
  if (pattern.test(url.pathname)) {
    throw new (errors().ERR_INVALID_FILE_URL_PATH)(`must not include encoded ${names} characters`, url);
  }
}

function windowsPath(url, decoded) {
  decoded = decoded.replaceAll('/', '\\');
  if (url.hostname !== '') return `\\\\${require('url').domainToUnicode(url.hostname)}${decoded}`;
  if (!/^\\[a-zA-Z]:/.test(decoded)) throw new (errors().ERR_INVALID_FILE_URL_PATH)('must be absolute', url);
  return decoded.slice(1);
}

function checkPosixHost(url) {
  if (url.hostname !== '') throw new (errors().ERR_INVALID_FILE_URL_HOST)(process.platform);
}

/**
 * @param {string | URL} path
 * @param {{ windows?: boolean }} [options]
 */
function fileURLToPath(path, options) {
  const url = asFileURL(path);
  if (options?.windows) {
    refuseEncodedSeparators(url, /%2f|%5c/i, '\\ or /');
    return windowsPath(url, decodeURIComponent(url.pathname));
  }
  checkPosixHost(url);
  const { pathname } = url;
  if (!pathname.includes('%')) return pathname;
  refuseEncodedSeparators(url, /%2f/i, '/');
  return decodeURIComponent(pathname);
}

/** As fileURLToPath, for paths that are not UTF-8. */
function fileURLToPathBuffer(path, options) {
  const { Buffer } = require('buffer');
  const url = asFileURL(path);
  const decode = (text) =>
    Buffer.from(
      text.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16))),
      'latin1',
    );
  if (options?.windows) {
    refuseEncodedSeparators(url, /%2f|%5c/i, '\\ or /');
    if (url.hostname !== '') {
      const host = Buffer.from(`\\\\${require('url').domainToUnicode(url.hostname)}`);
      return Buffer.concat([host, decode(url.pathname.replaceAll('/', '\\'))]);
    }
    return decode(windowsPath(url, url.pathname));
  }
  checkPosixHost(url);
  refuseEncodedSeparators(url, /%2f/i, '/');
  return decode(url.pathname);
}

/** Whether `path` is made of characters that encodePath leaves alone. */
function isPlain(path) {
  for (let i = 0; i < path.length; i++) {
    const c = charCodeAt(path, i);
    if (c >= 128 || plain[c] === 0) return false;
  }
  return true;
}

/** Characters that the URL parser would take for something else, or leave alone. */
function encodePath(path, windows) {
  if (isPlain(path)) return path;
  return percentEncode(path.replaceAll('%', '%25'), PATH).replace(
    windows ? /[[\]|~]/g : /[[\]\\|~]/g,
    (c) => `%${charCodeAt(c, 0).toString(16).toUpperCase()}`,
  );
}

/**
 * @param {string} path
 * @param {{ windows?: boolean }} [options]
 * @returns {URL}
 */
function pathToFileURL(path, options) {
  validateString(path, 'path');
  const windows = options?.windows ?? false;
  if (windows && path.startsWith('\\\\')) {
    // \\server\share\x, or \\?\UNC\server\share\x; \\?\C:\x is an ordinary path.
    const extended = path.startsWith('\\\\?\\');
    if (!extended || path.startsWith('UNC\\', 4)) {
      const start = extended ? 8 : 2;
      const end = path.indexOf('\\', start);
      if (end === -1) {
        throw new (errors().ERR_INVALID_ARG_VALUE)('path', path, 'Missing UNC resource path');
      }
      if (end === start) throw new (errors().ERR_INVALID_ARG_VALUE)('path', path, 'Empty UNC servername');
      const host = URL.parse(`ws://${path.slice(start, end)}`);
      const url = new URL(`file://${host === null ? path.slice(start, end) : host.hostname}/`);
      url.pathname = encodePath(path.slice(end), true);
      return url;
    }
    path = path.slice(4);
  }
  const flavour = windows ? require('path/win32') : require('path/posix');
  let resolved = flavour.resolve(path);
  // resolve() drops a separator at the end, which in a URL matters.
  const last = charCodeAt(path, path.length - 1);
  if ((last === 47 || (windows && last === 92)) && !resolved.endsWith(flavour.sep)) resolved += '/';
  const encoded = encodePath(windows ? resolved.replaceAll('\\', '/') : resolved, windows);
  return new URL(`file://${encoded[0] === '/' ? '' : '/'}${encoded}`);
}

module.exports = { pathToFileURL, fileURLToPath, fileURLToPathBuffer };

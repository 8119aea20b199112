'use strict';

// util.MIMEType and util.MIMEParams: media types by the rules of the WHATWG MIME Sniffing standard.

const {
  codes: { ERR_INVALID_MIME_SYNTAX },
} = require('shared/errors');

const notToken = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/;
const notQuotable = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const leadingSpace = /^[\r\n\t ]*/;
const trailingSpace = /[\r\n\t ]*$/;
const trailingSemicolonsAndSpace = /[\r\n\t ;]*$/;

function lowerAscii(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function check(what, pattern, text) {
  if (text === '') throw new ERR_INVALID_MIME_SYNTAX(what, text, -1);
  const at = text.search(pattern);
  if (at !== -1) throw new ERR_INVALID_MIME_SYNTAX(what, text, at);
}

function parseTypes(text) {
  text = text.replace(leadingSpace, '');
  const slash = text.indexOf('/');
  const type = slash === -1 ? text : text.slice(0, slash);
  const bad = type.search(notToken);
  if (type === '' || slash === -1 || bad !== -1) throw new ERR_INVALID_MIME_SYNTAX('type', text, bad);
  const semicolon = text.indexOf(';', slash);
  const end = semicolon === -1 ? text.length : semicolon;
  const subtype = text.slice(slash + 1, end).replace(trailingSpace, '');
  const badSub = subtype.search(notToken);
  if (subtype === '' || badSub !== -1) throw new ERR_INVALID_MIME_SYNTAX('subtype', text, badSub);
  return { type: lowerAscii(type), subtype: lowerAscii(subtype), parameters: semicolon === -1 ? '' : text.slice(end) };
}

// The text between quotes from `at`, which is behind the opening one; without the backslashes.
function quotedString(text, at) {
  let value = '';
  while (at < text.length) {
    const char = text[at++];
    if (char === '"') break;
    value += char === '\\' && at < text.length ? text[at++] : char;
  }
  return { value, end: at };
}

function parseParameters(text, into) {
  let at = 0;
  while (at < text.length) {
    at++; // the semicolon
    at += leadingSpace.exec(text.slice(at))[0].length;
    let end = at;
    while (end < text.length && text[end] !== ';' && text[end] !== '=') end++;
    const name = lowerAscii(text.slice(at, end));
    at = end;
    if (at >= text.length) break;
    if (text[at] === ';') continue; // a name without a value
    at++;
    let value;
    if (text[at] === '"') {
      ({ value, end } = quotedString(text, at + 1));
      const semicolon = text.indexOf(';', end);
      at = semicolon === -1 ? text.length : semicolon;
    } else {
      const semicolon = text.indexOf(';', at);
      end = semicolon === -1 ? text.length : semicolon;
      value = text.slice(at, end).replace(trailingSpace, '');
      at = end;
      if (value === '') continue;
    }
    // Malformed parameters, and repetitions, are as if they were not there.
    if (name !== '' && !notToken.test(name) && !notQuotable.test(value) && !into.has(name)) into.set(name, value);
  }
}

function encoded(value) {
  if (value !== '' && !notToken.test(value)) return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

let parse; // gives MIMEType what MIMEParams keeps to itself

class MIMEParams {
  #data = new Map();
  #text = undefined; // not parsed yet: most who ask for a type want no parameter

  static {
    parse = (text) => {
      const params = new MIMEParams();
      params.#text = text;
      return params;
    };
  }

  #parsed() {
    if (this.#text !== undefined) {
      parseParameters(this.#text, this.#data);
      this.#text = undefined;
    }
    return this.#data;
  }

  /** @param {string} name */
  delete(name) {
    this.#parsed().delete(`${name}`);
  }

  /** @param {string} name @returns {string | null} */
  get(name) {
    return this.#parsed().get(`${name}`) ?? null;
  }

  /** @param {string} name */
  has(name) {
    return this.#parsed().has(`${name}`);
  }

  /** @param {string} name @param {string} value */
  set(name, value) {
    name = `${name}`;
    value = `${value}`;
    check('parameter name', notToken, name);
    const bad = value.search(notQuotable);
    if (bad !== -1) throw new ERR_INVALID_MIME_SYNTAX('parameter value', value, bad);
    this.#parsed().set(name, value);
  }

  *entries() {
    yield* this.#parsed().entries();
  }

  *keys() {
    yield* this.#parsed().keys();
  }

  *values() {
    yield* this.#parsed().values();
  }

  toString() {
    let text = '';
    for (const { 0: name, 1: value } of this.#parsed()) text += `${text === '' ? '' : ';'}${name}=${encoded(value)}`;
    return text;
  }
}
Object.defineProperties(MIMEParams.prototype, {
  [Symbol.iterator]: {
    __proto__: null,
    configurable: true,
    enumerable: false,
    writable: true,
    value: MIMEParams.prototype.entries,
  },
  toJSON: {
    __proto__: null,
    configurable: true,
    enumerable: false,
    writable: true,
    value: MIMEParams.prototype.toString,
  },
});

class MIMEType {
  #type;
  #subtype;
  #params;

  /** @param {string} input */
  constructor(input) {
    const parts = parseTypes(`${input}`);
    this.#type = parts.type;
    this.#subtype = parts.subtype;
    this.#params = parse(parts.parameters.replace(trailingSemicolonsAndSpace, ''));
  }

  get type() {
    return this.#type;
  }

  set type(value) {
    value = `${value}`;
    check('type', notToken, value);
    this.#type = lowerAscii(value);
  }

  get subtype() {
    return this.#subtype;
  }

  set subtype(value) {
    value = `${value}`;
    check('subtype', notToken, value);
    this.#subtype = lowerAscii(value);
  }

  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }

  get params() {
    return this.#params;
  }

  toString() {
    const parameters = this.#params.toString();
    return parameters === '' ? this.essence : `${this.essence};${parameters}`;
  }
}
Object.defineProperty(MIMEType.prototype, 'toJSON', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  writable: true,
  value: MIMEType.prototype.toString,
});

module.exports = { MIMEType, MIMEParams };

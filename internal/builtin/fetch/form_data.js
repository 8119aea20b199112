'use strict';

// class FormData, and its two encodings: multipart/form-data and application/x-www-form-urlencoded.

const { Blob, File } = require('buffer/blob');
const { Buffer } = require('buffer');

class FormData {
  /** @type {[string, string | InstanceType<typeof File>][]} */
  #list = [];

  constructor(form) {
    if (form !== undefined) {
      throw new TypeError(
        "Failed to construct 'FormData': parameter 1 cannot be converted to one of these types: undefined.",
      );
    }
  }

  /** @returns {[string, any]} */
  static #entry(name, value, filename) {
    const key = `${name}`.toWellFormed();
    if (!(value instanceof Blob)) {
      if (filename !== undefined) {
        throw new TypeError("Failed to execute 'append' on 'FormData': parameter 2 is not of type 'Blob'");
      }
      return [key, `${value}`.toWellFormed()];
    }
    if (!(value instanceof File) || filename !== undefined) {
      return [
        key,
        new File([value], filename === undefined ? (value.name ?? 'blob') : `${filename}`, { type: value.type }),
      ];
    }
    return [key, value];
  }

  append(name, value, filename) {
    this.#list.push(FormData.#entry(name, value, filename));
  }
  delete(name) {
    this.#list = this.#list.filter(([key]) => key !== `${name}`);
  }
  get(name) {
    return this.#list.find(([key]) => key === `${name}`)?.[1] ?? null;
  }
  getAll(name) {
    return this.#list.filter(([key]) => key === `${name}`).map(([, value]) => value);
  }
  has(name) {
    return this.#list.some(([key]) => key === `${name}`);
  }

  set(name, value, filename) {
    const entry = FormData.#entry(name, value, filename);
    const at = this.#list.findIndex(([key]) => key === entry[0]);
    if (at < 0) {
      this.#list.push(entry);
      return;
    }
    this.#list = this.#list.filter(([key], i) => i <= at || key !== entry[0]);
    this.#list[at] = entry;
  }

  *entries() {
    for (let i = 0; i < this.#list.length; i++) yield [...this.#list[i]];
  }
  *keys() {
    for (const [key] of this.entries()) yield key;
  }
  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this.entries()) callback.call(thisArg, value, name, this);
  }
}
Object.defineProperty(FormData.prototype, Symbol.iterator, {
  value: FormData.prototype.entries,
  writable: true,
  enumerable: false,
  configurable: true,
});
Object.defineProperty(FormData.prototype, Symbol.toStringTag, { value: 'FormData', configurable: true });

const quote = (text) =>
  text
    .replace(/\r?\n|\r/g, '\r\n')
    .replace(/\n/g, '%0A')
    .replace(/\r/g, '%0D')
    .replace(/"/g, '%22');

/**
 * @param {FormData} form
 * @returns {{ blob: InstanceType<typeof Blob>, type: string }}
 */
function encodeMultipart(form) {
  const boundary = `----hobformdata${Math.random().toString(36).slice(2).padEnd(12, '0')}`;
  const parts = [];
  for (const [name, value] of form.entries()) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"`;
    if (typeof value === 'string') {
      parts.push(`${head}\r\n\r\n${value.replace(/\r?\n|\r/g, '\r\n')}\r\n`);
    } else {
      parts.push(
        `${head}; filename="${quote(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`,
      );
      parts.push(value, '\r\n');
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return { blob: new Blob(parts), type: `multipart/form-data; boundary=${boundary}` };
}

const unquote = (text) => text.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"');

/**
 * @param {Buffer} bytes
 * @param {string} boundary
 */
function parseMultipart(bytes, boundary) {
  const bad = () => new TypeError('Failed to parse body as FormData.');
  const form = new FormData();
  const mark = Buffer.from(`--${boundary}`);
  let at = bytes.indexOf(mark);
  if (at < 0) throw bad();
  for (;;) {
    at += mark.length;
    if (bytes.latin1Slice(at, at + 2) === '--') return form;
    if (bytes.latin1Slice(at, at + 2) !== '\r\n') throw bad();
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    const end = bytes.indexOf(Buffer.from(`\r\n--${boundary}`), headEnd + 2);
    if (headEnd < 0 || end < 0) throw bad();
    let name;
    let filename;
    let type = 'text/plain';
    for (const line of bytes.utf8Slice(at + 2, headEnd).split('\r\n')) {
      const [, key, value] = /^([^:]+):[ \t]*(.*)$/.exec(line) ?? [];
      if (key === undefined) throw bad();
      if (key.toLowerCase() === 'content-type') type = value;
      if (key.toLowerCase() === 'content-disposition') {
        name = /[; ]name="([^"]*)"/.exec(value)?.[1];
        filename = /[; ]filename="([^"]*)"/.exec(value)?.[1];
      }
    }
    if (name === undefined) throw bad();
    const content = bytes.subarray(headEnd + 4, end);
    if (filename === undefined) form.append(unquote(name), content.utf8Slice(0, content.length));
    else form.append(unquote(name), new File([content], unquote(filename), { type }));
    at = end + 2;
  }
}

/** @param {string} text */
function parseUrlencoded(text) {
  const { URLSearchParams } = require('url');
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(text)) form.append(name, value);
  return form;
}

require('shared/clone').uncloneable(FormData);

module.exports = { FormData, encodeMultipart, parseMultipart, parseUrlencoded };

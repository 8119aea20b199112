'use strict';

// require('stream/consumers'): the whole content of a stream, in the form that is wanted.

/** @param {any} stream any async iterable of chunks */
async function blob(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const { Blob } = require('buffer');
  return new Blob(chunks);
}

/** @param {any} stream */
async function arrayBuffer(stream) {
  return (await blob(stream)).arrayBuffer();
}

/** @param {any} stream */
async function bytes(stream) {
  return new Uint8Array(await arrayBuffer(stream));
}

/** @param {any} stream */
async function buffer(stream) {
  return Buffer.from(await arrayBuffer(stream));
}

/** @param {any} stream */
async function text(stream) {
  const decoder = new TextDecoder();
  let result = '';
  for await (const chunk of stream) {
    result += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  }
  return result + decoder.decode();
}

/** @param {any} stream */
async function json(stream) {
  return JSON.parse(await text(stream));
}

module.exports = { arrayBuffer, blob, buffer, bytes, text, json };

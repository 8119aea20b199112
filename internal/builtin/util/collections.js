'use strict';

// Entries of everything that holds many values: arrays, typed arrays, buffers, maps, sets, their iterators and weak forms,
// promises and module namespaces. Each function returns an array of texts.

const { arrange } = require('util/layout');
const { numberText, bigintText } = require('util/primitive');

const { previewEntries, getPromiseDetails } = engine;
const { keys } = Object;
const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;

function moreItems(hidden) {
  return `... ${hidden} more item${hidden > 1 ? 's' : ''}`;
}

function shown(p, length) {
  return Math.min(Math.max(0, p.maxArrayLength), length);
}

function array(p, value, level) {
  const length = value.length;
  const end = shown(p, length);
  const out = [];
  for (let i = 0; i < end; i++) {
    const text = p.element(value, level, i);
    if (text === undefined) return sparse(p, value, level, end, out, i);
    out.push(text);
  }
  if (length > end) out.push(moreItems(length - end));
  return out;
}

// Goes on from the first hole. A run of holes counts as one entry.
function sparse(p, value, level, end, out, next) {
  for (const key of keys(value)) {
    if (out.length >= end) break;
    const index = Number(key);
    if (!(index < 2 ** 32 - 1) || `${index >>> 0}` !== key) break; // indices come first
    if (index < next) continue;
    if (index > next) {
      const holes = index - next;
      out.push(p.stylize(`<${holes} empty item${holes > 1 ? 's' : ''}>`, 'undefined'));
      next = index;
      if (out.length === end) break;
    }
    out.push(p.element(value, level, key) ?? p.stylize('undefined', 'undefined'));
    next++;
  }
  const rest = value.length - next;
  if (out.length !== end) {
    if (rest > 0) out.push(p.stylize(`<${rest} empty item${rest > 1 ? 's' : ''}>`, 'undefined'));
  } else if (rest > 0) {
    out.push(moreItems(rest));
  }
  return out;
}

const viewProperties = ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer'];

// `hidden` is a property that is no own enumerable one, shown in brackets: '[byteLength]: 4'.
function hidden(p, name, text) {
  return `${p.stylize(`[${name}]`, 'string')}: ${text}`;
}

// `claimed` is what its length property says, which need not be the truth.
function typedArray(p, value, level, length, claimed) {
  const end = shown(p, length);
  const out = new Array(end);
  const numbers = claimed > 0 && typeof value[0] === 'number';
  for (let i = 0; i < end; i++) {
    out[i] = numbers
      ? p.stylize(numberText(value[i], p.numericSeparator), 'number')
      : p.stylize(bigintText(value[i], p.numericSeparator), 'bigint');
  }
  if (length > end) out[end] = moreItems(length - end);
  if (p.showHidden) {
    p.indent += 2;
    for (const name of viewProperties) out.push(hidden(p, name, p.value(value[name], level, true)));
    p.indent -= 2;
  }
  return out;
}

function hex(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += `${i ? ' ' : ''}${bytes[i] < 16 ? '0' : ''}${bytes[i].toString(16)}`;
  return text;
}

function arrayBuffer(p, value, level, withBytes) {
  const length = p.stylize(`${value.byteLength}`, value.byteLength === undefined ? 'undefined' : 'number');
  if (!withBytes) return [hidden(p, 'byteLength', length)];
  let bytes;
  try {
    bytes = new Uint8Array(value);
  } catch {
    return [p.stylize('(detached)', 'special'), hidden(p, 'byteLength', length)];
  }
  const end = shown(p, bytes.length);
  let text = hex(bytes.subarray(0, end));
  if (bytes.length > end) {
    const rest = bytes.length - end;
    text += ` ... ${rest} more byte${rest > 1 ? 's' : ''}`;
  }
  return [`${p.stylize('[Uint8Contents]', 'special')}: <${text}>`, hidden(p, 'byteLength', length)];
}

// Accessors of a detached or resized-away view throw.
function viewField(value, name) {
  try {
    return value[name];
  } catch {
    return name === 'byteLength' ? 0 : undefined;
  }
}

function dataView(p, value, level) {
  const out = [];
  p.indent += 2;
  for (const name of ['byteLength', 'byteOffset', 'buffer']) {
    out.push(hidden(p, name, p.value(viewField(value, name), level)));
  }
  p.indent -= 2;
  return out;
}

function set(p, value, level) {
  const limit = Math.max(0, p.maxArrayLength);
  const out = [];
  let rest = 0;
  p.indent += 2;
  for (const item of setValues.call(value)) {
    if (out.length >= limit) rest++;
    else out.push(p.value(item, level));
  }
  if (rest > 0) out.push(moreItems(rest));
  p.indent -= 2;
  return out;
}

function map(p, value, level) {
  const limit = Math.max(0, p.maxArrayLength);
  const out = [];
  let rest = 0;
  p.indent += 2;
  for (const { 0: key, 1: item } of mapEntries.call(value)) {
    if (out.length >= limit) rest++;
    else out.push(`${p.value(key, level)} => ${p.value(item, level)}`);
  }
  if (rest > 0) out.push(moreItems(rest));
  p.indent -= 2;
  return out;
}

// Entries of a weak collection come in no order that means anything: sorted, they are at least steady.
function listed(p, entries, level, weak) {
  const end = shown(p, entries.length);
  const out = new Array(end);
  p.indent += 2;
  for (let i = 0; i < end; i++) out[i] = p.value(entries[i], level);
  p.indent -= 2;
  if (weak && !p.sorted) out.sort();
  if (entries.length > end) out.push(moreItems(entries.length - end));
  return out;
}

function paired(p, entries, level, weak) {
  const count = entries.length / 2;
  const end = shown(p, count);
  const out = new Array(end);
  p.indent += 2;
  for (let i = 0; i < end; i++) {
    const key = p.value(entries[i * 2], level);
    const item = p.value(entries[i * 2 + 1], level);
    out[i] = weak ? `${key} => ${item}` : arrange(p, [key, item], '', '[', ']', true, undefined, level);
  }
  p.indent -= 2;
  if (weak && !p.sorted) out.sort();
  if (count > end) out.push(moreItems(count - end));
  return out;
}

/** What a map or set iterator has not given out yet. */
function iterator(p, preview, level) {
  return preview[1] ? paired(p, preview[0], level, false) : listed(p, preview[0], level, false);
}

function weak(p, value, level, isMap) {
  if (!p.showHidden) return [p.stylize('<items unknown>', 'special')];
  const entries = previewEntries(value)[0];
  return isMap ? paired(p, entries, level, true) : listed(p, entries, level, true);
}

function promise(p, value, level) {
  const { 0: state, 1: result } = getPromiseDetails(value);
  if (state === 0) return [p.stylize('<pending>', 'special')];
  p.indent += 2;
  const text = p.value(result, level);
  p.indent -= 2;
  return [state === 2 ? `${p.stylize('<rejected>', 'special')} ${text}` : text];
}

/** Exports of a module; those it has not reached yet throw when read. */
function namespace(p, value, level, keys) {
  const out = new Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    try {
      out[i] = p.property(value, level, keys[i]);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      const text = p.property({ [keys[i]]: '' }, level, keys[i]);
      out[i] = text.slice(0, text.lastIndexOf(' ') + 1) + p.stylize('<uninitialized>', 'special');
    }
  }
  return out;
}

module.exports = {
  array,
  typedArray,
  arrayBuffer,
  dataView,
  set,
  map,
  iterator,
  weak,
  promise,
  namespace,
};

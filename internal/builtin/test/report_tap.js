'use strict';

// The Test Anything Protocol, version 13.

class TapFormat {
  begin() {
    return 'TAP version 13\n';
  }

  format(type, data) {
    switch (type) {
      case 'test:fail':
        return [line(data, 'not ok'), details(data)];
      case 'test:pass':
        return [line(data, 'ok'), details(data)];
      case 'test:plan':
        return `${indent(data.nesting)}1..${data.count}\n`;
      case 'test:start':
        return `${indent(data.nesting)}# Subtest: ${escape(data.name)}\n`;
      case 'test:stderr':
      case 'test:stdout':
        return data.message
          .split(/\n/)
          .filter((text, i, all) => i < all.length - 1 || text !== '')
          .map((text) => `${indent(data.nesting ?? 0)}# ${escape(text)}\n`)
          .join('');
      case 'test:diagnostic':
        return `${indent(data.nesting)}# ${escape(data.message)}\n`;
      default:
        return undefined;
    }
  }
}

function indent(nesting) {
  return '    '.repeat(nesting ?? 0);
}

function escape(text) {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b')
    .replaceAll('\f', '\\f')
    .replaceAll('\v', '\\v');
}

function line({ nesting, testNumber, name, skip, todo }, status) {
  let text = `${indent(nesting)}${status} ${testNumber}${name === '' ? '' : ` - ${escape(name)}`}`;
  if (skip !== undefined) text += ` # SKIP${typeof skip === 'string' && skip !== '' ? ` ${escape(skip)}` : ''}`;
  else if (todo !== undefined) text += ` # TODO${typeof todo === 'string' && todo !== '' ? ` ${escape(todo)}` : ''}`;
  return `${text}\n`;
}

function details(data) {
  const pad = `${indent(data.nesting)}  `;
  const { duration_ms: duration, type, error } = data.details;
  let text = `${pad}---\n`;
  text += yaml(pad, 'duration_ms', duration);
  text += yaml(pad, 'type', type);
  if (error !== undefined && error !== null) {
    if (data.file !== undefined) text += yaml(pad, 'location', `${data.file}:${data.line}:${data.column}`);
    text += errorDetails(pad, error);
  }
  return `${text}${pad}...\n`;
}

function errorDetails(pad, error) {
  const { failureType } = error;
  const isOurs = error.code === 'ERR_TEST_FAILURE';
  let cause = isOurs ? error.cause : error;
  let text = yaml(pad, 'failureType', failureType);
  const inspect = (value) => require('util/inspect').inspect(value);
  if (cause === null || typeof cause !== 'object') {
    text += yaml(pad, 'error', typeof cause === 'string' ? cause : inspect(cause));
    return text + yaml(pad, 'code', error.code);
  }
  // An assertion about an error tells of that error.
  if (cause.code === 'ERR_ASSERTION' && cause.cause !== undefined && failureType === 'hookFailed') cause = cause.cause;
  text += yaml(pad, 'error', cause.message ?? inspect(cause));
  text += yaml(pad, 'code', cause.code ?? error.code);
  if (cause.name !== undefined && cause.name !== 'Error') text += yaml(pad, 'name', cause.name);
  if (cause.code === 'ERR_ASSERTION' || ('expected' in cause && 'actual' in cause)) {
    text += yaml(pad, 'expected', cause.expected) + yaml(pad, 'actual', cause.actual);
    if (cause.operator !== undefined) text += yaml(pad, 'operator', cause.operator);
  }
  if (typeof cause.stack === 'string') {
    const frames = [];
    for (const frame of cause.stack.split('\n')) {
      const found = /^\s+at (.*)$/.exec(frame);
      if (found !== null) frames.push(found[1]);
    }
    if (frames.length > 0) text += yaml(pad, 'stack', frames.join('\n'), true);
  }
  return text;
}

/** One line, or a block, of YAML. */
function yaml(pad, name, value, block = false) {
  if (value === undefined) return '';
  if (typeof value === 'string') {
    if (!block && !value.includes('\n')) {
      return `${pad}${name}: ${require('util/inspect').inspect(value)}\n`;
    }
    let text = `${pad}${name}: |-\n`;
    for (const part of value.split('\n')) text += `${pad}  ${part}\n`;
    return text;
  }
  if (value === null || typeof value !== 'object') {
    return `${pad}${name}: ${
      typeof value === 'bigint' || typeof value === 'symbol' ? require('util/inspect').inspect(value) : value
    }\n`;
  }
  if (engine.isDate(value)) return `${pad}${name}: ${value.toISOString()}\n`;
  if (engine.isRegExp(value) || engine.isNativeError(value)) {
    return yaml(pad, name, require('util/inspect').inspect(value), true);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return `${pad}${name}: ${Array.isArray(value) ? '[]' : '{}'}\n`;
  let text = `${pad}${name}:\n`;
  for (const [key, inner] of entries) {
    if (inner === value) text += `${pad}  ${key}: <Circular>\n`;
    else if (typeof inner === 'object' && inner !== null && pad.length > 40) text += `${pad}  ${key}: ...\n`;
    else text += yaml(`${pad}  `, key, inner);
  }
  return text;
}

module.exports = { TapFormat };

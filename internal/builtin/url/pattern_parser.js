'use strict';

// The pattern language of URLPattern (URL Pattern Standard, section 2): tokens, parts, and the two things that parts are
// turned into, a regular expression and the normalised pattern string.
const identifierStart = /^[$_\p{ID_Start}]$/u;
const identifierPart = /^[$\u200c\u200d\p{ID_Continue}]$/u;

const fullWildcard = '.*';

function invalid() {
  const error = new TypeError('Failed to construct URLPattern');
  error.code = 'ERR_INVALID_URL_PATTERN';
  return error;
}

/**
 * @param {string} input
 * @param {boolean} lenient whether what is malformed becomes a token 'invalid'
 * @returns {{ type: string, index: number, value: string }[]} indices count code points
 */
function tokenize(input, lenient) {
  const points = Array.from(input);
  const tokens = [];
  const bad = (index, end) => {
    if (!lenient) throw invalid();
    tokens.push({ type: 'invalid', index, value: points.slice(index, end).join('') });
  };
  let i = 0;
  while (i < points.length) {
    const c = points[i];
    if (c === '*') {
      tokens.push({ type: 'asterisk', index: i++, value: c });
    } else if (c === '+' || c === '?') {
      tokens.push({ type: 'modifier', index: i++, value: c });
    } else if (c === '\\') {
      if (i === points.length - 1) {
        bad(i, i + 1);
        i++;
        continue;
      }
      tokens.push({ type: 'escaped', index: i, value: points[i + 1] });
      i += 2;
    } else if (c === '{' || c === '}') {
      tokens.push({ type: c === '{' ? 'open' : 'close', index: i++, value: c });
    } else if (c === ':') {
      let end = i + 1;
      while (end < points.length && (end === i + 1 ? identifierStart : identifierPart).test(points[end])) end++;
      if (end === i + 1) {
        bad(i, end);
      } else {
        tokens.push({ type: 'name', index: i, value: points.slice(i + 1, end).join('') });
      }
      i = end;
    } else if (c === '(') {
      const end = regexpEnd(points, i);
      if (end === -1) {
        bad(i, i + 1);
        i++;
        continue;
      }
      tokens.push({ type: 'regexp', index: i, value: points.slice(i + 1, end).join('') });
      i = end + 1;
    } else {
      tokens.push({ type: 'char', index: i++, value: c });
    }
  }
  tokens.push({ type: 'end', index: i, value: '' });
  return tokens;
}

/** Index of the ')' that ends the group at `open`, -1 when the group is no good. */
function regexpEnd(points, open) {
  let depth = 1;
  for (let i = open + 1; i < points.length; i++) {
    const c = points[i];
    if (c > '\x7f' || (i === open + 1 && c === '?')) return -1;
    if (c === '\\') {
      if (++i === points.length || points[i] > '\x7f') return -1;
    } else if (c === ')') {
      if (--depth === 0) return i === open + 1 ? -1 : i;
    } else if (c === '(') {
      depth++;
      // Capturing groups inside are not allowed.
      if (points[i + 1] !== '?') return -1;
    }
  }
  return -1;
}

function escapeRegExp(text) {
  return text.replace(/[.+*?^${}()[\]|/\\]/g, '\\$&');
}

function escapePattern(text) {
  return text.replace(/[+*?:{}()\\]/g, '\\$&');
}

function segmentWildcard(options) {
  return options.delimiter === '' ? '.+?' : `[^${escapeRegExp(options.delimiter)}]+?`;
}

/**
 * @param {string} input
 * @param {{ delimiter: string, prefix: string }} options
 * @param {(text: string) => string} encode of fixed text; throws when it may not stand there
 * @returns {{ type: string, value: string, modifier: string, name: string, prefix: string, suffix: string }[]}
 */
function parsePattern(input, options, encode) {
  const tokens = tokenize(input, false);
  const wildcard = segmentWildcard(options);
  const parts = [];
  const names = new Set();
  let next = 0;
  let numeric = 0;
  let pending = '';

  const take = (type) => (tokens[next].type === type ? tokens[next++] : undefined);
  const takeMatcher = (name) => take('regexp') ?? (name === undefined ? take('asterisk') : undefined);
  const takeModifier = () => (take('modifier') ?? take('asterisk'))?.value ?? '';
  const takeText = () => {
    let text = '';
    for (let token; (token = take('char') ?? take('escaped')) !== undefined; ) text += token.value;
    return text;
  };
  const require_ = (type) => {
    if (take(type) === undefined) throw invalid();
  };
  const flush = () => {
    if (pending === '') return;
    parts.push({ type: 'fixed', value: encode(pending), modifier: '', name: '', prefix: '', suffix: '' });
    pending = '';
  };
  const add = (prefix, name, matcher, suffix, modifier) => {
    if (name === undefined && matcher === undefined && modifier === '') {
      pending += prefix;
      return;
    }
    flush();
    if (name === undefined && matcher === undefined) {
      if (prefix !== '') {
        parts.push({ type: 'fixed', value: encode(prefix), modifier, name: '', prefix: '', suffix: '' });
      }
      return;
    }
    let value = wildcard;
    if (matcher !== undefined) value = matcher.type === 'asterisk' ? fullWildcard : matcher.value;
    let type = 'regexp';
    if (value === wildcard) type = 'segment';
    else if (value === fullWildcard) type = 'full';
    if (type !== 'regexp') value = '';
    const key = name !== undefined ? name.value : String(numeric++);
    if (names.has(key)) throw invalid();
    names.add(key);
    parts.push({ type, value, modifier, name: key, prefix: encode(prefix), suffix: encode(suffix) });
  };

  while (next < tokens.length) {
    const char = take('char');
    let name = take('name');
    let matcher = takeMatcher(name);
    if (name !== undefined || matcher !== undefined) {
      let prefix = char?.value ?? '';
      if (prefix !== '' && prefix !== options.prefix) {
        pending += prefix;
        prefix = '';
      }
      flush();
      add(prefix, name, matcher, '', takeModifier());
      continue;
    }
    const fixed = char ?? take('escaped');
    if (fixed !== undefined) {
      pending += fixed.value;
      continue;
    }
    if (take('open') !== undefined) {
      const prefix = takeText();
      name = take('name');
      matcher = takeMatcher(name);
      const suffix = takeText();
      require_('close');
      add(prefix, name, matcher, suffix, takeModifier());
      continue;
    }
    flush();
    require_('end');
  }
  return parts;
}

/** [regular expression, names of its groups] */
function toRegExp(parts, options, ignoreCase) {
  let out = '^';
  const names = [];
  for (const { type, value, modifier, name, prefix, suffix } of parts) {
    if (type === 'fixed') {
      out += modifier === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${modifier}`;
      continue;
    }
    names.push(name);
    const body = type === 'segment' ? segmentWildcard(options) : type === 'full' ? fullWildcard : value;
    const before = escapeRegExp(prefix);
    const after = escapeRegExp(suffix);
    const repeated = modifier === '*' || modifier === '+';
    if (prefix === '' && suffix === '') out += repeated ? `((?:${body})${modifier})` : `(${body})${modifier}`;
    else if (!repeated) out += `(?:${before}(${body})${after})${modifier}`;
    else {
      out += `(?:${before}((?:${body})(?:${after}${before}(?:${body}))*)${after})${modifier === '*' ? '?' : ''}`;
    }
  }
  try {
    return [new RegExp(`${out}$`, ignoreCase ? 'vi' : 'v'), names];
  } catch {
    throw invalid();
  }
}

/** The normalised pattern string. */
function toPatternString(parts, options) {
  let out = '';
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part.type === 'fixed') {
      const text = escapePattern(part.value);
      out += part.modifier === '' ? text : `{${text}}${part.modifier}`;
      continue;
    }
    const previous = parts[i - 1];
    const following = parts[i + 1];
    const custom = !/^[0-9]/.test(part.name);
    let grouped = part.suffix !== '' || (part.prefix !== '' && part.prefix !== options.prefix);
    if (
      !grouped &&
      custom &&
      part.type === 'segment' &&
      part.modifier === '' &&
      following !== undefined &&
      following.prefix === '' &&
      following.suffix === ''
    ) {
      grouped =
        following.type === 'fixed'
          ? identifierPart.test(Array.from(following.value)[0] ?? '')
          : /^[0-9]/.test(following.name);
    }
    if (
      !grouped &&
      part.prefix === '' &&
      previous !== undefined &&
      previous.type === 'fixed' &&
      options.prefix !== '' &&
      previous.value.endsWith(options.prefix)
    ) {
      grouped = true;
    }
    if (grouped) out += '{';
    out += escapePattern(part.prefix);
    if (custom) out += `:${part.name}`;
    if (part.type === 'regexp') {
      out += `(${part.value})`;
    } else if (part.type === 'segment') {
      if (!custom) out += `(${segmentWildcard(options)})`;
    } else if (
      !custom &&
      (previous === undefined || previous.type === 'fixed' || previous.modifier !== '' || grouped || part.prefix !== '')
    ) {
      out += '*';
    } else {
      out += `(${fullWildcard})`;
    }
    if (part.type === 'segment' && custom && part.suffix !== '' && identifierPart.test(Array.from(part.suffix)[0])) {
      out += '\\';
    }
    out += escapePattern(part.suffix);
    if (grouped) out += '}';
    out += part.modifier;
  }
  return out;
}

module.exports = { invalid, parsePattern, tokenize, toPatternString, toRegExp };

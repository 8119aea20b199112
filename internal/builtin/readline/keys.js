'use strict';

// Keys: what a terminal sends for them, turned into 'keypress' events.

const ESC = '\u001b';

/** Names by what follows the escape character, modifiers taken out. */
const names = {
  __proto__: null,
  '[P': 'f1',
  '[Q': 'f2',
  '[R': 'f3',
  '[S': 'f4',
  OP: 'f1',
  OQ: 'f2',
  OR: 'f3',
  OS: 'f4',
  '[11~': 'f1',
  '[12~': 'f2',
  '[13~': 'f3',
  '[14~': 'f4',
  '[200~': 'paste-start',
  '[201~': 'paste-end',
  '[[A': 'f1',
  '[[B': 'f2',
  '[[C': 'f3',
  '[[D': 'f4',
  '[[E': 'f5',
  '[15~': 'f5',
  '[17~': 'f6',
  '[18~': 'f7',
  '[19~': 'f8',
  '[20~': 'f9',
  '[21~': 'f10',
  '[23~': 'f11',
  '[24~': 'f12',
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[E': 'clear',
  '[F': 'end',
  '[H': 'home',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OE: 'clear',
  OF: 'end',
  OH: 'home',
  '[1~': 'home',
  '[2~': 'insert',
  '[3~': 'delete',
  '[4~': 'end',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[[5~': 'pageup',
  '[[6~': 'pagedown',
  '[7~': 'home',
  '[8~': 'end',
  '[a': 'up',
  '[b': 'down',
  '[c': 'right',
  '[d': 'left',
  '[e': 'clear',
  '[2$': 'insert',
  '[3$': 'delete',
  '[5$': 'pageup',
  '[6$': 'pagedown',
  '[7$': 'home',
  '[8$': 'end',
  Oa: 'up',
  Ob: 'down',
  Oc: 'right',
  Od: 'left',
  Oe: 'clear',
  '[2^': 'insert',
  '[3^': 'delete',
  '[5^': 'pageup',
  '[6^': 'pagedown',
  '[7^': 'home',
  '[8^': 'end',
  '[Z': 'tab',
};

/** Codes that mean a modifier by themselves. */
const shifted = new Set(['[a', '[b', '[c', '[d', '[e', '[2$', '[3$', '[5$', '[6$', '[7$', '[8$', '[Z']);
const controlled = new Set(['Oa', 'Ob', 'Oc', 'Od', 'Oe', '[2^', '[3^', '[5^', '[6^', '[7^', '[8^']);

const simple = {
  __proto__: null,
  '\r': 'return',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  ' ': 'space',
  [ESC]: 'escape',
};

function isDigit(char) {
  return char >= '0' && char <= '9';
}

/** Thrown by nobody: parse() gives it back when the text ends within a sequence. */
const incomplete = Symbol('incomplete');

/**
 * The key at the start of `text`.
 * @param {string} text
 * @param {boolean} ended whether nothing follows: a lone escape is the escape key then
 */
function parse(text, ended) {
  let at = 0;
  const key = { sequence: '', name: undefined, ctrl: false, meta: false, shift: false };
  const first = String.fromCodePoint(text.codePointAt(0));
  if (first !== ESC) {
    key.sequence = first;
    plain(key, first, false);
    return key;
  }
  let char = '';
  const more = () => {
    at++;
    if (at >= text.length) {
      char = '';
      return ended;
    }
    char = text[at];
    return true;
  };
  if (!more()) return incomplete;
  if (char === ESC && !more()) return incomplete;
  if (char !== 'O' && char !== '[') {
    const whole = char === '' ? '' : String.fromCodePoint(text.codePointAt(at));
    key.sequence = text.slice(0, at + whole.length);
    plain(key, whole, true);
    return key;
  }
  let code = char;
  let modifier = 0;
  if (char === 'O') {
    if (!more()) return incomplete;
    if (isDigit(char)) {
      modifier = char.charCodeAt(0) - 49;
      if (!more()) return incomplete;
    }
    code += char;
  } else {
    if (!more()) return incomplete;
    if (char === '[') {
      code += char;
      if (!more()) return incomplete;
    }
    const start = at;
    for (let digits = 0; digits < 3 && isDigit(char); digits++) {
      if (!more()) return incomplete;
    }
    if (/** @type {string} */ (char) === ';') {
      if (!more()) return incomplete;
      if (isDigit(char) && !more()) return incomplete;
    }
    const command = text.slice(start, at + 1);
    let match;
    if ((match = /^(?:(\d\d?)(?:;(\d))?([~^$])|(\d{3}~))$/.exec(command)) !== null) {
      if (match[4] !== undefined) {
        code += match[4];
      } else {
        code += match[1] + match[3];
        modifier = (match[2] ?? 1) - 1;
      }
    } else if ((match = /^((\d;)?(\d))?([A-Za-z])$/.exec(command)) !== null) {
      code += match[4];
      modifier = (match[3] ?? 1) - 1;
    } else {
      code += command;
    }
  }
  key.sequence = text.slice(0, at + 1);
  key.ctrl = (modifier & 4) !== 0 || controlled.has(code);
  key.meta = (modifier & 10) !== 0;
  key.shift = (modifier & 1) !== 0 || shifted.has(code);
  key.code = code;
  key.name = names[code] ?? 'undefined';
  return key;
}

function plain(key, char, escaped) {
  const name = simple[char];
  if (name !== undefined) {
    key.name = name;
    key.meta = escaped;
  } else if (!escaped && char <= '\u001a') {
    key.name = String.fromCharCode(char.charCodeAt(0) + 96);
    key.ctrl = true;
  } else if (/^[0-9A-Za-z]$/.test(char)) {
    key.name = char.toLowerCase();
    key.shift = /^[A-Z]$/.test(char);
    key.meta = escaped;
  } else if (escaped) {
    key.name = char === '' ? 'escape' : undefined;
    key.meta = true;
  }
}

const kParser = Symbol('keypress parser');

/** The state of one stream. */
class KeyParser {
  constructor(stream, owner) {
    this.stream = stream;
    this.owner = owner;
    this.decoder = new (require('string_decoder').StringDecoder)('utf8');
    this.pending = '';
    this.timer = undefined;
    this.onData = (chunk) => this.data(chunk);
    this.onNewListener = (event) => {
      if (event !== 'keypress') return;
      stream.on('data', this.onData);
      stream.removeListener('newListener', this.onNewListener);
    };
    if (stream.listenerCount('keypress') > 0) stream.on('data', this.onData);
    else stream.on('newListener', this.onNewListener);
  }

  data(chunk) {
    const { stream, owner } = this;
    if (stream.listenerCount('keypress') === 0) {
      stream.removeListener('data', this.onData);
      stream.on('newListener', this.onNewListener);
      return;
    }
    const text = typeof chunk === 'string' ? chunk : this.decoder.write(chunk);
    if (text === '') return;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (owner) {
      owner.sawKeyPress = text.length === String.fromCodePoint(text.codePointAt(0)).length;
      owner.isCompletionEnabled = false;
    }
    this.pending += text;
    this.drain(false);
    if (owner) owner.isCompletionEnabled = true;
    if (this.pending !== '') {
      this.timer = setTimeout(() => this.drain(true), owner ? owner.escapeCodeTimeout : 500);
    }
  }

  /** Emits what is whole. The last key of a chunk may complete, as it was typed and not pasted. */
  drain(ended) {
    const { owner } = this;
    while (this.pending !== '') {
      const key = parse(this.pending, ended);
      if (key === incomplete) return;
      this.pending = this.pending.slice(key.sequence.length);
      if (owner && this.pending === '') owner.isCompletionEnabled = true;
      const escaped = key.sequence[0] === ESC;
      this.stream.emit('keypress', escaped ? undefined : key.sequence, key);
    }
  }
}

/**
 * @param {any} stream a Readable
 * @param {object} [owner] the interface, for its time-out
 */
function emitKeypressEvents(stream, owner) {
  stream[kParser] ??= new KeyParser(stream, owner);
  if (owner !== undefined) stream[kParser].owner = owner;
}

module.exports = { emitKeypressEvents };

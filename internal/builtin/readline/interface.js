'use strict';

// What the two kinds of Interface share: where lines come from, the prompt, being closed. What a terminal adds is in
// readline/editing.js.

const EventEmitter = require('events');
const { codes } = require('shared/errors');
const { validateArray, validateNumber, validateString, validateUint32 } = require('shared/validators');
const { History } = require('readline/history');

const { ERR_INVALID_ARG_VALUE, ERR_USE_AFTER_CLOSE } = codes;

const lineEnding = /\r?\n|\r(?!\n)|\u2028|\u2029/g;
const defaultHistory = 30;
const leastCrlfDelay = 100;

/** Stays in Interface instances but isn't shown. */
const hidden = { __proto__: null, enumerable: false, configurable: true, writable: true, value: undefined };

class InterfaceBase extends EventEmitter {
  constructor(input, output, completer, terminal) {
    super();
    let prompt = '> ';
    let history;
    let historySize;
    let noDuplicates = false;
    let crlfDelay;
    let signal;
    this.sawReturnAt = 0;
    this.isCompletionEnabled = true;
    this.sawKeyPress = false;
    this.previousKey = null;
    this.escapeCodeTimeout = 500;
    this.tabSize = 8;
    if (input?.input) {
      const options = input;
      ({ input, output, completer, terminal, history, historySize, signal, crlfDelay } = options);
      noDuplicates = options.removeHistoryDuplicates ?? false;
      if (options.tabSize !== undefined) {
        validateUint32(options.tabSize, 'tabSize', true);
        this.tabSize = options.tabSize;
      }
      if (options.prompt !== undefined) prompt = options.prompt;
      if (options.escapeCodeTimeout !== undefined) {
        if (!Number.isFinite(options.escapeCodeTimeout)) {
          throw new ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', this.escapeCodeTimeout);
        }
        this.escapeCodeTimeout = options.escapeCodeTimeout;
      }
      if (signal) require('shared/validators').validateAbortSignal(signal, 'options.signal');
    }
    if (completer !== undefined && typeof completer !== 'function') {
      throw new ERR_INVALID_ARG_VALUE('completer', completer);
    }
    if (history === undefined) history = [];
    else validateArray(history, 'history');
    historySize ??= defaultHistory;
    if (typeof historySize !== 'number' || Number.isNaN(historySize) || historySize < 0) {
      validateNumber(historySize, 'historySize', 0);
      throw new ERR_INVALID_ARG_VALUE('historySize', historySize);
    }
    this.terminal = terminal === undefined && output != null ? !!output.isTTY : !!terminal;
    this.line = '';
    Object.defineProperty(this, 'past', { ...hidden, value: new History(this, history, historySize, noDuplicates) });
    this.output = output;
    this.input = input;
    this.crlfDelay = crlfDelay ? Math.max(leastCrlfDelay, crlfDelay) : leastCrlfDelay;
    this.completer = completer === undefined ? undefined : asCallback(completer);
    this.closed = false;
    this.paused = false;
    this.cursor = 0;
    this.prevRows = 0;
    this.promptText = prompt;
    this.oldPrompt = undefined;
    this.onAnswer = null;
    this.rejectQuestion = null;
    this.edits = undefined;
    this.undoOnClose = undefined;
    if (input == null) throw new codes.ERR_INVALID_ARG_TYPE('input', 'Readable', input);
    if (this.terminal) require('readline/editing').attachTerminal(this);
    else attachLines(this);
    if (signal) {
      const onAbort = () => this.close();
      if (signal.aborted) {
        process.nextTick(onAbort);
      } else {
        signal.addEventListener('abort', onAbort, { once: true });
        this.once('close', () => signal.removeEventListener('abort', onAbort));
      }
    }
    this.setPrompt(prompt);
    input.resume();
  }

  get history() {
    return this.past.lines;
  }

  set history(lines) {
    this.past.lines = lines;
  }

  get historySize() {
    return this.past.size;
  }

  set historySize(size) {
    this.past.size = size;
  }

  get historyIndex() {
    return this.past.index;
  }

  set historyIndex(index) {
    this.past.index = index;
  }

  get columns() {
    return this.output?.columns || Infinity;
  }

  setPrompt(prompt) {
    this.promptText = prompt;
  }

  getPrompt() {
    return this.promptText;
  }

  prompt(preserveCursor) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) this.resume();
    if (this.terminal && process.env.TERM !== 'dumb') {
      if (!preserveCursor) this.cursor = 0;
      this._refreshLine();
    } else {
      this._writeToOutput(this.promptText);
    }
  }

  ask(query, callback) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.onAnswer) {
      this.prompt();
      return;
    }
    this.oldPrompt = this.promptText;
    this.setPrompt(query);
    this.onAnswer = callback;
    this.prompt();
  }

  cancelQuestion() {
    if (!this.onAnswer) return;
    this.onAnswer = null;
    this.setPrompt(this.oldPrompt);
    this.clearLine();
  }

  _onLine(line) {
    if (!this.onAnswer) {
      this.emit('line', line);
      return;
    }
    const { onAnswer } = this;
    this.onAnswer = null;
    this.setPrompt(this.oldPrompt);
    onAnswer(line);
  }

  _writeToOutput(text) {
    validateString(text, 'stringToWrite');
    if (this.output != null) this.output.write(text);
  }

  _setRawMode(mode) {
    const { input } = this;
    const was = input.isRaw;
    if (typeof input.setRawMode === 'function') input.setRawMode(mode);
    return was;
  }

  close() {
    if (this.closed) return;
    this.pause();
    if (this.terminal) this._setRawMode(false);
    this.closed = true;
    this.undoOnClose?.();
    this.emit('close');
  }

  pause() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) return this;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  }

  resume() {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (!this.paused) return this;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  }

  write(data, key) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) this.resume();
    if (this.terminal) this._ttyWrite(data, key);
    else this._normalWrite(data);
  }

  /** Where the cursor is, counted from the prompt. The editor replaces this by its own when it is loaded. */
  getCursorPos() {
    require('readline/editing');
    return this.getCursorPos();
  }

  /** The same. */
  clearLine() {
    require('readline/editing');
    this.clearLine();
  }

  /** Takes a chunk of a stream that is no terminal. */
  _normalWrite(chunk) {
    if (chunk === undefined) return;
    let text = this.lines.decoder.write(chunk);
    if (this.sawReturnAt && Date.now() - this.sawReturnAt <= this.crlfDelay) {
      if (text.charCodeAt(0) === 10) text = text.slice(1);
      this.sawReturnAt = 0;
    }
    const { lines } = this;
    lineEnding.lastIndex = 0;
    let match = lineEnding.exec(text);
    if (match === null) {
      if (text !== '') lines.rest = lines.rest === null ? text : lines.rest + text;
      return;
    }
    if (lines.rest !== null) {
      text = lines.rest + text;
      lines.rest = null;
      lineEnding.lastIndex = 0;
      match = lineEnding.exec(text);
    }
    this.sawReturnAt = text.endsWith('\r') ? Date.now() : 0;
    // All endings first: a listener may write, and come here again.
    const found = [];
    let start = 0;
    while (match !== null) {
      found.push(text.slice(start, match.index));
      start = match.index + match[0].length;
      match = lineEnding.exec(text);
    }
    if (start < text.length) lines.rest = text.slice(start);
    for (const line of found) this._onLine(line);
  }

  [Symbol.asyncIterator]() {
    const { firstOnly, on } = require('events/awaiting');
    return (this.iterator ??= on(this, 'line', {
      close: ['close'],
      highWaterMark: 1024,
      [firstOnly]: true,
    }));
  }

  [Symbol.dispose]() {
    this.close();
  }
}

for (const name of ['lines', 'iterator']) Object.defineProperty(InterfaceBase.prototype, name, hidden);

/** Completers may return what they found. */
function asCallback(completer) {
  if (completer.length === 2) return completer;
  return (text, callback) => callback(null, completer(text));
}

function attachLines(self) {
  const { input } = self;
  self.lines = { decoder: new (require('string_decoder').StringDecoder)('utf8'), rest: null };
  const onData = (chunk) => self._normalWrite(chunk);
  const onEnd = () => {
    const { lines } = self;
    if (typeof lines.rest === 'string' && lines.rest.length > 0) self.emit('line', lines.rest);
    self.close();
  };
  const onError = (error) => self.emit('error', error);
  input.on('error', onError);
  input.on('data', onData);
  input.on('end', onEnd);
  self.undoOnClose = () => {
    input.removeListener('data', onData);
    input.removeListener('end', onEnd);
    input.removeListener('error', onError);
  };
}

module.exports = { InterfaceBase, lineEnding };

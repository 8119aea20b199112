'use strict';

// Editing a line in a terminal: keys, the cursor, completion.

const { lineEnding, InterfaceBase } = require('readline/interface');
const { clearScreenDown, cursorTo, moveCursor } = require('readline/ansi');
const { emitKeypressEvents } = require('readline/keys');

function width(text) {
  return require('util/width').getStringWidth(text);
}

function attachTerminal(self) {
  const { input, output } = self;
  const onKeypress = (text, key) => {
    self._ttyWrite(text, key);
    // A character that is not whole yet must not be split from what follows.
    if (key?.sequence) {
      const code = key.sequence.codePointAt(0);
      if (code >= 0xd800 && code <= 0xdfff) self._refreshLine();
    }
  };
  const onEnd = () => {
    if (self.line.length > 0) self.emit('line', self.line);
    self.close();
  };
  const onError = (error) => self.emit('error', error);
  const onResize = () => self._refreshLine();
  emitKeypressEvents(input, self);
  input.on('error', onError);
  input.on('keypress', onKeypress);
  input.on('end', onEnd);
  self._setRawMode(true);
  if (output != null) output.on('resize', onResize);
  self.edits = { undo: [], redo: [], killed: [], yanking: -1, search: null };
  self.undoOnClose = () => {
    input.removeListener('keypress', onKeypress);
    input.removeListener('error', onError);
    input.removeListener('end', onEnd);
    if (output != null) output.removeListener('resize', onResize);
  };
}

/** How many code units the character before or at the cursor has. */
function lengthLeft(text, at) {
  if (at <= 0) return 0;
  return at > 1 && text.codePointAt(at - 2) > 0xffff ? 2 : 1;
}

function lengthAt(text, at) {
  if (at >= text.length) return 1;
  return text.codePointAt(at) > 0xffff ? 2 : 1;
}

function reversed(text) {
  return [...text].reverse().join('');
}

function commonPrefix(list) {
  if (list.length === 0) return '';
  const sorted = list.toSorted();
  const first = sorted[0];
  const last = sorted.at(-1);
  let i = 0;
  while (i < first.length && first[i] === last[i]) i++;
  return first.slice(0, i);
}

const methods = {
  _refreshLine() {
    const text = this.promptText + this.line;
    const end = this._getDisplayPos(text);
    const cursor = this.getCursorPos();
    const { output } = this;
    if (this.prevRows > 0) moveCursor(output, 0, -this.prevRows);
    cursorTo(output, 0);
    clearScreenDown(output);
    this._writeToOutput(text);
    // Otherwise the terminal stays at the end of the line before.
    if (end.cols === 0) this._writeToOutput(' ');
    cursorTo(output, cursor.cols);
    const up = end.rows - cursor.rows;
    if (up > 0) moveCursor(output, 0, -up);
    this.prevRows = cursor.rows;
  },

  _getDisplayPos(text) {
    const { columns, tabSize } = this;
    let offset = 0;
    let rows = 0;
    text = require('util').stripVTControlCharacters(text);
    for (const char of text) {
      if (char === '\n') {
        rows += Math.ceil(offset / columns) || 1;
        offset = 0;
      } else if (char === '\t') {
        offset += tabSize - (offset % tabSize);
      } else {
        const size = width(char);
        if (size === 2 && (offset + 1) % columns === 0) offset++;
        offset += size;
      }
    }
    const cols = offset % columns;
    rows += (offset - cols) / columns;
    return { cols, rows: Number.isNaN(rows) ? 0 : rows };
  },

  getCursorPos() {
    return this._getDisplayPos(this.promptText + this.line.slice(0, this.cursor));
  },

  _getCursorPos() {
    return this.getCursorPos();
  },

  _moveCursor(by) {
    if (by === 0) return;
    const from = this.getCursorPos();
    this.cursor = Math.min(Math.max(this.cursor + by, 0), this.line.length);
    const to = this.getCursorPos();
    if (from.rows === to.rows) moveCursor(this.output, to.cols - from.cols, 0);
    else this._refreshLine();
  },

  remember() {
    const { edits } = this;
    edits.undo.push({ text: this.line, cursor: this.cursor });
    if (edits.undo.length > 2048) edits.undo.shift();
    edits.redo.length = 0;
  },

  stepTo(from, to) {
    const state = from.pop();
    if (state === undefined) return;
    to.push({ text: this.line, cursor: this.cursor });
    this.line = state.text;
    this.cursor = state.cursor;
    this._refreshLine();
  },

  /** Replaces line and cursor. */
  become(line, cursor) {
    this.line = line;
    this.cursor = cursor;
    this._refreshLine();
  },

  _insertString(text) {
    this.remember();
    const { line, cursor } = this;
    if (cursor < line.length) {
      this.become(line.slice(0, cursor) + text + line.slice(cursor), cursor + text.length);
      return;
    }
    const from = this.getCursorPos();
    this.line += text;
    this.cursor += text.length;
    const to = this.getCursorPos();
    if (from.rows < to.rows) this._refreshLine();
    else this._writeToOutput(text);
  },

  _tabComplete(twice) {
    this.pause();
    const done = (error, value) => {
      if (this.closed) return;
      this.resume();
      if (error) {
        this._writeToOutput(`Tab completion error: ${require('util').inspect(error)}`);
        return;
      }
      this.complete(twice, value);
    };
    const text = this.line.slice(0, this.cursor);
    const result = this.completer(text, done);
    if (result !== undefined && typeof result?.then === 'function') result.then((value) => done(null, value), done);
  },

  complete(twice, [completions, on]) {
    if (!completions || completions.length === 0) return;
    const prefix = commonPrefix(completions.filter((text) => text !== ''));
    if (prefix.startsWith(on) && prefix.length > on.length) {
      this._insertString(prefix.slice(on.length));
      return;
    }
    if (!on.startsWith(prefix)) {
      const { line, cursor } = this;
      this.become(line.slice(0, cursor - on.length) + prefix + line.slice(cursor), cursor - on.length + prefix.length);
      return;
    }
    if (!twice) return;
    this.remember();
    const widths = completions.map(width);
    const column = Math.max(...widths) + 2;
    let perLine = Math.floor(this.columns / column) || 1;
    if (perLine === Infinity) perLine = 1;
    let text = '\r\n';
    let inLine = 0;
    let padding = 0;
    for (let i = 0; i < completions.length; i++) {
      const completion = completions[i];
      if (completion === '' || inLine === perLine) {
        text += '\r\n';
        inLine = padding = 0;
      } else {
        text += ' '.repeat(padding);
      }
      if (completion !== '') {
        text += completion;
        padding = column - widths[i];
        inLine++;
      } else {
        text += '\r\n';
      }
    }
    if (inLine !== 0) text += '\r\n\r\n';
    this._writeToOutput(text);
    this._refreshLine();
  },

  _wordLeft() {
    if (this.cursor === 0) return;
    const before = reversed(this.line.slice(0, this.cursor));
    this._moveCursor(-/^\s*(?:[^\w\s]+|\w+)?/.exec(before)[0].length);
  },

  _wordRight() {
    if (this.cursor >= this.line.length) return;
    const after = this.line.slice(this.cursor);
    this._moveCursor(/^(?:\s+|[^\w\s]+|\w+)\s*/.exec(after)[0].length);
  },

  _deleteLeft() {
    const { cursor, line } = this;
    if (cursor === 0 || line.length === 0) return;
    this.remember();
    const size = lengthLeft(line, cursor);
    this.become(line.slice(0, cursor - size) + line.slice(cursor), cursor - size);
  },

  _deleteRight() {
    const { cursor, line } = this;
    if (cursor >= line.length) return;
    this.remember();
    this.become(line.slice(0, cursor) + line.slice(cursor + lengthAt(line, cursor)), cursor);
  },

  _deleteWordLeft() {
    const { cursor, line } = this;
    if (cursor === 0) return;
    this.remember();
    const size = /^\s*(?:[^\w\s]+|\w+)?/.exec(reversed(line.slice(0, cursor)))[0].length;
    this.become(line.slice(0, cursor - size) + line.slice(cursor), cursor - size);
  },

  _deleteWordRight() {
    const { cursor, line } = this;
    if (cursor >= line.length) return;
    this.remember();
    const size = /^(?:\s+|\W+|\w+)\s*/.exec(line.slice(cursor))[0].length;
    this.become(line.slice(0, cursor) + line.slice(cursor + size), cursor);
  },

  _deleteLineLeft() {
    this.remember();
    this.kill(this.line.slice(0, this.cursor));
    this.become(this.line.slice(this.cursor), 0);
  },

  _deleteLineRight() {
    this.remember();
    this.kill(this.line.slice(this.cursor));
    this.become(this.line.slice(0, this.cursor), this.cursor);
  },

  kill(text) {
    const { killed } = this.edits;
    if (text === '' || text === killed[0]) return;
    killed.unshift(text);
    if (killed.length > 32) killed.pop();
  },

  yank() {
    const { edits } = this;
    if (edits.killed.length === 0) return;
    edits.yanking = 0;
    this._insertString(edits.killed[0]);
  },

  /** Replaces what was yanked by what was killed before it. */
  yankPop() {
    const { edits } = this;
    if (edits.yanking < 0 || edits.killed.length < 2) return;
    const last = edits.killed[edits.yanking];
    edits.yanking = (edits.yanking + 1) % edits.killed.length;
    const text = edits.killed[edits.yanking];
    const start = this.cursor - last.length;
    this.become(this.line.slice(0, start) + text + this.line.slice(this.cursor), start + text.length);
  },

  clearLine() {
    this._moveCursor(Infinity);
    this._writeToOutput('\r\n');
    this.line = '';
    this.cursor = 0;
    this.prevRows = 0;
  },

  _line() {
    const line = this._addHistory();
    this.edits.undo = [];
    this.edits.redo = [];
    this.clearLine();
    this._onLine(line);
  },

  _addHistory() {
    return this.past.add();
  },

  _historyPrev() {
    this.recall(this.past.older(this.edits.search ?? ''));
  },

  _historyNext() {
    this.recall(this.past.newer(this.edits.search ?? ''));
  },

  recall(line) {
    if (line === undefined) return;
    this.remember();
    this.become(line, line.length);
  },

  _ttyWrite(text, key) {
    const previous = this.previousKey;
    key ??= {};
    this.previousKey = key;
    const { edits } = this;
    if (!key.meta || key.name !== 'y') edits.yanking = key.ctrl && key.name === 'y' ? edits.yanking : -1;
    // Going through the history looks for what was typed up to the cursor.
    if ((key.name === 'up' || key.name === 'down') && !key.ctrl && !key.meta && !key.shift) {
      edits.search ??= this.line.slice(0, this.cursor);
    } else if (edits.search !== null) {
      edits.search = null;
      if (this.past.lines.length === this.past.index) this.past.index = -1;
    }
    if (key.sequence === '\u001f') return this.stepTo(edits.undo, edits.redo);
    if (key.sequence === '\u001e') return this.stepTo(edits.redo, edits.undo);
    // Escape alone does nothing.
    if (key.name === 'escape') return;
    if (key.ctrl && key.shift) {
      if (key.name === 'backspace') this._deleteLineLeft();
      else if (key.name === 'delete') this._deleteLineRight();
    } else if (key.ctrl) {
      this.control(key);
    } else if (key.meta) {
      this.metaKey(key);
    } else {
      this.plainKey(text, key, previous);
    }
  },

  control(key) {
    switch (key.name) {
      case 'c':
        if (this.listenerCount('SIGINT') > 0) this.emit('SIGINT');
        else this.close();
        break;
      case 'h':
        this._deleteLeft();
        break;
      case 'd':
        if (this.cursor === 0 && this.line.length === 0) this.close();
        else if (this.cursor < this.line.length) this._deleteRight();
        break;
      case 'u':
        this._deleteLineLeft();
        break;
      case 'k':
        this._deleteLineRight();
        break;
      case 'a':
        this._moveCursor(-Infinity);
        break;
      case 'e':
        this._moveCursor(Infinity);
        break;
      case 'b':
        this._moveCursor(-lengthLeft(this.line, this.cursor));
        break;
      case 'f':
        this._moveCursor(lengthAt(this.line, this.cursor));
        break;
      case 'l':
        cursorTo(this.output, 0, 0);
        clearScreenDown(this.output);
        this._refreshLine();
        break;
      case 'n':
        this._historyNext();
        break;
      case 'p':
        this._historyPrev();
        break;
      case 'y':
        this.yank();
        break;
      case 'z':
        this.stopProcess();
        break;
      case 'w':
      case 'backspace':
        this._deleteWordLeft();
        break;
      case 'delete':
        this._deleteWordRight();
        break;
      case 'left':
        this._wordLeft();
        break;
      case 'right':
        this._wordRight();
        break;
    }
  },

  stopProcess() {
    if (this.listenerCount('SIGTSTP') > 0) {
      this.emit('SIGTSTP');
      return;
    }
    process.once('SIGCONT', () => {
      // Whoever had the terminal meanwhile may have changed its mode.
      if (!this.paused) {
        this.pause();
        this.emit('SIGCONT');
      }
      this._setRawMode(true);
      this._refreshLine();
    });
    this._setRawMode(false);
    process.kill(process.pid, 'SIGTSTP');
  },

  metaKey(key) {
    switch (key.name) {
      case 'b':
        this._wordLeft();
        break;
      case 'f':
        this._wordRight();
        break;
      case 'd':
      case 'delete':
        this._deleteWordRight();
        break;
      case 'backspace':
        this._deleteWordLeft();
        break;
      case 'y':
        this.yankPop();
        break;
    }
  },

  plainKey(text, key, previous) {
    if (this.sawReturnAt && key.name !== 'enter') this.sawReturnAt = 0;
    switch (key.name) {
      case 'return':
        this.sawReturnAt = Date.now();
        this._line();
        return;
      case 'enter':
        // The second half of CR LF.
        if (this.sawReturnAt === 0 || Date.now() - this.sawReturnAt > this.crlfDelay) this._line();
        this.sawReturnAt = 0;
        return;
      case 'backspace':
        this._deleteLeft();
        return;
      case 'delete':
        this._deleteRight();
        return;
      case 'left':
        this._moveCursor(-lengthLeft(this.line, this.cursor));
        return;
      case 'right':
        this._moveCursor(lengthAt(this.line, this.cursor));
        return;
      case 'home':
        this._moveCursor(-Infinity);
        return;
      case 'end':
        this._moveCursor(Infinity);
        return;
      case 'up':
        this._historyPrev();
        return;
      case 'down':
        this._historyNext();
        return;
      case 'tab':
        if (typeof this.completer === 'function' && this.isCompletionEnabled) {
          this._tabComplete(previous?.name === 'tab');
          return;
        }
    }
    if (typeof text !== 'string' || text === '') return;
    lineEnding.lastIndex = 0;
    let match = lineEnding.exec(text);
    if (match === null) {
      this._insertString(text);
      return;
    }
    const parts = [];
    let start = 0;
    while (match !== null) {
      parts.push(text.slice(start, match.index));
      start = lineEnding.lastIndex;
      match = lineEnding.exec(text);
    }
    for (const part of parts) {
      if (part !== '') this._insertString(part);
      this._line();
    }
    if (start < text.length) this._insertString(text.slice(start));
  },
};

for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(InterfaceBase.prototype, name, {
    __proto__: null,
    value,
    enumerable: false,
    configurable: true,
    writable: true,
  });
}

module.exports = { attachTerminal };

'use strict';

// The lines that were entered, newest first, and walking through them.

class History {
  constructor(owner, lines, size, noDuplicates) {
    this.owner = owner;
    this.lines = lines;
    this.size = size;
    this.noDuplicates = noDuplicates;
    this.index = -1;
  }

  /** Adds the line of the owner and returns it. */
  add() {
    const { owner, lines } = this;
    const { line } = owner;
    if (line.length === 0) return '';
    if (this.size === 0 || line.trim().length === 0) return line;
    if (lines.length === 0 || lines[0] !== line) {
      if (this.noDuplicates) {
        const i = lines.indexOf(line);
        if (i !== -1) lines.splice(i, 1);
      }
      lines.unshift(line);
      if (lines.length > this.size) lines.pop();
    }
    this.index = -1;
    const newest = lines[0];
    owner.emit('history', lines);
    return lines[0] === undefined || lines[0] === newest ? newest : lines[0];
  }

  /** The older line that begins with what was typed, or undefined. */
  older(search) {
    const { lines, owner } = this;
    if (this.index >= lines.length || lines.length === 0) return undefined;
    let i = this.index + 1;
    while (i < lines.length && (!lines[i].startsWith(search) || owner.line === lines[i])) i++;
    this.index = i;
    return i === lines.length ? search : lines[i];
  }

  newer(search) {
    const { lines, owner } = this;
    if (this.index < 0) return undefined;
    let i = this.index - 1;
    while (i >= 0 && (!lines[i].startsWith(search) || owner.line === lines[i])) i--;
    this.index = i;
    return i === -1 ? search : lines[i];
  }
}

module.exports = { History };

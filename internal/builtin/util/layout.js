'use strict';

// Where the lines break: entries of one object joined on a line, one below the other, or in columns.

const { getStringWidth, stripAnsi } = require('util/width');

// Entries from which on a list is set in columns, and the most columns there may be.
const columnsFrom = 7;
const mostColumns = 15;
// A glyph is about two and a half times as high as it is wide: what makes a block of columns look square.
const glyphRatio = 2.5;

// Array.prototype.join copies every text at every level of nesting; concatenation copies none.
function joined(entries, separator) {
  let text = entries.length === 0 ? '' : entries[0];
  for (let i = 1; i < entries.length; i++) text += separator + entries[i];
  return text;
}

/** Whether `entries` and what stands before them stay within the line. `taken` is spent already. */
function fits(p, entries, taken, base) {
  let width = entries.length + taken;
  if (width + entries.length > p.breakLength) return false;
  for (let i = 0; i < entries.length; i++) {
    width += p.colors ? stripAnsi(entries[i]).length : entries[i].length;
    if (width > p.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

/**
 * Sets short entries in columns, right-aligned when all are numbers. Returns the rows, or `entries` itself when columns
 * would not help.
 */
function columns(p, entries, numbers) {
  // The last entry may be '... more items', which gets a row of its own.
  const count = p.maxArrayLength < entries.length ? entries.length - 1 : entries.length;
  const gap = 2;
  const widths = new Array(count);
  let sum = 0;
  let widest = 0;
  for (let i = 0; i < count; i++) {
    const width = getStringWidth(entries[i], p.colors);
    widths[i] = width;
    sum += width + gap;
    if (width > widest) widest = width;
  }
  const cell = widest + gap;
  if (cell * 3 + p.indent >= p.breakLength || (sum / cell <= 5 && widest > 6)) return entries;

  // Columns shrink to their own widest entry, so the average entry, not the widest, decides how many there are.
  const usual = Math.max(widest - 1 - Math.sqrt(cell - sum / entries.length), 1);
  const perRow = Math.min(
    Math.round(Math.sqrt(glyphRatio * usual * count) / usual),
    Math.floor((p.breakLength - p.indent) / cell),
    p.compact * 4,
    mostColumns,
  );
  if (perRow <= 1) return entries;

  const columnWidths = [];
  for (let column = 0; column < perRow; column++) {
    let width = 0;
    for (let i = column; i < count; i += perRow) if (widths[i] > width) width = widths[i];
    columnWidths.push(width);
  }
  const rows = [];
  for (let start = 0; start < count; start += perRow) {
    const end = Math.min(start + perRow, count);
    let row = '';
    for (let i = start; i < end; i++) {
      const padding = columnWidths[i - start] - widths[i];
      if (numbers) {
        if (padding !== 0) row += ' '.repeat(padding);
        row += entries[i];
        if (i !== end - 1) row += ', ';
      } else {
        row += entries[i];
        if (i !== end - 1) row += padding === 0 ? ', ' : `, ${' '.repeat(padding)}`;
      }
    }
    rows.push(row);
  }
  for (let i = count; i < entries.length; i++) rows.push(entries[i]);
  return rows;
}

// Numbers only: an array's further properties, which are entries too, make it false.
function allNumbers(list, count) {
  for (let i = 0; i < count; i++) {
    if (typeof list[i] !== 'number' && typeof list[i] !== 'bigint') return false;
  }
  return true;
}

/**
 * One text for an object.
 * @param {Record<string, any>} p the printer
 * @param {string[]} entries
 * @param {string} base what stands before the opening brace ('[Function: f]'), or ''
 * @param {string} open with its prefix: 'Map(1) {'
 * @param {string} close
 * @param {any} list the array that the entries come from, when they may be set in columns
 * @param {boolean} isList
 * @param {number} level how deep the object is nested
 */
function arrange(p, entries, base, open, close, isList, list, level) {
  if (p.compact === true) {
    if (fits(p, entries, 0, base)) return `${open}${base ? ` ${base}` : ''} ${joined(entries, ', ')} ${close}`;
    const newline = `\n${' '.repeat(p.indent)}`;
    const first = base === '' && open.length === 1 ? ' ' : `${base ? ` ${base}` : ''}${newline}  `;
    return `${open}${first}${joined(entries, `,${newline}  `)} ${close}`;
  }
  const head = base ? `${base} ${open}` : open;
  if (typeof p.compact === 'number' && p.compact >= 1) {
    const before = entries.length;
    if (isList && before >= columnsFrom) {
      entries = columns(p, entries, list === undefined || allNumbers(list, before));
    }
    // Only the innermost `compact` levels go on one line.
    if (p.deepest - level < p.compact && entries.length === before) {
      const taken = entries.length + p.indent + open.length + base.length + 10;
      if (fits(p, entries, taken, base)) {
        const line = joined(entries, ', ');
        if (!line.includes('\n')) return `${head} ${line} ${close}`;
      }
    }
  }
  const newline = `\n${' '.repeat(p.indent)}`;
  return `${head}${newline}  ${joined(entries, `,${newline}  `)}${newline}${close}`;
}

module.exports = { arrange };

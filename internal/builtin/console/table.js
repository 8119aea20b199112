'use strict';

// console.table's drawing.

const { getStringWidth } = require('util/width');

const { previewEntries, isMap, isSet, isMapIterator, isSetIterator } = engine;

// Builtin files are ASCII.
const [h, v, topLeft, topCross, topRight, left, cross, right, bottomLeft, bottomCross, bottomRight] =
  '\u2500\u2502\u250c\u252c\u2510\u251c\u253c\u2524\u2514\u2534\u2518';

const indexHeader = '(index)';
const iterationHeader = '(iteration index)';

function line(widths, start, middle, end) {
  return start + widths.map((width) => h.repeat(width + 2)).join(middle) + end;
}

function row(cells, widths) {
  const padded = cells.map((cell, i) => ` ${cell}${' '.repeat(widths[i] - getStringWidth(cell))} `);
  return v + padded.join(v) + v;
}

/** @param {string[]} head @param {string[][]} columns one array of cells for each header */
function draw(head, columns) {
  const height = Math.max(...columns.map((column) => column.length));
  const widths = head.map((title, i) =>
    columns[i].reduce((width, cell) => Math.max(width, getStringWidth(cell ?? '')), getStringWidth(title)),
  );
  const lines = [line(widths, topLeft, topCross, topRight), row(head, widths), line(widths, left, cross, right)];
  for (let i = 0; i < height; i++)
    lines.push(
      row(
        columns.map((column) => column[i] ?? ''),
        widths,
      ),
    );
  lines.push(line(widths, bottomLeft, bottomCross, bottomRight));
  return lines.join('\n');
}

function isPrimitive(value) {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/**
 * @param {object} data
 * @param {string[] | undefined} properties the columns wanted
 * @param {(value: any, options: object) => string} inspectCell
 */
function tableText(data, properties, inspectCell) {
  function cell(value) {
    const big =
      !isPrimitive(value) && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 2;
    return inspectCell(value, { maxArrayLength: 3, breakLength: Infinity, depth: big ? -1 : 0 });
  }
  const numbers = (count) => Array.from({ length: count }, (_, i) => `${i}`);

  if (isMap(data) || isMapIterator(data)) {
    const { 0: list, 1: pairs } = isMap(data)
      ? [[...Map.prototype.entries.call(data)].flat(1), true]
      : previewEntries(data);
    if (pairs) {
      const keys = [];
      const values = [];
      for (let i = 0; i < list.length; i += 2) {
        keys.push(cell(list[i]));
        values.push(cell(list[i + 1]));
      }
      return draw([iterationHeader, 'Key', 'Values'], [numbers(keys.length), keys, values]);
    }
    return draw([iterationHeader, 'Values'], [numbers(list.length), list.map(cell)]);
  }
  if (isSet(data) || isSetIterator(data)) {
    const list = isSet(data) ? [...Set.prototype.values.call(data)] : previewEntries(data)[0];
    return draw([iterationHeader, 'Values'], [numbers(list.length), list.map(cell)]);
  }

  const rows = Object.keys(data);
  const columns = new Map(); // by property, in the order of an object's keys
  const order = { __proto__: null };
  const values = [];
  for (let i = 0; i < rows.length; i++) {
    const item = data[rows[i]];
    const primitive = isPrimitive(item);
    if (primitive && properties === undefined) values[i] = cell(item);
    for (const key of properties ?? (primitive ? [] : Object.keys(item))) {
      if (!columns.has(key)) {
        columns.set(key, []);
        order[key] = true;
      }
      if (!primitive && Object.hasOwn(item, key)) columns.get(key)[i] = cell(item[key]);
    }
  }
  const head = Object.keys(order);
  const cells = head.map((key) => Array.from(columns.get(key), (text) => text ?? ''));
  if (values.length > 0) {
    head.push('Values');
    cells.push(Array.from(values, (text) => text ?? ''));
  }
  return draw([indexHeader, ...head], [rows, ...cells]);
}

module.exports = { tableText };

'use strict';

// util.inspect: options, styles and colours. The printing itself is in util/value and its neighbours.

const { Printer, bind } = require('util/value');
const { stripVTControlCharacters } = require('util/width');

const { keys } = Object;

const defaults = Object.seal({
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
});

/**
 * A text that shows `value`, for people who debug.
 * @param {any} value
 * @param {object | boolean} [options] or showHidden
 * @returns {string}
 */
function inspect(value, /* legacy: showHidden, depth, colors */ options) {
  const p = new Printer(defaults);
  if (arguments.length > 1) {
    if (arguments.length > 2) {
      if (arguments[2] !== undefined) p.depth = arguments[2];
      if (arguments.length > 3 && arguments[3] !== undefined) p.colors = arguments[3];
    }
    if (typeof options === 'boolean') p.showHidden = options;
    else if (options) apply(p, options);
  }
  return p.ready().value(value, 0);
}

function apply(p, options) {
  for (const key of keys(options)) {
    if (key in defaults || key === 'stylize') p[key] = options[key];
    else p.userOptions ??= options; // custom functions find their own options there
  }
}

/** inspect with options over other options, without an object made of both. */
function inspectWith(value, options, overrides) {
  const p = new Printer(defaults);
  if (options) apply(p, options);
  if (overrides) apply(p, overrides);
  return p.ready().value(value, 0);
}

inspect.custom = Symbol.for('nodejs.util.inspect.custom');

Object.defineProperty(inspect, 'defaultOptions', {
  __proto__: null,
  get() {
    return defaults;
  },
  set(options) {
    require('shared/validators').validateObject(options, 'options');
    Object.assign(defaults, options);
  },
});

const fore = 39;
const back = 49;

// Codes that switch a style on and off.
inspect.colors = Object.assign(
  { __proto__: null },
  {
    reset: [0, 0],
    bold: [1, 22],
    dim: [2, 22],
    italic: [3, 23],
    underline: [4, 24],
    blink: [5, 25],
    inverse: [7, 27],
    hidden: [8, 28],
    strikethrough: [9, 29],
    doubleunderline: [21, 24],
    black: [30, fore],
    red: [31, fore],
    green: [32, fore],
    yellow: [33, fore],
    blue: [34, fore],
    magenta: [35, fore],
    cyan: [36, fore],
    white: [37, fore],
    bgBlack: [40, back],
    bgRed: [41, back],
    bgGreen: [42, back],
    bgYellow: [43, back],
    bgBlue: [44, back],
    bgMagenta: [45, back],
    bgCyan: [46, back],
    bgWhite: [47, back],
    framed: [51, 54],
    overlined: [53, 55],
    gray: [90, fore],
    redBright: [91, fore],
    greenBright: [92, fore],
    yellowBright: [93, fore],
    blueBright: [94, fore],
    magentaBright: [95, fore],
    cyanBright: [96, fore],
    whiteBright: [97, fore],
    bgGray: [100, back],
    bgRedBright: [101, back],
    bgGreenBright: [102, back],
    bgYellowBright: [103, back],
    bgBlueBright: [104, back],
    bgMagentaBright: [105, back],
    bgCyanBright: [106, back],
    bgWhiteBright: [107, back],
  },
);

for (const { 0: alias, 1: target } of [
  ['grey', 'gray'],
  ['blackBright', 'gray'],
  ['bgGrey', 'bgGray'],
  ['bgBlackBright', 'bgGray'],
  ['faint', 'dim'],
  ['crossedout', 'strikethrough'],
  ['strikeThrough', 'strikethrough'],
  ['crossedOut', 'strikethrough'],
  ['conceal', 'hidden'],
  ['swapColors', 'inverse'],
  ['swapcolors', 'inverse'],
  ['doubleUnderline', 'doubleunderline'],
]) {
  Object.defineProperty(inspect.colors, alias, {
    __proto__: null,
    get() {
      return this[target];
    },
    set(value) {
      this[target] = value;
    },
    configurable: true,
    enumerable: false,
  });
}

// Which colour each kind of value has. Names have none.
inspect.styles = Object.assign(
  { __proto__: null },
  {
    special: 'cyan',
    number: 'yellow',
    bigint: 'yellow',
    boolean: 'yellow',
    undefined: 'grey',
    null: 'bold',
    string: 'green',
    symbol: 'green',
    date: 'magenta',
    regexp: 'red',
    module: 'underline',
  },
);

function colorize(text, style) {
  const name = inspect.styles[style];
  if (name === undefined) return text;
  const codes = inspect.colors[name];
  return codes === undefined ? text : `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
}

bind(inspect, colorize);

module.exports = {
  defaults,
  inspect,
  inspectWith,
  stripVTControlCharacters,
  get format() {
    return require('util/format').format;
  },
  get formatWithOptions() {
    return require('util/format').formatWithOptions;
  },
};

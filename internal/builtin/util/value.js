'use strict';

// The printer: turns one value, whatever it is, into text. What it looks like inside is decided here; names, entries, errors
// and line breaks each have a file of their own.

const { arrange } = require('util/layout');
const { primitive, quote, escapeControls } = require('util/primitive');
const {
  className,
  knownPrototypes,
  prefix,
  objectPrefix,
  functionText,
  boxedText,
  isInstance,
} = require('util/naming');
const collections = require('util/collections');

const { kindOf, getProxyDetails, getOwnNonIndexProperties, previewEntries, externalAddress } = engine;
const {
  getPrototypeOf,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  hasOwn,
  keys: objectKeys,
} = Object;
const { ownKeys } = Reflect;
const isEnumerable = Object.prototype.propertyIsEnumerable;
const objectPrototype = Object.prototype;
const customInspect = Symbol.for('nodejs.util.inspect.custom');
const { iterator: iteratorSymbol, toStringTag } = Symbol;

// What engine.kindOf answers.
const kArguments = 1;
const kRegExp = 2;
const kDate = 3;
const kError = 4;
const kArrayBuffer = 5;
const kSharedArrayBuffer = 6;
const kDataView = 7;
const kPromise = 8;
const kWeakSet = 9;
const kWeakMap = 10;
const kNamespace = 11;
const kBoxed = 12;
const kExternal = 13;
const kArray = 14;
const kSet = 15;
const kMap = 16;
const kTypedArray = 17;
const kMapIterator = 18;
const kSetIterator = 19;
const kProxy = 20;
const kFunction = 21;
const firstIterable = kArray;
const lastIterable = kSetIterator;

const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const typedArrayTag = getOwnPropertyDescriptor(typedArrayPrototype, toStringTag).get;
const typedArrayLength = getOwnPropertyDescriptor(typedArrayPrototype, 'length').get;
const setSize = getOwnPropertyDescriptor(Set.prototype, 'size').get;
const mapSize = getOwnPropertyDescriptor(Map.prototype, 'size').get;
const dateTime = Date.prototype.getTime;
const dateISO = Date.prototype.toISOString;
const dateText = Date.prototype.toString;
const regExpText = RegExp.prototype.toString;

// Once one indentation level has produced this many characters, nothing deeper is printed.
const budgetPerLevel = 2 ** 27;

/** @param {string} text @param {string} [style] */
const plain = (text, style) => text;

let inspect; // util/inspect's, which custom functions are handed
let colorize;
let errors;

/** One call of inspect: its options and where it stands. */
class Printer {
  /** @param {Options} o all of inspect's options */
  constructor(o) {
    this.showHidden = o.showHidden;
    this.depth = o.depth;
    this.colors = o.colors;
    this.customInspect = o.customInspect;
    this.showProxy = o.showProxy;
    this.maxArrayLength = o.maxArrayLength;
    this.maxStringLength = o.maxStringLength;
    this.breakLength = o.breakLength;
    this.compact = o.compact;
    this.sorted = o.sorted;
    this.getters = o.getters;
    this.numericSeparator = o.numericSeparator;
    this.stylize = plain;
    this.userOptions = undefined;
    this.indent = 0;
    this.deepest = 0; // level of the object printed last
    this.seen = [];
    this.circular = undefined; // objects that contain themselves, with their numbers
    this.spent = undefined; // characters by indentation
  }

  /** Settles what follows from the options. */
  ready() {
    if (this.colors && this.stylize === plain) this.stylize = colorize;
    if (this.maxArrayLength === null) this.maxArrayLength = Infinity;
    if (this.maxStringLength === null) this.maxStringLength = Infinity;
    return this;
  }

  /**
   * @param {any} value
   * @param {number} level how many objects it is in
   * @param {boolean} [inView] the buffer of a typed array that has been shown itself
   * @returns {string}
   */
  value(value, level, inView) {
    if (typeof value !== 'object' && typeof value !== 'function' && !isUndetectable(value)) {
      return primitive(this, value, this.stylize);
    }
    if (value === null) return this.stylize('null', 'null');

    const context = value;
    let kind = kindOf(value);
    let proxied = false;
    if (kind === kProxy) {
      if (this.showProxy) return this.proxy(value, level);
      proxied = true;
      do {
        value = getProxyDetails(value)[0];
        if (value === null) return this.stylize('<Revoked Proxy>', 'special');
        kind = kindOf(value);
      } while (kind === kProxy);
    }

    if (this.customInspect) {
      const custom = value[customInspect];
      if (typeof custom === 'function' && custom !== inspect && !isPrototypeOfItsClass(value)) {
        const left = this.depth === null ? null : this.depth - level;
        const foreign = proxied || !(context instanceof Object);
        const result = custom.call(context, left, this.optionsFor(foreign), inspect);
        if (result !== context) {
          const text = typeof result === 'object' ? this.value(result, level) : `${result}`;
          return text.replaceAll('\n', `\n${' '.repeat(this.indent)}`);
        }
      }
    }

    if (this.seen.includes(value)) {
      this.circular ??= new Map();
      let number = this.circular.get(value);
      if (number === undefined) this.circular.set(value, (number = this.circular.size + 1));
      return this.stylize(`[Circular *${number}]`, 'special');
    }
    return this.object(value, kind, level, inView);
  }

  proxy(value, level) {
    const parts = getProxyDetails(value);
    if (parts[0] === null) return this.stylize('<Revoked Proxy>', 'special');
    if (this.depth !== null && level > this.depth) return this.stylize('Proxy [Array]', 'special');
    level++;
    this.indent += 2;
    const entries = [this.value(parts[0], level), this.value(parts[1], level)];
    this.indent -= 2;
    return arrange(this, entries, '', 'Proxy [', ']', true, undefined, level);
  }

  object(value, kind, level, inView) {
    let inherited;
    if (this.showHidden && (this.depth === null || this.depth === undefined || level <= this.depth)) inherited = [];
    const constructor = this.nameOf(value, level, inherited);
    if (inherited !== undefined && inherited.length === 0) inherited = undefined;
    const tag = this.tagOf(value, constructor);

    let base = '';
    let open = '{';
    let close = '}';
    let isList = false; // entries come before keys and may be set in columns
    let keys;
    let fill; // what makes the entries, by kind
    let closed = false; // a text that says everything when there are no keys
    let size = 0;

    if (kind >= firstIterable && kind <= lastIterable && (constructor === null || iteratorSymbol in value)) {
      fill = kind;
      switch (kind) {
        case kArray:
          size = value.length;
          if (constructor !== 'Array' || tag !== '') open = `${prefix(constructor, tag, 'Array', `(${size})`)}[`;
          else open = '[';
          close = ']';
          isList = true;
          keys = getOwnNonIndexProperties(value, !this.showHidden);
          break;
        case kSet:
        case kMap: {
          const name = kind === kSet ? 'Set' : 'Map';
          size = kind === kSet ? setSize.call(value) : mapSize.call(value);
          keys = this.keysOf(value);
          open = `${prefix(constructor, tag, name, `(${size})`)}{`;
          break;
        }
        case kTypedArray: {
          size = typedArrayLength.call(value);
          keys = getOwnNonIndexProperties(value, !this.showHidden);
          const name = constructor === null ? typedArrayTag.call(value) : '';
          open = `${prefix(constructor, tag, name, `(${size})`)}[`;
          close = ']';
          isList = true;
          if (this.showHidden) size = Math.max(size, 1); // there are properties to show
          break;
        }
        default: {
          const name = kind === kMapIterator ? 'Map Iterator' : 'Set Iterator';
          keys = this.keysOf(value);
          const preview = previewEntries(value);
          fill = preview;
          const shownName = preview[1] ? name.replace('Iterator', 'Entries') : name;
          open = tag === name || tag === '' ? `[${shownName}] {` : `[${tag}] [${shownName}] {`;
          size = 1;
        }
      }
      if (size === 0 && keys.length === 0 && inherited === undefined) return `${open}${close}`;
    } else {
      keys = kind === kNamespace ? undefined : this.keysOf(value);
      if (constructor === 'Object' && kind !== kFunction && kind !== kNamespace && kind !== kExternal) {
        if (kind === kArguments) open = '[Arguments] {';
        else if (tag !== '') open = `${prefix(constructor, tag, 'Object')}{`;
        closed = true;
      } else {
        switch (kind) {
          case kFunction:
            base = functionText(value, constructor, tag);
            if (keys.length === 0 && inherited === undefined) return this.stylize(base, 'special');
            break;
          case kArguments:
            open = `${constructor === null ? '' : prefix(constructor, tag, 'Arguments')}[Arguments] {`;
            closed = true;
            break;
          case kRegExp: {
            base = regExpText.call(constructor !== null ? value : new RegExp(value));
            const name = prefix(constructor, tag, 'RegExp');
            if (name !== 'RegExp ') base = `${name}${base}`;
            if ((keys.length === 0 && inherited === undefined) || this.tooDeep(level)) {
              return this.stylize(base, 'regexp');
            }
            break;
          }
          case kDate: {
            base = Number.isNaN(dateTime.call(value)) ? dateText.call(value) : dateISO.call(value);
            const name = prefix(constructor, tag, 'Date');
            if (name !== 'Date ') base = `${name}${base}`;
            if (keys.length === 0 && inherited === undefined) return this.stylize(base, 'date');
            break;
          }
          case kArrayBuffer:
          case kSharedArrayBuffer:
            open = `${prefix(constructor, tag, kind === kArrayBuffer ? 'ArrayBuffer' : 'SharedArrayBuffer')}{`;
            if (inView && keys.length === 0 && inherited === undefined) {
              return `${open} [byteLength]: ${this.stylize(`${value.byteLength}`, 'number')} }`;
            }
            fill = kind;
            break;
          case kDataView:
            open = `${prefix(constructor, tag, 'DataView')}{`;
            fill = kind;
            break;
          case kPromise:
            open = `${prefix(constructor, tag, 'Promise')}{`;
            fill = kind;
            break;
          case kWeakSet:
          case kWeakMap:
            open = `${prefix(constructor, tag, kind === kWeakSet ? 'WeakSet' : 'WeakMap')}{`;
            fill = kind;
            break;
          case kNamespace:
            keys = ownKeys(value);
            if (!this.showHidden) keys = keys.filter((key) => typeof key === 'string');
            open = `${prefix(constructor, tag, 'Module')}{`;
            fill = kind;
            closed = true;
            break;
          case kBoxed:
            base = boxedText(this, value, keys, constructor, tag);
            if (keys.length === 0 && inherited === undefined) return base;
            break;
          default:
            if (kind === kError || isInstance(value, Error)) {
              errors ??= require('util/error_text');
              base = errors.errorText(this, value, constructor, tag, keys);
              if (keys.length === 0 && inherited === undefined) return base;
            } else {
              if (kind === kExternal && keys.length === 0 && inherited === undefined) {
                return this.stylize(`[External: ${externalAddress(value)}]`, 'special');
              }
              open = `${objectPrefix(value, constructor, tag)}{`;
              closed = true;
            }
        }
      }
      if (closed && keys.length === 0 && inherited === undefined) return `${open}}`;
    }

    if (this.tooDeep(level)) {
      const name = objectPrefix(value, constructor, tag).slice(0, -1);
      return this.stylize(`[${constructor === null ? name.slice(1, -1) : name}]`, 'special');
    }
    level++;
    this.seen.push(value);
    this.deepest = level;

    let entries;
    const indent = this.indent;
    try {
      entries = fill === undefined ? [] : this.entries(value, fill, kind, level, keys, constructor, size, inView);
      if (fill !== kNamespace) {
        for (let i = 0; i < keys.length; i++) {
          entries.push(this.property(value, level, keys[i], undefined, value, isList));
        }
      }
      if (inherited !== undefined) for (const text of inherited) entries.push(text);
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      this.seen.pop();
      this.indent = indent;
      const name = objectPrefix(value, constructor, tag).slice(0, -1);
      return this.stylize(
        `[${name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]`,
        'special',
      );
    }

    if (this.circular !== undefined) {
      const number = this.circular.get(value);
      if (number !== undefined) {
        const mark = this.stylize(`<ref *${number}>`, 'special');
        if (this.compact === true) open = `${mark} ${open}`;
        else base = base === '' ? mark : `${mark} ${base}`;
      }
    }
    this.seen.pop();

    if (this.sorted) {
      const order = this.sorted === true ? undefined : this.sorted;
      if (!isList) entries.sort(order);
      else if (keys.length > 1) entries.push(...entries.splice(entries.length - keys.length).sort(order));
    }

    const text = arrange(this, entries, base, open, close, isList, value, level);
    if (level > 1) this.spend(text.length);
    return text;
  }

  spend(characters) {
    const spent = (this.spent ??= []);
    const total = (spent[this.indent] || 0) + characters;
    spent[this.indent] = total;
    if (total > budgetPerLevel) this.depth = -1;
  }

  /** The entries that are no properties. */
  entries(value, fill, kind, level, keys, constructor, size, inView) {
    switch (fill) {
      case kArray:
        return collections.array(this, value, level);
      case kSet:
        return collections.set(this, value, level);
      case kMap:
        return collections.map(this, value, level);
      case kTypedArray:
        size = typedArrayLength.call(value);
        return collections.typedArray(this, value, level, size, constructor === null ? size : value.length);
      case kArrayBuffer:
      case kSharedArrayBuffer:
        return collections.arrayBuffer(this, value, level, !inView);
      case kDataView:
        return collections.dataView(this, value, level);
      case kPromise:
        return collections.promise(this, value, level);
      case kWeakSet:
      case kWeakMap:
        return collections.weak(this, value, level, fill === kWeakMap);
      case kNamespace:
        return collections.namespace(this, value, level, keys);
      default:
        return collections.iterator(this, fill, level);
    }
  }

  tooDeep(level) {
    return this.depth !== null && level > this.depth;
  }

  nameOf(value, level, inherited) {
    if (inherited === undefined) {
      const proto = getPrototypeOf(value);
      const known = proto === objectPrototype ? 'Object' : knownPrototypes.get(proto);
      if (known !== undefined && !hasOwn(value, 'constructor')) return known;
    }
    return className(this, value, level, inherited);
  }

  // A tag that is listed among the keys is not shown twice.
  tagOf(value, constructor) {
    let tag;
    try {
      tag = value[toStringTag];
    } catch {
      return '';
    }
    if (typeof tag !== 'string' || tag === '' || tag === constructor) return '';
    if (this.showHidden ? hasOwn(value, toStringTag) : isEnumerable.call(value, toStringTag)) return '';
    return escapeControls(tag);
  }

  keysOf(value) {
    const symbols = getOwnPropertySymbols(value);
    if (this.showHidden) {
      /** @type {(string | symbol)[]} */
      const keys = getOwnPropertyNames(value);
      for (let i = 0; i < symbols.length; i++) keys.push(symbols[i]);
      return keys;
    }
    /** @type {(string | symbol)[]} */
    const keys = objectKeys(value);
    for (let i = 0; i < symbols.length; i++) {
      if (isEnumerable.call(value, symbols[i])) keys.push(symbols[i]);
    }
    return keys;
  }

  /** An array element; undefined for a hole. */
  element(value, level, index) {
    const descriptor = getOwnPropertyDescriptor(value, index);
    return descriptor === undefined ? undefined : this.descriptorText(descriptor, level, value, 2);
  }

  /**
   * 'name: value'.
   * @param {object} owner
   * @param {number} level
   * @param {string | symbol} key
   * @param {PropertyDescriptor} [descriptor]
   * @param {object} [receiver] what getters see as this
   * @param {boolean} [inList] an array's property
   */
  property(owner, level, key, descriptor = getOwnPropertyDescriptor(owner, key), receiver = owner, inList = false) {
    // A proxy's ownKeys and descriptors need not agree; neither need exotic host objects.
    descriptor ??= { value: owner[key], configurable: true, enumerable: true, writable: true };
    const extra = this.compact !== true || inList ? 2 : 3;
    let text = this.descriptorText(descriptor, level, receiver, extra);
    if (extra === 3 && descriptor.value !== undefined && this.breakLength < textWidth(text, this.colors)) {
      text = `\n${' '.repeat(this.indent + extra)}${text}`;
    } else {
      text = ` ${text}`;
    }
    return `${this.keyText(key, descriptor.enumerable)}:${text}`;
  }

  keyText(key, enumerable) {
    let text;
    if (typeof key === 'symbol') {
      text = this.stylize(escapeControls(key.toString()), 'symbol');
    } else if (key === '__proto__') {
      text = "['__proto__']";
    } else if (isIdentifier(key)) {
      text = this.stylize(key, 'name');
    } else {
      text = this.stylize(quote(key), 'string');
    }
    return enumerable ? text : `[${text}]`;
  }

  descriptorText(descriptor, level, receiver, extra) {
    if (descriptor.value !== undefined) {
      this.indent += extra;
      const text = this.value(descriptor.value, level);
      this.indent -= extra;
      return text;
    }
    if (descriptor.get !== undefined) {
      const label = descriptor.set !== undefined ? 'Getter/Setter' : 'Getter';
      const wanted =
        this.getters === true ||
        (this.getters === 'get' && descriptor.set === undefined) ||
        (this.getters === 'set' && descriptor.set !== undefined);
      return wanted ? this.getterText(descriptor.get, label, level, receiver) : this.stylize(`[${label}]`, 'special');
    }
    if (descriptor.set !== undefined) return this.stylize('[Setter]', 'special');
    return this.stylize('undefined', 'undefined');
  }

  getterText(get, label, level, receiver) {
    const { stylize } = this;
    this.indent += 2;
    let text;
    try {
      const value = get.call(receiver);
      if (value === null) {
        text = `${stylize(`[${label}:`, 'special')} ${stylize('null', 'null')}${stylize(']', 'special')}`;
      } else if (typeof value === 'object') {
        text = `${stylize(`[${label}]`, 'special')} ${this.value(value, level)}`;
      } else {
        text = `${stylize(`[${label}:`, 'special')} ${primitive(this, value, stylize)}${stylize(']', 'special')}`;
      }
    } catch (error) {
      const reason = `<Inspection threw (${this.value(error, level)})>`;
      text = `${stylize(`[${label}:`, 'special')} ${reason}${stylize(']', 'special')}`;
    }
    this.indent -= 2;
    return text;
  }

  /** A prototype shown inside a class name. */
  aside(value) {
    const p = new Printer(this);
    p.stylize = this.stylize;
    p.userOptions = this.userOptions;
    p.customInspect = false;
    p.depth = -1;
    return p.value(value, 0);
  }

  // Functions of another realm must not get hold of this one's objects.
  optionsFor(foreign) {
    const options = {
      stylize: this.stylize,
      showHidden: this.showHidden,
      depth: this.depth,
      colors: this.colors,
      customInspect: this.customInspect,
      showProxy: this.showProxy,
      maxArrayLength: this.maxArrayLength,
      maxStringLength: this.maxStringLength,
      breakLength: this.breakLength,
      compact: this.compact,
      sorted: this.sorted,
      getters: this.getters,
      numericSeparator: this.numericSeparator,
      ...this.userOptions,
    };
    if (!foreign) return options;
    Object.setPrototypeOf(options, null);
    for (const key of objectKeys(options)) {
      if ((typeof options[key] === 'object' || typeof options[key] === 'function') && options[key] !== null) {
        delete options[key];
      }
    }
    options.stylize = Object.setPrototypeOf((text, style) => {
      try {
        return `${this.stylize(text, style)}`;
      } catch {
        return text;
      }
    }, null);
    return options;
  }
}

// ASCII letters, digits and underscores only, as keys are shown without quotes. Faster than a regular expression.
function isIdentifier(key) {
  for (let i = 0; i < key.length; i++) {
    const c = key.charCodeAt(i);
    if ((c < 97 || c > 122) && (c < 65 || c > 90) && c !== 95 && (c < 48 || c > 57 || i === 0)) return false;
  }
  return key.length !== 0;
}

// document.all is an object whose typeof is 'undefined'.
function isUndetectable(value) {
  return typeof value === 'undefined' && value !== undefined;
}

// A prototype inherits nothing worth calling with itself as this.
function isPrototypeOfItsClass(value) {
  const own = getOwnPropertyDescriptor(value, 'constructor');
  return own !== undefined && own.value !== undefined && own.value !== null && own.value.prototype === value;
}

function isStackOverflow(error) {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

function textWidth(text, colors) {
  return require('util/width').getStringWidth(text, colors);
}

function bind(inspectFunction, colorizeFunction) {
  inspect = inspectFunction;
  colorize = colorizeFunction;
}

module.exports = { Printer, bind };

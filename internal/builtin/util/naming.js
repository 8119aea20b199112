'use strict';

// What an object is called: its class, how that class is written before the braces, and the one-line texts of functions,
// classes and boxed primitives.

const { primitive } = require('util/primitive');

const {
  getConstructorName: engineConstructorName,
  isGeneratorFunction,
  isAsyncFunction,
  isNumberObject,
  isStringObject,
  isBooleanObject,
  isBigIntObject,
} = engine;

// Classes of the language: their prototypes' accessors are not worth showing.
const languageClasses = new Set(
  (
    'AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date ' +
    'DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity ' +
    'Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError ' +
    'Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array ' +
    'Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly'
  ).split(' '),
);

const { getPrototypeOf, getOwnPropertyDescriptor, hasOwn } = Object;
const { ownKeys } = Reflect;
const ordinaryHasInstance = Function.prototype[Symbol.hasInstance];
const functionSource = Function.prototype.toString;

function isInstance(value, constructor) {
  try {
    return ordinaryHasInstance.call(constructor, value);
  } catch {
    return false; // its prototype property is not an object
  }
}

// Prototypes whose name is known without looking at their constructor property, which user code may have replaced.
const knownPrototypes = new Map([
  [Array.prototype, 'Array'],
  [ArrayBuffer.prototype, 'ArrayBuffer'],
  [Function.prototype, 'Function'],
  [Map.prototype, 'Map'],
  [Set.prototype, 'Set'],
  [Object.prototype, 'Object'],
  [getPrototypeOf(Uint8Array.prototype), 'TypedArray'],
]);

/**
 * The name of the class of `value`; null when there is none on the prototype chain.
 * @param {Record<string, any>} p the printer
 * @param {object} value
 * @param {number} level
 * @param {string[]} [inherited] takes the accessors and data that classes of user code put on their prototypes
 * @returns {string | null}
 */
function className(p, value, level, inherited) {
  let firstPrototype;
  let at = value;
  while (at !== null && at !== undefined) {
    const known = at === value ? undefined : knownPrototypes.get(at);
    if (known !== undefined) {
      if (inherited !== undefined && firstPrototype !== at)
        collectInherited(p, value, firstPrototype, level, inherited);
      return known;
    }
    const own = getOwnPropertyDescriptor(at, 'constructor');
    if (own !== undefined && typeof own.value === 'function' && own.value.name !== '' && isInstance(value, own.value)) {
      if (inherited !== undefined && (firstPrototype !== at || !languageClasses.has(own.value.name))) {
        collectInherited(p, value, firstPrototype || value, level, inherited);
      }
      return String(own.value.name);
    }
    at = getPrototypeOf(at);
    if (firstPrototype === undefined) firstPrototype = at;
  }
  if (firstPrototype === null || firstPrototype === undefined) return null;

  const name = engineConstructorName(value);
  if (p.depth !== null && level > p.depth) return `${name} <Complex prototype>`;
  const parent = className(p, firstPrototype, level + 1, inherited);
  if (parent === null) return `${name} <${p.aside(firstPrototype)}>`;
  return `${name} <${parent}>`;
}

// Up to three levels of prototypes, until the first class of the language.
function collectInherited(p, value, start, level, into) {
  let at = start;
  let seen;
  let keys;
  for (let step = 0; step < 3; step++) {
    if (step !== 0 || value === at) {
      at = getPrototypeOf(at);
      if (at === null) return;
      const own = getOwnPropertyDescriptor(at, 'constructor');
      if (own !== undefined && typeof own.value === 'function' && languageClasses.has(own.value.name)) return;
    }
    if (step === 0) seen = new Set();
    else for (const key of keys) seen.add(key);
    keys = ownKeys(at);
    p.seen.push(value);
    for (const key of keys) {
      if (key === 'constructor' || hasOwn(value, key) || (step !== 0 && seen.has(key))) continue;
      const descriptor = getOwnPropertyDescriptor(at, key);
      if (descriptor === undefined || typeof descriptor.value === 'function') continue;
      const text = p.property(at, level, key, descriptor, value);
      into.push(p.colors ? `\u001b[2m${text}\u001b[22m` : text);
    }
    p.seen.pop();
  }
}

// 'Map' adds nothing to 'MapCache' or 'LruMap', it does to 'Mapper'.
function nameTells(name, tag) {
  const start = name.indexOf(tag);
  if (start === -1) return false;
  const end = start + tag.length;
  if (end === name.length) return true;
  const next = name.charCodeAt(end);
  return next >= 65 && next <= 90;
}

/**
 * What stands before the brace, with a space at its end: 'Foo(2) [tag] '.
 * @param {string | null} constructor
 * @param {string} tag
 * @param {string} fallback the name when there is no constructor
 * @param {string} [size]
 */
function prefix(constructor, tag, fallback, size = '') {
  if (constructor === null) {
    const name = `[${fallback}${size}: null prototype] `;
    return tag !== '' && fallback !== tag ? `${name}[${tag}] ` : name;
  }
  if (tag !== '' && !nameTells(constructor, tag)) return `${constructor}${size} [${tag}] `;
  return `${constructor}${size} `;
}

/** As prefix, for objects that are nothing special: V8 knows what made an object without a prototype. */
function objectPrefix(value, constructor, tag) {
  if (constructor !== null) return prefix(constructor, tag, 'Object');
  const made = engineConstructorName(value);
  return prefix(null, tag, made === tag ? 'Object' : made);
}

const comments = /\/\/.*?\n|\/\*[^]*?\*\//g;

// Between 'class' and its brace there is no parenthesis, outside comments: `class A extends mixin(B) {` counts as a function,
// and so does a method called 'class'.
function isClass(source) {
  if (!source.startsWith('class') || !source.endsWith('}')) return false;
  const body = source.slice(5, -1);
  const brace = body.indexOf('{');
  if (brace === -1) return false;
  if (!body.slice(0, brace).includes('(')) return true;
  return /^\s+[^(]*?\{/.test(body.replace(comments, ''));
}

function classText(value, constructor, tag) {
  const name = (hasOwn(value, 'name') && value.name) || '(anonymous)';
  let text = `class ${String(name)}`;
  if (constructor !== 'Function' && constructor !== null) text += ` [${constructor}]`;
  if (tag !== '' && constructor !== tag) text += ` [${tag}]`;
  if (constructor === null) {
    text += ' extends [null prototype]';
  } else {
    const parent = getPrototypeOf(value).name;
    if (parent) text += ` extends ${String(parent)}`;
  }
  return `[${text}]`;
}

/** '[Function: f]', '[class A extends B]'. */
function functionText(value, constructor, tag) {
  if (isClass(functionSource.call(value))) return classText(value, constructor, tag);
  let type = 'Function';
  if (isGeneratorFunction(value)) type = 'GeneratorFunction';
  if (isAsyncFunction(value)) type = `Async${type}`;
  let text = `[${type}`;
  if (constructor === null) text += ' (null prototype)';
  text += value.name === '' ? ' (anonymous)]' : `: ${String(value.name)}]`;
  if (constructor !== type && constructor !== null) text += ` ${constructor}`;
  if (tag !== '' && constructor !== tag) text += ` [${tag}]`;
  return text;
}

function unbox(value) {
  if (isNumberObject(value)) return ['Number', Number.prototype.valueOf.call(value)];
  if (isStringObject(value)) return ['String', String.prototype.valueOf.call(value)];
  if (isBooleanObject(value)) return ['Boolean', Boolean.prototype.valueOf.call(value)];
  if (isBigIntObject(value)) return ['BigInt', BigInt.prototype.valueOf.call(value)];
  return ['Symbol', Symbol.prototype.valueOf.call(value)];
}

const plainText = (text) => text;

/** '[Number: 3]'. Takes a string's characters out of `keys`. */
function boxedText(p, value, keys, constructor, tag) {
  const { 0: type, 1: inner } = unbox(value);
  if (type === 'String') keys.splice(0, inner.length);
  let text = `[${type}`;
  if (type !== constructor) text += constructor === null ? ' (null prototype)' : ` (${constructor})`;
  text += `: ${primitive(p, inner, plainText)}]`;
  if (tag !== '' && tag !== constructor) text += ` [${tag}]`;
  return keys.length !== 0 ? text : p.stylize(text, type.toLowerCase());
}

module.exports = {
  className,
  knownPrototypes,
  prefix,
  objectPrefix,
  functionText,
  boxedText,
  isInstance,
  languageClasses,
};

'use strict';

// Structural equality: assert.deepEqual (loose), deepStrictEqual and util.isDeepStrictEqual (strict), and
// partialDeepStrictEqual (the first value may have more than the second).

const {
  getOwnNonIndexProperties,
  isAnyArrayBuffer,
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive,
  isDate,
  isMap,
  isNativeError,
  isNumberObject,
  isPromise,
  isRegExp,
  isSet,
  isStringObject,
  isSymbolObject,
  isWeakMap,
  isWeakSet,
  kindOf: slotsOf,
} = engine;
const { toStringTag } = Symbol;

const loose = 0;
const strict = 1;
const partial = 2;
const strictAnyPrototype = 3;

/** Method of classes whose state cannot be seen: whether `this` equals its argument. */
const equalTo = Symbol('equalTo');

const { getOwnPropertySymbols, getPrototypeOf, hasOwn, is } = Object;
const tagOf = Object.prototype.toString;
const enumerableIn = Object.prototype.propertyIsEnumerable;
const arrayTypeOf = Object.getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/** Numbers of engine.kindOf. */
const PLAIN = 0;
const ARRAY = 14;
const SET = 15;
const MAP = 16;
const TYPED_ARRAY = 17;
const PROXY = 20;

/** Of an object without internal slots. */
function kindOfPlain(value) {
  const prototype = getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return 'object';
  if (value instanceof Error) return 'error';
  if (isURL(value)) return 'url';
  return typeof value[equalTo] === 'function' ? 'custom' : 'object';
}

/** The kind of both values, or undefined when it is not the same. */
function commonKind(a, b) {
  const slots = slotsOf(a);
  if (slots === slotsOf(b) && slots !== PROXY && a[toStringTag] === b[toStringTag]) {
    // Then their tags are the same too, and need not be made.
    switch (slots) {
      case PLAIN: {
        const kind = kindOfPlain(a);
        return kind === kindOfPlain(b) ? kind : undefined;
      }
      case ARRAY:
        return 'array';
      case SET:
        return 'set';
      case MAP:
        return 'map';
      case TYPED_ARRAY:
        return 'view';
    }
  }
  const tag = tagOf.call(a);
  if (tag !== tagOf.call(b)) return undefined;
  const kind = kindOf(a, tag);
  return kind === kindOf(b, tag) ? kind : undefined;
}

/** What a value is by its internal slots, whatever it says it is. Its tag tells what to try first. */
function kindOf(value, tag) {
  switch (tag) {
    case '[object Array]':
      if (Array.isArray(value)) return 'array';
      break;
    case '[object Object]': {
      const prototype = getPrototypeOf(value);
      if (prototype === Object.prototype || prototype === null) {
        return isNativeError(value) ? 'error' : 'object';
      }
      break;
    }
    case '[object Map]':
      if (isMap(value)) return 'map';
      break;
    case '[object Set]':
      if (isSet(value)) return 'set';
      break;
    default:
  }
  if (Array.isArray(value)) return 'array';
  if (ArrayBuffer.isView(value)) return 'view';
  if (isNativeError(value) || value instanceof Error) return 'error';
  if (isMap(value)) return 'map';
  if (isSet(value)) return 'set';
  if (isDate(value)) return 'date';
  if (isRegExp(value)) return 'regexp';
  if (isAnyArrayBuffer(value)) return 'buffer';
  if (isBoxedPrimitive(value)) return 'boxed';
  if (isWeakMap(value) || isWeakSet(value) || isPromise(value)) return 'opaque';
  if (isURL(value)) return 'url';
  if (typeof value[equalTo] === 'function') return 'custom';
  return 'object';
}

let URLClass;

function isURL(value) {
  // Only an object with such a tag can be one, and only then is the module wanted.
  if (typeof value.href !== 'string' || typeof value.protocol !== 'string') return false;
  URLClass ??= globalThis.URL;
  return value instanceof URLClass;
}

/** Pairs under comparison, to end cycles. */
class Pairs {
  a = [];
  b = [];
}

function compare(a, b, mode, pairs) {
  if (a === b) return a !== 0 || mode === loose || is(a, b);
  if (mode === loose) {
    if (a === null || typeof a !== 'object') {
      return (b === null || typeof b !== 'object') && (a == b || (a !== a && b !== b));
    }
    if (b === null || typeof b !== 'object') return false;
  } else {
    if (typeof a !== 'object') return typeof a === 'number' && a !== a && b !== b;
    if (typeof b !== 'object' || a === null || b === null) return false;
    if (mode === strict && getPrototypeOf(a) !== getPrototypeOf(b)) return false;
  }
  const kind = commonKind(a, b);
  if (kind === undefined || !sameContent(a, b, kind, mode)) return false;
  return compareParts(a, b, kind, mode, pairs);
}

/** What can be compared without looking into other values. */
function sameContent(a, b, kind, mode) {
  switch (kind) {
    case 'array':
      return mode === partial ? a.length >= b.length : a.length === b.length;
    case 'date': {
      const timeA = Date.prototype.getTime.call(a);
      const timeB = Date.prototype.getTime.call(b);
      return timeA === timeB || (timeA !== timeA && timeB !== timeB);
    }
    case 'regexp':
      return a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
    case 'boxed':
      return sameBoxed(a, b);
    case 'buffer':
      return sameBytes(new Uint8Array(a), new Uint8Array(b), mode);
    case 'view':
      return sameViews(a, b, mode);
    case 'map':
    case 'set':
      return mode === partial ? a.size >= b.size : a.size === b.size;
    case 'url':
      return a.href === b.href;
    case 'custom':
      return a[equalTo](b);
    case 'opaque':
      return false;
    default:
      return true;
  }
}

function sameBoxed(a, b) {
  for (const [test, Class] of [
    [isNumberObject, Number],
    [isStringObject, String],
    [isBooleanObject, Boolean],
    [isBigIntObject, BigInt],
    [isSymbolObject, Symbol],
  ]) {
    if (test(a)) return test(b) && is(Class.prototype.valueOf.call(a), Class.prototype.valueOf.call(b));
  }
  return false;
}

function bytesOf(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function isFloats(view) {
  return (
    view instanceof Float32Array ||
    view instanceof Float64Array ||
    (typeof Float16Array === 'function' && view instanceof Float16Array)
  );
}

function sameViews(a, b, mode) {
  if (a instanceof DataView || b instanceof DataView) {
    return a instanceof DataView && b instanceof DataView && sameBytes(bytesOf(a), bytesOf(b), mode);
  }
  if (arrayTypeOf.call(a) !== arrayTypeOf.call(b)) return false;
  if (mode === partial) return isSubsequence(a, b, is);
  if (a.length !== b.length) return false;
  if (mode === loose && isFloats(a)) {
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
  }
  return a.byteLength === b.byteLength && engine.compare(a, b) === 0;
}

function sameBytes(a, b, mode) {
  if (mode === partial) return isSubsequence(a, b, is);
  return a.byteLength === b.byteLength && engine.compare(a, b) === 0;
}

/** Whether all of `b` is in `a`, in order. */
function isSubsequence(a, b, same) {
  let j = 0;
  for (let i = 0; i < a.length && j < b.length; i++) {
    if (a.length - i < b.length - j) return false;
    if (same(a[i], b[j])) j++;
  }
  return j === b.length;
}

/** Keys of `value` that are compared, but for the elements of arrays and typed arrays. */
function keysOf(value, kind, mode) {
  if (kind === 'array' || kind === 'view') {
    const keys = getOwnNonIndexProperties(value, true);
    return mode === loose ? keys.filter((key) => typeof key === 'string') : keys;
  }
  /** @type {(string | symbol)[]} */
  const keys = Object.keys(value);
  if (mode === loose) return keys;
  const symbols = getOwnPropertySymbols(value);
  if (symbols.length === 0) return keys;
  return keys.concat(symbols.filter((symbol) => enumerableIn.call(value, symbol)));
}

function compareParts(a, b, kind, mode, pairs) {
  const keys = keysOf(b, kind, mode);
  if (mode === partial) {
    for (let i = 0; i < keys.length; i++) {
      if (!enumerableIn.call(a, keys[i])) return false;
    }
  } else {
    const others = keysOf(a, kind, mode);
    if (keys.length !== others.length) return false;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] !== others[i] && !enumerableIn.call(a, keys[i])) return false;
    }
  }
  if (keys.length === 0 && isEmpty(b, kind)) return true;
  // Nothing but keys: pairs are only of interest when there are objects in it.
  const flat = kind === 'object' ? sameLeaves(a, b, keys, mode) : 0;
  if (flat === -1) return false;
  if (flat === keys.length && kind === 'object') return true;

  pairs ??= new Pairs();
  // A cycle on one side needs the same cycle on the other.
  const at = pairs.a.indexOf(a);
  if (at !== pairs.b.indexOf(b)) return false;
  if (at !== -1) return true;
  pairs.a.push(a);
  pairs.b.push(b);
  const equal = compareValues(a, b, kind, keys, flat, mode, pairs);
  pairs.a.pop();
  pairs.b.pop();
  return equal;
}

/** How many of the first values are primitives and the same; -1 when one is not the same. */
function sameLeaves(a, b, keys, mode) {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const left = a[key];
    if (typeof left === 'object' && left !== null) return i;
    if (!compare(left, b[key], mode, undefined)) return -1;
  }
  return keys.length;
}

function isEmpty(value, kind) {
  switch (kind) {
    case 'array':
      return value.length === 0;
    case 'map':
    case 'set':
      return value.size === 0;
    case 'error':
      return false;
    default:
      return true;
  }
}

/** Compares what is in a and b; of the `keys` those from `first` on. */
function compareValues(a, b, kind, keys, first, mode, pairs) {
  switch (kind) {
    case 'set':
      if (!sameMembers(a, b, mode, pairs)) return false;
      break;
    case 'map':
      if (!sameEntries(a, b, mode, pairs)) return false;
      break;
    case 'array':
      if (!sameElements(a, b, mode, pairs)) return false;
      break;
    case 'error':
      if (!sameErrors(a, b, mode, pairs)) return false;
      break;
    default:
  }
  for (let i = first; i < keys.length; i++) {
    if (!compare(a[keys[i]], b[keys[i]], mode, pairs)) return false;
  }
  return true;
}

function sameElements(a, b, mode, pairs) {
  if (mode === partial) return isPartialArray(a, b, pairs);
  for (let i = 0; i < b.length; i++) {
    // A hole is not undefined. Whoever has one is compared by keys, of which there may be few.
    const left = a[i];
    const right = b[i];
    if ((left === undefined && !hasOwn(a, i)) || (right === undefined && !hasOwn(b, i))) {
      return sameSparse(a, b, mode, pairs);
    }
    if (left === right && left !== 0) continue;
    if (!compare(left, right, mode, pairs)) return false;
  }
  return true;
}

function isIndex(key) {
  const index = key >>> 0;
  return index !== 0xffffffff && String(index) === key;
}

function indicesOf(array) {
  return Object.keys(array).filter(isIndex);
}

function sameSparse(a, b, mode, pairs) {
  const indices = indicesOf(a);
  if (indices.length !== indicesOf(b).length) return false;
  for (const index of indices) {
    if (!hasOwn(b, index) || !compare(a[index], b[index], mode, pairs)) return false;
  }
  return true;
}

/** What there is in an array. */
function withoutHoles(array) {
  const indices = indicesOf(array);
  return indices.length === array.length ? array : indices.map((index) => array[index]);
}

function isPartialArray(a, b, pairs) {
  return isSubsequence(withoutHoles(a), withoutHoles(b), (x, y) => compare(x, y, partial, pairs));
}

function sameErrors(a, b, mode, pairs) {
  if (a.name !== b.name) return false;
  if (a.message !== b.message && (mode !== partial || hasOwn(b, 'message'))) return false;
  for (const key of ['cause', 'errors']) {
    if (!hasOwn(b, key)) {
      if (mode !== partial && hasOwn(a, key)) return false;
      continue;
    }
    if (!hasOwn(a, key) || !compare(a[key], b[key], mode, pairs)) return false;
  }
  return true;
}

function isPrimitive(value) {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/** Each left-over of `b` needs a partner among the left-overs of `a`. */
function pairUp(restA, restB, same) {
  for (const item of restB) {
    let found = false;
    for (let i = 0; i < restA.length; i++) {
      if (same(restA[i], item)) {
        restA.splice(i, 1);
        found = true;
        break;
      }
    }
    if (!found) return false;
  }
  return true;
}

function sameMembers(a, b, mode, pairs) {
  let restB;
  for (const item of b) {
    if (a.has(item)) continue;
    if (mode !== loose && isPrimitive(item)) return false;
    (restB ??= []).push(item);
  }
  if (restB === undefined) return true;
  const restA = [];
  for (const item of a) {
    if (b.has(item)) continue;
    if (mode === loose || !isPrimitive(item)) restA.push(item);
    else if (mode !== partial) return false;
  }
  return pairUp(restA, restB, (x, y) => compare(x, y, mode, pairs));
}

function sameEntries(a, b, mode, pairs) {
  let restB;
  for (const [key, value] of b) {
    const other = a.get(key);
    if ((other !== undefined || a.has(key)) && compare(other, value, mode, pairs)) continue;
    if (mode !== loose && isPrimitive(key)) return false;
    (restB ??= []).push([key, value]);
  }
  if (restB === undefined) return true;
  const restA = [];
  for (const entry of a) {
    if (b.has(entry[0]) && compare(entry[1], b.get(entry[0]), mode, pairs)) continue;
    if (mode === loose || !isPrimitive(entry[0])) restA.push(entry);
    else if (mode !== partial) return false;
  }
  return pairUp(restA, restB, (x, y) => compare(x[0], y[0], mode, pairs) && compare(x[1], y[1], mode, pairs));
}

/** @returns {boolean} */
function isDeepEqual(a, b) {
  return compare(a, b, loose, undefined);
}

/**
 * @param {any} a
 * @param {any} b
 * @param {any} [skipPrototype] boolean, or an object with it
 * @returns {boolean}
 */
function isDeepStrictEqual(a, b, skipPrototype = false) {
  return compare(a, b, skipPrototype === true || skipPrototype?.skipPrototype ? strictAnyPrototype : strict, undefined);
}

/** Whether `actual` has all that `expected` has. */
function isPartialStrictEqual(actual, expected) {
  return compare(actual, expected, partial, undefined);
}

module.exports = { equalTo, isDeepEqual, isDeepStrictEqual, isPartialStrictEqual };

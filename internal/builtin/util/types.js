'use strict';

// util.types: what an object is, whatever its prototype says.

const brands = require('util/brands');

const {
  isArgumentsObject,
  isArrayBuffer,
  isAsyncFunction,
  isBigIntObject,
  isBooleanObject,
  isDate,
  isExternal,
  isGeneratorFunction,
  isGeneratorObject,
  isMap,
  isMapIterator,
  isModuleNamespaceObject,
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isSetIterator,
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isWeakMap,
  isWeakSet,
  isAnyArrayBuffer,
  isBoxedPrimitive,
  isDataView: engineIsDataView,
} = engine;

// Answers undefined for anything else, and cannot be fooled: it reads an internal slot.
const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

function isTypedArray(value) {
  return typedArrayTag.call(value) !== undefined;
}

function isUint8Array(value) {
  return typedArrayTag.call(value) === 'Uint8Array';
}

function isUint8ClampedArray(value) {
  return typedArrayTag.call(value) === 'Uint8ClampedArray';
}

function isUint16Array(value) {
  return typedArrayTag.call(value) === 'Uint16Array';
}

function isUint32Array(value) {
  return typedArrayTag.call(value) === 'Uint32Array';
}

function isInt8Array(value) {
  return typedArrayTag.call(value) === 'Int8Array';
}

function isInt16Array(value) {
  return typedArrayTag.call(value) === 'Int16Array';
}

function isInt32Array(value) {
  return typedArrayTag.call(value) === 'Int32Array';
}

function isFloat16Array(value) {
  return typedArrayTag.call(value) === 'Float16Array';
}

function isFloat32Array(value) {
  return typedArrayTag.call(value) === 'Float32Array';
}

function isFloat64Array(value) {
  return typedArrayTag.call(value) === 'Float64Array';
}

function isBigInt64Array(value) {
  return typedArrayTag.call(value) === 'BigInt64Array';
}

function isBigUint64Array(value) {
  return typedArrayTag.call(value) === 'BigUint64Array';
}

function isDataView(value) {
  return engineIsDataView(value);
}

/** @returns {boolean} a KeyObject of node:crypto */
function isKeyObject(value) {
  return brands.isKeyObject !== undefined && brands.isKeyObject(value);
}

/** @returns {boolean} a CryptoKey of Web Crypto */
function isCryptoKey(value) {
  return brands.isCryptoKey !== undefined && brands.isCryptoKey(value);
}

module.exports = {
  isArgumentsObject,
  isArrayBuffer,
  isAsyncFunction,
  isBigIntObject,
  isBooleanObject,
  isDate,
  isExternal,
  isGeneratorFunction,
  isGeneratorObject,
  isMap,
  isMapIterator,
  isModuleNamespaceObject,
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isSetIterator,
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isWeakMap,
  isWeakSet,
  isAnyArrayBuffer,
  isBoxedPrimitive,
  isArrayBufferView: ArrayBuffer.isView,
  isDataView,
  isTypedArray,
  isUint8Array,
  isUint8ClampedArray,
  isUint16Array,
  isUint32Array,
  isInt8Array,
  isInt16Array,
  isInt32Array,
  isFloat16Array,
  isFloat32Array,
  isFloat64Array,
  isBigInt64Array,
  isBigUint64Array,
  isKeyObject,
  isCryptoKey,
};

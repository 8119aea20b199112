'use strict';

// node:test/reporters: the reporters as parts of a stream pipeline. The formats do the work.

/** An async generator function over a format. */
function generator(name, load) {
  let Format;
  const reporter = async function* (source) {
    Format ??= load();
    const format = new Format();
    const first = format.begin?.();
    if (first !== undefined) yield first;
    for await (const { type, data } of source) {
      const text = format.format(type, data);
      if (text === undefined || text === '') continue;
      if (Array.isArray(text)) yield* text;
      else yield text;
    }
    const last = format.end?.();
    if (last !== undefined && last !== '') yield last;
  };
  Object.defineProperty(reporter, 'name', { __proto__: null, value: name });
  return reporter;
}

function lazy(name, get) {
  let value;
  Object.defineProperty(exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return (value ??= get());
    },
  });
}

lazy('dot', () => generator('dot', () => require('test/report_dot').DotFormat));
lazy('junit', () => generator('junit', () => require('test/report_junit').JunitFormat));

/** Works with and without `new`. */
function spec(...args) {
  return Reflect.construct(require('test/report_spec').specStream(), args);
}

Object.defineProperty(exports, 'spec', { __proto__: null, value: spec, enumerable: true, configurable: true });
lazy('tap', () => generator('tap', () => require('test/report_tap').TapFormat));

function lcov() {
  const { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM } = require('shared/errors').codes;
  throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('lcov (test coverage)');
}

Object.defineProperty(exports, 'lcov', { __proto__: null, value: lcov, enumerable: true, configurable: true });

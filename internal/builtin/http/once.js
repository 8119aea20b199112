'use strict';

/** @param {(...args: any[]) => any} fn called at most once */
function once(fn) {
  let called = false;
  return function (...args) {
    if (called) return;
    called = true;
    Reflect.apply(fn, this, args);
  };
}

module.exports = { once };

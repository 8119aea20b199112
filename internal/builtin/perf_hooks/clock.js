'use strict';

// The time, in milliseconds since the process began, as performance sees it. The engine's clock is read without a
// crossing into Go; how far it is from the process's beginning is asked once.
const { hrtime, timeOrigin } = native;
const { monotonicNow } = engine;

let offset;
let origin;

/** @returns {number} ms since the time origin */
function now() {
  if (offset === undefined) offset = hrtime() - monotonicNow();
  return monotonicNow() + offset;
}

/** @returns {number} the time origin in ms since 1970 */
function getTimeOrigin() {
  return (origin ??= timeOrigin());
}

module.exports = { now, getTimeOrigin };

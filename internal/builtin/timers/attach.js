'use strict';

// Joins the timers to the loop when a runtime starts.

const { setup } = native;
const { attach, processTimers, processImmediates } = require('timers/lists');

module.exports = function attachToLoop() {
  const memory = setup(processTimers, processImmediates);
  attach(new Int32Array(memory, 0, 4), new Float64Array(memory, 16, 2));
};

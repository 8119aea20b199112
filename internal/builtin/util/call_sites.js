'use strict';

// util.getCallSites: the stack as data.

const {
  codes: { ERR_OUT_OF_RANGE },
} = require('shared/errors');
const { validateBoolean, validateNumber, validateObject } = require('shared/validators');

const { getCallSites: engineCallSites } = engine;

const usual = 10;
const most = 200;
const ownFrames = 1;

/**
 * @param {any} [frameCount] a number, or the options
 * @param {{ sourceMap?: boolean }} [options]
 */
function getCallSites(frameCount = usual, options) {
  if (options === undefined) {
    if (typeof frameCount === 'object' && frameCount !== null) {
      options = frameCount;
      frameCount = usual;
    } else {
      options = {};
    }
  }
  validateObject(options, 'options');
  if (options.sourceMap !== undefined) validateBoolean(options.sourceMap, 'options.sourceMap');
  validateNumber(frameCount, 'frameCount', 1, most);
  if (Number.isNaN(frameCount)) throw new ERR_OUT_OF_RANGE('frameCount', `>= 1 && <= ${most}`, frameCount);

  const sites = [];
  const frames = engineCallSites(Math.floor(frameCount) + ownFrames);
  for (let i = ownFrames; i < frames.length; i++) {
    const { 0: functionName, 1: scriptName, 2: lineNumber, 3: columnNumber, 4: scriptId } = frames[i];
    sites.push({
      __proto__: null,
      functionName,
      scriptId: String(scriptId),
      scriptName,
      lineNumber,
      columnNumber,
      column: columnNumber,
    });
  }
  return sites;
}

module.exports = { getCallSites };

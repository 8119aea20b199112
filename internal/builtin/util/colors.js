'use strict';

// Whether output to a stream should have colours, as console, styleText and assert decide it.

/**
 * @param {any} stream
 * @returns {boolean}
 */
function shouldColorize(stream) {
  const forced = process.env.FORCE_COLOR;
  if (forced !== undefined)
    return forced === '' || forced === '1' || forced === '2' || forced === '3' || forced === 'true';
  if (!stream?.isTTY) return false;
  return typeof stream.getColorDepth === 'function' ? stream.getColorDepth() > 2 : true;
}

module.exports = { shouldColorize };

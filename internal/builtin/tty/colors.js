'use strict';

// How many colours a terminal has, by what the environment says of it.

const { validateInteger } = require('shared/validators');

/** @typedef {1 | 4 | 8 | 24} Depth bits of a colour */

const none = 1;
const sixteen = 4;
const manyFew = 8;
const all = 24;

/** @type {Map<string, Depth>} TERM, without what follows a hyphen, of terminals with few or all colours */
const terms = new Map([
  ['eterm', sixteen],
  ['cons25', sixteen],
  ['console', sixteen],
  ['cygwin', sixteen],
  ['dtterm', sixteen],
  ['gnome', sixteen],
  ['hurd', sixteen],
  ['jfbterm', sixteen],
  ['konsole', sixteen],
  ['kterm', sixteen],
  ['mlterm', sixteen],
  ['mosh', all],
  ['putty', sixteen],
  ['st', sixteen],
  ['rxvt-unicode-24bit', all],
  ['terminator', all],
  ['xterm-kitty', all],
]);

const termPatterns = [
  /ansi/,
  /color/,
  /linux/,
  /direct/,
  /^con\d*x\d/,
  /^rxvt/,
  /^screen/,
  /^xterm/,
  /^vt100/,
  /^vt220/,
];

/** @type {[string, Depth][]} build services whose logs show colours */
const services = [
  ['APPVEYOR', manyFew],
  ['BUILDKITE', manyFew],
  ['CIRCLECI', all],
  ['DRONE', manyFew],
  ['GITEA_ACTIONS', all],
  ['GITHUB_ACTIONS', all],
  ['GITLAB_CI', manyFew],
  ['TRAVIS', manyFew],
];

let warned = false;

function warnOfConflict(env) {
  if (warned || (env.NODE_DISABLE_COLORS === undefined && env.NO_COLOR === undefined)) return;
  const name =
    env.NO_COLOR !== undefined && env.NO_COLOR !== ''
      ? 'NO_COLOR'
      : env.NODE_DISABLE_COLORS !== undefined && env.NODE_DISABLE_COLORS !== ''
        ? 'NODE_DISABLE_COLORS'
        : undefined;
  if (name === undefined) return;
  warned = true;
  process.emitWarning(`The '${name}' env is ignored due to the 'FORCE_COLOR' env being set.`, 'Warning');
}

/**
 * @param {Record<string, string | undefined>} [env]
 * @returns {1 | 4 | 8 | 24} bits per colour value
 */
function getColorDepth(env = process.env) {
  if (env.FORCE_COLOR !== undefined) {
    switch (env.FORCE_COLOR) {
      case '':
      case '1':
      case 'true':
        warnOfConflict(env);
        return sixteen;
      case '2':
        warnOfConflict(env);
        return manyFew;
      case '3':
        warnOfConflict(env);
        return all;
      default:
        return none;
    }
  }
  const given = (name) => env[name] !== undefined && env[name] !== '';
  if (given('NODE_DISABLE_COLORS') || given('NO_COLOR') || env.TERM === 'dumb') return none;
  if (env.TMUX) return all;
  if ('TF_BUILD' in env && 'AGENT_NAME' in env) return sixteen;
  if ('CI' in env) {
    for (const [name, depth] of services) {
      if (name in env) return depth;
    }
    return env.CI_NAME === 'codeship' ? manyFew : none;
  }
  if ('TEAMCITY_VERSION' in env) {
    return /^(9\.(0*[1-9]\d*)\.|\d{2,}\.)/.test(env.TEAMCITY_VERSION) ? sixteen : none;
  }
  switch (env.TERM_PROGRAM) {
    case 'iTerm.app':
      return !env.TERM_PROGRAM_VERSION || /^[0-2]\./.test(env.TERM_PROGRAM_VERSION) ? manyFew : all;
    case 'HyperTerm':
    case 'MacTerm':
      return all;
    case 'Apple_Terminal':
      return manyFew;
    default:
  }
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return all;
  if (env.TERM) {
    if (env.TERM.includes('truecolor')) return all;
    if (/^xterm-256/.test(env.TERM)) return manyFew;
    const term = env.TERM.toLowerCase();
    const known = terms.get(term);
    if (known !== undefined) return known;
    if (termPatterns.some((pattern) => pattern.test(term))) return sixteen;
  }
  return env.COLORTERM ? sixteen : none;
}

/**
 * @param {any} [count] a number of colours wanted, 16 when left out
 * @param {Record<string, string | undefined>} [env]
 */
function hasColors(count, env) {
  if (env === undefined && (count === undefined || (typeof count === 'object' && count !== null))) {
    env = count;
    count = 16;
  } else {
    validateInteger(count, 'count', 2);
  }
  return count <= 2 ** this.getColorDepth(env);
}

module.exports = { getColorDepth, hasColors };

'use strict';

// What the command line says about tests. Read when the first test is made.

let settings;

/** All values given for --name, from the command line of the program. */
function valuesOf(args, name) {
  const found = [];
  const long = `--${name}`;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === long) found.push(args[i + 1]);
    else if (args[i].startsWith(`${long}=`)) found.push(args[i].slice(long.length + 1));
  }
  return found;
}

/**
 * A pattern as given by the user: /x/flags, or the source of one.
 * @param {string | RegExp} pattern
 */
function toPattern(pattern) {
  if (typeof pattern !== 'string') return pattern;
  const parts = /^\/(.*)\/([a-z]*)$/s.exec(pattern);
  return parts === null ? new RegExp(pattern) : new RegExp(parts[1], parts[2]);
}

function patternsOf(args, name) {
  const values = valuesOf(args, name);
  return values.length === 0 ? null : values.map(toPattern);
}

/**
 * @typedef {{ reporters: string[], destinations: string[], only: boolean, namePatterns: RegExp[] | null,
 *   skipPatterns: RegExp[] | null, timeout: number, forceExit: boolean, updateSnapshots: boolean,
 *   concurrency: number | undefined, isChild: boolean, isRunner: boolean }} Settings
 */

/** @returns {Settings} */
function commandLine() {
  if (settings !== undefined) return settings;
  const args = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv];
  const timeout = valuesOf(args, 'test-timeout').at(-1);
  const concurrency = valuesOf(args, 'test-concurrency').at(-1);
  const context = process.env.NODE_TEST_CONTEXT;
  const isRunner = args.includes('--test');
  settings = {
    reporters: valuesOf(args, 'test-reporter'),
    destinations: valuesOf(args, 'test-reporter-destination'),
    only: args.includes('--test-only'),
    namePatterns: patternsOf(args, 'test-name-pattern'),
    skipPatterns: patternsOf(args, 'test-skip-pattern'),
    timeout: timeout === undefined ? Infinity : Number(timeout),
    forceExit: args.includes('--test-force-exit'),
    updateSnapshots: args.includes('--test-update-snapshots'),
    concurrency: concurrency === undefined ? undefined : Number(concurrency),
    isChild: context === 'child' || context === 'child-v8',
    isRunner,
  };
  return settings;
}

module.exports = { commandLine, toPattern };

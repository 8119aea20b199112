'use strict';

// Which builtin modules have channels that anybody has asked for: a module that publishes looks here first, and loads
// and makes nothing for as long as it reads false.

const wanted = {
  __proto__: null,
  childProcess: false,
  httpClient: false,
  httpServer: false,
  net: false,
};

const prefixes = [
  ['child_process', 'childProcess'],
  ['http.client.', 'httpClient'],
  ['http.server.', 'httpServer'],
  ['net.', 'net'],
  ['tracing:net.', 'net'],
];

/**
 * A channel has been made.
 * @param {string | symbol} name
 */
function note(name) {
  if (typeof name !== 'string') return;
  for (const [prefix, key] of prefixes) if (name.startsWith(prefix)) wanted[key] = true;
}

module.exports = { wanted, note };

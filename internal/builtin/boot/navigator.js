'use strict';

// globalThis.navigator.

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR },
} = require('shared/errors');

const kToken = Symbol('kToken');

class Navigator {
  constructor(token) {
    if (token !== kToken) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get hardwareConcurrency() {
    return require('os').availableParallelism();
  }
  get language() {
    return Intl.Collator().resolvedOptions().locale;
  }
  get languages() {
    return Object.freeze([this.language]);
  }
  get platform() {
    return 'linux';
  }
  get userAgent() {
    return `Node.js/${process.versions.node.split('.')[0]}`;
  }
}
for (const name of ['hardwareConcurrency', 'language', 'languages', 'platform', 'userAgent']) {
  Object.defineProperty(Navigator.prototype, name, { enumerable: true });
}

module.exports = { Navigator, navigator: new Navigator(kToken) };

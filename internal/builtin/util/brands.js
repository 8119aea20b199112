'use strict';

// How util.types knows objects of modules that may never be loaded. crypto puts its tests here when it loads; until then
// no such object exists.

module.exports = {
  /** @type {((value: any) => boolean) | undefined} */
  isKeyObject: undefined,
  /** @type {((value: any) => boolean) | undefined} */
  isCryptoKey: undefined,
};

'use strict';

// module.findPackageJSON.

const { findPackage } = native;
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS },
} = require('shared/errors');

/**
 * @param {string | URL} specifier
 * @param {string | URL} [base]
 * @returns {string | undefined} a path
 */
function findPackageJSON(specifier, base) {
  if (arguments.length === 0) throw new ERR_MISSING_ARGS('specifier');
  const { fileURLToPath, pathToFileURL } = require('url');
  const { isURL } = require('module/urls');
  const path = require('path');
  let parent = base;
  let request = specifier;
  if (base !== undefined && typeof base !== 'string' && !isURL(base)) {
    throw new ERR_INVALID_ARG_TYPE('base', ['string', 'URL'], base);
  }
  if (typeof specifier !== 'string' && !isURL(specifier))
    throw new ERR_INVALID_ARG_TYPE('specifier', ['string', 'URL'], specifier);
  if (parent !== undefined) {
    parent = `${parent}`;
    if (!parent.startsWith('file:')) parent = path.isAbsolute(parent) ? pathToFileURL(parent).href : `${parent}`;
  }
  request = `${request}`;
  if (path.isAbsolute(request)) request = pathToFileURL(request).href;
  if (request.startsWith('file:')) return findPackage(fileURLToPath(request), '') || undefined;
  if (parent === undefined) throw new ERR_INVALID_ARG_TYPE('base', ['string', 'URL'], base);
  if (request.startsWith('.')) return findPackage(fileURLToPath(new URL(request, parent)), '') || undefined;
  return findPackage(fileURLToPath(parent), request) || undefined;
}

module.exports = { findPackageJSON };

'use strict';

// Codes of the module loaders, vm, workers' start and the inspector. Rows as in error_codes.js.

const { listed } = require('shared/error_words');

module.exports = {
  __proto__: null,
  ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED: [Error, 'Async loader request never settled'],
  ERR_CONSTRUCT_CALL_REQUIRED: [TypeError, 'Class constructor {0} cannot be invoked without `new`'],
  ERR_DUPLICATE_STARTUP_SNAPSHOT_MAIN_FUNCTION: [Error, 'Deserialize main function is already configured.'],
  ERR_PROTO_ACCESS: [Error, 'Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw'],
  ERR_EVAL_ESM_CANNOT_PRINT: [Error, '--print cannot be used with ESM input'],
  ERR_IMPORT_ATTRIBUTE_MISSING: [TypeError, 'Module "{0}" needs an import attribute of "{1}: {2}"'],
  ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE: [TypeError, 'Module "{0}" is not of type "{1}"'],
  ERR_INPUT_TYPE_NOT_ALLOWED: [Error, '--input-type can only be used with string input via --eval, --print, or STDIN'],
  ERR_INSPECTOR_ALREADY_ACTIVATED: [
    Error,
    'Inspector is already activated. Close it with inspector.close() before activating it again.',
  ],
  ERR_INSPECTOR_ALREADY_CONNECTED: [Error, '{0} is already connected'],
  ERR_INSPECTOR_CLOSED: [Error, 'Session was closed'],
  ERR_INSPECTOR_NOT_ACTIVE: [Error, 'Inspector is not active'],
  ERR_INSPECTOR_NOT_AVAILABLE: [Error, 'Inspector is not available'],
  ERR_INSPECTOR_NOT_CONNECTED: [Error, 'Session is not connected'],
  ERR_INSPECTOR_NOT_WORKER: [Error, 'Current thread is not a worker'],
  ERR_INVALID_REPL_EVAL_CONFIG: [TypeError, 'Cannot specify both "breakEvalOnSigint" and "eval" for REPL'],
  ERR_INVALID_TYPESCRIPT_SYNTAX: [SyntaxError, '{0}'],
  ERR_LOADER_CHAIN_INCOMPLETE: [
    Error,
    '"{0}" did not call the next hook in its chain and did not explicitly signal a short circuit. If this is ' +
      "intentional, include `shortCircuit: true` in the hook's return.",
  ],
  ERR_MODULE_LINK_MISMATCH: [TypeError, '{0}'],
  ERR_NAPI_INVALID_DATAVIEW_ARGS: [
    RangeError,
    'byte_offset + byte_length should be less than or equal to the size in bytes of the array passed in',
  ],
  ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT: [RangeError, 'start offset of {0} should be a multiple of {1}'],
  ERR_NAPI_INVALID_TYPEDARRAY_LENGTH: [RangeError, 'Invalid typed array length'],
  ERR_NOT_BUILDING_SNAPSHOT: [Error, 'Operation cannot be invoked when not building startup snapshot'],
  ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION: [
    Error,
    'Operation cannot be invoked when not in a single-executable application',
  ],
  ERR_NOT_SUPPORTED_IN_SNAPSHOT: [Error, '{0} is not supported in startup snapshot'],
  ERR_NO_TYPESCRIPT: [Error, 'Node.js is not compiled with TypeScript support'],
  ERR_PACKAGE_IMPORT_NOT_DEFINED: [
    TypeError,
    'Package import specifier "{0}" is not defined in package {1}package.json imported from {2}',
  ],
  ERR_REQUIRE_CYCLE_MODULE: [Error, '{0}'],
  ERR_REQUIRE_ESM_RACE_CONDITION: [
    Error,
    'Cannot require() ES Module {0} because it is not yet fully loaded.\nThis may be caused by a race ' +
      'condition if the module is simultaneously dynamically import()-ed via Promise.all().\nTry await-ing the ' +
      'import() sequentially in a loop instead.\n (From {1} in loader hook worker thread)',
  ],
  ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND: [
    Error,
    'Cannot find asset {0} for the single executable application',
  ],
  ERR_SOURCE_MAP_CORRUPT: [Error, "The source map for '{0}' does not exist or is corrupt."],
  ERR_SOURCE_MAP_MISSING_SOURCE: [Error, "Cannot find '{0}' imported from the source map for '{1}'"],
  ERR_TRACE_EVENTS_CATEGORY_REQUIRED: [TypeError, 'At least one category is required'],
  ERR_TRACE_EVENTS_UNAVAILABLE: [Error, 'Trace events are unavailable'],
  ERR_UNKNOWN_BUILTIN_MODULE: [Error, 'No such built-in module: {0}'],
  ERR_UNKNOWN_MODULE_FORMAT: [RangeError, 'Unknown module format: {0} for URL {1}'],
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: [
    Error,
    'Stripping types is currently unsupported for files under node_modules, for "{0}"',
  ],
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: [SyntaxError, '{0}'],
  ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING: [TypeError, 'A dynamic import callback was not specified.'],
  ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG: [
    TypeError,
    'A dynamic import callback was invoked without --experimental-vm-modules',
  ],
  ERR_VM_MODULE_ALREADY_LINKED: [Error, 'Module has already been linked'],
  ERR_VM_MODULE_CACHED_DATA_REJECTED: [Error, 'cachedData buffer was rejected'],
  ERR_VM_MODULE_CANNOT_CREATE_CACHED_DATA: [
    Error,
    'Cached data cannot be created for a module which has been evaluated',
  ],
  ERR_VM_MODULE_DIFFERENT_CONTEXT: [Error, 'Linked modules must use the same context'],
  ERR_VM_MODULE_NOT_MODULE: [Error, 'Provided module is not an instance of Module'],
  ERR_VM_MODULE_STATUS: [Error, 'Module status {0}'],
  ERR_WASI_ALREADY_STARTED: [Error, 'WASI instance has already started'],
  ERR_WEBASSEMBLY_NOT_SUPPORTED: [Error, 'WebAssembly is not supported in this environment, but is required for {0}'],
  ERR_WEBASSEMBLY_RESPONSE: [TypeError, 'WebAssembly response {0}'],
  ERR_IMPORT_ATTRIBUTE_UNSUPPORTED: [
    TypeError,
    (key, value, url) =>
      `Import attribute "${key}" with value "${value}" is not supported${url === undefined ? '' : ` in ${url}`}`,
  ],
  ERR_INSPECTOR_COMMAND: [Error, 'Inspector error {0}: {1}'],
  ERR_INVALID_MODULE_SPECIFIER: [
    TypeError,
    (request, reason, base) => `Invalid module "${request}" ${reason}${base ? ` imported from ${base}` : ''}`,
  ],
  ERR_INVALID_PACKAGE_CONFIG: [
    Error,
    (path, base, message) =>
      `Invalid package config ${path}${base ? ` while importing ${base}` : ''}` + `${message ? `. ${message}` : ''}`,
  ],
  ERR_INVALID_PACKAGE_TARGET: [Error, packageTargetMessage],
  ERR_MODULE_NOT_FOUND: [
    Error,
    (path, base, exactUrl) => `Cannot find ${exactUrl ? 'module' : 'package'} '${path}' imported from ${base}`,
    (error, path, base, exactUrl) => {
      if (exactUrl) error.url = `${exactUrl}`;
    },
  ],
  ERR_PACKAGE_PATH_NOT_EXPORTED: [
    Error,
    (packagePath, subpath, base) => {
      const what =
        subpath === '.' ? 'No "exports" main defined' : `Package subpath '${subpath}' is not defined by "exports"`;
      return `${what} in ${packagePath}package.json${base ? ` imported from ${base}` : ''}`;
    },
  ],
  ERR_REQUIRE_ASYNC_MODULE: [
    Error,
    (file, stack = []) =>
      'require() cannot be used on an ESM graph with top-level ' +
      'await. Use import() instead. To see where the top-level await comes from, use ' +
      '--experimental-print-required-tla.' +
      `${file ? `\nRequired module: ${file}` : ''}` +
      `${stack.length > 0 ? `\nRequire stack:\n- ${stack.join('\n- ')}` : ''}`,
  ],
  ERR_REQUIRE_ESM: [Error, requireEsmMessage],
  ERR_UNSUPPORTED_DIR_IMPORT: [
    Error,
    "Directory import '{0}' is not supported resolving ES modules imported from {1}",
    (error, path, base, url) => {
      error.url = url;
    },
  ],
  ERR_UNSUPPORTED_ESM_URL_SCHEME: [
    Error,
    (url, supported) =>
      'Only URLs with a scheme in: ' +
      `${listed(supported, 'and')} are supported by the default ESM loader. Received protocol '${url.protocol}'`,
  ],
  ERR_VM_MODULE_LINK_FAILURE: [
    Error,
    (message) => message,
    (error, message, cause) => {
      error.cause = cause;
    },
  ],
};

function packageTargetMessage(packagePath, key, target, isImport = false, base = undefined) {
  const kind = isImport ? 'imports' : 'exports';
  const dotSlash = typeof target === 'string' && !isImport && target.length > 0 && !target.startsWith('./');
  const tail = `${base ? ` imported from ${base}` : ''}${dotSlash ? '; targets must start with "./"' : ''}`;
  const main =
    key === '.'
      ? `Invalid "exports" main target ${JSON.stringify(target)} defined`
      : `Invalid "${kind}" target ${JSON.stringify(target)} defined for '${key}'`;
  return `${main} in the package config ${packagePath}package.json${tail}`;
}

/**
 * @param {string} file
 * @param {boolean} isModule the file is one because of its package.json, not by its extension
 * @param {string | null} [parent]
 * @param {string | null} [packageJson]
 */
function requireEsmMessage(file, isModule, parent = null, packageJson = null) {
  const text = `require() of ES Module ${file}${parent ? ` from ${parent}` : ''} not supported.`;
  const path = require('path');
  const base = parent && path.basename(file) === path.basename(parent) ? file : path.basename(file);
  if (isModule) {
    const where = packageJson ? base : file;
    return (
      `${text}\nInstead change the require of ${where}${parent ? ` in ${parent}` : ''} to a dynamic import() ` +
      'which is available in all CommonJS modules.'
    );
  }
  if (!packageJson) return text;
  return (
    `${text}\n${base} is treated as an ES module file as it is a .js file whose nearest parent package.json ` +
    'contains "type": "module" which declares all .js files in that package scope as ES modules.\nInstead either ' +
    `rename ${base} to end in .cjs, change the requiring code to use dynamic import() which is available in all ` +
    `CommonJS modules, or change "type": "module" to "type": "commonjs" in ${packageJson} to treat all .js files as ` +
    'CommonJS (using .mjs for all ES modules instead).\n'
  );
}

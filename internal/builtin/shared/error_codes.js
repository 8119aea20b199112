'use strict';

// Codes that every part of the runtime may raise, in rows of [base class, message, fill]. A message is a template with
// {0} for the first argument, or a function when the wording depends on the arguments; `fill` adds the properties that
// the error carries. ['system', prefix] makes a code whose message quotes a system error. See errors.js.

const { argTypeMessage, argValueMessage, rangeMessage, received, listed } = require('shared/error_words');

module.exports = {
  __proto__: null,
  ERR_ACCESS_DENIED: [
    Error,
    (message) => message,
    (error, message, permission = '', resource = '') => {
      error.permission = permission;
      error.resource = resource;
    },
  ],
  ERR_AMBIGUOUS_ARGUMENT: [TypeError, 'The "{0}" argument is ambiguous. {1}'],
  ERR_ASSERTION: [Error, '{0}'],
  ERR_ARG_NOT_ITERABLE: [TypeError, '{0} must be iterable'],
  ERR_ASYNC_CALLBACK: [TypeError, '{0} must be a function'],
  ERR_ASYNC_TYPE: [TypeError, 'Invalid name for async "type": {0}'],
  ERR_BUFFER_TOO_LARGE: [RangeError, 'Cannot create a Buffer larger than {0} bytes'],
  ERR_CANNOT_WATCH_SIGINT: [Error, 'Cannot watch for SIGINT signals'],
  ERR_CONSOLE_WRITABLE_STREAM: [TypeError, 'Console expects a writable stream instance for {0}'],
  ERR_CONTEXT_NOT_INITIALIZED: [Error, 'context used is not initialized'],
  ERR_DIR_CLOSED: [Error, 'Directory handle was closed'],
  ERR_DIR_CONCURRENT_OPERATION: [
    Error,
    'Cannot do synchronous work on directory handle with concurrent asynchronous operations',
  ],
  ERR_DOMAIN_CALLBACK_NOT_AVAILABLE: [
    Error,
    'A callback was registered through process.setUncaughtExceptionCaptureCallback(), which is mutually ' +
      'exclusive with using the `domain` module',
  ],
  ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE: [
    Error,
    'The `domain` module is in use, which is mutually exclusive with calling ' +
      'process.setUncaughtExceptionCaptureCallback()',
  ],
  ERR_ENCODING_NOT_SUPPORTED: [RangeError, 'The "{0}" encoding is not supported'],
  ERR_EVENT_RECURSION: [Error, 'The event "{0}" is already being dispatched'],
  ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: [
    TypeError,
    'The feature {0} is unavailable on the current platform, which is being used to run Node.js',
  ],
  ERR_FS_FILE_TOO_LARGE: [RangeError, 'File size ({0}) is greater than 2 GiB'],
  ERR_ILLEGAL_CONSTRUCTOR: [TypeError, 'Illegal constructor'],
  ERR_INCOMPATIBLE_OPTION_PAIR: [TypeError, 'Option "{0}" cannot be used in combination with option "{1}"'],
  ERR_INVALID_ASYNC_ID: [RangeError, 'Invalid {0} value: {1}'],
  ERR_INVALID_BUFFER_SIZE: [RangeError, 'Buffer size must be a multiple of {0}'],
  ERR_INVALID_CURSOR_POS: [TypeError, 'Cannot set cursor row without setting its column'],
  ERR_INVALID_FD: [RangeError, '"fd" must be a positive integer: {0}'],
  ERR_INVALID_FD_TYPE: [TypeError, 'Unsupported fd type: {0}'],
  ERR_INVALID_FILE_URL_HOST: [TypeError, 'File URL host must be "localhost" or empty on {0}'],
  ERR_INVALID_HANDLE_TYPE: [TypeError, 'This handle type cannot be sent'],
  ERR_INVALID_HTTP_TOKEN: [TypeError, '{0} must be a valid HTTP token ["{1}"]'],
  ERR_INVALID_IP_ADDRESS: [TypeError, 'Invalid IP address: {0}'],
  ERR_INVALID_PROTOCOL: [TypeError, 'Protocol "{0}" not supported. Expected "{1}"'],
  ERR_INVALID_REPL_INPUT: [TypeError, '{0}'],
  ERR_INVALID_STATE: [Error, 'Invalid state: {0}'],
  ERR_INVALID_SYNC_FORK_INPUT: [
    TypeError,
    'Asynchronous forks do not support Buffer, TypedArray, DataView or string input: {0}',
  ],
  ERR_INVALID_THIS: [TypeError, 'Value of "this" must be of type {0}'],
  ERR_INVALID_TUPLE: [TypeError, '{0} must be an iterable {1} tuple'],
  ERR_INVALID_URI: [URIError, 'URI malformed'],
  ERR_MEMORY_ALLOCATION_FAILED: [Error, 'Failed to allocate memory'],
  ERR_METHOD_NOT_IMPLEMENTED: [Error, 'The {0} method is not implemented'],
  ERR_MISSING_OPTION: [TypeError, '{0} is required'],
  ERR_MULTIPLE_CALLBACK: [Error, 'Callback called multiple times'],
  ERR_NO_CRYPTO: [Error, 'Node.js is not compiled with OpenSSL crypto support'],
  ERR_NO_ICU: [TypeError, '{0} is not supported on Node.js compiled without ICU'],
  ERR_OPERATION_FAILED: [Error, 'Operation failed: {0}'],
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: [TypeError, '{0}'],
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: [
    TypeError,
    "Unexpected argument '{0}'. This command does not take positional arguments",
  ],
  ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS: [TypeError, '{0}'],
  ERR_SCRIPT_EXECUTION_INTERRUPTED: [Error, 'Script execution was interrupted by `SIGINT`'],
  ERR_SCRIPT_EXECUTION_TIMEOUT: [Error, 'Script execution timed out after {0}ms'],
  ERR_STREAM_ALREADY_FINISHED: [Error, 'Cannot call {0} after a stream was finished'],
  ERR_STREAM_CANNOT_PIPE: [Error, 'Cannot pipe, not readable'],
  ERR_STREAM_DESTROYED: [Error, 'Cannot call {0} after a stream was destroyed'],
  ERR_STREAM_NULL_VALUES: [TypeError, 'May not write null values to stream'],
  ERR_STREAM_PREMATURE_CLOSE: [Error, 'Premature close'],
  ERR_STREAM_PUSH_AFTER_EOF: [Error, 'stream.push() after EOF'],
  ERR_STREAM_UNABLE_TO_PIPE: [Error, 'Cannot pipe to a closed or destroyed stream'],
  ERR_STREAM_UNSHIFT_AFTER_END_EVENT: [Error, 'stream.unshift() after end event'],
  ERR_STREAM_WRAP: [Error, 'Stream has StringDecoder set or is in objectMode'],
  ERR_STREAM_WRITE_AFTER_END: [Error, 'write after end'],
  ERR_SYNTHETIC: [Error, 'JavaScript Callstack'],
  ERR_STRING_TOO_LONG: [Error, 'Cannot create a string longer than 0x1fffffe8 characters'],
  ERR_UNAVAILABLE_DURING_EXIT: [Error, 'Cannot call function in process exit handler'],
  ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET: [
    Error,
    '`process.setupUncaughtExceptionCapture()` was called while a capture callback was already active',
  ],
  ERR_UNESCAPED_CHARACTERS: [TypeError, '{0} contains unescaped characters'],
  ERR_UNKNOWN_CREDENTIAL: [Error, '{0} identifier does not exist: {1}'],
  ERR_UNKNOWN_ENCODING: [TypeError, 'Unknown encoding: {0}'],
  ERR_UNKNOWN_FILE_EXTENSION: [TypeError, 'Unknown file extension "{0}" for {1}'],
  ERR_INVALID_OBJECT_DEFINE_PROPERTY: [TypeError, '{0}'],
  ERR_UNKNOWN_SIGNAL: [TypeError, 'Unknown signal: {0}'],
  ERR_UNSUPPORTED_RESOLVE_REQUEST: [
    TypeError,
    'Failed to resolve module specifier "{0}" from "{1}": Invalid relative URL or base scheme is not hierarchical.',
  ],
  ERR_USE_AFTER_CLOSE: [Error, '{0} was closed'],
  ERR_VALID_PERFORMANCE_ENTRY_TYPE: [Error, 'At least one valid performance entry type is required'],
  ERR_BUFFER_OUT_OF_BOUNDS: [
    RangeError,
    (name) => (name ? `"${name}" is outside of buffer bounds` : 'Attempt to access memory outside buffer bounds'),
  ],
  ERR_ENCODING_INVALID_ENCODED_DATA: [
    TypeError,
    (encoding) => `The encoded data was not valid for encoding ${encoding}`,
    (error, encoding, errno) => {
      error.errno = errno;
    },
  ],
  ERR_PARSE_ARGS_UNKNOWN_OPTION: [
    TypeError,
    (option, allowPositionals) =>
      `Unknown option '${option}'${
        allowPositionals
          ? ". To specify a positional argument starting with a '-', place it at the end of the command after '--', as in " +
            `'-- "${option}"`
          : ''
      }`,
  ],
  ERR_INVALID_MIME_SYNTAX: [
    TypeError,
    (production, text, at) =>
      `The MIME syntax for a ${production} in "${text}" is invalid${at === -1 ? '' : ` at ${at}`}`,
  ],
  ERR_FALSY_VALUE_REJECTION: [
    Error,
    () => 'Promise was rejected with falsy value',
    (error, reason) => {
      error.reason = reason;
    },
  ],
  ERR_FS_CP_DIR_TO_NON_DIR: ['system', 'Cannot overwrite non-directory with directory'],
  ERR_FS_CP_EEXIST: ['system', 'Target already exists'],
  ERR_FS_CP_EINVAL: ['system', 'Invalid src or dest'],
  ERR_FS_CP_FIFO_PIPE: ['system', 'Cannot copy a FIFO pipe'],
  ERR_FS_CP_NON_DIR_TO_DIR: ['system', 'Cannot overwrite directory with non-directory'],
  ERR_FS_CP_SOCKET: ['system', 'Cannot copy a socket file'],
  ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY: ['system', 'Cannot overwrite symlink in subdirectory of self'],
  ERR_FS_CP_UNKNOWN: ['system', 'Cannot copy an unknown file type'],
  ERR_FS_EISDIR: ['system', 'Path is a directory'],
  ERR_FS_WATCH_QUEUE_OVERFLOW: [Error, 'fs.watch() queued more than {0} events'],
  ERR_INTERNAL_ASSERTION: [
    Error,
    (message) =>
      (message === undefined ? 'hob: internal assertion' : `${message}\n`) +
      'This is caused by either a bug in hob or incorrect usage of its internals.\n',
  ],
  ERR_INVALID_ARG_TYPE: [TypeError, argTypeMessage],
  ERR_INVALID_ARG_VALUE: [TypeError, argValueMessage],
  ERR_INVALID_CHAR: [
    TypeError,
    (name, field) => `Invalid character in ${name}${field === undefined ? '' : ` ["${field}"]`}`,
  ],
  ERR_INVALID_FILE_URL_PATH: [
    TypeError,
    'File URL path {0}',
    (error, reason, input) => {
      error.input = input;
    },
  ],
  ERR_INVALID_RETURN_PROPERTY: [
    TypeError,
    (expected, hook, property, value) =>
      `Expected a valid ${expected} to be returned for the "${property}" from the "${hook}" hook but got ` +
      `${received(value)}.`,
  ],
  ERR_INVALID_RETURN_PROPERTY_VALUE: [
    TypeError,
    (expected, hook, property, value) =>
      `Expected ${expected} to be returned for the "${property}" from the "${hook}" hook but got ${received(value)}.`,
  ],
  ERR_INVALID_RETURN_VALUE: [
    TypeError,
    (expected, name, value) =>
      `Expected ${expected} to be returned from the "${name}" function but got ${received(value)}.`,
  ],
  ERR_INVALID_URL: [
    TypeError,
    () => 'Invalid URL',
    (error, input, base) => {
      error.input = input;
      if (base != null) error.base = base;
    },
  ],
  ERR_INVALID_URL_SCHEME: [
    TypeError,
    (expected) =>
      `The URL must be ${Array.isArray(expected) && expected.length > 1 ? 'one of' : 'of'} scheme ` +
      (Array.isArray(expected) ? listed(expected, 'or') : expected),
  ],
  ERR_MISSING_ARGS: [
    TypeError,
    (...args) => {
      const names = args.filter((name) => name !== undefined);
      const quoted = names.map((name) => (Array.isArray(name) ? name.map((n) => `"${n}"`).join(' or ') : `"${name}"`));
      return `The ${listed(quoted, 'and')} argument${names.length > 1 ? 's' : ''} must be specified`;
    },
  ],
  ERR_OUT_OF_RANGE: [RangeError, rangeMessage],
  ERR_PERFORMANCE_INVALID_TIMESTAMP: [TypeError, '{0} is not a valid timestamp'],
  ERR_SOCKET_BAD_PORT: [
    RangeError,
    (name, port, allowZero = true) =>
      `${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536. Received ${received(port)}.`,
  ],
  ERR_SOCKET_BUFFER_SIZE: ['system', 'Could not get or set buffer size'],
  ERR_SRI_PARSE: [SyntaxError, 'Subresource Integrity string "{0}" had an unexpected "{1}" at position {2}'],
  ERR_SYSTEM_ERROR: ['system', 'A system error occurred'],
  ERR_TEST_FAILURE: [
    Error,
    (cause) => (typeof cause === 'string' ? cause : (cause?.message ?? require('util/inspect').inspect(cause))),
    (error, cause, type) => {
      error.failureType = type;
      error.cause = cause;
    },
  ],
  ERR_TTY_INIT_FAILED: ['system', 'TTY initialization failed'],
  ERR_UNHANDLED_ERROR: [Error, (value) => (value === undefined ? 'Unhandled error.' : `Unhandled error. (${value})`)],
};

package main

const help = `Usage: hob [options] [ script.js ] [arguments]
       hob [options] -e "script" [arguments]

Options:
  -                           script read from stdin
  --                          indicate the end of options
  -c, --check                 syntax check script without executing
  -C, --conditions=...        additional user conditions for conditional exports and imports
  --disable-proto=...         disable Object.prototype.__proto__: delete or throw
  --disable-warning=...       silence specific process warnings by code or type
  --dns-result-order=...      order of look-ups: ipv4first, ipv6first or verbatim
  --enable-source-maps        source map support for stack traces
  --env-file=...              set environment variables from a file
  --env-file-if-exists=...    the same, if the file is there
  -e, --eval=...              evaluate script
  --experimental-vm-modules   ES modules in node:vm
  --expose-gc                 global function gc
  -h, --help                  print this
  --import=...                ES module to preload (can be repeated)
  --input-type=...            module type of --eval, --print and stdin: commonjs, module, …
  --insecure-http-parser      accept what HTTP forbids
  --max-http-header-size=...  limit of HTTP headers in bytes (default: 16384)
  --max-old-space-size=...    limit of the heap in MB (V8)
  --no-deprecation            silence deprecation warnings
  --no-warnings               silence all process warnings
  --pending-deprecation       emit pending deprecation warnings
  --preserve-symlinks         don't resolve symbolic links of modules
  --preserve-symlinks-main    nor that of the main one
  -p, --print [...]           evaluate script and print result
  --redirect-warnings=...     write warnings to file instead of stderr
  -r, --require=...           CommonJS module to preload (can be repeated)
  --stack-trace-limit=...     frames of a stack trace (V8)
  --throw-deprecation         throw an exception on deprecations
  --title=...                 the process title to use on startup
  --trace-deprecation         show stack traces on deprecations
  --trace-uncaught            show stack traces for the ` + "`throw`" + ` behind uncaught exceptions
  --trace-warnings            show stack traces on process warnings
  --unhandled-rejections=...  strict, warn, throw (default), none, warn-with-error-codes
  --v8-options                print V8's options
  -v, --version               print the version of Node.js that hob is compatible with

V8's own options are passed through.

Environment variables:
NODE_OPTIONS                  options as on the command line, with "" around blanks
NODE_PATH                     ':'-separated list of directories prefixed to the module search path
NODE_NO_WARNINGS              set to 1 to silence process warnings
NODE_PENDING_DEPRECATION      set to 1 to emit pending deprecation warnings
NODE_REDIRECT_WARNINGS        write warnings to path instead of stderr
NODE_DEBUG                    ','-separated list of modules that print debug information
NO_COLOR, FORCE_COLOR         colours of output
UV_THREADPOOL_SIZE            threads of the pool (default: 4)
`

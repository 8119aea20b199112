'use strict';

// The global object. What a program may never touch is a getter that loads its module at first use.

const { setErrorFactory, setBufferPrototype } = engine;

/** @type {[string, string][]} global name, module; the module's export of that name */
const lazy = [
  ['URL', 'url'],
  ['URLSearchParams', 'url'],
  ['TextEncoder', 'encoding'],
  ['TextDecoder', 'encoding'],
  ['AbortController', 'events/abort'],
  ['AbortSignal', 'events/abort'],
  ['Event', 'events/event'],
  ['CustomEvent', 'events/event'],
  ['CloseEvent', 'events/event'],
  ['MessageEvent', 'events/event'],
  ['EventTarget', 'events/target'],
  ['DOMException', 'shared/domexception'],
  ['Blob', 'buffer/blob'],
  ['File', 'buffer/blob'],
  ['performance', 'perf_hooks'],
  ['PerformanceEntry', 'perf_hooks'],
  ['PerformanceMark', 'perf_hooks'],
  ['PerformanceMeasure', 'perf_hooks'],
  ['PerformanceObserver', 'perf_hooks'],
  ['PerformanceObserverEntryList', 'perf_hooks'],
  ['PerformanceResourceTiming', 'perf_hooks'],
  ['ReadableStream', 'stream/web'],
  ['ReadableStreamDefaultReader', 'stream/web'],
  ['ReadableStreamBYOBReader', 'stream/web'],
  ['ReadableStreamBYOBRequest', 'stream/web'],
  ['ReadableByteStreamController', 'stream/web'],
  ['ReadableStreamDefaultController', 'stream/web'],
  ['WritableStream', 'stream/web'],
  ['WritableStreamDefaultController', 'stream/web'],
  ['WritableStreamDefaultWriter', 'stream/web'],
  ['TransformStream', 'stream/web'],
  ['TransformStreamDefaultController', 'stream/web'],
  ['ByteLengthQueuingStrategy', 'stream/web'],
  ['CountQueuingStrategy', 'stream/web'],
  ['TextEncoderStream', 'stream/web'],
  ['TextDecoderStream', 'stream/web'],
  ['CompressionStream', 'stream/web'],
  ['DecompressionStream', 'stream/web'],
  ['URLPattern', 'url/pattern'],
  ['CustomEvent', 'events/target'],
  ['MessageChannel', 'worker_threads'],
  ['MessagePort', 'worker_threads'],
  ['BroadcastChannel', 'worker_threads'],
  ['Headers', 'fetch/headers'],
  ['Request', 'fetch/request'],
  ['Response', 'fetch/response'],
  ['FormData', 'fetch/form_data'],
  ['WebSocket', 'boot/fetch'],
  ['Navigator', 'boot/navigator'],
  ['navigator', 'boot/navigator'],
  ['Crypto', 'crypto/web'],
  ['CryptoKey', 'crypto/web'],
  ['SubtleCrypto', 'crypto/web'],
  ['crypto', 'crypto/web'],
];

/** Functions: enumerable, as Node has them. */
const lazyFunctions = [
  ['atob', 'buffer'],
  ['btoa', 'buffer'],
  ['structuredClone', 'boot/clone'],
  ['fetch', 'boot/fetch'],
];

/** Objects that are enumerable, too; classes are not. */
const enumerable = new Set(['crypto', 'navigator', 'performance']);

/** What the negation of an option takes away. */
const optional = [
  ['--experimental-websocket', 'WebSocket', 'CloseEvent'],
  ['--experimental-global-navigator', 'Navigator', 'navigator'],
];

function define(name, value, enumerable) {
  Object.defineProperty(globalThis, name, { value, writable: true, enumerable, configurable: true });
}

function defineLazy(requireBuiltin, name, id, enumerable) {
  // Accessors with the names that WebIDL gives them.
  const descriptor = Object.getOwnPropertyDescriptor(
    {
      get [name]() {
        const value = requireBuiltin(id)[name];
        define(name, value, enumerable);
        return value;
      },
      set [name](value) {
        define(name, value, enumerable);
      },
    },
    name,
  );
  descriptor.enumerable = enumerable;
  Object.defineProperty(globalThis, name, descriptor);
}

/** @param {(id: string) => any} requireBuiltin */
function install(requireBuiltin) {
  requireBuiltin('timers/attach')();
  requireBuiltin('shared/stack_trace').installStackTrace();
  setErrorFactory((kind, code, message, props) =>
    requireBuiltin('shared/errors').fromNative(kind, code, message, props),
  );

  define('global', globalThis, true);
  Object.defineProperty(globalThis, Symbol.toStringTag, {
    value: 'global',
    writable: false,
    enumerable: false,
    configurable: true,
  });
  define('process', requireBuiltin('process'), false);
  const { Buffer } = requireBuiltin('buffer');
  define('Buffer', Buffer, false);
  const timers = requireBuiltin('timers');
  for (const name of ['clearImmediate', 'setImmediate', 'clearInterval', 'clearTimeout', 'setInterval', 'setTimeout']) {
    define(name, timers[name], true);
  }
  define('queueMicrotask', requireBuiltin('process/ticks').queueMicrotask, true);
  for (const [name, id] of lazyFunctions) defineLazy(requireBuiltin, name, id, true);
  for (const [name, id] of lazy) defineLazy(requireBuiltin, name, id, enumerable.has(name));
  defineLazy(requireBuiltin, 'console', 'console/global', false);
}

/** The rest, for each process: what Go and C++ must know of, and what only this process knows. */
function connect(requireBuiltin) {
  requireBuiltin('shared/stack_trace').installStackTrace();
  requireBuiltin('timers/attach')();
  setErrorFactory((kind, code, message, props) =>
    requireBuiltin('shared/errors').fromNative(kind, code, message, props),
  );
  setBufferPrototype(requireBuiltin('buffer').Buffer.prototype);
  requireBuiltin('process').initialise();
  const { flag } = requireBuiltin('process/options');
  for (const [option, ...names] of optional) {
    if (flag(option) === false) for (const name of names) delete globalThis[name];
  }
}

module.exports = { install, connect };

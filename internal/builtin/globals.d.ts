// What every builtin file sees besides the language: the parameters of its wrapper function.
// Read by the type checker only (make lint); the natives are implemented in internal/v8/native_*.cc.

declare const exports: any;
declare const module: { exports: any };
declare function require(id: string): any;
/** Go natives of this folder. */
declare const native: Record<string, (...args: any[]) => any>;

type Bytes = ArrayBufferView | ArrayBufferLike;

/** C++ natives: one value at a time, about 5 ns a call, no argument checks beyond what keeps the process alive. */
interface Engine {
  // --- bytes (native_bytes.cc). Offsets and lengths in bytes; callers have checked the ranges.
  /** Uninitialised memory of `size` bytes. */
  allocUnsafe(size: number): ArrayBuffer;
  byteLengthUtf8(s: string): number;
  /** Whole UTF-8 encoding of `s`. Lone surrogates become U+FFFD. */
  encodeUtf8(s: string): Uint8Array;
  /** As TextEncoder.encodeInto: writes [code units read, bytes written] to `result`. */
  encodeInto(s: string, dest: Uint8Array, result: Uint32Array): void;
  /** `bytes[start, end)` decoded. */
  utf8Slice(b: Bytes, start: number, end: number): string;
  /** Fatal decoder: undefined when malformed. */
  utf8SliceFatal(b: Bytes, start: number, end: number): string | undefined;
  latin1Slice(b: Bytes, start: number, end: number): string;
  asciiSlice(b: Bytes, start: number, end: number): string;
  ucs2Slice(b: Bytes, start: number, end: number): string;
  hexSlice(b: Bytes, start: number, end: number): string;
  base64Slice(b: Bytes, start: number, end: number): string;
  base64urlSlice(b: Bytes, start: number, end: number): string;
  /** Writes at most `max` bytes at `offset`, never half a character; returns the bytes written. */
  utf8Write(b: Bytes, s: string, offset: number, max: number): number;
  latin1Write(b: Bytes, s: string, offset: number, max: number): number;
  ucs2Write(b: Bytes, s: string, offset: number, max: number): number;
  /** Stops at the first pair that is not hexadecimal. */
  hexWrite(b: Bytes, s: string, offset: number, max: number): number;
  /** Forgiving: base64 or base64url, white space and junk skipped, as Buffer does. */
  base64Write(b: Bytes, s: string, offset: number, max: number): number;
  copy(source: Bytes, target: Bytes, targetStart: number, sourceStart: number, n: number): void;
  /** -1, 0 or 1. */
  compare(a: Bytes, b: Bytes): number;
  compareRange(a: Bytes, aStart: number, aLength: number, b: Bytes, bStart: number, bLength: number): number;
  /** First (`forward`) or last occurrence from `offset`; -1 when absent. `step` 2 keeps to even distances (UTF-16). */
  indexOf(haystack: Bytes, needle: Bytes, offset: number, forward: boolean, step: number): number;
  indexOfByte(haystack: Bytes, value: number, offset: number, forward: boolean): number;
  /** Repeats `pattern` over [start, end). */
  fill(b: Bytes, pattern: Bytes, start: number, end: number): void;
  swap16(b: Bytes): void;
  swap32(b: Bytes): void;
  swap64(b: Bytes): void;
  isAscii(b: Bytes): boolean;
  isUtf8(b: Bytes): boolean;
  /** WHATWG forgiving-base64 decode to a binary string; a negative number when invalid: -1 character, -2 length, -3 padding. */
  atob(s: string): string | number;
  btoa(s: string): string | number;
  /** ICU converters: undefined when the encoding is unknown. */
  icuDecode(encoding: string, b: Bytes, fatal: boolean, flush?: boolean, left?: Uint32Array): string | undefined;
  transcode(b: Bytes, from: string, to: string): Uint8Array | undefined;
  /** IDNA (UTS 46) by ICU; '' when invalid. */
  domainToASCII(s: string, beStrict: boolean): string;
  domainToUnicode(s: string): string;
  /** Buffers that C++ or Go make get this prototype. */
  setBufferPrototype(proto: object): void;
  /** A string with one flat sequential representation. */
  flatten(s: string): string;

  // --- files (native_file.cc): the synchronous system calls. Negative: an errno. A path is a string or bytes, without null
  // bytes; a negative position is where the descriptor stands.
  fileExists(path: string | Uint8Array): boolean;
  fileAccess(path: string | Uint8Array, mode: number): number;
  /** kind: 0 path, 1 the link itself, 2 descriptor. Writes 18 numbers, in the order of fs/stats. */
  fileStat(file: string | Uint8Array | number, kind: number, numbers: Float64Array): number;
  fileOpen(path: string | Uint8Array, flags: number, mode: number): number;
  fileClose(fd: number): number;
  fileRead(fd: number, b: Bytes, offset: number, length: number, position: number | bigint): number;
  /** A string is written whole. */
  fileWrite(fd: number, data: Bytes | string, offset: number, length: number, position: number | bigint): number;
  /** Content; or a number: an errno of open, one of read less 4096, or the descriptor of what has no size. */
  fileReadWhole(path: string | Uint8Array, flags: number, asText: boolean): Uint8Array | string | number;
  /** 0, an errno of open, or one of write less 4096. */
  fileWriteWhole(path: string | Uint8Array, data: Bytes | string, flags: number, mode: number): number;
  /** undefined when the path is no UTF-8. */
  fileRealPath(path: string | Uint8Array): string | number | undefined;

  // --- looking into values (native_inspect.cc)
  isExternal(v: any): boolean;
  isDate(v: any): boolean;
  isArgumentsObject(v: any): boolean;
  isBigIntObject(v: any): boolean;
  isBooleanObject(v: any): boolean;
  isNumberObject(v: any): boolean;
  isStringObject(v: any): boolean;
  isSymbolObject(v: any): boolean;
  isBoxedPrimitive(v: any): boolean;
  isNativeError(v: any): boolean;
  isRegExp(v: any): boolean;
  isAsyncFunction(v: any): boolean;
  isGeneratorFunction(v: any): boolean;
  isGeneratorObject(v: any): boolean;
  isPromise(v: any): boolean;
  isMap(v: any): boolean;
  isSet(v: any): boolean;
  isMapIterator(v: any): boolean;
  isSetIterator(v: any): boolean;
  isWeakMap(v: any): boolean;
  isWeakSet(v: any): boolean;
  isArrayBuffer(v: any): boolean;
  isDataView(v: any): boolean;
  isSharedArrayBuffer(v: any): boolean;
  isAnyArrayBuffer(v: any): boolean;
  isProxy(v: any): boolean;
  isModuleNamespaceObject(v: any): boolean;
  /** A small number for the kind of object, named in util/value.js; 0 for plain objects, 20 proxy, 21 function. */
  kindOf(v: any): number;
  /** The address of an External, in hexadecimal. */
  externalAddress(v: any): string;
  /** [target, handler] (null, null when revoked), undefined for anything but a proxy. */
  getProxyDetails(v: any): [any, any] | undefined;
  /** [state, result]: 0 pending, 1 fulfilled, 2 rejected. */
  getPromiseDetails(p: Promise<any>): [0 | 1 | 2, any];
  /** Entries of a map, set, weak collection or their iterators without running user code: [entries, isKeyValue]. */
  previewEntries(v: any): [any[], boolean] | undefined;
  /** Own keys that are not array indices; `onlyEnumerable`. Symbols included. */
  getOwnNonIndexProperties(v: object, onlyEnumerable: boolean): (string | symbol)[];
  getConstructorName(v: object): string;
  /** Frames of the current stack, innermost first: [function, file, line, column, scriptId, isEval, isConstructor]. */
  getCallSites(count: number): any[][];

  // --- turns (native_turn.cc)
  runMicrotasks(): void;
  enqueueMicrotask(fn: () => void): void;
  getContinuationData(): any;
  setContinuationData(v: any): void;
  /** The monotonic clock, in ms with fractions. */
  monotonicNow(): number;
  setPromiseHooks(init?: Function, before?: Function, after?: Function, resolve?: Function): void;

  // --- structured clone (native_clone.cc)
  /** Serialises and deserialises at once; `transfer` lists ArrayBuffers to move. `host` clones platform objects. */
  structuredClone(value: any, transfer: any[], host?: object): any;

  /** Everything not listed yet. */
  [name: string]: any;
}
declare const engine: Engine;

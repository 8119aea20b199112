// For the type check of internal/builtin: what is global at run time beside the language, and other builtin files, whose
// types are not followed. globals.d.ts has the rest.

declare module '*';
// What classes extend that have symbols for names: of a class above `any`, these could not be read.
declare class Open {
  constructor(...args: any[]);
  [name: string | symbol]: any;
  static [name: string | symbol]: any;
}
declare module 'events' {
  class Emitter extends Open {}
  namespace Emitter {
    export { Emitter as EventEmitter };
    export const addAbortListener: any;
    export const captureRejectionSymbol: unique symbol;
    export const defaultMaxListeners: number;
    export let init: any;
    export let usingDomains: boolean;
    export const kMaxEventTargetListeners: any;
    export const kMaxEventTargetListenersWarned: any;
    export const setMaxListeners: any;
  }
  export = Emitter;
}
declare module 'stream/duplex' {
  export = Open;
}
declare module 'readline/interface' {
  export const InterfaceBase: typeof Open;
  export const lineEnding: RegExp;
}

declare var process: any;
declare var Buffer: any;
type Buffer = any;
declare var URL: any;
type URL = any;
declare var AbortController: any;
declare var AbortSignal: any;
type AbortSignal = any;
declare var ReadableStream: any;
type ReadableStream = any;
declare var WritableStream: any;
type WritableStream = any;
declare var TextDecoder: any;
declare var TextEncoder: any;
declare var Blob: any;
type Blob = any;
declare var performance: any;
declare function structuredClone(value: any, options?: any): any;
declare function queueMicrotask(callback: () => void): void;
declare function setTimeout(callback: Function, delay?: number, ...args: any[]): any;
declare function setInterval(callback: Function, delay?: number, ...args: any[]): any;
declare function setImmediate(callback: Function, ...args: any[]): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function clearImmediate(immediate: any): void;
declare var console: any;
declare var DOMException: any;
declare var WebAssembly: any;

/** What a caller gives by name; the function looks at each itself. */
type Options = Record<string, any>;

interface ErrorConstructor {
  captureStackTrace(target: object, above?: Function): void;
  stackTraceLimit: number;
  prepareStackTrace?: (error: any, trace: any[]) => any;
}
/** What our errors carry beside their message. */
interface Error {
  code?: string;
  errno?: number;
  syscall?: string;
  path?: string;
  detail?: string;
  errors?: any[];
  id?: number;
  input?: string;
  base?: string;
  target?: any;
  type?: any;
  count?: number;
  requireStack?: string[];
  emitter?: any;
}
interface PropertyDescriptor {
  __proto__?: null;
}
interface ProxyHandler<T extends object> {
  __proto__?: null;
}
/** A promise may be of nothing. */
interface PromiseConstructor {
  new <T = any>(executor: (resolve: (value?: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void): Promise<T>;
  withResolvers<T = any>(): { promise: Promise<T>; resolve: (value?: T | PromiseLike<T>) => void; reject: (reason?: any) => void };
}
/** For views, which may be of either kind of memory. */
interface SharedArrayBuffer {
  readonly detached?: false;
}

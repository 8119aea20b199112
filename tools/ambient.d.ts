// For the type check of internal/builtin: what is global at run time beside the language, and other builtin files, whose
// types are not followed. globals.d.ts has the rest.

declare module '*';
// What many classes extend. Known by name because a class above `any` may not be indexed with a symbol.
declare module 'events' {
  class EventEmitter {
    constructor(options?: { captureRejections?: boolean });
    [name: string | symbol]: any;
    static [name: string | symbol]: any;
  }
  export = EventEmitter;
}

declare const process: any;
declare const Buffer: any;
type Buffer = any;
declare const URL: any;
type URL = any;
declare const AbortController: any;
declare const AbortSignal: any;
type AbortSignal = any;
declare const ReadableStream: any;
type ReadableStream = any;
declare const WritableStream: any;
type WritableStream = any;
declare const TextDecoder: any;
declare const TextEncoder: any;
declare const Blob: any;
type Blob = any;
declare const performance: any;
declare function structuredClone(value: any, options?: any): any;
declare function queueMicrotask(callback: () => void): void;
declare function setTimeout(callback: Function, delay?: number, ...args: any[]): any;
declare function setInterval(callback: Function, delay?: number, ...args: any[]): any;
declare function setImmediate(callback: Function, ...args: any[]): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function clearImmediate(immediate: any): void;
declare const console: any;

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
}
interface PropertyDescriptor {
  __proto__?: null;
}

// For the type check of internal/builtin: what is global at run time beside the language, and other builtin files, whose
// types are not followed. globals.d.ts has the rest.

declare module '*';

declare const process: any;
declare const Buffer: any;
type Buffer = any;
declare const URL: any;
declare const AbortController: any;
type AbortSignal = any;
declare const ReadableStream: any;
type ReadableStream = any;
declare const WritableStream: any;
type WritableStream = any;
declare const TextDecoder: any;
declare const TextEncoder: any;
declare const Blob: any;
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

interface ErrorConstructor {
  captureStackTrace(target: object, above?: Function): void;
  stackTraceLimit: number;
  prepareStackTrace?: (error: any, trace: any[]) => any;
}
interface Error {
  code?: string;
  errno?: number;
  syscall?: string;
}
interface PropertyDescriptor {
  __proto__?: null;
}

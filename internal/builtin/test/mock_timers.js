'use strict';

// Time under the test's control: timers and Date that move only when they are told to.

const { codes, AbortError } = require('shared/errors');
const { validateAbortSignal, validateNumber, validateStringArray } = require('shared/validators');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } = codes;

const supported = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'scheduler.wait', 'AbortSignal.timeout'];
const longest = 2 ** 31 - 1;

/** What mocked setTimeout and setInterval return. */
class MockTimeout {
  #clock;
  #referenced = true;

  constructor(clock, entry) {
    this.#clock = clock;
    this.id = entry.id;
    Object.defineProperty(this, 'entry', { __proto__: null, value: entry });
  }

  ref() {
    this.#referenced = true;
    return this;
  }

  unref() {
    this.#referenced = false;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }

  refresh() {
    this.#clock.refresh(/** @type {any} */ (this).entry);
    return this;
  }

  close() {
    this.#clock.clear(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }

  [Symbol.dispose]() {
    this.close();
  }
}

/** The timers that wait, and the time. */
class Clock {
  constructor(now) {
    this.now = now;
    this.lastId = 0;
    this.entries = [];
  }

  add(callback, delay, args, repeats) {
    const { now } = this;
    delay = Number(delay);
    if (!(delay >= 1 && delay <= longest)) delay = 1;
    delay = Math.trunc(delay);
    const id = ++this.lastId;
    const entry = { id, at: now + delay, order: id, delay, callback, args, repeats, live: true };
    entry.handle = new MockTimeout(this, entry);
    this.insert(entry);
    return entry.handle;
  }

  addImmediate(callback, args) {
    const entry = {
      id: ++this.lastId,
      at: this.now,
      order: this.lastId - Number.MAX_SAFE_INTEGER / 2,
      delay: 0,
      callback,
      args,
      repeats: false,
      live: true,
    };
    entry.handle = new MockTimeout(this, entry);
    this.insert(entry);
    return entry.handle;
  }

  insert(entry) {
    const { entries } = this;
    let i = entries.length;
    while (
      i > 0 &&
      (entries[i - 1].at > entry.at || (entries[i - 1].at === entry.at && entries[i - 1].order > entry.order))
    )
      i--;
    entries.splice(i, 0, entry);
  }

  remove(entry) {
    entry.live = false;
    const i = this.entries.indexOf(entry);
    if (i >= 0) this.entries.splice(i, 1);
  }

  refresh(entry) {
    if (!entry.live) return;
    this.remove(entry);
    entry.live = true;
    entry.at = this.now + entry.delay;
    this.insert(entry);
  }

  clear(handle) {
    if (handle === null || handle === undefined) return;
    const entry = handle.entry ?? this.entries.find((other) => other.id === Number(handle));
    if (entry !== undefined) this.remove(entry);
  }

  tick(time) {
    const end = this.now + time;
    for (let entry; (entry = this.entries[0]) !== undefined && entry.at <= end; ) {
      this.now = Math.max(this.now, entry.at);
      this.entries.shift();
      Reflect.apply(entry.callback, undefined, entry.args);
      if (entry.repeats && entry.live) {
        entry.at += entry.delay;
        entry.order = ++this.lastId;
        this.insert(entry);
      } else {
        entry.live = false;
      }
    }
    this.now = end;
  }
}

class MockTimers {
  #enabled = false;
  #clock;
  #undo = [];

  /** @param {Options & { apis?: string[], now?: number | Date }} [options] */
  enable(options = { __proto__: null, apis: supported, now: 0 }) {
    const given = { __proto__: null, ...options };
    if (this.#enabled) throw new ERR_INVALID_STATE('MockTimers is already enabled!');
    const now = startOf(given.now);
    const apis = given.apis ?? supported;
    validateStringArray(apis, 'options.apis');
    for (const api of apis) {
      if (!supported.includes(api)) {
        throw new ERR_INVALID_ARG_VALUE('options.apis', api, `option ${api} is not supported`);
      }
    }
    if (apis.includes('Date') && Object.hasOwn(globalThis.Date, 'isMock')) {
      throw new ERR_INVALID_STATE('Date is already being mocked!');
    }
    this.#enabled = true;
    this.#clock = new Clock(now);
    for (const api of apis) this.#install(api);
  }

  tick(time = 1) {
    this.#check('tick');
    if (time < 0) throw new ERR_INVALID_ARG_VALUE('time', 'positive integer', time);
    this.#clock.tick(time);
  }

  setTime(time = 0) {
    validateNumber(time, 'time');
    if (time < 0) throw new ERR_INVALID_ARG_VALUE('time', 'positive integer', time);
    this.#check('setTime');
    this.#clock.now = time;
  }

  runAll() {
    this.#check('runAll');
    const last = this.#clock.entries.at(-1);
    if (last !== undefined) this.#clock.tick(Math.max(0, last.at - this.#clock.now));
  }

  reset() {
    if (!this.#enabled) return;
    this.#enabled = false;
    while (this.#undo.length > 0) this.#undo.pop()();
    this.#clock = undefined;
  }

  [Symbol.dispose]() {
    this.reset();
  }

  #check(what) {
    if (!this.#enabled) {
      throw new ERR_INVALID_STATE(`You should enable MockTimers first by calling the .enable function before ${what}`);
    }
  }

  #replace(object, name, value) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, {
      __proto__: null,
      configurable: true,
      enumerable: descriptor?.enumerable ?? true,
      writable: true,
      value,
    });
    this.#undo.push(() => {
      if (descriptor === undefined) delete object[name];
      else Object.defineProperty(object, name, descriptor);
    });
  }

  /** Timers are found as globals and in two modules. */
  #install(api) {
    const clock = this.#clock;
    const timers = require('timers');
    const promises = require('timers/promises');
    const everywhere = (name, value) => {
      this.#replace(globalThis, name, value);
      this.#replace(timers, name, value);
    };
    const clear = (handle) => clock.clear(handle);
    switch (api) {
      case 'setTimeout': {
        const setTimeout = (callback, delay, ...args) => clock.add(callback, delay, args, false);
        everywhere('setTimeout', withPromise(setTimeout, timeoutPromise(clock)));
        everywhere('clearTimeout', (handle) => clear(handle));
        this.#replace(promises, 'setTimeout', timeoutPromise(clock));
        break;
      }
      case 'setInterval':
        everywhere('setInterval', (callback, delay, ...args) => clock.add(callback, delay, args, true));
        everywhere('clearInterval', (handle) => clear(handle));
        this.#replace(promises, 'setInterval', intervalIterator(clock));
        break;
      case 'setImmediate': {
        const setImmediate = (callback, ...args) => clock.addImmediate(callback, args);
        everywhere('setImmediate', withPromise(setImmediate, immediatePromise(clock)));
        everywhere('clearImmediate', (handle) => clear(handle));
        this.#replace(promises, 'setImmediate', immediatePromise(clock));
        break;
      }
      case 'Date':
        this.#replace(globalThis, 'Date', mockDate(clock));
        break;
      case 'scheduler.wait': {
        const wait = timeoutPromise(clock);
        this.#replace(promises.scheduler, 'wait', (delay, options) => wait(delay, undefined, options));
        break;
      }
      default:
        this.#replace(AbortSignal, 'timeout', (delay) => {
          validateNumber(delay, 'delay', 0, Number.MAX_SAFE_INTEGER);
          const controller = new AbortController();
          clock.add(
            () => {
              controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
            },
            delay,
            [],
            false,
          );
          return controller.signal;
        });
    }
  }
}

function startOf(now) {
  if (now === undefined) return 0;
  if (engine.isDate(now)) now = now.getTime();
  else if (typeof now !== 'number') throw new ERR_INVALID_ARG_TYPE('now', ['number', 'Date'], now);
  if (!(now >= 0)) {
    throw new ERR_INVALID_ARG_VALUE('now', now, 'initialTime must be a positive integer');
  }
  return now;
}

function withPromise(fn, promised) {
  const custom = Symbol.for('nodejs.util.promisify.custom');
  Object.defineProperty(fn, custom, { __proto__: null, value: promised, enumerable: true });
  return fn;
}

function checkSignal(options) {
  if (options?.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return options?.signal;
}

/** One promise: settled by the timer or the signal. */
function settled(clock, signal, start, value) {
  const { promise, resolve, reject } = Promise.withResolvers();
  if (signal?.aborted) {
    reject(new AbortError(undefined, { cause: signal.reason }));
    return promise;
  }
  let handle;
  const onAbort = () => {
    clock.clear(handle);
    reject(new AbortError(undefined, { cause: signal.reason }));
  };
  handle = start(() => {
    signal?.removeEventListener('abort', onAbort);
    resolve(value);
  });
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}

function timeoutPromise(clock) {
  return async function setTimeout(delay, value, options) {
    const signal = checkSignal(options);
    return settled(clock, signal, (done) => clock.add(done, delay, [], false), value);
  };
}

function immediatePromise(clock) {
  return async function setImmediate(value, options) {
    const signal = checkSignal(options);
    return settled(clock, signal, (done) => clock.addImmediate(done, []), value);
  };
}

function intervalIterator(clock) {
  return async function* setInterval(delay, value, options) {
    const signal = checkSignal(options);
    if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
    let ticks = 0;
    let wake;
    const now = clock.now;
    const handle = clock.add(
      () => {
        ticks++;
        wake?.();
      },
      delay,
      [],
      true,
    );
    const onAbort = () => wake?.();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        while (ticks > 0) {
          ticks--;
          yield value ?? now + handle.entry.delay;
        }
        if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
        await new Promise((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    } finally {
      clock.clear(handle);
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

/** A Date whose now is the clock's. */
function mockDate(clock) {
  const RealDate = globalThis.Date;
  function Date(...args) {
    if (!new.target) return new RealDate(clock.now).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [clock.now] : args, new.target);
  }
  Object.defineProperties(Date, Object.getOwnPropertyDescriptors(RealDate));
  const define = (name, value) =>
    Object.defineProperty(Date, name, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      writable: true,
      value,
    });
  define('now', () => clock.now);
  define('toString', () => RealDate.toString());
  Object.defineProperty(Date, 'isMock', { __proto__: null, value: true, configurable: false, enumerable: true });
  return Date;
}

module.exports = { MockTimers };

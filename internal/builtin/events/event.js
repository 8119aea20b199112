'use strict';

// Event and its plain subclasses. Their state is private; `access` lets EventTarget drive an event through a dispatch.

const { codes } = require('shared/errors');
const { validateObject } = require('shared/validators');

const { ERR_INVALID_THIS, ERR_MISSING_ARGS } = codes;

const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

/** Option of the constructor that only the runtime has: the event is its own, not a user's. */
const trusted = Symbol('trusted');

const objectLike = { __proto__: null, allowArray: true, allowFunction: true, nullable: true };

const none = 0;
const atTarget = 2;

/** @type {{ __proto__: null, isEvent(v: any): boolean, begin(e: Event, t: any): void, end(e: Event): void,
 *   isDispatched(e: Event): boolean, isStopped(e: Event): boolean, setPassive(e: Event, v: boolean): void,
 *   dispatchesTo(e: Event, t: any): void }} */
let access;

class Event {
  #type;
  #bubbles;
  #cancelable;
  #composed;
  #trusted;
  #timeStamp = performance.now();
  #target = null;
  #phase = none;
  #prevented = false;
  #propagationStopped = false;
  #stopped = false;
  #dispatched = false;
  #passive = false;

  /**
   * @param {string} type
   * @param {{ bubbles?: boolean, cancelable?: boolean, composed?: boolean }} [options]
   */
  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    if (options != null) {
      validateObject(options, 'options', objectLike);
      this.#bubbles = !!options.bubbles;
      this.#cancelable = !!options.cancelable;
      this.#composed = !!options.composed;
      this.#trusted = options[trusted] === true;
    } else {
      this.#bubbles = this.#cancelable = this.#composed = this.#trusted = false;
    }
    this.#type = `${type}`;
  }

  static #check(value) {
    if (typeof value !== 'object' || value === null || !(#type in value)) throw new ERR_INVALID_THIS('Event');
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    Event.#check(this);
    if (this.#dispatched) return;
    this.#type = `${type}`;
    this.#bubbles = !!bubbles;
    this.#cancelable = !!cancelable;
  }

  [inspectSymbol](depth, options) {
    Event.#check(this);
    const { name } = this.constructor;
    if (depth < 0) return name;
    const inner = { ...options, depth: options.depth === null ? null : options.depth - 1 };
    return `${name} ${require('util/inspect').inspect(
      {
        type: this.#type,
        defaultPrevented: this.defaultPrevented,
        cancelable: this.#cancelable,
        timeStamp: this.#timeStamp,
      },
      inner,
    )}`;
  }

  stopImmediatePropagation() {
    Event.#check(this);
    this.#propagationStopped = true;
    this.#stopped = true;
  }

  preventDefault() {
    Event.#check(this);
    if (!this.#passive) this.#prevented = true;
  }

  get target() {
    Event.#check(this);
    return this.#target;
  }

  get currentTarget() {
    Event.#check(this);
    return this.#dispatched ? this.#target : null;
  }

  get srcElement() {
    Event.#check(this);
    return this.#target;
  }

  get type() {
    Event.#check(this);
    return this.#type;
  }

  get cancelable() {
    Event.#check(this);
    return this.#cancelable;
  }

  get defaultPrevented() {
    Event.#check(this);
    return this.#cancelable && this.#prevented;
  }

  get timeStamp() {
    Event.#check(this);
    return this.#timeStamp;
  }

  composedPath() {
    Event.#check(this);
    return this.#dispatched ? [this.#target] : [];
  }

  get returnValue() {
    Event.#check(this);
    return !this.#cancelable || !this.#prevented;
  }

  get bubbles() {
    Event.#check(this);
    return this.#bubbles;
  }

  get composed() {
    Event.#check(this);
    return this.#composed;
  }

  get eventPhase() {
    Event.#check(this);
    return this.#phase;
  }

  get cancelBubble() {
    Event.#check(this);
    return this.#propagationStopped;
  }

  set cancelBubble(value) {
    Event.#check(this);
    if (value) this.#propagationStopped = true;
  }

  stopPropagation() {
    Event.#check(this);
    this.#propagationStopped = true;
  }

  get isTrusted() {
    Event.#check(this);
    return this.#trusted;
  }

  static {
    access = {
      __proto__: null,
      isEvent: (value) => typeof value === 'object' && value !== null && #type in value,
      begin(event, target) {
        event.#target = target;
        event.#phase = atTarget;
        event.#dispatched = true;
      },
      end(event) {
        event.#phase = none;
        event.#dispatched = false;
      },
      isDispatched: (event) => event.#dispatched,
      isStopped: (event) => event.#stopped,
      setPassive(event, value) {
        event.#passive = value;
      },
      dispatchesTo(event, target) {
        event.#target = target;
      },
    };
  }
}

class CustomEvent extends Event {
  #detail;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this.#detail = options?.detail ?? null;
  }

  get detail() {
    if (!(#detail in this)) throw new ERR_INVALID_THIS('CustomEvent');
    return this.#detail;
  }
}

class CloseEvent extends Event {
  #wasClean;
  #code;
  #reason;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this.#wasClean = !!options?.wasClean;
    this.#code = (options?.code ?? 0) & 0xffff;
    this.#reason = String(options?.reason ?? '').toWellFormed();
  }

  get wasClean() {
    return this.#wasClean;
  }

  get code() {
    return this.#code;
  }

  get reason() {
    return this.#reason;
  }
}

class MessageEvent extends Event {
  #data;
  #origin;
  #lastEventId;
  #source;
  #ports;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this.#data = options?.data === undefined ? null : options.data;
    this.#origin = String(options?.origin ?? '').toWellFormed();
    this.#lastEventId = String(options?.lastEventId ?? '');
    this.#source = options?.source ?? null;
    this.#ports = Object.freeze([...(options?.ports ?? [])]);
  }

  get data() {
    return this.#data;
  }

  get origin() {
    return this.#origin;
  }

  get lastEventId() {
    return this.#lastEventId;
  }

  get source() {
    return this.#source;
  }

  get ports() {
    return this.#ports;
  }
}

class ErrorEvent extends Event {
  #message;
  #filename;
  #line;
  #column;
  #error;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this.#message = String(options?.message ?? '');
    this.#filename = String(options?.filename ?? '');
    this.#line = options?.lineno >>> 0;
    this.#column = options?.colno >>> 0;
    this.#error = options?.error;
  }

  get message() {
    return this.#message;
  }

  get filename() {
    return this.#filename;
  }

  get lineno() {
    return this.#line;
  }

  get colno() {
    return this.#column;
  }

  get error() {
    return this.#error;
  }
}

/** Web interfaces have enumerable members and a tag. */
function asInterface(Class) {
  const { prototype } = Class;
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { __proto__: null, enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, {
    __proto__: null,
    configurable: true,
    value: Class.name,
  });
}

for (const Class of [Event, CustomEvent, CloseEvent, MessageEvent, ErrorEvent]) asInterface(Class);
['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].forEach((key, value) => {
  Object.defineProperty(Event, key, { __proto__: null, enumerable: true, value });
});

module.exports = { CloseEvent, CustomEvent, Event, MessageEvent, access, asInterface, trusted };

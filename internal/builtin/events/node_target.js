'use strict';

// NodeEventTarget: an EventTarget that also has an emitter's methods. MessagePort and Worker's ends are such targets.

const { codes } = require('shared/errors');
const {
  EventTarget,
  countListeners,
  createEvent,
  emitHybrid,
  isEventTarget,
  plainListener,
  removeListeners,
  typesOf,
} = require('events/target');

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } = codes;

class NodeEventTarget extends EventTarget {
  static get defaultMaxListeners() {
    return require('events').defaultMaxListeners;
  }

  setMaxListeners(n) {
    check(this);
    require('events').setMaxListeners(n, this);
  }

  getMaxListeners() {
    check(this);
    const { defaultMaxListeners, kMaxEventTargetListeners } = require('events');
    return this[kMaxEventTargetListeners] ?? defaultMaxListeners;
  }

  eventNames() {
    check(this);
    return typesOf(this);
  }

  listenerCount(type) {
    check(this);
    return countListeners(this, String(type));
  }

  off(type, listener, options) {
    check(this);
    this.removeEventListener(type, listener, options);
    return this;
  }

  removeListener(type, listener, options) {
    check(this);
    this.removeEventListener(type, listener, options);
    return this;
  }

  on(type, listener) {
    check(this);
    this.addEventListener(type, listener, { __proto__: null, [plainListener]: true });
    return this;
  }

  addListener(type, listener) {
    check(this);
    this.addEventListener(type, listener, { __proto__: null, [plainListener]: true });
    return this;
  }

  once(type, listener) {
    check(this);
    this.addEventListener(type, listener, { __proto__: null, once: true, [plainListener]: true });
    return this;
  }

  emit(type, value) {
    check(this);
    if (typeof type !== 'string') throw new ERR_INVALID_ARG_TYPE('type', 'string', type);
    const heard = countListeners(this, type) > 0;
    emitHybrid(this, type, value);
    return heard;
  }

  removeAllListeners(type) {
    check(this);
    if (type !== undefined) removeListeners(this, String(type));
    else for (const each of typesOf(this)) removeListeners(this, each);
    return this;
  }

  [createEvent](type, detail) {
    const { CustomEvent } = require('events/event');
    return new CustomEvent(type, { detail });
  }
}

function check(value) {
  if (!isEventTarget(value)) throw new ERR_INVALID_THIS('NodeEventTarget');
}

const { prototype } = NodeEventTarget;
for (const key of Object.getOwnPropertyNames(prototype)) {
  if (key !== 'constructor') Object.defineProperty(prototype, key, { __proto__: null, enumerable: true });
}

module.exports = { NodeEventTarget };

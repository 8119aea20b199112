'use strict';

// node:domain, deprecated. A domain is active while its functions run and while what they started runs: an async hook
// enters it again around every callback. Errors that nothing caught go to the active domain's 'error' listeners before
// 'uncaughtException'; so do 'error' events without a listener of emitters that were made in it.

const EventEmitter = require('events');
const { createHook } = require('async_hooks');
const { codes } = require('shared/errors');
const process = require('process/object');
const domainHook = require('process/domain_hook');
const uncaught = require('process/uncaught');

if (uncaught.hasCapture()) throw new codes.ERR_DOMAIN_CALLBACK_NOT_AVAILABLE();
const loadedAt = new Error('require(`domain`) at this point').stack;
uncaught.forbidCapture(() => {
  const error = new codes.ERR_DOMAIN_CANNOT_SET_UNCAUGHT_EXCEPTION_CAPTURE();
  error.stack = `${error.stack}\n${'-'.repeat(40)}\n${loadedAt}`;
  return error;
});

/** Domains that are entered, the outermost first. */
let stack = [];
/** Async ids -> the domain that was active when the resource was made. The resource itself keeps it alive. */
const domains = new Map();
const kWeak = Symbol('kWeak');
/** The domain that an async hook has left last: what threw in a callback belongs to it, though it has been left. */
let left = null;

let active = null;
Object.defineProperty(process, 'domain', {
  __proto__: null,
  enumerable: true,
  configurable: true,
  get() {
    return active;
  },
  set(domain) {
    active = domain;
  },
});

function activate() {
  active = exported.active = stack.length > 0 ? stack[stack.length - 1] : undefined;
}

createHook({
  init(id, type, trigger, resource) {
    if (active === null || active === undefined) return;
    domains.set(id, (active[kWeak] ??= new WeakRef(active)));
    // Not on what belongs to another realm of node:vm: nothing of this one is to be reached from there.
    if (resource instanceof Object) setHidden(resource, 'domain', active);
  },
  before(id) {
    left = null;
    domains.get(id)?.deref()?.enter();
  },
  after(id) {
    const domain = domains.get(id)?.deref();
    if (domain === undefined) return;
    if (stack.includes(domain)) left = domain;
    domain.exit();
  },
  destroy(id) {
    domains.delete(id);
  },
}).enable();

function setHidden(object, key, value) {
  Object.defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
}

function leaveAll() {
  stack.length = 0;
  active = exported.active = null;
  left = null;
}

/** Says on an error where it comes from. */
function mark(error, domain, thrown) {
  if (error === null || (typeof error !== 'object' && typeof error !== 'function')) return;
  setHidden(error, 'domain', domain);
  error.domainThrown = thrown;
}

/** Whether any domain that is entered has somebody to ask: without, the error is the process's. */
function anybody() {
  if (stack.length === 0 && left !== null) left.enter();
  return Boolean(active) && stack.some((d) => d.listenerCount('error') > 0);
}

domainHook.set((error) => {
  const taken = anybody() && active._errorHandler(error);
  leaveAll();
  return taken;
}, anybody);

class Domain extends EventEmitter {
  constructor() {
    super();
    this.members = [];
  }

  /** @returns {boolean} whether somebody took the error */
  _errorHandler(error) {
    mark(error, this, true);
    let taken = false;
    if (stack.length <= 1) {
      // What the listener throws is no domain's any more.
      if (this.listenerCount('error') > 0) {
        const outer = stack;
        stack = [];
        activate();
        try {
          taken = this.emit('error', error);
        } finally {
          stack = outer;
          activate();
        }
      }
    } else {
      // The listener runs within the domains further out; what it throws is theirs.
      this.exit();
      try {
        taken = this.emit('error', error);
      } catch (second) {
        if (stack.length === 0) throw second;
        taken = active._errorHandler(second);
      }
    }
    leaveAll();
    return taken;
  }

  enter() {
    active = exported.active = this;
    stack.push(this);
  }

  exit() {
    const at = stack.lastIndexOf(this);
    if (at === -1) return;
    // Domains entered within it are left with it.
    stack.splice(at);
    activate();
  }

  add(emitter) {
    if (emitter.domain === this) return;
    if (emitter.domain) emitter.domain.remove(emitter);
    // Domains can't be members of each other in a circle: an error would go round for ever.
    if (this.domain && emitter instanceof Domain) {
      for (let d = this.domain; d; d = d.domain) if (emitter === d) return;
    }
    setHidden(emitter, 'domain', this);
    this.members.push(emitter);
  }

  remove(emitter) {
    emitter.domain = null;
    const at = this.members.indexOf(emitter);
    if (at !== -1) this.members.splice(at, 1);
  }

  run(fn) {
    this.enter();
    const result = Reflect.apply(fn, this, Array.prototype.slice.call(arguments, 1));
    this.exit();
    return result;
  }

  bind(callback) {
    const domain = this;
    function bound() {
      domain.enter();
      const result = Reflect.apply(callback, this, arguments);
      domain.exit();
      return result;
    }
    setHidden(bound, 'domain', this);
    return bound;
  }

  /** As bind, for callbacks whose first argument is an error: that goes to the domain. */
  intercept(callback) {
    const domain = this;
    function intercepted(error, ...rest) {
      if (error instanceof Error) {
        Object.assign(error, { domainBound: callback, domainThrown: false });
        setHidden(error, 'domain', domain);
        domain.emit('error', error);
        return undefined;
      }
      domain.enter();
      const result = Reflect.apply(callback, this, rest);
      domain.exit();
      return result;
    }
    setHidden(intercepted, 'domain', this);
    return intercepted;
  }
}

// --- emitters

EventEmitter.usingDomains = true;

const init = EventEmitter.init;
/** @this {any} an emitter */
EventEmitter.init = function (options) {
  setHidden(this, 'domain', null);
  if (active && !(this instanceof Domain)) this.domain = active;
  return init.call(this, options);
};

const plainEmit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function emit(type, ...args) {
  const { domain } = this;
  if (domain === null || domain === undefined || this === process) return Reflect.apply(plainEmit, this, arguments);
  if (type === 'error' && this.listenerCount('error') === 0) return emitToDomain(this, domain, args);
  domain.enter();
  const result = Reflect.apply(plainEmit, this, arguments);
  domain.exit();
  return result;
};

function emitToDomain(emitter, domain, args) {
  const error = args.length > 0 && args[0] ? args[0] : new codes.ERR_UNHANDLED_ERROR(args[0]);
  if (typeof error === 'object') {
    setHidden(error, 'domainEmitter', emitter);
    error.domainEmitter = emitter;
    mark(error, domain, false);
  }
  // The listener runs outside of this domain: what it throws belongs to the next one out.
  const outer = stack.slice();
  const outerActive = active;
  let at = stack.length - 1;
  while (at > -1 && stack[at] === domain) at--;
  stack.length = at + 1;
  activate();
  active ??= null;
  domain.emit('error', error);
  stack = outer;
  active = exported.active = outerActive;
  return false;
}

function create() {
  return new Domain();
}

const exported = {
  Domain,
  active: undefined,
  create,
  createDomain: create,
  _stack: undefined,
};
Object.defineProperty(exported, '_stack', {
  __proto__: null,
  enumerable: true,
  configurable: true,
  get() {
    return stack;
  },
});

module.exports = exported;

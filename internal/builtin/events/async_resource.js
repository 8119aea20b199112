'use strict';

// EventEmitterAsyncResource: an emitter whose listeners run in the async scope it was made in.

const { EventEmitter } = require('events');
const { AsyncResource } = require('async_hooks');
const { validateString } = require('shared/validators');

class ResourceOfEmitter extends AsyncResource {
  #emitter;

  constructor(emitter, type, options) {
    super(type, options);
    this.#emitter = emitter;
  }

  get eventEmitter() {
    return this.#emitter;
  }
}
Object.defineProperty(ResourceOfEmitter, 'name', { __proto__: null, value: 'EventEmitterReferencingAsyncResource' });

class EventEmitterAsyncResource extends EventEmitter {
  #resource;

  /** @param {string | { name?: string, triggerAsyncId?: number, requireManualDestroy?: boolean }} [options] */
  constructor(options = undefined) {
    let name;
    if (typeof options === 'string') {
      name = options;
      options = undefined;
    } else {
      if (new.target === EventEmitterAsyncResource) validateString(options?.name, 'options.name');
      name = options?.name || new.target.name;
    }
    super(options);
    this.#resource = new ResourceOfEmitter(this, name, options);
  }

  emit(event, ...args) {
    this.#resource.runInAsyncScope(super.emit, this, event, ...args);
  }

  emitDestroy() {
    this.#resource.emitDestroy();
  }

  get asyncId() {
    return this.#resource.asyncId();
  }

  get triggerAsyncId() {
    return this.#resource.triggerAsyncId();
  }

  get asyncResource() {
    return this.#resource;
  }
}

module.exports = { EventEmitterAsyncResource };

'use strict';

// process.allowedNodeEnvironmentFlags: what NODE_OPTIONS may hold.

const { nodeOptions } = native;

function normal(flag) {
  let f = flag;
  if (typeof f !== 'string') return undefined;
  if (!f.startsWith('-')) f = f.length === 1 ? `-${f}` : `--${f}`;
  const eq = f.indexOf('=');
  if (eq >= 0) f = f.slice(0, eq);
  return f.startsWith('--') ? `--${f.slice(2).replace(/_/g, '-')}` : f;
}

/** A set that stays as it is, whatever is done to it with Set's own methods. */
class NodeEnvironmentFlagsSet extends Set {
  #flags;

  constructor(list) {
    super();
    this.#flags = new Set(list);
    Object.freeze(this);
  }

  add() {
    return this;
  }
  delete() {
    return false;
  }
  clear() {}
  has(key) {
    return this.#flags.has(normal(key));
  }
  get size() {
    return this.#flags.size;
  }
  values() {
    return this.#flags.values();
  }
  keys() {
    return this.#flags.keys();
  }
  entries() {
    return this.#flags.entries();
  }
  [Symbol.iterator]() {
    return this.#flags.values();
  }

  forEach(callback, thisArg = undefined) {
    for (const flag of this.#flags) Reflect.apply(callback, thisArg, [flag, flag, this]);
  }
}
for (const key of Reflect.ownKeys(NodeEnvironmentFlagsSet.prototype)) {
  if (key !== 'constructor')
    Object.defineProperty(NodeEnvironmentFlagsSet.prototype, key, { __proto__: null, enumerable: false });
}
Object.freeze(NodeEnvironmentFlagsSet.prototype);
Object.freeze(NodeEnvironmentFlagsSet);

module.exports = { makeSet: () => new NodeEnvironmentFlagsSet(nodeOptions()) };

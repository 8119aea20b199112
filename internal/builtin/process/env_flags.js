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

class NodeEnvironmentFlagsSet extends Set {
  constructor(list) {
    super();
    for (const f of list) super.add(f);
    Object.freeze(this);
  }

  add() { return this; }
  delete() { return false; }
  clear() {}
  has(key) { return super.has(normal(key)); }
}
Object.freeze(NodeEnvironmentFlagsSet.prototype);

module.exports = { makeSet: () => new NodeEnvironmentFlagsSet(nodeOptions()) };

'use strict';

// JUnit's XML.

const { inspect } = require('util/inspect');

class JunitFormat {
  constructor() {
    this.roots = [];
    this.current = null;
  }

  begin() {
    return '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n';
  }

  format(type, data) {
    switch (type) {
      case 'test:start':
        this.enter(data);
        return undefined;
      case 'test:pass':
      case 'test:fail':
        this.leave(type === 'test:fail', data);
        return undefined;
      case 'test:diagnostic': {
        const comment = { nesting: data.nesting, comment: data.message };
        (this.current === null ? this.roots : this.current.children).push(comment);
        return undefined;
      }
      default:
        return undefined;
    }
  }

  enter(data) {
    const node = { name: data.name, nesting: data.nesting, parent: this.current, children: [], attributes: {} };
    (this.current === null ? this.roots : this.current.children).push(node);
    this.current = node;
  }

  leave(failed, data) {
    while (this.current !== null && this.current.nesting > data.nesting) this.current = this.current.parent;
    if (this.current === null || this.current.name !== data.name) this.enter(data);
    const node = this.current;
    this.current = node.parent;
    node.attributes = { name: node.name, time: (data.details.duration_ms / 1000).toFixed(6) };
    const cases = node.children.filter((child) => child.comment === undefined);
    if (cases.length > 0) {
      node.tag = 'testsuite';
      node.attributes.disabled = 0;
      node.attributes.errors = 0;
      node.attributes.tests = cases.length;
      node.attributes.failures = cases.filter((child) => child.failed).length;
      node.attributes.skipped = cases.filter((child) => child.skipped).length;
      node.attributes.timestamp = new Date().toISOString();
      node.attributes.hostname = require('os').hostname();
    } else {
      node.tag = 'testcase';
      node.attributes.classname = node.parent?.name ?? 'test';
      if (data.file !== undefined) node.attributes.file = data.file;
      if (data.skip !== undefined) {
        node.skipped = true;
        node.children.push({ tag: 'skipped', attributes: { type: 'skipped', message: data.skip } });
      }
      if (data.todo !== undefined) {
        node.skipped = true;
        node.children.push({ tag: 'skipped', attributes: { type: 'todo', message: data.todo } });
      }
      if (failed) {
        const error = data.details.error;
        node.attributes.failure = error?.message ?? '';
        node.failed = true;
        node.children.push({
          tag: 'failure',
          attributes: { type: error?.failureType ?? error?.code, message: error?.message ?? '' },
          text: inspect(error),
        });
      }
    }
    if (failed) node.failed = true;
  }

  end() {
    let text = '';
    for (const node of this.roots) text += xml(node, 1);
    return `${text}</testsuites>\n`;
  }
}

function xml(node, depth) {
  const pad = '\t'.repeat(depth);
  if (node.comment !== undefined) return `${pad}<!-- ${node.comment.replaceAll('--', '&#45;&#45;')} -->\n`;
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('');
  if (node.text !== undefined) {
    return `${pad}<${node.tag}${attributes}>\n${escapeText(node.text)}\n${pad}</${node.tag}>\n`;
  }
  const children = node.children ?? [];
  if (children.length === 0) return `${pad}<${node.tag}${attributes}/>\n`;
  let text = `${pad}<${node.tag}${attributes}>\n`;
  for (const child of children) text += xml(child, depth + 1);
  return `${text}${pad}</${node.tag}>\n`;
}

function escapeText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function escapeAttribute(text) {
  return escapeText(text.replaceAll('\n', '')).replaceAll('"', '&quot;');
}

module.exports = { JunitFormat };

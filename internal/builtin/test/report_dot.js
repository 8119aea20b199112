'use strict';

// The dot reporter: a dot for what passed, an X for what failed, and the failures at the end.

const { SpecFormat } = require('test/report_spec');

class DotFormat {
  constructor(to = process.stdout) {
    this.to = to;
    this.spec = new SpecFormat(to);
    this.count = 0;
    this.columns = columns(to);
    this.failed = [];
  }

  format(type, data) {
    if (type !== 'test:pass' && type !== 'test:fail') return undefined;
    if (type === 'test:fail') this.failed.push(data);
    let text = type === 'test:pass' ? this.spec.paint('green', '.') : this.spec.paint('red', 'X');
    if (++this.count === this.columns) {
      text += '\n';
      this.count = 0;
      this.columns = columns(this.to);
    }
    return text;
  }

  end() {
    let text = '\n';
    if (this.failed.length > 0) {
      text += `\n${this.spec.paint('red', 'Failed tests:')}\n\n`;
      for (const data of this.failed) text += this.spec.line('fail', { ...data, nesting: 0 }, false, '', true);
    }
    return text;
  }
}

function columns(to) {
  return Math.max(to?.columns ?? 20, 20);
}

module.exports = { DotFormat };

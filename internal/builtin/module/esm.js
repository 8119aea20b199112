// ES modules.

/** What import() in CommonJS code of this file is told to be. */
function hostId(filename) { return undefined; }

/** Whether the error says that a source is an ES module. */
function isModuleSyntax(err, content, filename) { return false; }

function requireSource(m, content, filename) { throw new Error('require of an ES module is not wired yet'); }

function requireOfEvaluating(m) { return undefined; }

module.exports = { hostId, isModuleSyntax, requireSource, requireOfEvaluating };

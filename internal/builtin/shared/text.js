'use strict';

// Characters of strings for loops over them. Strings have many hidden classes (flat, joined, cut out of others, of one
// and two bytes a character, internalized): the load in `text.charCodeAt(i)` that has met five of them is a search in a
// hash table from then on, five times the cost of the rest. The function itself, known, is compiled to the access.

/** @type {(text: string, index: number) => number} */
const charCodeAt = Function.prototype.call.bind(String.prototype.charCodeAt);

module.exports = { charCodeAt };

'use strict';
// Stands in for string-width in the bundle: its regular expressions cost 30 ms at every start. A function, because
// packages of both module kinds call it as one.
const { stripVTControlCharacters } = require('node:util');

module.exports = (text) => Array.from(stripVTControlCharacters(String(text))).length;

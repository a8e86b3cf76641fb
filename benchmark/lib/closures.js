'use strict';

/** A middling script with very many closures: 120 KB of source that make 120 000 of them, and the ways to load it. */

const fs = require('fs');
const vm = require('vm');

const LINES = 1500;
const CLOSURES = 120000;
const PER_ARRAY = 500;

/** The text of an expression that makes the closures, some 80 characters a line. */
function closureSource(closures = CLOSURES) {
  const lines = Array.from({ length: LINES }, (_, i) => {
    const name = `closure${String(i).padStart(5, '0')}`;
    return `  makers.push(function make() { return function ${name}() { return ${i}; }; });`;
  });
  return [
    '(() => {',
    '  const makers = [];',
    ...lines,
    // Of the last functions: V8 searches the whole text before them.
    '  const make = (_, i) => makers[makers.length - 1 - i % 10]();',
    // In arrays of some hundred each: huge ones are slow for V8 of Node 18 by themselves.
    `  return Array.from({ length: ${Math.ceil(closures / PER_ARRAY)} }, () => Array.from({ length: ${PER_ARRAY} }, make));`,
    '})()',
  ].join('\n');
}

/** How a script comes to be there; each gives arrays of the closures. */
const LOADERS = Object.freeze({
  file(source, path) {
    fs.writeFileSync(path, `module.exports = ${source};\n`);
    try {
      return require(path);
    } finally {
      fs.rmSync(path);
    }
  },
  vm: (source) => vm.runInThisContext(source, { filename: 'closures.js' }),
  'vm-context': (source) => vm.runInNewContext(source, {}, { filename: 'closures.js' }),
});

module.exports = { LOADERS, closureSource };

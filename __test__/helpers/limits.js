'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { findCompiler } = require('../../scripts/compile-shim');

/**
 * Compiles limits.cc into a folder, with the compiler that the V8 shims need as well.
 * @returns {string} the program
 */
function buildLimits(folder) {
  const program = path.join(folder, 'limits');
  const { command, args } = findCompiler();
  execFileSync(command, [...args, '-O1', '-o', program, path.join(__dirname, 'limits.cc')]);
  return program;
}

module.exports = { buildLimits };

'use strict';

/** Faults of the system that a test can have no other way: see faults.cc. */

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { findCompiler } = require('../../scripts/compiler');

/**
 * Compiles faults.cc into a folder, with the compiler that the V8 shims need as well.
 * @returns {string} the file
 */
function compile(folder, name, ...flags) {
  const file = path.join(folder, name);
  const { command, args } = findCompiler();
  execFileSync(command, [...args, '-Wall', '-pthread', ...flags, '-o', file, path.join(__dirname, 'faults.cc')]);
  return file;
}

/** A program that runs another one to which the system refuses a call. */
const buildLauncher = (folder) => compile(folder, 'faults');

/** A library to be preloaded. */
const buildPreload = (folder) => compile(folder, 'faults.so', '-DPRELOADED', '-fPIC', '-shared');

module.exports = { buildLauncher, buildPreload };

'use strict';

/**
 * Finds a C++ compiler that can compile the V8 shim: C++20, that is g++ 10 or clang 12 at least. In the published package as
 * well, for `rs-profiler build-shim`.
 */

const { run } = require('./run');

/** What is tried when the environment variable CXX is not set. */
const USUAL = ['g++', 'c++', 'clang++'];
/** The first major versions that know `-std=c++20` and what Node's headers use of it. */
const LEAST = { 'g++': 10, clang: 12 };
const WANTED = `g++ ${LEAST['g++']} or clang ${LEAST.clang}, or newer`;

/** The first line of what a program says, and no more than fits one. */
function firstLine(text) {
  return text.trim().split('\n')[0].slice(0, 200);
}

/** Why a compiler compiles nothing, though it is there: it lacks a part, or knows no C++20. */
function flawOf(command, args) {
  try {
    // A file, not standard input: a wrapper that ends before it reads would be told as a broken pipe.
    run(command, [...args, '-std=c++20', '-fsyntax-only', '-include', 'version', '-x', 'c++', '/dev/null']);
    return undefined;
  } catch (error) {
    return `does not compile C++20 (${firstLine(error.message.split('\n').slice(1).join('\n')) || firstLine(error.message)})`;
  }
}

/**
 * What is known of one compiler.
 * @param {string} candidate a command, with its first arguments perhaps
 * @returns {{ command: string, args: string[], version?: string, flaw?: string }}
 *   `version`: its own name for itself; `flaw`: why it will not do
 */
function examine(candidate) {
  const [command, ...args] = candidate.trim().split(/\s+/);
  let version;
  try {
    version = firstLine(run(command, [...args, '--version']));
  } catch (error) {
    return { command, args, flaw: error.code === 'ENOENT' ? 'is not installed' : `does not run (${firstLine(error.message)})` };
  }
  const kind = /clang/i.test(version) ? 'clang' : 'g++';
  // Distributions put their own version into brackets, and it comes first.
  const number = /(\d+)\.\d+/.exec(version.replace(/\([^)]*\)/g, ''));
  if (number && Number(number[1]) < LEAST[kind]) return { command, args, version, flaw: 'is too old' };
  return { command, args, version, flaw: flawOf(command, args) };
}

const known = new Map();

/** The same, looked at once. */
function examineOnce(candidate) {
  if (!known.has(candidate)) known.set(candidate, examine(candidate));
  return known.get(candidate);
}

/**
 * All compilers that could be taken, up to the first that will do.
 * @param {string[]} [usual] what is tried when CXX is not set
 */
function examineAll(usual = USUAL) {
  const examined = [];
  for (const candidate of process.env.CXX ? [process.env.CXX] : usual) {
    examined.push(examineOnce(candidate));
    if (!examined[examined.length - 1].flaw) break;
  }
  return examined;
}

/** What was found, for people: each with its version and its flaw. */
function describe(examined) {
  const there = examined.filter(({ version, flaw }) => version || flaw !== 'is not installed');
  if (there.length === 0) return `none (tried ${examined.map(({ command }) => command).join(', ')})`;
  return there.map(({ command, version, flaw }) => `${command}${version ? `, ${version},` : ''} ${flaw}`).join('; ');
}

/**
 * The compiler to take, as a command with its first arguments, and its own name for itself.
 * @param {string[]} [usual] what is tried when the environment variable CXX is not set
 * @returns {{ command: string, args: string[], version: string }}
 */
function findCompiler(usual) {
  const examined = examineAll(usual);
  const { command, args, version, flaw } = examined[examined.length - 1];
  if (!flaw) return { command, args, version };
  throw new Error(`No C++20 compiler was found: install ${WANTED}, or name one in the environment variable CXX. `
    + `Found: ${describe(examined)}.`);
}

module.exports = { WANTED, describe, examineAll, findCompiler };

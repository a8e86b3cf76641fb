'use strict';

/**
 * Compiles the C++ shim, once per Node ABI, into `native/v8-shim.abi<N>.so`.
 *
 * `node scripts/build-shims.js` builds for the running Node, `--all` for every Node of the matrix. A shim whose sources,
 * flags, compiler and headers are unchanged is left alone.
 */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { MATRIX, headersFor } = require('./node-dist');
const { NATIVE, ROOT, main, replaceFile, run } = require('./run');

const SOURCE_DIR = path.join(ROOT, 'src', 'v8');
const SOURCES = ['shim.h', 'shim.cc'];

const FLAGS = [
  '-std=c++20', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', '-fno-exceptions', '-fno-rtti', '-Wall', '-Wextra',
  // Node itself provides V8's symbols when the shim is loaded.
  ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
];

/** The compiler as a command with its first arguments, and its own name for itself. */
function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'c++', 'clang++'];
  for (const candidate of candidates) {
    const [command, ...args] = candidate.trim().split(/\s+/);
    try {
      const version = run(command, [...args, '--version']).split('\n')[0];
      return { command, args, version };
    } catch {
      // Not installed: the next one.
    }
  }
  throw new Error([
    `No C++ compiler was found (tried ${candidates.join(', ')}).`,
    'Install g++ 10 or newer, or clang 12 or newer, or name one in the environment variable CXX.',
  ].join('\n'));
}

function knowsCxx20(compiler) {
  try {
    run(compiler.command, [...compiler.args, '-std=c++20', '-x', 'c++', '-fsyntax-only', '-'], { input: 'int x;' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Builds the shim of one ABI when anything it depends on has changed.
 * @returns {boolean} whether it was compiled
 */
function buildShim(abi, compiler) {
  const headers = headersFor(abi);
  const output = path.join(NATIVE, `v8-shim.abi${abi}.so`);
  const hash = crypto.createHash('sha256');
  for (const name of SOURCES) hash.update(fs.readFileSync(path.join(SOURCE_DIR, name))).update('\0');
  hash.update(JSON.stringify([FLAGS, compiler, headers.version, process.platform, process.arch]));
  const stamp = `${hash.digest('hex')}\n`;
  const stampFile = `${output}.stamp`;
  if (fs.existsSync(output) && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return false;

  console.log(`compiling the V8 shim for Node ABI ${abi} (headers of ${headers.version})`);
  fs.mkdirSync(NATIVE, { recursive: true });
  const temp = `${output}.${process.pid}.tmp`;
  const source = path.join(SOURCE_DIR, 'shim.cc');
  try {
    const args = [...compiler.args, ...FLAGS, '-isystem', headers.include, '-o', temp, source];
    run(compiler.command, args, { stdio: 'inherit' });
    fs.renameSync(temp, output);
  } catch (error) {
    if (knowsCxx20(compiler)) throw error;
    throw new Error(`${compiler.version} does not know C++20: install g++ 10 or clang 12, or newer, or set CXX.`);
  } finally {
    fs.rmSync(temp, { force: true });
  }
  replaceFile(stampFile, stamp);
  return true;
}

/**
 * Builds the shims of the given ABIs.
 * @param {number[]} [abis] default: the running Node's
 * @returns {number} how many were compiled
 */
function buildShims(abis = [Number(process.versions.modules)]) {
  if (process.platform === 'win32') {
    throw new Error('The V8 shim cannot be built on Windows: capture works on Linux and macOS.');
  }
  const compiler = findCompiler();
  return abis.filter((abi) => buildShim(abi, compiler)).length;
}

module.exports = { buildShims, findCompiler };

if (require.main === module) {
  main(() => {
    const all = process.argv.includes('--all');
    const built = buildShims(all ? MATRIX.map((entry) => entry.abi) : undefined);
    if (built === 0) console.log('shims: up to date');
  });
}

'use strict';

/**
 * Compiles the one C++ file, `src/v8/shim.cc`, for one Node ABI. In the published package as well: it is what
 * `rs-profiler build-shim` does.
 *
 * The library leaves open what the Node that loads it brings along: V8, the C library, and the C++ runtime that V8 is built
 * with. So it depends on no version of any of them, and one g++ serves old and new systems, glibc and musl. `-z now` makes a
 * missing symbol an error when the shim is loaded, where it can be told, and not the end of the process later.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { findCompiler } = require('./compiler');
const { ROOT, run } = require('./run');

const SOURCE_DIR = path.join(ROOT, 'src', 'v8');
const SOURCES = ['shim.h', 'shim.cc'];

/** The file of the shim for an ABI, as binding.js looks for it. */
const shimName = (abi) => `v8-shim.abi${abi}.so`;

const COMMON = ['-std=c++20', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', '-fno-exceptions', '-fno-rtti', '-Wall', '-Wextra'];
// Nothing of a distribution's hardening defaults, which differ: a checked memcpy is glibc's alone.
const LINUX = ['-U_FORTIFY_SOURCE', '-fno-stack-protector', '-nostdlib', '-Wl,-z,now', '-Wl,-z,relro'];

/** The flags for a platform, in the form of `process.platform`. */
function flagsFor(platform = process.platform) {
  if (platform === 'win32') {
    throw new Error('The V8 shim cannot be built on Windows: capture works on Linux and macOS.');
  }
  return [...COMMON, ...(platform === 'linux' ? LINUX : ['-undefined', 'dynamic_lookup'])];
}

/**
 * Compiles the shim; `output` gets its content in one step, or stays as it was.
 * @param {{ include: string, output: string, compiler?: object, platform?: string, flags?: string[] }} options
 *   `include`: folder of the headers of Node; `flags`: more of them
 * @throws {Error} with what the compiler said
 */
function compileShim({ include, output, compiler = findCompiler(), platform = process.platform, flags = [] }) {
  fs.mkdirSync(path.dirname(output), { recursive: true });
  // In a folder of its own: the sources may lie in an archive that only Node can read (Yarn's).
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-shim-'));
  const temp = `${output}.${process.pid}.tmp`;
  try {
    for (const name of SOURCES) fs.writeFileSync(path.join(folder, name), fs.readFileSync(path.join(SOURCE_DIR, name)));
    // Headers of some versions of V8 put the name of their file into what is compiled.
    const maps = [`-ffile-prefix-map=${folder}=src/v8`, `-ffile-prefix-map=${include}=node`];
    const args = [...compiler.args, ...flagsFor(platform), ...flags, ...maps, '-isystem', include, '-o', temp];
    run(compiler.command, [...args, path.join(folder, 'shim.cc')]);
    fs.renameSync(temp, output);
  } finally {
    fs.rmSync(temp, { force: true });
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { SOURCES, SOURCE_DIR, compileShim, flagsFor, shimName };

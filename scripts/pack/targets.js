'use strict';

/** The platforms for which a package is made. Their names are those in binding.js. */

/**
 * @typedef {object} Target
 * @property {string} name as in `@rs-profiler/<name>`
 * @property {string} os `process.platform`
 * @property {string} cpu `process.arch`
 * @property {'glibc' | 'musl'} [libc]
 * @property {string} rust the target of Rust
 * @property {string} [glibc] no newer symbol of glibc is needed
 * @property {string[]} [cxx] what compiles the shims; V8's interface has types of libstdc++, so zig's libc++ cannot
 */

/** What the targets of Linux have in common. One g++ compiles the shims for glibc and for musl. */
function linux(cpu, libc) {
  const cxx = [{ x64: 'x86_64-linux-gnu-g++', arm64: 'aarch64-linux-gnu-g++' }[cpu], ...(process.arch === cpu ? ['g++'] : [])];
  return { os: 'linux', cpu, libc, cxx };
}

/** @type {Target[]} */
const TARGETS = [
  { name: 'linux-x64-gnu', ...linux('x64', 'glibc'), rust: 'x86_64-unknown-linux-gnu', glibc: '2.28' },
  { name: 'linux-x64-musl', ...linux('x64', 'musl'), rust: 'x86_64-unknown-linux-musl' },
  { name: 'linux-arm64-gnu', ...linux('arm64', 'glibc'), rust: 'aarch64-unknown-linux-gnu', glibc: '2.28' },
  { name: 'linux-arm64-musl', ...linux('arm64', 'musl'), rust: 'aarch64-unknown-linux-musl' },
  { name: 'darwin-x64', os: 'darwin', cpu: 'x64', rust: 'x86_64-apple-darwin' },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64', rust: 'aarch64-apple-darwin' },
  { name: 'win32-x64', os: 'win32', cpu: 'x64', rust: 'x86_64-pc-windows-msvc' },
];

/** Those that this machine can build: Linux is built on Linux, the others on themselves. */
function buildable() {
  return TARGETS.filter(({ os }) => os === process.platform);
}

/** The target that a process on this machine needs. */
function hostTarget() {
  const { platform } = require('../../binding').locate();
  const found = TARGETS.find(({ name }) => name === platform);
  if (!found) throw new Error(`No package is made for ${platform}.`);
  return found;
}

/** The manifest of a platform package. */
function manifestOf(target, { version, license, engines, author }) {
  return {
    name: `@rs-profiler/${target.name}`,
    version,
    description: `The native parts of rs-profiler for ${target.name}`,
    license,
    author,
    os: [target.os],
    cpu: [target.cpu],
    ...(target.libc && { libc: [target.libc] }),
    engines,
    gypfile: false,
    // Libraries cannot be loaded out of an archive: Yarn unpacks the package.
    preferUnplugged: true,
  };
}

module.exports = { TARGETS, buildable, hostTarget, manifestOf };

'use strict';

/**
 * Finds the tools of a release, and installs what is missing into the cache: zig and cargo-zigbuild from PyPI, cargo-cyclonedx from
 * crates.io. Their versions are exact, so that a release can be made again.
 */

const fs = require('fs');
const path = require('path');
const { cacheDir } = require('../node-dist');
const { run } = require('../run');

const VERSIONS = { ziglang: '0.17.1', 'cargo-zigbuild': '0.24.1', 'cargo-cyclonedx': '0.5.9' };

/** What a tool says of itself; undefined when it is not there. */
function versionOf(command, args = ['--version'], options = {}) {
  try {
    return run(command, args, options).trim().split('\n')[0];
  } catch {
    return undefined;
  }
}

/** A folder for the PATH that holds cargo-zigbuild and a python that has ziglang. */
function zigFolder() {
  const home = path.join(cacheDir(), 'tools', `zig-${VERSIONS.ziglang}-${VERSIONS['cargo-zigbuild']}`);
  const bin = path.join(home, 'bin');
  if (versionOf(path.join(bin, 'cargo-zigbuild')) && versionOf(path.join(bin, 'python3'), ['-m', 'ziglang', 'version'])) return bin;
  console.log('installing zig and cargo-zigbuild from PyPI');
  fs.rmSync(home, { recursive: true, force: true });
  run('python3', ['-m', 'venv', home]);
  const wanted = ['ziglang', 'cargo-zigbuild'].map((name) => `${name}==${VERSIONS[name]}`);
  run(path.join(bin, 'pip'), ['install', '--quiet', '--only-binary=:all:', ...wanted], { stdio: ['ignore', 'inherit', 'inherit'] });
  return bin;
}

/** The command cargo-cyclonedx, which writes the list of what is in a binary. */
function cyclonedx() {
  const home = path.join(cacheDir(), 'tools', `cargo-cyclonedx-${VERSIONS['cargo-cyclonedx']}`);
  const command = path.join(home, 'bin', 'cargo-cyclonedx');
  if (!versionOf(command, ['cyclonedx', '--version'])) {
    console.log('installing cargo-cyclonedx from crates.io');
    const args = ['install', 'cargo-cyclonedx', '--locked', '--version', VERSIONS['cargo-cyclonedx'], '--root', home];
    run('cargo', args, { stdio: 'inherit' });
  }
  return command;
}

/**
 * A Rust compiler that has, or can make, the standard library of a target.
 * @param {string} triple the target of Rust
 * @returns {{ rustc: string, cargo: string, buildStd: boolean, sysroot: string, version: string }}
 * @throws {Error} that says what to install
 */
function rustFor(triple) {
  const rusts = [['rustc', 'cargo'], ['/usr/bin/rustc', '/usr/bin/cargo']]
    .map(([rustc, cargo]) => ({ rustc, cargo, version: versionOf(rustc) }))
    .filter(({ version }) => version)
    .map((rust) => ({ ...rust, sysroot: run(rust.rustc, ['--print', 'sysroot']).trim() }));
  const has = (...parts) => ({ sysroot }) => fs.existsSync(path.join(sysroot, 'lib', 'rustlib', ...parts));
  const ready = rusts.find(has(triple, 'lib'));
  if (ready) return { ...ready, buildStd: false };
  const source = rusts.find(has('src', 'rust', 'library', 'Cargo.lock'));
  if (source) return { ...source, buildStd: true };
  throw new Error([
    `The standard library of Rust for ${triple} was not found (${rusts.map(({ version }) => version).join('; ') || 'no rustc'}).`,
    'Mend one of these:',
    `  - rustup target add ${triple}`,
    '  - rustup component add rust-src: it is then compiled with the addon,',
    '  - on Debian, whose packages can stand beside rustup: apt-get install rustc-web cargo-web rust-web-src (1.88 or newer)',
  ].join('\n'));
}

module.exports = { cyclonedx, rustFor, versionOf, zigFolder };

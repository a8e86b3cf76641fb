'use strict';

/** Builds the addon for one target, so that the same sources give the same bytes wherever they lie. */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { ROOT, run } = require('../run');
const { rustFor, versionOf, zigFolder } = require('./tools');

/** Seconds since 1970 of the commit that is built: what tools write where they write a time. */
function sourceDate() {
  return process.env.SOURCE_DATE_EPOCH || run('git', ['log', '-1', '--format=%ct'], { cwd: ROOT }).trim();
}

/** No path of this machine gets into a binary. */
function flagsOf(target, sysroot) {
  const cargoHome = process.env.CARGO_HOME || path.join(os.homedir(), '.cargo');
  const maps = [
    [ROOT, '/rs-profiler'],
    [path.join(cargoHome, 'registry', 'src'), '/cargo'],
    [path.join(sysroot, 'lib', 'rustlib', 'src', 'rust'), '/rustc'],
  ];
  return [
    ...maps.map(([from, to]) => `--remap-path-prefix=${from}=${to}`),
    // A library that Node loads shares the C library of the process.
    ...(target.libc === 'musl' ? ['-C', 'target-feature=-crt-static'] : []),
  ];
}

/**
 * Builds the addon.
 * @param {import('./targets').Target} target
 * @param {string} [buildFolder] cargo's target folder; another one is another build
 * @returns {{ file: string, rust: string }} the library, and what built it
 */
function buildAddon(target, buildFolder = path.join(ROOT, 'target', 'pack')) {
  const rust = rustFor(target.rust);
  const env = {
    ...process.env,
    SOURCE_DATE_EPOCH: sourceDate(),
    CARGO_INCREMENTAL: '0',
    CARGO_ENCODED_RUSTFLAGS: flagsOf(target, rust.sysroot).join('\x1f'),
    RUSTC: rust.rustc,
    CARGO: rust.cargo,
    // Building the standard library is a matter of cargo; the code uses stable Rust.
    ...(rust.buildStd && { RUSTC_BOOTSTRAP: '1' }),
  };
  delete env.RUSTFLAGS;
  const linux = target.os === 'linux';
  if (linux) env.PATH = `${zigFolder()}${path.delimiter}${env.PATH}`;
  const args = [
    linux ? 'zigbuild' : 'build', '--release', '--locked', '-p', 'rs-profiler', '--target-dir', buildFolder,
    '--target', target.glibc ? `${target.rust}.${target.glibc}` : target.rust,
    ...(rust.buildStd ? ['-Zbuild-std=std,panic_unwind'] : []),
  ];
  console.log(`building the addon for ${target.name} with ${rust.version}${rust.buildStd ? ', its standard library too' : ''}`);
  run(linux ? 'cargo-zigbuild' : rust.cargo, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const name = { linux: 'librs_profiler.so', darwin: 'librs_profiler.dylib', win32: 'rs_profiler.dll' }[target.os];
  const file = path.join(buildFolder, target.rust, 'release', name);
  if (!fs.existsSync(file)) throw new Error(`cargo left no ${file}`);
  const zig = linux ? `, zig ${versionOf('python3', ['-m', 'ziglang', 'version'], { env })}` : '';
  return { file, rust: `${rust.version}${rust.buildStd ? ' with -Zbuild-std' : ''}${zig}` };
}

module.exports = { buildAddon, sourceDate };

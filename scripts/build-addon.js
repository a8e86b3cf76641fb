'use strict';

/**
 * Builds the Rust addon with cargo and puts it at `native/rs-profiler.node`; one file serves every Node version. A stamp beside
 * it tells what it was built from: while that is unchanged, cargo is not needed.
 */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { NATIVE, ROOT, main, replaceFile, run } = require('./run');

/** What the addon is made of. */
const SOURCES = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src', 'crates'];
/** The variables that change what cargo makes of them. */
const SETTINGS = /^(CARGO_(PROFILE|ENCODED)_|CARGO_BUILD_(RUST|TARGET$)|RUST(C$|C_|FLAGS$|UP_TOOLCHAIN$))/;

const OUTPUT = path.join(NATIVE, 'rs-profiler.node');
const STAMP = `${OUTPUT}.stamp`;

/** The files of a file or folder, in one order on every machine. */
function filesOf(relative) {
  const absolute = path.join(ROOT, relative);
  if (!fs.existsSync(absolute)) return [];
  if (!fs.statSync(absolute).isDirectory()) return [relative];
  return fs.readdirSync(absolute).sort().flatMap((name) => filesOf(`${relative}/${name}`));
}

/** A hash of the sources, as they are now. */
function hashOfSources() {
  const hash = crypto.createHash('sha256');
  for (const file of SOURCES.flatMap(filesOf)) hash.update(`${file}\0`).update(fs.readFileSync(path.join(ROOT, file))).update('\0');
  const settings = Object.entries(process.env).filter(([name]) => SETTINGS.test(name)).sort();
  hash.update(JSON.stringify([settings, process.platform, process.arch]));
  return hash;
}

/** A number for the sources and the built file together. */
const stampOf = (sources, library) => `${sources.copy().update(library).digest('hex')}\n`;

/** Whether `native/rs-profiler.node` is what the sources, as they are, were built into. */
function isAddonCurrent() {
  try {
    return fs.readFileSync(STAMP, 'utf8') === stampOf(hashOfSources(), fs.readFileSync(OUTPUT));
  } catch {
    // Never built.
    return false;
  }
}

/** What cargo says it built: asked for, because the target folder can be configured in several ways. */
function cargoBuild() {
  const args = ['build', '--release', '-p', 'rs-profiler', '--message-format=json-render-diagnostics'];
  if (fs.existsSync(path.join(ROOT, 'Cargo.lock'))) args.push('--locked');
  let output;
  try {
    output = run('cargo', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Error('cargo was not found. Install a Rust toolchain, with rustup for example, and put cargo into the PATH.');
  }
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue;
    const message = JSON.parse(line);
    if (message.reason !== 'compiler-artifact' || message.target.name !== 'rs_profiler') continue;
    const library = message.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
    if (library) return library;
  }
  throw new Error('cargo built no dynamic library for the package rs-profiler.');
}

/**
 * Builds the addon when its sources, or the built file, have changed.
 * @returns {boolean} whether native/rs-profiler.node changed
 */
function buildAddon() {
  if (isAddonCurrent()) return false;
  // Before cargo reads them: what somebody changes meanwhile is built the next time.
  const sources = hashOfSources();
  const library = fs.readFileSync(cargoBuild());
  const isChanged = !(fs.existsSync(OUTPUT) && fs.readFileSync(OUTPUT).equals(library));
  // Renamed into place, never overwritten: a running process may have the old file mapped.
  if (isChanged) replaceFile(OUTPUT, library);
  replaceFile(STAMP, stampOf(sources, library));
  return isChanged;
}

module.exports = { buildAddon, isAddonCurrent };

if (require.main === module) main(() => console.log(buildAddon() ? 'addon: built' : 'addon: up to date'));

'use strict';

/** Builds the Rust addon with cargo and puts it at `native/rs-profiler.node`; one file serves every Node version. */

const fs = require('fs');
const path = require('path');
const { NATIVE, ROOT, main, replaceFile, run } = require('./run');

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
 * Builds the addon.
 * @returns {boolean} whether native/rs-profiler.node changed
 */
function buildAddon() {
  const library = fs.readFileSync(cargoBuild());
  const output = path.join(NATIVE, 'rs-profiler.node');
  if (fs.existsSync(output) && fs.readFileSync(output).equals(library)) return false;
  // Renamed into place, never overwritten: a running process may have the old file mapped.
  replaceFile(output, library);
  return true;
}

module.exports = { buildAddon };

if (require.main === module) main(() => console.log(buildAddon() ? 'addon: built' : 'addon: up to date'));

'use strict';

/** Builds the Rust addons with cargo and puts them into `native/`; one file of each serves every Node version. */

const fs = require('fs');
const path = require('path');
const { NATIVE, ROOT, main, replaceFile, run } = require('./run');

/** The packages that are addons. */
const ADDONS = ['rs-profiler', 'rs-profiler-analysis'];

/** The library of each addon, as cargo says: asked for, because the target folder can be configured in several ways. */
function cargoBuild() {
  const args = ['build', '--release', ...ADDONS.flatMap((name) => ['-p', name]), '--message-format=json-render-diagnostics'];
  if (fs.existsSync(path.join(ROOT, 'Cargo.lock'))) args.push('--locked');
  let output;
  try {
    output = run('cargo', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Error('cargo was not found. Install a Rust toolchain, with rustup for example, and put cargo into the PATH.');
  }
  const libraries = new Map();
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue;
    const message = JSON.parse(line);
    if (message.reason !== 'compiler-artifact') continue;
    const library = message.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
    if (library) libraries.set(message.target.name, library);
  }
  return ADDONS.map((name) => {
    const library = libraries.get(name.replaceAll('-', '_'));
    if (!library) throw new Error(`cargo built no dynamic library for the package ${name}.`);
    return [`${name}.node`, library];
  });
}

/**
 * Builds the addons.
 * @returns {boolean} whether one of them changed
 */
function buildAddon() {
  const changed = cargoBuild().filter(([name, library]) => {
    const content = fs.readFileSync(library);
    const output = path.join(NATIVE, name);
    if (fs.existsSync(output) && fs.readFileSync(output).equals(content)) return false;
    // Renamed into place, never overwritten: a running process may have the old file mapped.
    replaceFile(output, content);
    return true;
  });
  return changed.length > 0;
}

module.exports = { buildAddon };

if (require.main === module) main(() => console.log(buildAddon() ? 'addon: built' : 'addon: up to date'));

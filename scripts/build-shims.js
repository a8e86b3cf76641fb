'use strict';

/**
 * Compiles the C++ shim, once per Node ABI, into `native/v8-shim.abi<N>.so`.
 *
 * `node scripts/build-shims.js` builds for the running Node, `--all` for every Node of the matrix. A shim whose sources
 * and flags are unchanged is left alone.
 */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { SOURCES, SOURCE_DIR, compileShim, flagsFor, shimName } = require('./compile-shim');
const { findCompiler } = require('./compiler');
const { MATRIX, headersFor } = require('./node-dist');
const { NATIVE, main, replaceFile } = require('./run');

/** The shim of an ABI, its stamp, and what that holds when the shim was compiled from what is here now. */
function placesOf(abi) {
  const output = path.join(NATIVE, shimName(abi));
  const hash = crypto.createHash('sha256');
  for (const name of SOURCES) hash.update(fs.readFileSync(path.join(SOURCE_DIR, name))).update('\0');
  hash.update(JSON.stringify([flagsFor(), process.platform, process.arch]));
  return { output, stampFile: `${output}.stamp`, stamp: `${hash.digest('hex')}\n` };
}

/** Whether the shim of an ABI is there and its sources and flags are unchanged. To find that out takes neither compiler nor headers. */
function isShimCurrent(abi) {
  const { output, stampFile, stamp } = placesOf(abi);
  return fs.existsSync(output) && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp;
}

/** Compiles the shim of one ABI. */
function buildShim(abi, compiler) {
  const headers = headersFor(abi);
  const { output, stampFile, stamp } = placesOf(abi);
  console.log(`compiling the V8 shim for Node ABI ${abi} (headers of ${headers.version})`);
  compileShim({ include: headers.include, output, compiler });
  replaceFile(stampFile, stamp);
}

/**
 * Builds those shims of the given ABIs that are not current.
 * @param {number[]} [abis] default: the running Node's
 * @returns {number} how many were compiled
 */
function buildShims(abis = [Number(process.versions.modules)]) {
  const wanted = abis.filter((abi) => !isShimCurrent(abi));
  if (wanted.length === 0) return 0;
  const compiler = findCompiler();
  for (const abi of wanted) buildShim(abi, compiler);
  return wanted.length;
}

module.exports = { buildShims, isShimCurrent };

if (require.main === module) {
  main(() => {
    const all = process.argv.includes('--all');
    const built = buildShims(all ? MATRIX.map((entry) => entry.abi) : undefined);
    if (built === 0) console.log('shims: up to date');
  });
}

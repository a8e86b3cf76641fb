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
const { SOURCES, SOURCE_DIR, compileShim, findCompiler, flagsFor } = require('./compile-shim');
const { MATRIX, headersFor } = require('./node-dist');
const { NATIVE, main, replaceFile } = require('./run');

/**
 * Builds the shim of one ABI when anything it depends on has changed.
 * @returns {boolean} whether it was compiled
 */
function buildShim(abi, compiler) {
  const headers = headersFor(abi);
  const output = path.join(NATIVE, `v8-shim.abi${abi}.so`);
  const hash = crypto.createHash('sha256');
  for (const name of SOURCES) hash.update(fs.readFileSync(path.join(SOURCE_DIR, name))).update('\0');
  hash.update(JSON.stringify([flagsFor(), compiler, headers.version, process.platform, process.arch]));
  const stamp = `${hash.digest('hex')}\n`;
  const stampFile = `${output}.stamp`;
  if (fs.existsSync(output) && fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return false;

  console.log(`compiling the V8 shim for Node ABI ${abi} (headers of ${headers.version})`);
  compileShim({ include: headers.include, output, compiler });
  replaceFile(stampFile, stamp);
  return true;
}

/**
 * Builds the shims of the given ABIs.
 * @param {number[]} [abis] default: the running Node's
 * @returns {number} how many were compiled
 */
function buildShims(abis = [Number(process.versions.modules)]) {
  flagsFor();
  const compiler = findCompiler();
  return abis.filter((abi) => buildShim(abi, compiler)).length;
}

module.exports = { buildShims };

if (require.main === module) {
  main(() => {
    const all = process.argv.includes('--all');
    const built = buildShims(all ? MATRIX.map((entry) => entry.abi) : undefined);
    if (built === 0) console.log('shims: up to date');
  });
}

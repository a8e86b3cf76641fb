'use strict';

/**
 * What a checkout needs before anything is installed or built, checked together and told in one message.
 *
 * This file keeps to what Node 12 can read: it is what tells that Node is too old.
 */

const fs = require('fs');
const path = require('path');
const { WANTED, describe, examineAll } = require('./compiler');
const { headersFor } = require('./node-dist');
const { ROOT, npm, run } = require('./run');

/** The lock file's format, and `npm ci` as setup calls it. */
const LEAST_NPM = '8';

/** The number in a text such as `cargo 1.88.0 (873a06493 2025-05-10)`. */
function versionIn(text) {
  const match = /\d+(\.\d+)*/.exec(text);
  return match ? match[0] : '';
}

/** Whether a version is another or newer. */
function isAtLeast(version, least) {
  const [numbers, wanted] = [version, least].map((text) => text.split('.').map(Number));
  const at = wanted.findIndex((number, index) => (numbers[index] || 0) !== number);
  return at < 0 || (numbers[at] || 0) > wanted[at];
}

/** What a program says its version is; `flaw` when it will not do. */
function programVersion(call, least) {
  let said;
  try {
    said = call().trim().split('\n')[0];
  } catch (error) {
    if (error.code === 'ENOENT') return { found: 'not in the PATH', flaw: true };
    const [first, second] = error.message.split('\n');
    return { found: `it does not run (${second || first})`, flaw: true };
  }
  const version = versionIn(said);
  return { found: version || said, flaw: !isAtLeast(version, least) };
}

function leastCargo() {
  return versionIn(/^rust-version = "(.*)"/m.exec(fs.readFileSync(path.join(ROOT, 'Cargo.toml'), 'utf8'))[1]);
}

function leastNode() {
  return versionIn(JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).engines.node);
}

/** Headers that are at hand; what is not comes from npm later. */
function headersAtHand(abi) {
  try {
    return headersFor(abi, { fetch: false }).version;
  } catch {
    return undefined;
  }
}

/** The requirements of some work, each as `{ name, found, flaw, mend }`. */
function requirements({ packages, addon, shims }) {
  const all = [];
  const add = (name, { found, flaw = false }, mend) => all.push({ name, found, flaw, mend });

  const node = leastNode();
  const nodeVersion = process.versions.node;
  add(`Node.js ${node} or newer`, { found: nodeVersion, flaw: !isAtLeast(nodeVersion, node) }, 'Install a newer one.');

  const headers = shims.map((abi) => ({ abi, version: headersAtHand(abi) }));
  const fetched = headers.filter(({ version }) => version === undefined).map(({ abi }) => abi);
  if (packages || fetched.length > 0) {
    add(`npm ${LEAST_NPM} or newer`, programVersion(() => npm(['--version'], { cwd: ROOT }), LEAST_NPM), 'It comes with Node.js.');
  }
  if (addon) {
    const least = leastCargo();
    add(`cargo ${least} or newer`, programVersion(() => run('cargo', ['--version'], { cwd: ROOT }), least),
      'Install Rust, with rustup for example, and put cargo into the PATH.');
  }
  if (shims.length > 0) {
    const compilers = examineAll();
    const last = compilers[compilers.length - 1];
    add(`C++20 compiler (${WANTED})`, last.flaw ? { found: describe(compilers), flaw: true } : { found: last.version },
      'Install one, or name one in the environment variable CXX.');
  }
  for (const { abi, version } of headers) {
    add(`C++ headers of Node ABI ${abi}`, { found: version || 'not here; npm will fetch them' });
  }
  return all;
}

/**
 * Checks what the work ahead needs.
 * @param {{ packages: boolean, addon: boolean, shims: number[] }} work
 * @throws {Error} one for all that is missing, with all that was looked at
 */
function checkPrerequisites(work) {
  const all = requirements(work);
  if (all.some(({ flaw }) => flaw)) {
    throw new Error([
      'This checkout of rs-profiler cannot be built yet. Wanted, and found:',
      ...all.map(({ name, found, flaw, mend }) => (flaw ? `  MISSING  ${name}: ${found}. ${mend}` : `  ok       ${name}: ${found}`)),
      'Nothing was installed or built. Mend what is missing, then run the same command again.',
    ].join('\n'));
  }
  // Fetches them where they are not at hand, and says itself what to do where they cannot be had.
  for (const abi of work.shims) headersFor(abi);
}

module.exports = { checkPrerequisites };

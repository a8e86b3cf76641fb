'use strict';

/**
 * `npm run supply-chain`: writes the inventory of `docs/supply-chain.md` from cargo's metadata, the lock files and
 * `supply-chain-reasons.json`. `-- --check`, for CI, compares, and checks npm's side of what the page says: nothing is installed with
 * rs-profiler that its manifest does not name, no package has an install script, and those of development packages are known.
 * Licences and sources of crates are cargo-deny's.
 */

const fs = require('fs');
const path = require('path');
const { crates } = require('./pack/crates');
const { table } = require('./report');
const { ROOT, main, npm, replaceFile } = require('./run');

const PAGE = path.join(ROOT, 'docs', 'supply-chain.md');
const START = '<!-- inventory: written by npm run supply-chain -->';
const END = '<!-- end of the inventory -->';
/** What npm runs by itself when it installs. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

const readJson = (file) => JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));

/**
 * The inventory as Markdown.
 * @param {import('./pack/crates').Crate[]} all
 * @param {Record<string, string>} reasons of crates, by name
 * @returns {string}
 * @throws {Error} when a crate in the binary has no reason, or a reason no crate
 */
function inventory(all, reasons) {
  const inBinary = all.filter((crate) => crate.inBinary);
  const missing = inBinary.filter(({ name }) => !reasons[name]).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`scripts/supply-chain-reasons.json has no reason for ${missing.join(', ')}.`);
  const unused = Object.keys(reasons).filter((name) => !inBinary.some((crate) => crate.name === name));
  if (unused.length > 0) throw new Error(`scripts/supply-chain-reasons.json has reasons for crates that are not there: ${unused.join(', ')}.`);
  const why = ({ name, direct, neededBy }) => (direct ? reasons[name] : `${reasons[name]}; needed by ${neededBy.join(', ')}`);
  const building = all.filter((crate) => !crate.inBinary).map(({ name, version, license }) => `${name} ${version} (${license})`);
  return [
    `### Rust crates in the addon (${inBinary.length})`,
    table(['crate', 'version', 'licence', 'why'], inBinary.map((crate) => [crate.name, crate.version, crate.license, why(crate)])).join('\n'),
    `### Crates that run while the addon is compiled, and are not in it (${building.length})`,
    `${building.join(', ')}.`,
  ].join('\n\n');
}

/** The page with another inventory. */
function withInventory(page, text) {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/supply-chain.md lost the lines between which the inventory stands: ${START} and ${END}.`);
  return `${before}${START}\n\n${text}\n\n${END}${after}`;
}

/**
 * What is wrong with npm's side.
 * @param {{ manifest: object, lock: object, tree: object, installScripts: Record<string, string> }} found
 * @returns {string[]}
 */
function npmFaults({ manifest, lock, tree, installScripts }) {
  const named = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const faults = [];
  for (const name of Object.keys(tree.dependencies ?? {})) {
    if (!(name in named)) faults.push(`npm ls --omit=dev finds ${name}, which package.json does not name.`);
  }
  for (const name of Object.keys(named)) {
    if (!name.startsWith('@rs-profiler/')) faults.push(`package.json names ${name}: there is to be no dependency but the packages for platforms.`);
  }
  for (const [where, { hasInstallScript }] of Object.entries(lock.packages)) {
    const name = where.replace(/^.*node_modules\//, '');
    if (hasInstallScript && !installScripts[name]) faults.push(`${name} has an install script for which scripts/supply-chain-reasons.json has no word.`);
  }
  for (const script of INSTALL_SCRIPTS) {
    if (manifest.scripts?.[script]) faults.push(`package.json has the install script ${script}.`);
  }
  return faults;
}

module.exports = { inventory, npmFaults, withInventory };

if (require.main === module) {
  main(() => {
    const { crates: reasons, installScripts } = readJson('scripts/supply-chain-reasons.json');
    const page = fs.readFileSync(PAGE, 'utf8');
    const wanted = withInventory(page, inventory(crates(), reasons));
    if (!process.argv.includes('--check')) {
      replaceFile(PAGE, wanted);
      return;
    }
    // What --omit=dev leaves is what users get.
    const tree = JSON.parse(npm(['ls', '--all', '--omit=dev', '--json', '--loglevel=error'], { cwd: ROOT }));
    const faults = npmFaults({ manifest: readJson('package.json'), lock: readJson('package-lock.json'), tree, installScripts });
    if (page !== wanted) faults.push('docs/supply-chain.md is not up to date: npm run supply-chain');
    if (faults.length > 0) throw new Error(faults.join('\n'));
    console.log('supply chain: docs/supply-chain.md is up to date, npm installs nothing that is not named');
  });
}

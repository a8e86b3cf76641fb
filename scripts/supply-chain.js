'use strict';

/**
 * The supply-chain page, `docs/SUPPLY-CHAIN.md`: what is in the packages and why, from cargo's metadata, the bundle of the report and
 * `docs/supply-chain-reasons.json`.
 *
 * `npm run supply-chain` writes it. `--check`, for CI, compares, and checks what the page says: licences and sources of crates by
 * cargo-deny, npm's tree of run-time dependencies, licences of what is bundled, and which packages have install scripts.
 */

const fs = require('fs');
const path = require('path');
const { bundledPackages } = require('./build-report');
const { crates } = require('./pack/crates');
const { cargoDeny } = require('./pack/tools');
const { rootManifest } = require('./pack/stage');
const { ROOT, main, npm, replaceFile, run } = require('./run');
const { setup } = require('./setup');

const PAGE = path.join(ROOT, 'docs', 'SUPPLY-CHAIN.md');
const START = '<!-- inventory: written by npm run supply-chain -->';
const END = '<!-- end of the inventory -->';

const readJson = (file) => JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));

function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The inventory as Markdown. @throws {Error} when a direct dependency has no reason */
function inventory() {
  const reasons = readJson('docs/supply-chain-reasons.json');
  const all = crates();
  const inBinary = all.filter((crate) => crate.inBinary);
  const bundled = bundledPackages();
  const missing = inBinary.filter(({ name, direct }) => direct && !reasons.crates[name]);
  const { dependencies = {} } = rootManifest();
  missing.push(...Object.keys(dependencies).filter((name) => !reasons.npm[name]).map((name) => ({ name })));
  if (missing.length) throw new Error(`docs/supply-chain-reasons.json has no reason for ${missing.map(({ name }) => name).join(', ')}.`);
  const why = ({ name, direct, neededBy }) => [reasons.crates[name], direct ? '' : `needed by ${neededBy.join(', ')}`].filter(Boolean).join('; ');
  const lock = readJson('package-lock.json').packages;
  const runtime = Object.keys(dependencies).map((name) => [name, lock[`node_modules/${name}`].version, lock[`node_modules/${name}`].license, reasons.npm[name]]);
  const building = all.filter((crate) => !crate.inBinary).map(({ name, version, license }) => `${name} ${version} (${license})`);
  return [
    `### Rust crates in the addons (${inBinary.length})`,
    table(['crate', 'version', 'licence', 'why'], inBinary.map((crate) => [crate.name, crate.version, crate.license, why(crate)])),
    '### npm packages that are installed with rs-profiler',
    runtime.length ? table(['package', 'version', 'licence', 'why'], runtime) : 'None but its own packages for the platform.',
    `### npm packages that are bundled into the page of the HTML report (${bundled.length})`,
    table(['package', 'version', 'licence', 'why'], bundled.map(({ name, version, license }) => [name, version, license, reasons.npm[name] ?? 'needed by those that have a reason'])),
    `### Crates that run while the addons are compiled, and are not in them (${building.length})`,
    `${building.join(', ')}.`,
  ].join('\n\n');
}

function page(text) {
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${PAGE} lost the lines between which the inventory stands: ${START} and ${END}.`);
  return `${before}${START}\n\n${inventory()}\n\n${END}${after}`;
}

/** What is wrong with the npm side. */
function npmFaults() {
  const { licences, installScripts } = readJson('docs/supply-chain-reasons.json');
  const faults = [];
  const named = ({ name, version, license }) => `${name} ${version} has the licence ${license}`;
  faults.push(...bundledPackages().filter(({ license }) => !licences.npm.includes(license)).map(named));
  // What --omit=dev leaves is what users get.
  const tree = JSON.parse(npm(['ls', '--all', '--omit=dev', '--json', '--loglevel=error'], { cwd: ROOT }));
  const { dependencies = {} } = rootManifest();
  const unexpected = Object.keys(tree.dependencies ?? {}).filter((name) => !(name in dependencies) && !tree.dependencies[name].peer);
  if (unexpected.length) faults.push(`npm ls finds run-time dependencies that package.json does not name: ${unexpected.join(', ')}`);
  for (const [where, { hasInstallScript }] of Object.entries(readJson('package-lock.json').packages)) {
    const name = where.replace(/^.*node_modules\//, '');
    if (hasInstallScript && !installScripts[name]) faults.push(`${name} has an install script that nobody has looked at`);
  }
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (readJson('package.json').scripts[script] || rootManifest().scripts) faults.push(`the package has the install script ${script}`);
  }
  return faults;
}

if (require.main === module) {
  main(() => {
    setup();
    const text = fs.readFileSync(PAGE, 'utf8');
    const wanted = page(text);
    if (!process.argv.includes('--check')) {
      replaceFile(PAGE, wanted);
      return;
    }
    const faults = npmFaults();
    if (text !== wanted) faults.push('docs/SUPPLY-CHAIN.md is not up to date: npm run supply-chain');
    run(cargoDeny(), ['--log-level', 'warn', 'check', 'licenses', 'bans', 'sources'], { cwd: ROOT, stdio: 'inherit' });
    if (faults.length) throw new Error(faults.join('\n'));
    console.log('supply chain: the page is up to date; licences, sources and install scripts are as it says');
  });
}

'use strict';

/** The Rust crates that are in the addon, as `cargo metadata` and the lock file say. */

const fs = require('fs');
const path = require('path');
const { ROOT, run } = require('../run');
const { TARGETS } = require('./targets');

/**
 * @typedef {{ name: string, version: string, license: string, repository?: string, folder: string,
 *   inBinary: boolean, direct: boolean, neededBy: string[] }} Crate
 */

function metadata(triple) {
  const args = ['metadata', '--locked', '--format-version', '1', '--filter-platform', triple];
  return JSON.parse(run('cargo', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** Walks the graph of one platform from the addon; macros and build scripts run while it is built, and so does what they use. */
function walk({ packages, resolve, workspace_members: members }, crates) {
  const byId = new Map(packages.map((each) => [each.id, each]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const isMacro = (id) => byId.get(id).targets.some(({ kind }) => kind.includes('proc-macro'));
  const seen = new Set();
  const visit = (id, inBinary) => {
    if (seen.has(`${id} ${inBinary}`)) return;
    seen.add(`${id} ${inBinary}`);
    const own = members.includes(id);
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const used = kinds.filter(({ kind }) => kind !== 'dev');
      if (used.length === 0) continue;
      const linked = inBinary && used.some(({ kind }) => kind === null) && !isMacro(pkg);
      if (!members.includes(pkg)) {
        const { name, version, license, repository, manifest_path: manifest } = byId.get(pkg);
        const key = `${name} ${version}`;
        const folder = path.dirname(manifest);
        const fresh = { name, version, license, repository, folder, inBinary: false, direct: false, needers: new Set() };
        const crate = crates.get(key) ?? fresh;
        crate.inBinary ||= linked;
        crate.direct ||= own;
        if (!own) crate.needers.add(byId.get(id).name);
        crates.set(key, crate);
      }
      visit(pkg, linked);
    }
  };
  for (const member of members) if (byId.get(member).name === 'rs-profiler') visit(member, true);
}

/**
 * Every crate from outside that the addon is made of, on any platform.
 * @returns {Crate[]} by name
 */
function crates() {
  const found = new Map();
  for (const triple of new Set(TARGETS.map(({ rust }) => rust))) walk(metadata(triple), found);
  return [...found.values()]
    .map(({ needers, ...crate }) => ({ ...crate, neededBy: [...needers].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** The licence texts of what is in the binaries. */
function noticesOf(list) {
  const parts = list.filter(({ inBinary }) => inBinary).map(({ name, version, license, repository, folder }) => {
    const isFile = (file) => fs.statSync(path.join(folder, file)).isFile();
    const isText = (file) => /^(licen[cs]e|copying|copyright|notice)/i.test(file) && isFile(file);
    const read = (file) => fs.readFileSync(path.join(folder, file), 'utf8').trim();
    const texts = fs.readdirSync(folder).filter(isText).sort().map(read);
    const none = texts.length === 0 ? ['The crate brings no licence file.'] : [];
    return [`${name} ${version} (${license})\nSource: ${repository ?? 'the crate of that name'}`, ...none, ...texts].join('\n\n');
  });
  const rule = `\n\n${'-'.repeat(72)}\n\n`;
  const head = 'The addon of rs-profiler holds code of these Rust crates, and of Rust\'s standard library (MIT OR Apache-2.0).';
  return `${[head, ...parts].join(rule)}\n`;
}

module.exports = { crates, noticesOf };

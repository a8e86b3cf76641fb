'use strict';

/**
 * Checks what a built library asks of the system that loads it. `readelf` reads libraries of every processor.
 *
 * Command line: `node scripts/pack/binaries.js FOLDER...` prints it for the libraries of folders such as `native`.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { ROOT, main, run } = require('../run');

/** What an addon may be linked with. Node brings the C library; libgcc's unwinder is linked in. */
const LIBRARIES = {
  glibc: /^(libc\.so\.6|libm\.so\.6|libpthread\.so\.0|libdl\.so\.2|librt\.so\.1|ld-linux-(x86-64|aarch64)\.so\.[12])$/,
  musl: /^(libc\.so|libc\.musl-\w+\.so\.1)$/,
};

/** What a shim leaves open: V8 and Node, memory, and the C++ runtime that Node has loaded. All of it is older than GCC 5. */
const OPEN = /^(_ZNK?(2v8|4node)\w*|_Zn[aw]m|_Zd[al]Pvm?|_ZSt\d+__throw_\w+|mem(cpy|move|set|cmp)|strlen)$/;

/** What `readelf` calls the processors. */
const MACHINES = { x64: 'X86-64', arm64: 'AArch64' };

/** `2.28` as a number that can be compared. */
const rank = (version) => version.split('.').reduce((sum, part, at) => sum + Number(part) / 1000 ** at, 0);

/** The libraries, symbols and versions that a library asks for. */
function needsOf(file) {
  const libraries = [...run('readelf', ['-dW', file]).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1]);
  const symbols = [...run('readelf', ['--dyn-syms', '-W', file]).matchAll(/^.*\s(GLOBAL|WEAK)\s+DEFAULT\s+UND\s+(\S+)/gm)]
    .map(([, binding, name]) => ({ name: name.replace(/@.*/, ''), weak: binding === 'WEAK' }));
  const versions = [...run('readelf', ['-VW', file]).matchAll(/Name: GLIBC_([\d.]+)/g)].map((match) => match[1]);
  const glibc = versions.sort((a, b) => rank(a) - rank(b)).pop();
  return { libraries, symbols, glibc };
}

/** The symbols that a program lets the libraries that it loads see. */
function exportsOf(program) {
  const line = /^.*\s(?:GLOBAL|WEAK|UNIQUE)\s+DEFAULT\s+(?!UND)\w+\s+(\S+)/gm;
  return new Set([...run('readelf', ['--dyn-syms', '-W', program]).matchAll(line)].map((match) => match[1].replace(/@.*/, '')));
}

/**
 * What is wrong with a library of Linux; nothing when it can be shipped.
 * @param {string} file
 * @param {import('./targets').Target} target
 * @returns {string[]}
 */
function faultsOf(file, target) {
  const name = path.basename(file);
  const { libraries, symbols, glibc } = needsOf(file);
  const faults = [];
  if (!run('readelf', ['-hW', file]).includes(MACHINES[target.cpu])) faults.push(`is not for ${target.cpu}`);
  if (/^v8-shim/.test(name)) {
    const odd = symbols.filter((symbol) => !symbol.weak && !OPEN.test(symbol.name)).map((symbol) => symbol.name);
    if (odd.length) faults.push(`leaves open what no Node brings for sure: ${odd.join(', ')}`);
    if (libraries.length) faults.push(`is linked with ${libraries.join(', ')}`);
  } else {
    const odd = libraries.filter((library) => !LIBRARIES[target.libc].test(library));
    if (odd.length) faults.push(`is linked with ${odd.join(', ')}`);
  }
  if (glibc && (!target.glibc || rank(glibc) > rank(target.glibc))) {
    faults.push(`needs glibc ${glibc}; at most ${target.glibc ?? 'none'} is allowed`);
  }
  const content = fs.readFileSync(file);
  for (const folder of [ROOT, os.homedir()]) if (content.includes(`${folder}/`)) faults.push(`holds the path ${folder}`);
  return faults.map((fault) => `${name} ${fault}`);
}

module.exports = { exportsOf, faultsOf, needsOf };

if (require.main === module) {
  main(() => {
    for (const folder of process.argv.slice(2)) {
      for (const name of fs.readdirSync(folder).filter((each) => /\.(so|node)$/.test(each))) {
        const { libraries, symbols, glibc } = needsOf(path.join(folder, name));
        const file = path.join(folder, name);
        console.log(`${file}: glibc ${glibc ?? '-'}; ${libraries.join(' ') || 'no libraries'}; ${symbols.length} symbols`);
      }
    }
  });
}

'use strict';

/**
 * Records what CI compares with: a snapshot of each Node, and what Chrome DevTools computes of it. Kept small: the snapshots by
 * zstd, the numbers by gzip.
 */

const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { binaryFor } = require('../node-dist');
const { ROOT } = require('../run');
const { COLUMNS } = require('./differences');

const FIXTURES = path.join(ROOT, 'crates', 'core', 'tests', 'fixtures', 'devtools');

/** What is recorded of which Node. */
const RECORDED = {
  'n18-plain': [18, {}],
  'n20-internals': [20, { exposeInternals: true }],
  'n22-stacks': [22, { stacks: true }],
  'n24-numeric': [24, { exposeNumericValues: true }],
  'n26-plain': [26, {}],
};

function smallest(bytes) {
  const { ZSTD_c_compressionLevel: level, ZSTD_c_windowLog: window } = zlib.constants;
  return zlib.zstdCompressSync(bytes, { params: { [level]: 19, [window]: 23 } });
}

/**
 * @param {object} oracle
 * @param {string} oracle.folder for what is needed meanwhile
 * @param {(files: string[]) => { devtools: string }} oracle.numbers
 * @param {(node: string, folder: string, options: object) => string[]} oracle.take
 */
function record({ folder, numbers, take }) {
  if (!zlib.zstdCompressSync) throw new Error('Recording needs zstd, which Node has from 22.15 on: run it with another Node.');
  for (const [name, [major, options]] of Object.entries(RECORDED)) {
    // The path of the binary is in its heap.
    const node = path.join(folder, 'node');
    fs.rmSync(node, { force: true });
    fs.copyFileSync(binaryFor(major).node, node);
    const [file] = take(node, folder, options);
    const found = path.join(numbers([file]).devtools, '0');
    const write = (extension, content) => fs.writeFileSync(path.join(FIXTURES, `${name}.${extension}`), content);
    write('heapsnapshot.zst', smallest(fs.readFileSync(file)));
    for (const each of [...Object.keys(COLUMNS), 'stacks', 'rows.json']) {
      write(`${each}.gz`, zlib.gzipSync(fs.readFileSync(path.join(found, each)), { level: 9 }));
    }
    console.log(`recorded ${name}`);
  }
}

module.exports = { RECORDED, record };

'use strict';

/** The snapshots that the analysis is measured on: made once by generate-heap-snapshot.js, kept in the cache folder. */

const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const { cacheDir } = require('../../scripts/node-dist');
const { run } = require('../../scripts/run');

const GENERATOR = path.join(__dirname, '..', 'generate-heap-snapshot.js');
/** The largest heap needs half of it, and V8 as much again for its snapshot. */
const HEAP = '--max-old-space-size=16000';

/** By the name that `--only` takes: what the generator is told, and how the tables call it. */
const INPUTS = Object.freeze({
  50: { scale: '1', title: 'some 50 MB' },
  330: { scale: '8', title: 'some 330 MB' },
  1700: { scale: '40', title: 'some 1.7 GB' },
  strings: { scale: 'strings', title: 'strings above 512 MiB' },
});

/**
 * The snapshot of that name, made if it is not there. Another Node or another generator makes another one.
 * @param {string} name of INPUTS
 * @returns {{ name: string, title: string, file: string, bytes: number }}
 */
function inputFor(name) {
  const { scale, title } = INPUTS[name];
  const version = createHash('sha256').update(fs.readFileSync(GENERATOR)).digest('hex').slice(0, 12);
  const node = process.versions.node.split('.')[0];
  const file = path.join(cacheDir(), 'snapshots', `${scale}-node${node}-${version}.heapsnapshot`);
  if (!fs.existsSync(file)) {
    process.stderr.write(`making the snapshot of ${title}\n`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const temp = `${file}.${process.pid}.tmp`;
    try {
      run(process.execPath, [HEAP, GENERATOR, temp, scale]);
      fs.renameSync(temp, file);
    } finally {
      fs.rmSync(temp, { force: true });
    }
  }
  return { name, title, file, bytes: fs.statSync(file).size };
}

/** Reads a file once, so that it is in the page cache for whoever comes first too. */
function warm(file) {
  const descriptor = fs.openSync(file, 'r');
  const piece = Buffer.alloc(1 << 20);
  while (fs.readSync(descriptor, piece) > 0);
  fs.closeSync(descriptor);
}

module.exports = { INPUTS, inputFor, warm };

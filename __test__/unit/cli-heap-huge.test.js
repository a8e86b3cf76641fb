'use strict';

/** `rs-profiler heap ...` of snapshots that are huge, or asked again: `--quick` and `--index`. */

const fs = require('node:fs');
const path = require('node:path');

const { call, good, json } = require('../helpers/heap-command');
const { tempFolder } = require('../helpers/temp-folder');

const SMALL = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures', 'devtools', 'n20.heapsnapshot.gz');

describe('heap summary --quick', () => {
  test('counts what DevTools counts, in one pass', async () => {
    const found = await json(['summary', SMALL, '--quick']);
    const { summary } = await json(['summary', SMALL]);
    expect(found).toMatchObject({ nodes: summary.nodes, edges: summary.edges, totalSize: summary.totalSize, approximate: false, truncation: null });
    expect((await good(['summary', SMALL, '--quick', '--limit', '1'])).split('\n')[0]).toMatch(/^3\.2 MB in [\d,]+ nodes with [\d,]+ edges$/);
  });

  test.each(['--partial', '--index'])('does not go with %s', async (option) => {
    const { status, stderr } = await call(['summary', SMALL, '--quick', option]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('leave --partial and --index out') });
  });
});

describe('--index', () => {
  test('writes an index, from which the same is answered; standard input has none', async () => {
    const file = path.join(tempFolder(), 'app.heapsnapshot.gz');
    fs.copyFileSync(SMALL, file);
    const plain = await json(['classes', file]);
    const first = await json(['classes', file, '--index']);
    const written = fs.statSync(`${file}.index`).mtimeMs;
    const second = await json(['classes', file, '--index']);
    expect([first, second]).toEqual([plain, plain]);
    expect(fs.statSync(`${file}.index`).mtimeMs).toBe(written);
    const { status, stderr } = await call(['classes', '-', '--index'], { input: '{}' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Standard input can have no index') });
  });
});

'use strict';

/** That the package loads and does each thing once. The one file of this tier that runs on every Node of the matrix. */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { promisify } = require('node:util');

const { tempFolder } = require('../helpers/temp-folder');

const ROOT = path.resolve(__dirname, '..', '..');

/** What is done once, and printed as JSON. `profiler` and `heapdump` are the package's two faces. */
const USES = `
  const text = (stream) => new Promise((resolve, reject) => {
    let length = 0;
    stream.on('data', (chunk) => { length += chunk.length; }).on('end', () => resolve(length)).on('error', reject);
  });
  async function uses(profiler, heapdump) {
    profiler.startProfiling('cpu');
    const cpu = profiler.stopProfiling('cpu');
    profiler.startSamplingHeapProfiling();
    const sampling = profiler.stopSamplingHeapProfiling();
    const snapshot = profiler.takeSnapshot('heap');
    const streamed = await text(snapshot.export());
    const written = await profiler.writeHeapSnapshot('modern.heapsnapshot');
    const dumped = await new Promise((resolve, reject) => {
      heapdump.writeSnapshot('dumped.heapsnapshot', (error, file) => (error ? reject(error) : resolve(file)));
    });
    console.log(JSON.stringify({
      node: process.version, cpu: cpu.title, root: (sampling.head.callFrame || sampling.head).functionName, heap: snapshot.title, streamed: streamed > 0,
      written: path.basename(written.path), dumped: path.basename(dumped),
      parsed: ['modern', 'dumped'].every((name) => JSON.parse(fs.readFileSync(name + '.heapsnapshot', 'utf8')).nodes.length > 0),
    }));
  }`;

const urlOf = (file) => JSON.stringify(pathToFileURL(path.join(ROOT, file)).href);

test.each([
  [
    'require',
    'smoke.cjs',
    `const fs = require('fs');
     const path = require('path');
     ${USES}
     uses(require(${JSON.stringify(ROOT)}), require(${JSON.stringify(path.join(ROOT, 'heapdump'))}));`,
  ],
  [
    'import',
    'smoke.mjs',
    `import fs from 'fs';
     import path from 'path';
     import * as profiler from ${urlOf('index.mjs')};
     import * as heapdump from ${urlOf('heapdump.mjs')};
     ${USES}
     await uses(profiler, heapdump);`,
  ],
])('one capture of each kind by %s', async (how, name, source) => {
  const cwd = tempFolder();
  fs.writeFileSync(path.join(cwd, name), source);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [name], { cwd });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    node: process.version,
    cpu: 'cpu',
    root: '(root)',
    heap: 'heap',
    streamed: true,
    written: 'modern.heapsnapshot',
    dumped: 'dumped.heapsnapshot',
    parsed: true,
  });
});

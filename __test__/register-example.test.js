'use strict';

/** examples/register, as its README says, with real HTTP. */

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const { once } = require('node:events');
const path = require('node:path');

const autocannon = require('autocannon');
const { tempFolder } = require('./helpers/temp-folder');

const root = path.resolve(__dirname, '..');

let onTestEnd;
afterEach(() => onTestEnd?.());

test('a signal takes a snapshot of the service under load, and the cache that never forgets is named', async () => {
  const folder = tempFolder();
  const child = spawn(process.execPath, ['--require', 'rs-profiler/register', 'examples/register/server.js'], {
    cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, RS_PROFILER_OPTIONS: `folder=${folder},heapUsedRatio=0.85` },
  });
  onTestEnd = () => child.kill('SIGKILL');
  const url = `http://127.0.0.1:${Number(await once(child.stdout, 'data'))}`;
  await autocannon({ url, connections: 4, amount: 5000 });
  const load = autocannon({ url, connections: 2, duration: 600, maxOverallRequests: 1e6 });
  const captures = () => fs.readdirSync(folder).filter((name) => name.endsWith('.heapsnapshot'));
  child.kill('SIGUSR2');
  while (captures().length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  load.stop();
  const { non2xx, errors } = await load;
  expect({ non2xx, errors }).toEqual({ non2xx: 0, errors: 0 });
  const [name] = captures();
  const said = execFileSync(process.execPath, ['bin/rs-profiler.js', 'heap', 'suspects', path.join(folder, name)], { cwd: root, encoding: 'utf8' });
  expect(said).toMatch(/The Map quotes .*holds \d+ Quote .*register\/server\.js:\d+/);
  await fetch(url, { method: 'DELETE' });
  expect(await once(child, 'exit')).toEqual([0, null]);
});

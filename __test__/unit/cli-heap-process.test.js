'use strict';

/** `rs-profiler heap ...` as a process: without parts of the package, with a reader that goes away, and at Ctrl-C. */

const { once } = require('node:events');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const profiler = require('../..');
const { testIf } = require('../helpers/needs');
const { tempFolder } = require('../helpers/temp-folder');
const { bin } = require('../../package.json');

const ROOT = path.join(__dirname, '..', '..');
const SMALL = path.join(ROOT, 'crates', 'core', 'tests', 'fixtures', 'devtools', 'n20.heapsnapshot.gz');

/** Starts the command line; `ended` resolves with all of it. */
function start(args, { env = {}, stdin = 'ignore', stdout = 'pipe' } = {}) {
  const child = spawn(process.execPath, [path.join(ROOT, bin), 'heap', ...args], { env: { ...process.env, ...env }, stdio: [stdin, stdout, 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name]?.setEncoding('utf8').on('data', (text) => { texts[name] += text; });
  const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, ...texts }));
  return { child, ended };
}

test('works without a shim, and says what to do without an addon', async () => {
  const { addon } = profiler.capabilities();
  const folder = tempFolder();
  fs.copyFileSync(addon.path, path.join(folder, path.basename(addon.path)));
  const env = (native) => ({ env: { RS_PROFILER_NATIVE_DIR: native, RS_PROFILER_SHIM_DIR: '' } });
  const [withoutShim, withoutAddon] = await Promise.all([
    start(['statistics', SMALL, '--json'], env(folder)).ended, start(['statistics', SMALL], env(tempFolder())).ended,
  ]);
  expect(withoutShim).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(withoutShim.stdout).total).toBe(3_156_164);
  expect(withoutAddon).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^rs-profiler: [^\n]*npm run setup[^\n]*\n$/) });
});

test('a reader that goes away ends it in silence', async () => {
  const { child, ended } = start(['strings', SMALL, '--json', '--limit', '5000']);
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toMatchObject({ status: 0, stderr: '' });
});

testIf(fs.existsSync('/dev/full'), 'there is no /dev/full')('an answer that cannot be written is a failure', async () => {
  const full = fs.openSync('/dev/full', 'w');
  try {
    const ends = await Promise.all([[], ['--json']].map((more) => start(['statistics', SMALL, ...more], { stdout: full }).ended));
    const expected = { status: 1, stderr: 'rs-profiler: The answer could not be written (ENOSPC).\n' };
    expect(ends).toMatchObject([expected, expected]);
  } finally {
    fs.closeSync(full);
  }
});

// Windows has no signals.
testIf(process.platform !== 'win32', 'there are no signals here')('Ctrl-C ends it at once, with exit code 130 and no word', async () => {
  const { child, ended } = start(['summary', '-'], { stdin: 'pipe' });
  child.stdin.on('error', () => {});
  // More than a pipe holds: when it is written, the process is reading.
  await new Promise((resolve) => { child.stdin.write(zlib.gunzipSync(fs.readFileSync(SMALL)).subarray(0, 1 << 20), resolve); });
  child.kill('SIGINT');
  expect(await ended).toEqual({ status: 130, signal: null, stdout: '', stderr: '' });
});

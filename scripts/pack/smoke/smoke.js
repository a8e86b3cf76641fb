'use strict';
// Runs in the folder into which the packages were installed: everything that a user does first, and what came out as JSON.

const assert = require('assert');
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { pipeline } = require('stream/promises');
const profiler = require('rs-profiler');
const heapdump = require('rs-profiler/heapdump');

class Kept {
  constructor() {
    this.numbers = new Array(10).fill(1.5);
  }
}
global.kept = Array.from({ length: 5000 }, () => new Kept());

function busy(ms) {
  const end = Date.now() + ms;
  let sum = 0;
  while (Date.now() < end) sum += Math.sqrt(sum + 1);
  return sum;
}

/** Every other way into the package; what only an installed one has, when it was not bundled. */
function faces(bundled) {
  for (const face of [require('rs-profiler/express'), require('rs-profiler/fastify')]) assert.ok(face);
  require('rs-profiler/koa')({ loopbackOnly: true, folder: path.resolve('captures') }).service.close();
  if (bundled) return;
  for (const face of ['egg', 'jest', 'package.json']) assert.ok(require(`rs-profiler/${face}`));
  const env = { ...process.env, RS_PROFILER_OPTIONS: 'heapUsedRatio=0.99' };
  execFileSync(process.execPath, [...process.execArgv, '--require', 'rs-profiler/register', '-e', ''], { env, stdio: 'inherit' });
}

async function main() {
  const expectFork = process.argv[2] === 'fork';
  const capabilities = profiler.capabilities();
  assert.strictEqual(capabilities.capture.available, true, capabilities.capture.reason);
  assert.match(capabilities.addon.path, /rs-profiler/);
  if (process.argv[3]) assert.ok(capabilities.addon.path.includes(process.argv[3]), capabilities.addon.path);

  faces(process.argv[4] === 'bundled');

  // Capture.
  profiler.startProfiling('smoke', true);
  busy(150);
  const old = profiler.stopProfiling('smoke');
  assert.ok(old.head.children.length > 0);
  // The recording begins when the path has been looked up: there is work as long as it takes.
  const work = setInterval(() => busy(20), 1);
  const recorded = await profiler.captureCpuProfile({ durationMs: 300, path: 'smoke.cpuprofile' });
  clearInterval(work);
  assert.ok(recorded.samples > 10);
  const sampling = await profiler.captureSamplingHeapProfile({ durationMs: 20, path: 'smoke.heapprofile' });
  assert.ok(sampling.bytes > 0);

  // Streaming.
  await pipeline(profiler.createHeapSnapshotStream({ isolation: 'inline' }), fs.createWriteStream('stream.heapsnapshot'));
  const zipped = await profiler.writeHeapSnapshot('zipped.heapsnapshot', { isolation: 'inline', compress: 'zstd', redact: 'strings' });

  // Fork.
  const { fork } = capabilities.isolation;
  assert.strictEqual(fork.available, expectFork, fork.reason);
  if (expectFork) {
    const forked = await profiler.writeHeapSnapshot('fork.heapsnapshot', { isolation: 'fork' });
    assert.strictEqual(forked.isolation, 'fork');
    assert.ok(forked.nodes > 5000);
  }
  heapdump.configure({ signal: false });
  assert.ok(heapdump.writeSnapshot('old.heapsnapshot'));

  // Analysis.
  for (const file of ['stream.heapsnapshot', zipped.path, ...(expectFork ? ['fork.heapsnapshot'] : [])]) {
    const analysis = await profiler.openHeapSnapshot(file);
    const row = (await analysis.classes()).find(({ name }) => name === 'Kept');
    assert.strictEqual(row.count, 5000, file);
    analysis.close();
  }
  const cpu = await profiler.openCpuProfile('smoke.cpuprofile');
  // V8 may have inlined `busy` into what calls it, in this file too.
  assert.ok((await cpu.top()).some(({ url, selfMs }) => url.endsWith(path.basename(__filename)) && selfMs > 50));
  cpu.close();

  // Command line, as npx finds it: by the file in .bin, or, where a package manager makes none that Node can run, by package.json.
  if (!process.argv[4]) {
    const home = path.dirname(require.resolve('rs-profiler/package.json'));
    const bin = path.join(home, require('rs-profiler/package.json').bin['rs-profiler']);
    const call = (...args) => execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.match(call('heap', 'summary', 'stream.heapsnapshot'), /Kept/);
    assert.match(call('cpu', 'top', 'smoke.cpuprofile'), /smoke\.js/);
    call('report', 'stream.heapsnapshot', 'smoke.cpuprofile', '-o', 'report.html');
    assert.match(fs.readFileSync('report.html', 'utf8'), /^<!doctype html>/i);
    const doctor = JSON.parse(call('doctor', '--json'));
    assert.strictEqual(doctor.healthy, true);
    assert.strictEqual(doctor.installation.native.from, 'package');
    assert.strictEqual(doctor.installation.native.packageVersion, doctor.installation.version);
  }
  process.stdout.write(`${JSON.stringify({ node: process.version, libc: capabilities.libc, fork: expectFork, addon: capabilities.addon.path })}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});

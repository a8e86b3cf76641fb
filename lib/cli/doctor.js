'use strict';
// `rs-profiler doctor`: what is installed, what works, and what to do about what does not. It tries things, on this process.

const fs = require('fs');
const os = require('os');
const path = require('path');
const rsProfiler = require('../..');
const { installation } = require('../installation');
const { bytes, count } = require('./format');

const FROM = {
  environment: 'the folder of RS_PROFILER_NATIVE_DIR', checkout: 'built in this checkout', package: 'a package', nowhere: 'not installed',
};

/** One finding. `state` is 'ok', 'failed', or 'no' for what cannot be had here and is not needed. */
const finding = (name, state, detail) => ({ name, state, detail });

/** Tries something that resolves with a detail. */
async function attempt(name, work) {
  try {
    return finding(name, 'ok', await work());
  } catch (error) {
    return finding(name, 'failed', error.message);
  }
}

/** Captures and analyses with the package as anybody would. */
async function tryOut(folder, { capture, isolation }, signal) {
  const found = [];
  const profile = path.join(folder, 'doctor.cpuprofile');
  const snapshot = path.join(folder, 'doctor.heapsnapshot');
  if (!capture.available) return [finding('captures', 'failed', capture.reason)];
  found.push(await attempt('CPU profile', async () => {
    const { nodes, samples } = await rsProfiler.captureCpuProfile({ path: profile, durationMs: 50, signal });
    return `${count(nodes)} nodes, ${count(samples)} samples`;
  }));
  const heap = (kind) => async () => {
    const { nodes, bytes: size, pauseMs } = await rsProfiler.writeHeapSnapshot(snapshot, { isolation: kind, signal });
    return `${count(nodes)} nodes, ${bytes(size)}, the thread stood still for ${pauseMs.toFixed(1)} ms`;
  };
  found.push(await attempt('heap snapshot in the process', heap('inline')));
  found.push(isolation.fork.available
    ? await attempt('heap snapshot in a forked child', heap('fork'))
    : finding('heap snapshot in a forked child', 'no', isolation.fork.reason));
  found.push(await attempt('analysis', async () => {
    const analysis = await rsProfiler.openHeapSnapshot(snapshot, { signal });
    try {
      return `${count((await analysis.classes()).length)} classes in the snapshot`;
    } finally {
      analysis.close();
    }
  }));
  return found;
}

/** What can be said without trying. */
function looks({ version, native, addon, analysis }) {
  const found = [];
  for (const [name, part] of [['capture addon', addon], ['analysis addon', analysis]]) {
    found.push(finding(name, part.loads ? 'ok' : 'failed', part.loads ? bytes(part.bytes) : part.reason));
  }
  if (native.packageVersion && native.packageVersion !== version) {
    found.push(finding('versions', 'failed', `${native.package} has version ${native.packageVersion}, rs-profiler ${version}: install `
      + 'both again, in one go.'));
  }
  return found;
}

function print(context, { installation: seen, findings }) {
  const { native, shims } = seen;
  const place = native.from === 'package' ? `${native.package} ${native.packageVersion}` : FROM[native.from];
  context.print(`rs-profiler ${seen.version} in ${seen.root}`);
  context.print(`Node ${seen.node}, ABI ${seen.abi}, ${seen.platform}`);
  context.print(`native parts: ${place}${native.from === 'nowhere' ? '' : `, ${native.folder}`}`);
  context.print(`shims: ${shims.map(({ abi, fits }) => `ABI ${abi}${fits ? ' (this Node)' : ''}`).join(', ') || 'none'}`);
  for (const [name, value] of Object.entries(seen.environment)) if (value !== null) context.print(`${name}=${value}`);
  context.print();
  const width = Math.max(...findings.map(({ name }) => name.length));
  const { red, bold } = context.terminal;
  const words = { ok: 'ok    ', failed: red('FAILED'), no: bold('no    ') };
  for (const { name, state, detail } of findings) context.print(`${words[state]}  ${name.padEnd(width)}  ${detail}`);
}

/** Exit code 1 when something that should work does not. */
async function doctor(context) {
  const seen = installation();
  const capabilities = rsProfiler.capabilities();
  const findings = looks(seen);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-doctor-'));
  try {
    findings.push(...await tryOut(folder, capabilities, context.signal));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const healthy = findings.every(({ state }) => state !== 'failed');
  const answer = { healthy, installation: seen, capabilities, findings };
  context.answer(answer);
  print(context, answer);
  context.print(healthy ? '\nEverything that can work here does.' : '\nSomething does not work: the lines above say what to do.');
  return healthy ? 0 : 1;
}

module.exports = { doctor };

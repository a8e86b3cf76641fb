'use strict';
// Tries what the package can do on this Node. `tryOut` runs this file as a process of its own: native parts that do not fit may end
// the process that loads them, and then that is an answer too. Each result is told when it is there.

const { spawnSync } = require('child_process');
const fs = require('fs');

/** How long a recording lasts. */
const RECORDING_MS = 20;
/** A process that takes longer hangs: a try takes far below a second. */
const HANGS_AFTER_MS = 120_000;
/** The first descriptor that a process does not have by itself. */
const RESULTS_FD = 3;

const count = (number, what) => `${number.toLocaleString('en-US')} ${what}`;

/** What is tried, by name; each resolves with a detail, or with nothing to tell. */
function triesOf(profiler) {
  const snapshot = (isolation) => async () => {
    let bytes = 0;
    for await (const chunk of profiler.createHeapSnapshotStream({ isolation })) bytes += chunk.length;
    return count(bytes, 'bytes');
  };
  return {
    'CPU profile': async () => {
      const { nodes } = await profiler.captureCpuProfile({ durationMs: RECORDING_MS });
      return count(nodes.length, 'nodes');
    },
    'sampling heap profile': async () => {
      await profiler.captureSamplingHeapProfile({ durationMs: RECORDING_MS });
    },
    'heap snapshot': snapshot('inline'),
    'heap snapshot by a forked child': snapshot('fork'),
    'functions of v8-profiler': async () => {
      profiler.startProfiling('rs-profiler doctor');
      profiler.stopProfiling('rs-profiler doctor').delete();
    },
  };
}

/** What need not be tried, since its reason is known: it cannot be had here and that is no fault, or native parts are missing. */
function known(name, { capture, isolation }) {
  if (name !== 'heap snapshot by a forked child' || isolation.fork.available) return undefined;
  return { name, state: capture.available ? 'unavailable' : 'failed', detail: isolation.fork.reason };
}

/** Runs all tries in this process; `tell` receives what `tryOut` returns, in parts. */
async function tryHere(tell) {
  const profiler = require('../..');
  const capabilities = profiler.capabilities();
  tell({ capabilities });
  for (const [name, run] of Object.entries(triesOf(profiler))) {
    const finding = known(name, capabilities);
    if (finding) {
      tell({ finding });
      continue;
    }
    tell({ begun: name });
    try {
      const detail = await run();
      tell({ finding: { name, state: 'ok', ...(detail && { detail }) } });
    } catch (error) {
      tell({ finding: { name, state: 'failed', detail: String(error.message) } });
    }
  }
}

/** Puts parts together: `{ capabilities, findings, begun }`. `begun` is a try that did not come to its end. */
function collect(parts) {
  const told = { capabilities: undefined, findings: [], begun: undefined };
  for (const { capabilities, finding, begun } of parts) {
    if (capabilities) told.capabilities = capabilities;
    if (finding) told.findings.push(finding);
    told.begun = begun;
  }
  return told;
}

/** How a process ended, where it did not end well; undefined where it did. */
function badEnd({ error, signal, status, stderr }) {
  if (error?.code === 'ETIMEDOUT') return `did not end within ${HANGS_AFTER_MS / 1000} seconds`;
  if (error) return `could not be started (${error.message})`;
  if (signal) return `was ended by ${signal}`;
  const said = stderr.trim().split('\n').find((line) => /^\w*Error/.test(line));
  return status === 0 ? undefined : `ended with exit code ${status}${said ? ` (${said})` : ''}`;
}

/** Runs all tries in a process of its own, with Node's options of this one. */
function tryInChild(env) {
  const child = spawnSync(process.execPath, [...process.execArgv, __filename], {
    encoding: 'utf8', env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], timeout: HANGS_AFTER_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 28,
  });
  const parts = (child.output?.[RESULTS_FD] ?? '').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const told = collect(parts);
  const end = badEnd(child);
  if (end) {
    const name = told.begun ?? (told.capabilities ? 'process that tried all' : 'native parts');
    told.findings.push({ name, state: 'failed', detail: `The process that tried it ${end}.` });
  }
  return told;
}

/**
 * Tries out everything.
 * @param {NodeJS.ProcessEnv} [env] of the process that does it
 * @returns {Promise<{ capabilities?: object, findings: { name: string, state: string, detail?: string }[] }>}
 *   no `capabilities` when the native parts ended the process that loaded them
 */
async function tryOut(env = process.env) {
  const isAlone = process.permission && !process.permission.has('child');
  if (!isAlone) return tryInChild(env);
  const parts = [];
  await tryHere((part) => parts.push(part));
  return collect(parts);
}

module.exports = { tryOut };

if (require.main === module) {
  // What NODE_OPTIONS loads may keep the process alive.
  tryHere((part) => fs.writeSync(RESULTS_FD, `${JSON.stringify(part)}\n`)).then(() => process.exit());
}

'use strict';

/**
 * Runs the harmless scenarios of a test file one after the other in one child process, which costs a tenth of a process for
 * each. Harmless is what needs no options of Node's, no exit of its own, and leaves nothing behind but captures.
 *
 * When the child dies or hangs, the scenario that was running runs alone, in a child of its own. If that goes well, so do all
 * that came before it, until the culprit is found. The child's own end is part of the test: quiet, with exit code 0.
 */

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { HUNG_AFTER_MS, contextOf, runClean } = require('./child');

/** What the child runs: a scenario per line of its standard input, answers on descriptor 3. */
async function serve(context) {
  const fs = require('fs');
  const { createInterface } = require('readline');
  const umask = process.umask();
  const attempt = (fn) => {
    try {
      fn();
      return true;
    } catch {
      return false;
    }
  };
  /** Ends and forgets what a scenario left. */
  const tidy = () => {
    for (const key of Object.keys(globalThis)) if (!known.has(key)) delete globalThis[key];
    process.umask(umask);
    const { profiler } = context;
    while (attempt(() => profiler.stopProfiling()));
    attempt(() => profiler.stopSamplingHeapProfiling());
    profiler.stopTrackingHeapObjects();
    profiler.deleteAllProfiles();
    profiler.deleteAllSnapshots();
    profiler.coolDown();
    profiler.setGenerateType(0);
    profiler.setSamplingInterval();
    profiler.setProfilesCleanupLimit(0);
  };
  const known = new Set(Object.keys(globalThis));
  const answer = (value) => fs.writeSync(3, JSON.stringify(value) + '\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const { text, input, cwd } = JSON.parse(line);
    process.chdir(cwd);
    await new Promise((resolve, reject) => {
      // It is over when it has returned and reported.
      const open = new Set(['returned', 'reported']);
      const close = (what) => open.delete(what) && open.size === 0 && resolve();
      const report = (value) => {
        answer({ report: value === undefined ? null : value });
        close('reported');
      };
      const scenario = Object.create(context, { input: { value: input }, report: { value: report } });
      Promise.resolve(new Function('require', `'use strict'; return (${text});`)(require)(scenario)).then(() => close('returned'), reject);
    });
    await new Promise(setImmediate);
    tidy();
    answer({ done: true });
  }
}

let child;
let queue = Promise.resolve();
const before = [];

function start() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-together-'));
  const script = path.join(folder, 'script.js');
  fs.writeFileSync(script, `'use strict';\n${contextOf()}\n(${serve})(context);\n`);
  const env = { ...process.env, XDG_RUNTIME_DIR: folder };
  const process_ = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const started = { process: process_, folder, said: '', count: 0, answers: '', onAnswer: () => {}, ended: undefined };
  for (const fd of [1, 2, 3]) {
    process_.stdio[fd].setEncoding('utf8');
    process_.stdio[fd].on('data', (text) => {
      if (fd !== 3) {
        started.said += text;
        return;
      }
      const lines = (started.answers + text).split('\n');
      started.answers = lines.pop();
      for (const line of lines) started.onAnswer(JSON.parse(line));
    });
  }
  // A child that has died takes no more scenarios; its end is reported below.
  process_.stdin.on('error', () => {});
  started.ended = new Promise((resolve) => {
    process_.on('error', (error) => resolve({ error: error.message }));
    process_.on('close', (code, signal) => resolve({ code, signal }));
  });
  return started;
}

/** Sends one scenario to the child. Resolves with `{ report }`, or with `{ died }`, how the child ended. */
async function inChild(scenario) {
  if (!child) child = start();
  const cwd = path.join(child.folder, String(child.count++));
  fs.mkdirSync(cwd);
  let last;
  const done = new Promise((resolve) => {
    child.onAnswer = (answer) => {
      if (answer.done) resolve({ report: last });
      else last = answer.report;
    };
  });
  child.process.stdin.write(`${JSON.stringify({ text: String(scenario.fn), input: scenario.input ?? null, cwd })}\n`);
  const guard = setTimeout(() => child.process.kill('SIGKILL'), HUNG_AFTER_MS);
  const outcome = await Promise.race([done, child.ended.then((died) => ({ died }))]);
  clearTimeout(guard);
  if (outcome.died || child.said) {
    const { said } = child;
    await stop();
    return { died: { ...outcome.died, said } };
  }
  return outcome;
}

/** Ends the child, and resolves with how it ended. */
async function stop() {
  const { process: ending, folder, ended } = child;
  ending.stdin.end();
  const guard = setTimeout(() => ending.kill('SIGKILL'), HUNG_AFTER_MS);
  const end = await ended;
  clearTimeout(guard);
  const { said } = child;
  child = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
  return { ...end, said };
}

async function culprit(scenario, died) {
  const report = await runClean(scenario.fn, { input: scenario.input });
  // Not this one alone. An earlier one may have been the cause: each runs alone, and fails here when it is.
  for (const earlier of before) await runClean(earlier.fn, { input: earlier.input });
  throw new Error(`A process that ran ${before.length} scenarios before this one ended with ${JSON.stringify(died)}; alone, `
    + `each of them works. This one reported ${JSON.stringify(report)}.`);
}

/**
 * Runs `fn` like `runClean` of helpers/child.js, in the process that all scenarios of this file share, with the working
 * directory an empty folder. It is over when `fn` has returned (its promise is settled) and has reported a value.
 * @param {Function} fn
 * @param {{ input?: any }} [options]
 * @returns {Promise<any>} the last value that was reported
 */
function runTogether(fn, { input, ...others } = {}) {
  if (Object.keys(others).length > 0) throw new Error(`${Object.keys(others)} need a process of their own: runClean`);
  const scenario = { fn, input };
  const running = queue.then(async () => {
    const { report, died } = await inChild(scenario);
    if (died) return culprit(scenario, died);
    before.push(scenario);
    return report;
  });
  queue = running.catch(() => {});
  return running;
}

afterAll(async () => {
  if (child) expect(await stop()).toEqual({ code: 0, signal: null, said: '' });
});

module.exports = { runTogether };

'use strict';
// What grew between two snapshots, found by a process of its own: analysis takes more memory than the text of a snapshot has
// bytes, and a service whose heap grows has none to spare.

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { makeError } = require('../errors');

const PROGRAM = path.join(__dirname, '..', '..', 'bin', 'rs-profiler.js');
/** A gigabyte takes a minute. */
const TIMEOUT_MS = 30 * 60_000;

/** Takes the processor and memory after everybody else. Where the system has no such thing, it is not done. */
function stepBack(pid) {
  try {
    os.setPriority(pid, 10);
    fs.writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // A wish, no need.
  }
}

/** The environment of the child: nothing that would load this package, or anything else, into it. */
function childEnvironment() {
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  return env;
}

/**
 * The leak suspects of two snapshots, the likeliest first.
 * @param {AbortSignal} signal ends the child
 * @returns {Promise<object[]>} as `HeapSnapshotAnalysis.suspects` gives them
 */
function findSuspects(base, later, signal) {
  return new Promise((resolve, reject) => {
    const args = [PROGRAM, 'heap', 'suspects', later, '--base', base, '--json'];
    const options = { env: childEnvironment(), timeout: TIMEOUT_MS, maxBuffer: 64 << 20, signal, killSignal: 'SIGKILL' };
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      try {
        if (error) throw error;
        resolve(JSON.parse(stdout));
      } catch (cause) {
        const said = String(stderr).trim().split('\n').pop();
        reject(makeError('ANALYSIS_FAILED', `The snapshots ${base} and ${later} are there, but they could not be compared: `
          + `${said || cause.message}. Run \`rs-profiler heap suspects\` on them.`));
      }
    });
    if (child.pid) stepBack(child.pid);
    // The service may end before.
    child.unref();
    child.stdout.unref?.();
    child.stderr.unref?.();
  });
}

module.exports = { findSuspects };

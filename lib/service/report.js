'use strict';
// Reports of stored captures, made in another process: an analysis takes more memory than the file has, and the service goes on.

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { abortError, makeError } = require('../errors');

const COMMAND = path.join(__dirname, '..', '..', 'bin', 'rs-profiler.js');
const NICE = 10;
/** When memory runs out, the kernel ends this process first. */
const EXPENDABLE = '1000';

/** What the command said, in one sentence. */
function reasonOf({ killed, signal, message }, said) {
  if (killed || signal) return 'The process that made the report was ended, perhaps because memory ran out: analyse the file on another machine.';
  return said.trim().split('\n').pop() || message;
}

/**
 * Writes the HTML report of some files.
 * @param {string[]} files paths, the earlier heap snapshot first
 * @param {string} output
 * @param {{ signal: AbortSignal }} options
 * @returns {Promise<void>} rejects with `REPORT_FAILED`
 */
function writeReportApart(files, output, { signal }) {
  return new Promise((resolve, reject) => {
    // Flags of the service, an inspector's port for one, are not for this process.
    const env = { ...process.env, NODE_OPTIONS: undefined };
    const child = execFile(process.execPath, [COMMAND, 'report', ...files, '-o', output], { env, signal, windowsHide: true }, (error, _out, said) => {
      if (!error) resolve();
      else reject(signal.aborted ? abortError(signal) : makeError('REPORT_FAILED', reasonOf(error, said)));
    });
    if (child.pid === undefined) return;
    try {
      os.setPriority(child.pid, NICE);
      if (process.platform === 'linux') fs.writeFileSync(`/proc/${child.pid}/oom_score_adj`, EXPENDABLE);
    } catch {
      // It may have ended, or the system does not let us: the report comes all the same.
    }
  });
}

module.exports = { writeReportApart };

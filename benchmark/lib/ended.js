'use strict';

/** How a process ends that somebody else reads from: in time or not, and what it complained of. */

function reasonOf(complaint, end) {
  const line = complaint.split('\n').find((text) => /FATAL|Error|panicked/.test(text));
  return (line || `ended with ${end}`).trim().slice(0, 160);
}

/**
 * Waits for the end of a process, which is killed when it takes too long.
 * @param {import('child_process').ChildProcess} child standard error is a pipe
 * @param {number} limitMs
 * @param {() => boolean} isAnswered whether it has given what was wanted of it
 * @returns {Promise<string | undefined>} why it failed, if it did
 */
function failureOf(child, limitMs, isAnswered) {
  return new Promise((resolve) => {
    let complaint = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.stderr.on('data', (chunk) => { complaint = (complaint + chunk).slice(-8000); });
    child.on('error', (error) => { complaint += error.message; });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) resolve(`not done after ${limitMs / 1000} s`);
      else resolve(code === 0 && isAnswered() ? undefined : reasonOf(complaint, signal || code));
    });
  });
}

module.exports = { failureOf };

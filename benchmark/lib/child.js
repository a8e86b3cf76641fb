'use strict';

/** Both ends of a measurement: `runChild` starts a fresh process, `answer` is what that process calls. */

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { failureOf } = require('./ended');

const CHILDREN = path.join(__dirname, '..', 'children');
const RESULT_DESCRIPTOR = 3;

/**
 * Runs one script of `benchmark/children/` in a process of its own.
 * @param {string} name the script
 * @param {object} job what it is to measure
 * @param {{ flags?: string[], limitMs?: number }} [options]
 * @returns {Promise<object>} the script's figures, or `{ failed: reason }` when the process died or took too long
 */
async function runChild(name, job, { flags = [], limitMs = 240000 } = {}) {
  const argv = [...flags, path.join(CHILDREN, `${name}.js`), JSON.stringify(job)];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let result = '';
  child.stdio[RESULT_DESCRIPTOR].on('data', (chunk) => { result += chunk; });
  const failed = await failureOf(child, limitMs, () => result !== '');
  return failed ? { failed } : JSON.parse(result);
}

/**
 * Called by the scripts of `benchmark/children/`: does the job and hands its figures to the parent.
 * @param {(job: object) => object | Promise<object>} measure
 */
function answer(measure) {
  const job = JSON.parse(process.argv[2]);
  Promise.resolve(job).then(measure).then((figures) => {
    fs.writeSync(RESULT_DESCRIPTOR, JSON.stringify(figures));
    process.exit(0);
  }, (error) => {
    console.error(error);
    process.exit(1);
  });
}

module.exports = { answer, runChild };

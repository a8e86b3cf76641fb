'use strict';

/**
 * Runs measurements alternately: every round runs each of them once, each in a fresh process, and every round begins
 * with another one, so that a slow minute of the machine does not fall on one implementation.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { runChild } = require('./child');

/**
 * @typedef {object} Measurement
 * @property {string} key the form that the child uses, unless `job` names another
 * @property {string} label how the table names it
 * @property {string} package whose module the child loads
 * @property {string} [script] in `benchmark/children/`
 * @property {object} [job]
 * @property {(module: string) => Promise<object>} [run] measures instead of a script: gives the figures, or `{ failed: reason }`
 * @property {string[]} [flags] of Node
 * @property {number} runs
 * @property {number} [limitMs] after which the child is ended
 */

class Rounds {
  /** @param {Record<string, { path: string, available: boolean, reason?: string }>} modules by package name */
  constructor(modules) {
    this.modules = modules;
    this.scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-benchmark-'));
    this.broken = [];
  }

  /**
   * @param {string} title for the progress line
   * @param {Measurement[]} measurements
   * @returns {Promise<Record<string, { label: string, results: object[], reason?: string }>>} by key, in the given order
   */
  async run(title, measurements) {
    const rows = {};
    for (const { key, label, package: name } of measurements) {
      const module = this.modules[name];
      rows[key] = { label, results: [], reason: module.available ? undefined : module.reason };
    }
    const able = measurements.filter((measurement) => rows[measurement.key].reason === undefined);
    const rounds = Math.max(0, ...able.map((measurement) => measurement.runs));
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < able.length; i++) {
        const measurement = able[(i + round) % able.length];
        if (round >= measurement.runs) continue;
        progress(`${title}, run ${round + 1} of ${rounds}: ${measurement.label}`);
        const result = await this.#measure(measurement);
        rows[measurement.key].results.push(result);
        if (result.failed) this.#note(title, measurement, rows[measurement.key], result.failed);
      }
    }
    progress('');
    return rows;
  }

  /** A file that measurements share; gone at the end at the latest. */
  scratchFile(name) {
    return path.join(this.scratch, name);
  }

  async #measure({ key, script, job, flags, limitMs, run, package: name }) {
    if (run) return run(this.modules[name].path);
    const file = this.scratchFile('output.json');
    const result = await runChild(script, { form: key, ...job, module: this.modules[name].path, file }, { flags, limitMs });
    fs.rmSync(file, { force: true });
    return result;
  }

  /** A peer that dies is a finding; rs-profiler that dies is a broken run. */
  #note(title, measurement, row, failed) {
    row.reason = failed;
    if (measurement.package.startsWith('rs-profiler')) this.broken.push(`${title}, ${measurement.label}: ${failed}`);
  }

  close() {
    fs.rmSync(this.scratch, { recursive: true, force: true });
  }
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text) process.stderr.write(`${text}\n`);
}

module.exports = { Rounds };

'use strict';

/** Runs a program that does one task: its figures are what it prints as a line of JSON, or what can be seen from outside. */

const { spawn } = require('child_process');
const fs = require('fs');
const { failureOf } = require('./ended');

const LOOK_EVERY_MS = 10;
/** Linux gives times in ticks of 10 ms. */
const TICK_MS = 10;

/** Looks at a process now and then until it has ended. */
function watch(pid) {
  const begin = Date.now();
  const seen = { cpuMs: 0, peakBytes: 0 };
  const look = () => {
    try {
      const times = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').pop().split(' ').slice(11, 13);
      const peak = /VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'));
      seen.cpuMs = Math.max(seen.cpuMs, times.reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS);
      if (peak) seen.peakBytes = Math.max(seen.peakBytes, Number(peak[1]) * 1024);
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return { wallMs: Date.now() - begin, ...seen };
  };
}

/**
 * @param {string} command
 * @param {(begin: number) => string[]} argumentsAt makes the arguments from the time in ms at which the process is started
 * @param {{ limitMs: number, fromOutside?: boolean }} options `fromOutside`: it prints no figures
 * @returns {Promise<object>} the figures, or `{ failed: reason }`
 */
async function runProgram(command, argumentsAt, { limitMs, fromOutside = false }) {
  const child = spawn(command, argumentsAt(Date.now()), { stdio: ['ignore', 'pipe', 'pipe'] });
  const figures = fromOutside ? watch(child.pid) : undefined;
  let output = '';
  child.stdout.on('data', (chunk) => { output = (output + chunk).slice(-1e6); });
  const lineOf = () => output.split('\n').find((text) => text.startsWith('{"'));
  const failed = await failureOf(child, limitMs, () => fromOutside || lineOf() !== undefined);
  const seen = figures && figures();
  return failed ? { failed } : seen || JSON.parse(lineOf());
}

module.exports = { runProgram };

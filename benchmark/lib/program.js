'use strict';

/** Runs a program that does one task and prints its figures as a line of JSON. */

const { spawn } = require('child_process');

/**
 * @param {string} command
 * @param {(begin: number) => string[]} argumentsAt makes the arguments from the time in ms at which the process is started
 * @param {{ limitMs: number }} options
 * @returns {Promise<object>} what it printed, or `{ failed: reason }`
 */
function runProgram(command, argumentsAt, { limitMs }) {
  return new Promise((resolve) => {
    const child = spawn(command, argumentsAt(Date.now()), { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.stdout.on('data', (chunk) => { output += chunk; });
    child.stderr.on('data', (chunk) => { complaint = (complaint + chunk).slice(-8000); });
    child.on('error', (error) => { complaint += error.message; });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const line = output.split('\n').find((text) => text.startsWith('{"'));
      if (late) resolve({ failed: `not done after ${limitMs / 1000} s` });
      else if (code === 0 && line) resolve(JSON.parse(line));
      else resolve({ failed: reasonOf(complaint, signal || code) });
    });
  });
}

function reasonOf(complaint, end) {
  const line = complaint.split('\n').find((text) => /FATAL|Error|panicked/.test(text));
  return (line || `ended with ${end}`).trim().slice(0, 160);
}

module.exports = { runProgram };

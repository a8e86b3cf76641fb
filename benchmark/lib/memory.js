'use strict';

/** Resident memory of this process as the kernel counts it: now, and the most since the last reset. */

const fs = require('fs');

const MIB = 1024 * 1024;

function field(name) {
  const text = fs.readFileSync('/proc/self/status', 'latin1');
  const at = text.indexOf(`${name}:`);
  return at < 0 ? NaN : parseInt(text.slice(at + name.length + 1), 10) * 1024;
}

/** @returns {number} bytes resident now */
function resident() {
  return field('VmRSS');
}

/** @returns {number} most bytes resident since the process began or since `resetPeak()` */
function peak() {
  return field('VmHWM');
}

/** Lets the peak begin again at the present value. Throws where the kernel does not allow it. */
function resetPeak() {
  fs.writeFileSync('/proc/self/clear_refs', '5');
}

/**
 * Watches the peak above the present value.
 * @returns {{ start: number, above: () => number }} bytes
 */
function watchPeak() {
  resetPeak();
  const start = resident();
  return { start, above: () => Math.max(0, peak() - start) };
}

module.exports = { MIB, peak, resident, watchPeak };

'use strict';

/** How far apart the samples of a CPU profile are. A machine that is busy makes it more, never less. */

const { untilSeen } = require('./repeat');
const workload = require('./workload');

/** What tells an interval of 1000 from one of 50000 microseconds, when the sampling thread gets a tenth of its time. */
const BETWEEN_US = 15000;

/** Records a profile of 200 ms and more, and gives the microseconds between two of its samples, on average. */
function spacing(profiler) {
  const begin = process.hrtime.bigint();
  profiler.startProfiling('spacing');
  workload.spin(200);
  const profile = profiler.stopProfiling('spacing');
  const microseconds = Number(process.hrtime.bigint() - begin) / 1000;
  profile.delete();
  // Some samples come from the start and the stop.
  return microseconds / Math.max(1, profile.samples.length - 4);
}

/** The same, of a profile that was given the time for fine samples. */
function fineSpacing(profiler) {
  return untilSeen(5, () => spacing(profiler), (microseconds) => microseconds < BETWEEN_US);
}

module.exports = { BETWEEN_US, fineSpacing, spacing };

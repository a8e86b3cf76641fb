'use strict';

/** Two CPU profiles of the same work: ours, and that of an inspector session. */

const { runClean } = require('./child');
const { hitsByFunction } = require('./profiles');
const { untilSeen } = require('./repeat');

function record() {
  return runClean(async ({ profiler, workload, report }) => {
    const { Session } = require('inspector');
    const session = new Session();
    session.connect();
    const post = (method, params) =>
      new Promise((resolve, reject) =>
        session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))),
      );
    await post('Profiler.enable');
    await post('Profiler.setSamplingInterval', { interval: 1000 });
    workload.spin(50);
    await post('Profiler.start');
    profiler.startProfiling('both');
    workload.spin(600);
    const profile = profiler.stopProfiling('both');
    const { profile: inspected } = await post('Profiler.stop');
    session.disconnect();
    const text = await new Promise((resolve) => profile.export({ format: 'inspector' }, (error, result) => resolve(result)));
    report([JSON.parse(text), inspected]);
  });
}

/** `[ours, theirs]`, both with samples of the workload's two functions. */
function recordBoth() {
  const isSeen = (profile) => ['hotLeaf', 'hotCaller'].every((name) => hitsByFunction(profile)[name] > 0);
  return untilSeen(5, record, (both) => both.every(isSeen));
}

module.exports = { recordBoth };

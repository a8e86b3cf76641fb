'use strict';
// Sampling heap profiles with promises: start, wait, stop, write.

const { performance } = require('../native/clock');
const { arrangeEnd, checkLength, openWanted, profileBy, recordAndReport, RECORDING_OPTIONS, writeAndReport } = require('./recording');
const { engineFor } = require('../fallback/environment');
const { KINDS } = require('../files/paths');
const { native } = require('../native/errors');
const {
  DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, discardExclusiveSampling, startExclusiveSampling, stopExclusiveSampling,
} = require('../native/sampling');
const { checkChoice, checkInteger, checkOptions, throwIfAborted } = require('../options/checks');

const OPTIONS = [...RECORDING_OPTIONS, 'intervalBytes', 'stackDepth', 'format'];

async function captureSamplingHeapProfile(given) {
  const options = checkOptions(given, OPTIONS);
  const length = checkLength(options);
  const intervalBytes = checkInteger(options, 'intervalBytes', DEFAULT_INTERVAL_BYTES, 1, 2 ** 40);
  const stackDepth = checkInteger(options, 'stackDepth', DEFAULT_STACK_DEPTH, 1, 255);
  const format = checkChoice(options, 'format', ['inspector', 'tree']);
  if (length.durationMs !== undefined) throwIfAborted(length.signal);
  const engine = engineFor('sampling');
  const target = openWanted(engine.environment, options, KINDS.sampling);
  try {
    return await recordSampling(engine, { intervalBytes, stackDepth, format }, target, length);
  } finally {
    if (target) target.close();
  }
}

/** Records, and gives the profile or, with a target, facts about its file. */
async function recordSampling({ environment, engine, engineReason }, { intervalBytes, stackDepth, format }, target, length) {
  const begin = performance.now();
  const token = {};
  const end = arrangeEnd(length, () => discardExclusiveSampling(environment, token));
  startExclusiveSampling(environment, token, { intervalBytes, stackDepth });
  let taken;
  try {
    await recordAndReport(length, end);
  } finally {
    taken = stopExclusiveSampling(environment, token);
  }
  if (target === undefined) {
    return profileBy({ engine, engineReason }, JSON.parse(native(() => taken.text({ format })).toString('utf8')));
  }
  const { bytes } = await writeAndReport(native(() => taken.export({ format })), target, length);
  const [nodes, samples] = [taken.nodeCount(), taken.sampleCount()];
  return { path: target.path, bytes, nodes, samples, durationMs: performance.now() - begin, engine, engineReason };
}

module.exports = { captureSamplingHeapProfile };

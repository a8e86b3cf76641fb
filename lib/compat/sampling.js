'use strict';
// The sampling heap profiler with the shape of v8-profiler-next's.

const { defineLazy, isUnread } = require('../native/lazy');
const { exportProfile, stringified, wholeText } = require('./export-profile');
const { invalidArgument, native } = require('../native/errors');
const { DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, startSampling, stopSampling } = require('../native/sampling');
const { exportArguments } = require('./export-arguments');
const { enumerateMethods } = require('../native/properties');

/** v8-profiler-next's, and the inspector's. */
const FORMATS = ['tree', 'inspector'];

const natives = new WeakMap();

class SamplingHeapProfile {
  constructor(taken) {
    natives.set(this, taken);
    defineLazy(this, 'head', () => JSON.parse(native(() => taken.text({ format: 'tree' })).toString('utf8')).head);
  }

  export(...args) {
    const { format, receiver } = exportArguments(args, FORMATS);
    return exportProfile(receiver, () => openReader(this, format));
  }
}

enumerateMethods(SamplingHeapProfile);

/** The reader of a profile's text. */
function openReader(profile, format) {
  const taken = natives.get(profile);
  if (taken && format === 'inspector') return wholeText(() => native(() => taken.text({ format })).toString('utf8'));
  if (!taken || Object.keys(profile).length !== 1 || !isUnread(profile, 'head')) return stringified(profile);
  // Some kilobytes as a rule: a thread would cost more than it saves.
  return wholeText(() => native(() => taken.text({ format: 'tree' })).toString('utf8'));
}

function startSamplingHeapProfiling(...args) {
  let intervalBytes = DEFAULT_INTERVAL_BYTES;
  let stackDepth = DEFAULT_STACK_DEPTH;
  if (args.length === 2) {
    [intervalBytes, stackDepth] = args;
    if (typeof intervalBytes !== 'number' || intervalBytes >>> 0 !== intervalBytes) {
      throw invalidArgument('first argument type must be uint32');
    }
    if (typeof stackDepth !== 'number') throw invalidArgument('first argument type must be number');
  }
  startSampling({ intervalBytes, stackDepth });
}

const stopSamplingHeapProfiling = () => new SamplingHeapProfile(stopSampling());

module.exports = { startSamplingHeapProfiling, stopSamplingHeapProfiling };

'use strict';
// A CPU profile of Node's inspector in the formats of the addon, with the methods of a native profile.
//
// What the inspector does not tell: `url` is a `file:` URL for every file, and `callUID` numbers the functions of one profile.

const { TextExport } = require('./export');

const lineTicksOf = ({ positionTicks }) => positionTicks?.map(({ line, ticks }) => ({ line, hitCount: ticks }));

/** A place in the source, counted from 1. */
const placeOf = ({ lineNumber, columnNumber }) => ({ lineNumber: lineNumber + 1, columnNumber: columnNumber + 1 });

/** The nodes of the format `nodes`. */
const listOf = ({ nodes }) => nodes.map((node) => {
  const { id, hitCount, callFrame, children = [], deoptReason = '' } = node;
  const { functionName, scriptId, url } = callFrame;
  const lineTicks = lineTicksOf(node);
  return {
    id,
    hitCount,
    callFrame: {
      functionName, scriptId: Number(scriptId), bailoutReason: deoptReason, url, ...placeOf(callFrame), ...(lineTicks && { lineTicks }),
    },
    children,
  };
});

/** The root of the format `tree`. */
function headOf({ nodes }) {
  const uids = new Map();
  const made = new Map();
  for (const node of nodes) {
    const { id, hitCount, callFrame, deoptReason = '' } = node;
    const { functionName, scriptId, url } = callFrame;
    const { lineNumber, columnNumber } = placeOf(callFrame);
    const key = JSON.stringify([functionName, scriptId, url, lineNumber, columnNumber]);
    if (!uids.has(key)) uids.set(key, uids.size + 1);
    const lineTicks = lineTicksOf(node);
    made.set(id, {
      functionName,
      url,
      lineNumber,
      columnNumber,
      callUID: uids.get(key),
      bailoutReason: deoptReason,
      id,
      scriptId: Number(scriptId),
      hitCount,
      children: [],
      ...(lineTicks && { lineTicks }),
    });
  }
  for (const { id, children = [] } of nodes) made.get(id).children = children.map((child) => made.get(child));
  return made.get(nodes[0].id);
}

/** Times of the monotonic clock, one per sample. */
function timestampsOf({ startTime, timeDeltas }) {
  let time = startTime;
  return timeDeltas.map((delta) => {
    time += delta;
    return time;
  });
}

/** What the parts of a profile are made from, by the addon's names for them. */
const PARTS = {
  head: headOf,
  nodes: listOf,
  inspectorNodes: ({ nodes }) => nodes,
  samples: ({ samples }) => samples,
  timeDeltas: ({ timeDeltas }) => timeDeltas,
  timestamps: timestampsOf,
};

/** The text of a format; `header` has what the inspector's form has not. */
function textOf(profile, format, { typeId, uid, title, startTime, endTime }) {
  const { samples, timeDeltas } = profile;
  const header = { typeId, uid, title };
  const times = { startTime, endTime };
  switch (format) {
    case 'tree': return { ...header, head: headOf(profile), ...times, samples, timestamps: timestampsOf(profile) };
    case 'nodes': return { ...header, nodes: listOf(profile), ...times, samples, timeDeltas };
    default: return profile;
  }
}

class FallbackCpuProfile {
  #profile;

  /** @param {object} profile what `Profiler.stop` gave */
  constructor(profile) {
    this.#profile = profile;
  }

  sampleCount() {
    return this.#profile.samples.length;
  }

  /** Microseconds; for the tree whole seconds, or the wall clock when those are 0. */
  times({ format, wallClock }) {
    const { startTime, endTime } = this.#profile;
    if (format !== 'tree') return { startTime, endTime };
    const secondsOr = (time, given) => Math.trunc(time / 1e6) || given;
    return { startTime: secondsOr(startTime, wallClock.startTime), endTime: secondsOr(endTime, wallClock.endTime) };
  }

  /** The JSON of one property. */
  part({ part }) {
    return Buffer.from(JSON.stringify(PARTS[part](this.#profile)));
  }

  export({ format, header }) {
    const text = Buffer.from(JSON.stringify(textOf(this.#profile, format, header)));
    return new TextExport(text, { nodes: this.#profile.nodes.length, samples: this.sampleCount() });
  }

  /** V8 has nothing of it any more. */
  async detach() {}

  detachFinished() {}

  detachSync() {}
}

module.exports = { FallbackCpuProfile };

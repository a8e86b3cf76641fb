'use strict';

/**
 * The tree format, which the service writes as v8-profiler did, in the form that today's Chrome DevTools opens: its
 * Performance panel refuses a `.cpuprofile` without `nodes`.
 */

const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { flatten } = require('./check-cpu-profile');

/** Script names are plain paths in the tree format and URLs in the other. */
function toUrl(name) {
  return path.isAbsolute(name) ? pathToFileURL(name).href : name;
}

function toNode(node) {
  const result = {
    id: node.id,
    callFrame: {
      functionName: node.functionName,
      scriptId: String(node.scriptId),
      url: toUrl(node.url),
      lineNumber: node.lineNumber - 1,
      columnNumber: node.columnNumber - 1,
    },
    hitCount: node.hitCount,
  };
  if (node.children.length > 0) result.children = node.children.map((child) => child.id);
  if (node.lineTicks) result.positionTicks = node.lineTicks.map(({ line, hitCount }) => ({ line, ticks: hitCount }));
  return result;
}

/** A profile with `head` as the `Profiler.Profile` of the DevTools protocol. */
function toDevToolsProfile({ head, samples, timestamps }) {
  const first = timestamps[0];
  return {
    nodes: flatten(head).map(toNode),
    startTime: first,
    endTime: timestamps.reduce((latest, time) => Math.max(latest, time), first),
    samples,
    timeDeltas: timestamps.map((time, index) => time - (timestamps[index - 1] ?? first)),
  };
}

module.exports = { toDevToolsProfile };

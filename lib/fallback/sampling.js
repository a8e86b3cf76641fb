'use strict';
// V8's sampling heap profiler by way of Node's inspector, with the methods of the native one.

const { cutStacks } = require('./cut-stacks');
const { TextExport } = require('./export');
const { InspectorSession } = require('../native/inspector');
const { makeError } = require('../native/errors');

/** A node of the format `tree`, which counts lines and columns from 1. */
const treeOf = ({ callFrame, selfSize, children }) => ({
  callFrame: {
    functionName: callFrame.functionName,
    scriptId: Number(callFrame.scriptId),
    url: callFrame.url,
    lineNumber: callFrame.lineNumber + 1,
    columnNumber: callFrame.columnNumber + 1,
  },
  selfSize,
  children: children.map(treeOf),
});

const countOf = (node) => node.children.reduce((count, child) => count + countOf(child), 1);

class FallbackSamplingProfile {
  #profile;

  /** @param {object} profile what `HeapProfiler.stopSampling` gave @param {number} stackDepth frames to keep of each stack */
  constructor(profile, stackDepth) {
    this.#profile = cutStacks(profile, stackDepth);
  }

  nodeCount() {
    return countOf(this.#profile.head);
  }

  sampleCount() {
    return this.#profile.samples.length;
  }

  text({ format }) {
    return Buffer.from(JSON.stringify(format === 'tree' ? { head: treeOf(this.#profile.head) } : this.#profile));
  }

  export(options) {
    return new TextExport(this.text(options), {});
  }
}

class FallbackSampling {
  #session;
  #stackDepth;

  /** V8 samples for one at a time. The inspector would hand another's profile over, and end it: so it is asked first. */
  start({ intervalBytes, stackDepth }) {
    if (this.#session) {
      throw makeError('BUSY', 'A sampling heap profile is running already, and V8 has only one; stop it first.');
    }
    const session = new InspectorSession();
    this.#session = session;
    this.#stackDepth = stackDepth;
    try {
      if (session.tryAsk('HeapProfiler.getSamplingProfile')) {
        throw makeError('BUSY', 'Another user of V8\'s sampling heap profiler is running in this thread, and V8 has only one: stop that '
          + 'one first.');
      }
      // Newer inspectors, as that of Node 26, take a depth; others keep 128 frames, of which the rest goes later.
      session.ask('HeapProfiler.startSampling', { samplingInterval: intervalBytes, stackDepth });
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Stops, and throws away what was recorded. Can be repeated. */
  abandon() {
    const session = this.#session;
    this.#session = undefined;
    if (session) session.close();
  }

  stop() {
    const session = this.#session;
    if (!session) throw makeError('NOT_RUNNING', 'No sampling heap profile is running.');
    this.#session = undefined;
    try {
      const stopped = session.tryAsk('HeapProfiler.stopSampling');
      if (stopped) return new FallbackSamplingProfile(stopped.profile, this.#stackDepth);
    } finally {
      session.close();
    }
    throw makeError('NOT_RUNNING', 'V8\'s sampling heap profiler was stopped by somebody else in this thread; its samples are lost.');
  }
}

module.exports = { FallbackSampling };

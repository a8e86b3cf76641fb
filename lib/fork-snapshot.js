'use strict';
// Heap snapshots by a forked child: what belongs to the JavaScript thread, which is the wake-up that forks, and the options.

const fs = require('fs');
const { now, threadId } = require('./clock');
const { makeError, native, nativeAsync } = require('./errors');
const { guardProgress } = require('./progress');
const { CHUNK } = require('./text');

/** Why a forked child cannot be used here; undefined when it can. `addon` is that of lib/state: `{ exports, reason }`. */
function forkUnavailable(addon) {
  if (!addon.exports) return addon.reason;
  if (!addon.exports.NativeEnvironment.forkSupported()) {
    return `A forked child needs Linux with glibc; this is rs-profiler for ${process.platform}-${process.arch}`
      + `${addon.exports.NativeEnvironment.libc() === 'musl' ? ' with musl' : ''}.`;
  }
  if (process.permission && !process.permission.has('child')) {
    return 'A forked child is a child process, which Node\'s permission model does not allow here (--allow-child-process).';
  }
  for (const file of ['/proc/self/smaps', '/dev/null']) {
    try {
      fs.accessSync(file, fs.constants.R_OK);
    } catch (error) {
      return `A forked child needs ${file}, which cannot be read (${error.code}).`;
    }
  }
  return undefined;
}

/**
 * Decides where a snapshot is taken, and why.
 * @param {object} addon that of lib/state
 * @param {'auto' | 'fork' | 'inline'} wanted
 * @returns {{ isolation: 'fork' | 'inline', reason: string }}
 * @throws ERR_RS_PROFILER_FORK_FAILED when a fork was demanded and cannot be had
 */
function decideIsolation(addon, wanted) {
  if (wanted === 'inline') return { isolation: 'inline', reason: 'isolation: \'inline\' was asked for.' };
  const reason = forkUnavailable(addon);
  if (!reason) return { isolation: 'fork', reason: 'A forked child works here.' };
  if (wanted === 'fork') throw makeError('FORK_FAILED', `${reason} Use isolation: 'auto' or 'inline'.`);
  return { isolation: 'inline', reason };
}

let sequence = 0;

/** What is written into the header: object ids that a child gives are gone with it. */
function markOf({ stableIds }) {
  sequence += 1;
  return JSON.stringify({
    isolation: 'fork', stable_ids: stableIds, pid: process.pid, thread_id: threadId(), sequence, time: new Date().toISOString(),
  });
}

/**
 * A snapshot on its way through a child: chunks by `next()` (none when it writes `path` itself), then `result()`.
 * `close()` ends it; `gone()` resolves when nothing of it is left.
 */
function openForked({ heap, addon }, options, path) {
  let pauseMs = 0;
  const measured = (call) => {
    const start = now();
    try {
      return call();
    } finally {
      pauseMs += now() - start;
    }
  };
  let walked = 0;
  const close = () => {
    progress.end();
    exported.close();
  };
  const progress = guardProgress(options.onProgress, close);
  const hear = ([phase, done, total]) => {
    if (phase === 'walk') walked = total;
    if (phase === 'walk') progress.report({ phase, done, total });
    else if (phase === 'write') progress.report({ phase, done, total: Math.max(done, walked * BYTES_PER_NODE) });
  };
  const request = {
    exposeInternals: options.exposeInternals,
    exposeNumericValues: options.exposeNumericValues,
    path,
    chunkSize: CHUNK,
    refuseWhenBusy: options.whenBusy === 'refuse',
    pipeline: { ...options.pipeline, mark: markOf(options) },
  };
  const forked = measured(() => {
    const environment = heap.environment();
    if (options.stableIds) heap.numberObjects();
    const wake = () => measured(() => forked.fork());
    return native(() => new addon.exports.NativeForkSnapshot(environment, request, wake, hear));
  });
  const exported = forked.takeExport();
  return {
    next: async () => {
      try {
        return await nativeAsync(() => exported.next());
      } catch (error) {
        progress.end();
        progress.check();
        throw error;
      }
    },
    release: (memory) => exported.release(memory),
    close,
    gone: () => forked.gone(),
    result: () => {
      const { produced, confined, attempts } = forked.result();
      progress.report({ phase: 'write', done: produced.textBytes, total: produced.textBytes });
      progress.end();
      progress.check();
      return { produced, pauseMs, attempts, confined };
    },
  };
}

/** A guess at the length of the text, for progress: about what V8 of today writes per node. */
const BYTES_PER_NODE = 90;

module.exports = { BYTES_PER_NODE, decideIsolation, forkUnavailable, markOf, openForked };

'use strict';

/**
 * The ways to get a heap snapshot into a file that are compared by how long they stop a service, as one call each:
 * `open(module)` gives `whole(file)`, which resolves with `{ path, pauseMs }` and what else the profiler says of itself. Beside
 * them a fork() without a snapshot: it has no file, and a step `prepare` that does not count.
 */

const { now, sleep } = require('./main-thread');
const { SNAPSHOT_FORMS } = require('./snapshot-forms');

/** For how long the child of a bare fork lives: pages that the service changes meanwhile are copied, as during a snapshot. */
const CHILD_MS = 1000;

function openForked(profiler) {
  return {
    async whole(file) {
      const { path, pauseMs, attempts, cowBytes, isolation, isolationReason } = await profiler.writeHeapSnapshot(file, { isolation: 'fork' });
      if (isolation !== 'fork') throw new Error(`rs-profiler did not fork: ${isolationReason}`);
      return { path, pauseMs, attempts, cowBytes };
    },
  };
}

function openBareFork({ lend, fork, reap }) {
  return {
    prepare: lend,
    async whole() {
      const begin = now();
      const pid = fork(CHILD_MS);
      const pauseMs = now() - begin;
      if (pid < 0) throw new Error('fork() failed');
      await sleep(CHILD_MS * 1.2);
      reap(pid);
      return { pauseMs };
    },
  };
}

/** A form of `SNAPSHOT_FORMS`; the one that keeps taking and exporting apart does all three steps. */
function inOne({ split, open }) {
  return (module) => {
    const subject = open(module);
    return {
      async whole(file) {
        if (split) {
          subject.take();
          await subject.write(file);
          subject.delete();
        } else {
          await subject.whole(file);
        }
        return { path: file };
      },
    };
  };
}

const PAUSE_FORMS = Object.freeze({
  ours: { label: 'rs-profiler, forked', package: 'rs-profiler', open: openForked },
  fork: { label: 'a bare fork(), no snapshot', package: 'bare-fork', open: openBareFork },
  v8: { label: 'v8.writeHeapSnapshot', package: 'node:v8', open: inOne(SNAPSHOT_FORMS.v8) },
  vpn: { label: 'v8-profiler-next', package: 'v8-profiler-next', open: inOne(SNAPSHOT_FORMS.vpn) },
  heapdump: { label: 'heapdump', package: 'heapdump', open: inOne(SNAPSHOT_FORMS.heapdump) },
});

module.exports = { PAUSE_FORMS };

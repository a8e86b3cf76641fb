'use strict';

/** What the system has no more of: threads and descriptors. Calls reject with an error that says so; nothing aborts or hangs. */

const { run, runClean } = require('../../helpers/child');

/** In the child: what each call comes to, `ok` or a code. A call that throws instead of rejecting is told apart. */
const outcomes = `
  const found = {};
  for (const [name, call] of Object.entries(calls)) {
    let promise;
    try {
      promise = call();
    } catch (error) {
      found[name] = 'threw ' + error.code;
      continue;
    }
    found[name] = await promise.then(() => 'ok', (error) => error.code);
  }
  return found;`;

test('at the limit of threads captures reject, profiles work, and the process ends with its own code', async () => {
  const { code, signal, stderr, report } = await run(async ({ profiler, heapdump, report, input }) => {
    const { execFileSync } = require('child_process');
    profiler.startProfiling('before');
    // Threads of a user are counted; root is not held to the limit.
    execFileSync('prlimit', ['--pid', String(process.pid), '--nproc=1:1']);
    if (process.getuid() === 0) {
      process.setgroups([]);
      process.setgid(65533);
      process.setuid(65533);
    }
    const AsyncFunction = (async () => {}).constructor;
    const found = await new AsyncFunction('calls', input)({
      write: () => profiler.writeHeapSnapshot('/dev/null', { isolation: 'inline' }),
      cpu: () => profiler.captureCpuProfile({ durationMs: 10, path: '/dev/null' }),
      // Another interval needs another thread of V8's.
      interval: () => profiler.captureCpuProfile({ durationMs: 10, samplingIntervalUs: 5000 }),
      stream: async () => {
        for await (const chunk of profiler.createHeapSnapshotStream({ isolation: 'inline' })) chunk.length;
      },
      export: () => new Promise((resolve, reject) => {
        profiler.takeSnapshot().export().on('error', reject).on('end', resolve).resume();
      }),
      dump: () => new Promise((resolve, reject) => {
        heapdump.writeSnapshot('/dev/null', (error) => (error ? reject(error) : resolve()));
      }),
    });
    // V8's own thread for it is there already.
    const profile = profiler.stopProfiling('before');
    found.profile = Array.isArray(profile.samples);
    profile.delete();
    try {
      profiler.startProfiling('without a thread');
    } catch (error) {
      found.start = error.code;
    }
    report(found);
    process.exitCode = 42;
  }, { input: outcomes });
  expect({ code, signal, stderr }).toEqual({ code: 42, signal: null, stderr: '' });
  const refused = 'ERR_RS_PROFILER_NO_THREAD';
  expect(report).toEqual({
    write: refused, cpu: refused, interval: refused, stream: refused, export: refused, dump: 'ok', profile: true, start: refused,
  });
});

test('without descriptors what writes a file rejects, and what needs none works', async () => {
  const found = await runClean(async ({ profiler, heapdump, report, input }) => {
    const fs = require('fs');
    const { execFileSync } = require('child_process');
    profiler.capabilities();
    heapdump.configure({});
    execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=64:64']);
    const open = [];
    try {
      for (;;) open.push(fs.openSync('/dev/null'));
    } catch {
      // All are taken.
    }
    const AsyncFunction = (async () => {}).constructor;
    const found = await new AsyncFunction('calls', input)({
      write: () => profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'inline' }),
      cpu: () => profiler.captureCpuProfile({ durationMs: 10, path: 'a.cpuprofile' }),
      sampling: () => profiler.captureSamplingHeapProfile({ durationMs: 10, path: 'a.heapprofile' }),
      object: () => profiler.captureCpuProfile({ durationMs: 10 }),
      stream: async () => {
        for await (const chunk of profiler.createHeapSnapshotStream({ isolation: 'inline' })) chunk.length;
      },
      dump: () => new Promise((resolve, reject) => {
        heapdump.writeSnapshot('a.heapsnapshot', (error) => (error ? reject(error) : resolve()));
      }),
    });
    for (const descriptor of open) fs.closeSync(descriptor);
    report(found);
  }, { input: outcomes });
  const refused = 'EMFILE';
  expect(found).toEqual({ write: refused, cpu: refused, sampling: refused, object: 'ok', stream: 'ok', dump: refused });
});

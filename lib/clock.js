'use strict';
// Time and thread without `perf_hooks` and `worker_threads`: loading these for the first capture would stop a service for as
// long as the fork does.

const fs = require('fs');

/** Milliseconds on a monotonic clock. */
function now() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** Whether this is the thread that the process began with, as far as Linux tells: it cannot be a worker. */
function onFirstThread() {
  try {
    const [pid, , thread] = fs.readlinkSync('/proc/thread-self').split('/');
    return pid === thread;
  } catch {
    return false;
  }
}

let id;

/** `worker_threads.threadId`: 0 on the main thread. */
function threadId() {
  id ??= onFirstThread() ? 0 : require('worker_threads').threadId;
  return id;
}

module.exports = { now, threadId };

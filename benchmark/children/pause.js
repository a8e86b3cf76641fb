'use strict';

/**
 * One heap snapshot to a file of a service with a heap of a given size, with requests coming in or without: how long the
 * service stood still, what it cost its main thread, what its users felt, what memory it took.
 */

const fs = require('fs');
const { answer } = require('../lib/child');
const { companion } = require('../lib/companion');
const { inspectGzipSnapshot, inspectSnapshot } = require('../lib/files');
const { fill } = require('../lib/heap');
const { serveHeap } = require('../lib/heap-service');
const { Heartbeat, cpuTime, now, sleep } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { PAUSE_FORMS } = require('../lib/pause-forms');

const REQUESTS_PER_SECOND = 200;
const SETTLE_MS = 300;
/** What comes after the end is watched for so long: pages that a forked child still shared are copied then. */
const AFTER_MS = 1000;
/** For which share of the time the other process may look at memory: less where requests would feel it. */
const WATCH_SHARE = Object.freeze({ idle: 0.05, load: 0.01 });

/** What the main thread does in a while: CPU time, ticks, requests, the longest stop. */
async function span(heartbeat, service, operation) {
  heartbeat.reset();
  const cpu = cpuTime();
  const answered = service.answered();
  const begin = now();
  const { value, end } = await operation();
  return {
    value, begin, end, stopMs: heartbeat.longestMs, cpuMs: cpuTime() - cpu, ticks: heartbeat.ticks, requests: service.answered() - answered,
  };
}

async function idle(ms) {
  await sleep(ms);
  return { end: now() };
}

/** The same work costs CPU time without a capture too: the timer's ticks, before and after, and the requests. */
function costOfWork(before, after, working) {
  const perTick = (before.cpuMs + after.cpuMs) / Math.max(1, before.ticks + after.ticks);
  const perRequest = working.requests === 0 ? 0 : (working.cpuMs - working.ticks * perTick) / working.requests;
  return ({ ticks, requests }) => ticks * perTick + requests * perRequest;
}

/** The capture, and a second after it; what is resident at most meanwhile. */
async function captured(heartbeat, service, memory, share, operation) {
  const { start } = await memory.ask({ begin: { pid: process.pid, share } });
  const resident = watchPeak();
  const capture = await span(heartbeat, service, async () => {
    const value = await operation();
    const end = now();
    await sleep(AFTER_MS);
    return { value, end };
  });
  const parentBytes = resident.above();
  const { peak, looks } = await memory.ask({ end: true });
  return {
    ...capture,
    memory: {
      residentBytes: resident.start, parentBytes, parentPercent: parentBytes / resident.start * 100,
      togetherBytes: Math.max(parentBytes, peak - start), looks,
    },
  };
}

function named({ requests, p50, p99, max, failed }, suffix) {
  return { [`requests${suffix}`]: requests, [`p50${suffix}`]: p50, [`p99${suffix}`]: p99, [`max${suffix}`]: max, [`failed${suffix}`]: failed };
}

/** What the clients felt in two spans. */
async function responseTimes(clients, without, during) {
  const times = async ({ begin, end }) => clients.ask({ window: { begin, end } });
  const [usual, then] = [await times(without), await times(during)];
  return { ...named(usual, 'Without'), ...named(then, ''), p99Ratio: then.p99 / usual.p99 };
}

async function measure(subject, { file, load, quick }, memory, root) {
  const heartbeat = new Heartbeat();
  const unasked = { answered: () => 0 };
  const idling = quick ? 300 : 1500;
  await sleep(SETTLE_MS);
  const before = await span(heartbeat, unasked, () => idle(idling));
  let [service, clients, working] = [unasked, undefined, before];
  if (load) {
    service = await serveHeap(root);
    clients = companion('load');
    await clients.ask({ start: { port: service.port, perSecond: REQUESTS_PER_SECOND } });
    await sleep(quick ? 300 : 1000);
    working = await span(heartbeat, service, () => idle(quick ? 1000 : 5000));
  }
  const capture = await captured(heartbeat, service, memory, WATCH_SHARE[load ? 'load' : 'idle'], () => subject.whole(file));
  const answers = clients ? await responseTimes(clients, working, capture) : {};
  if (clients) clients.close();
  const after = await span(heartbeat, unasked, () => idle(idling));
  return {
    path: capture.value.path,
    isolation: capture.value.isolation,
    figures: {
      stopMs: capture.stopMs,
      stopWithoutMs: working.stopMs,
      pauseMs: capture.value.pauseMs,
      cpuMs: Math.max(0, capture.cpuMs - costOfWork(before, after, working)(capture)),
      wallMs: capture.end - capture.begin,
      ...capture.memory,
      ...answers,
    },
  };
}

function inspect({ path, isolation }, { gzip, package: name }) {
  if (name === 'rs-profiler' && isolation !== 'fork') throw new Error('rs-profiler did not fork');
  return gzip ? inspectGzipSnapshot(path) : inspectSnapshot(path);
}

answer(async (job) => {
  const { form, module, file, megabytes } = job;
  // Started while the process is small.
  const memory = companion('memory-watch');
  const subject = PAUSE_FORMS[form].open(require(module));
  const root = fill(megabytes);
  let path = file;
  try {
    const measured = await measure(subject, job, memory, root);
    ({ path } = measured);
    const { bytes, nodes } = await inspect(measured, PAUSE_FORMS[form]);
    return { ...measured.figures, fileBytes: bytes, nodes, records: root.length };
  } finally {
    fs.rmSync(path, { force: true });
  }
});

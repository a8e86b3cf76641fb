'use strict';

/**
 * One heap snapshot to a file of a service with a heap of a given size: how long the service stood still and what that cost its
 * main thread, with requests coming in (`kind` is 'load') or without ('idle'); or what memory it took ('memory').
 */

const fs = require('fs');
const { answer } = require('../lib/child');
const { companion } = require('../lib/companion');
const { inspectSnapshot } = require('../lib/files');
const { fill } = require('../lib/heap');
const { serveHeap } = require('../lib/heap-service');
const { Heartbeat, cpuTime, now, sleep } = require('../lib/main-thread');
const { watchPeak } = require('../lib/memory');
const { PAUSE_FORMS } = require('../lib/pause-forms');

const REQUESTS_PER_SECOND = 200;
const SETTLE_MS = 300;
/** What comes after the end is watched for so long: pages that a forked child still shared are copied then. */
const AFTER_MS = 1000;

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

/** The capture, and a second after it. */
async function captured(subject, file) {
  const value = await subject.whole(file);
  const end = now();
  await sleep(AFTER_MS);
  return { value, end };
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

async function measureStop(subject, { file, kind, quick }, root) {
  const heartbeat = new Heartbeat();
  const unasked = { answered: () => 0 };
  const idling = quick ? 300 : 1500;
  await sleep(SETTLE_MS);
  const before = await span(heartbeat, unasked, () => idle(idling));
  let [service, clients, working] = [unasked, undefined, before];
  const load = kind === 'load';
  if (load) {
    service = await serveHeap(root);
    clients = companion('load');
    await clients.ask({ start: { port: service.port, perSecond: REQUESTS_PER_SECOND } });
    // The youngest part of the heap reaches its size under load.
    await sleep(quick ? 300 : 4000);
  }
  let resident = watchPeak();
  if (load) working = await span(heartbeat, service, () => idle(quick ? 1000 : 5000));
  const withoutPercent = resident.above() / resident.start * 100;
  resident = watchPeak();
  const capture = await span(heartbeat, service, () => captured(subject, file));
  const parentBytes = resident.above();
  const parentPercent = parentBytes / resident.start * 100;
  const answers = clients ? await responseTimes(clients, working, capture) : {};
  if (clients) clients.close();
  const after = await span(heartbeat, unasked, () => idle(idling));
  return {
    value: capture.value,
    stopMs: capture.stopMs,
    stopWithoutMs: working.stopMs,
    // Less than the calls took is an error of the difference.
    cpuMs: Math.max(capture.value.pauseMs || 0, capture.cpuMs - costOfWork(before, after, working)(capture)),
    wallMs: capture.end - capture.begin,
    parentBytes,
    parentPercent,
    growthPercent: Math.max(0, parentPercent - withoutPercent),
    ...answers,
  };
}

/** The heartbeat runs here too: a service that changes nothing would copy no page. */
async function measureMemory(subject, { file }, watcher) {
  const heartbeat = new Heartbeat();
  await sleep(SETTLE_MS);
  const start = await watcher.ask({ begin: { pid: process.pid } });
  const resident = watchPeak();
  const { value } = await captured(subject, file);
  // The kernel's own peak of this process is exact; looks may miss it.
  const parentBytes = resident.above();
  const { allRss, allPss, looks } = await watcher.ask({ end: true });
  heartbeat.close();
  return {
    value,
    startBytes: start.rss,
    parentBytes,
    parentPercent: parentBytes / resident.start * 100,
    togetherRss: Math.max(parentBytes, allRss - start.rss),
    togetherPss: looks === 0 ? parentBytes : Math.max(0, allPss - start.pss),
    looks,
  };
}

answer(async (job) => {
  const { form, module, file, megabytes, kind } = job;
  // Started while the process is small.
  const watcher = kind === 'memory' ? companion('memory-watch') : undefined;
  const subject = PAUSE_FORMS[form].open(require(module));
  const root = fill(megabytes);
  let path = file;
  try {
    if (subject.prepare) subject.prepare();
    const { value, ...figures } = await (watcher ? measureMemory(subject, job, watcher) : measureStop(subject, job, root));
    const { pauseMs, attempts, cowBytes } = value;
    const result = { ...figures, pauseMs, attempts, cowBytes, records: root.length };
    if (!value.path) return result;
    ({ path } = value);
    const { bytes, nodes } = inspectSnapshot(path);
    return { ...result, fileBytes: bytes, nodes };
  } finally {
    fs.rmSync(path, { force: true });
  }
});

'use strict';
// Joins a line to Egg's messenger, in both start modes and in the single-process mode, and says who is at this end of it.

const { isMainThread, threadId } = require('worker_threads');
const { ACTION, Line } = require('./line');

/** What Egg calls this worker: the process id, or the thread id when the workers are threads. */
const workerId = () => String(isMainThread ? process.pid : threadId);

/** The line of a worker. */
function connectWorker(app) {
  const line = new Line({ me: workerId(), post: (_to, message) => app.messenger.sendToAgent(ACTION, message) });
  app.messenger.on(ACTION, (message) => line.receive(message));
  return line;
}

/** The line of the agent. In one process there is one worker, whatever its id. */
function connectAgent(agent) {
  const single = agent.options.mode === 'single';
  const post = (to, message) => {
    if (single) agent.messenger.sendToApp(ACTION, message);
    else agent.messenger.sendTo(to, ACTION, message);
  };
  const line = new Line({ me: 'agent', post });
  agent.messenger.on(ACTION, (message) => line.receive(message));
  return line;
}

/** Figures that tell which worker to look at. Memory in bytes; `utilization` of the event loop from 0 to 1, since it was asked last. */
function describer() {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    return { pid: process.pid, threadId, uptimeSeconds: Math.round(process.uptime()), rss, heapUsed, heapTotal, external, utilization };
  };
}

module.exports = { connectAgent, connectWorker, describer, workerId };

'use strict';
// The process: event loop, garbage collection, memory, what is open.

const { PerformanceObserver, constants, monitorEventLoopDelay } = require('perf_hooks');
const v8 = require('v8');

/** How often the delay of the event loop is looked at. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** The kinds of collections, as prom-client names them. */
const KINDS = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

class ProcessMetrics {
  #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #utilization = performance.eventLoopUtilization();
  #collections = new Map(Object.values(KINDS).map((kind) => [kind, { count: 0, durationMs: 0 }]));
  #observer = new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntries()) {
      const kind = this.#collections.get(KINDS[detail.kind]);
      if (!kind) continue;
      kind.count += 1;
      kind.durationMs += duration;
    }
  });

  constructor() {
    this.#delay.enable();
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** A delay in milliseconds: what the timer was late, as prom-client and OpenTelemetry count it with the timer's own time. */
  #delayMs(ns) {
    return Number.isFinite(ns) ? ns / NS_PER_MS : 0;
  }

  #delays() {
    const { min, max, mean, stddev, count } = this.#delay;
    // Without a value the least is the largest number there is.
    if (count === 0) return { minMs: 0, maxMs: 0, meanMs: 0, stddevMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0 };
    const of = (share) => this.#delayMs(this.#delay.percentile(share));
    return {
      minMs: this.#delayMs(min), maxMs: this.#delayMs(max), meanMs: this.#delayMs(mean), stddevMs: this.#delayMs(stddev),
      p50Ms: of(50), p90Ms: of(90), p99Ms: of(99),
    };
  }

  snapshot() {
    const memory = process.memoryUsage();
    const { heap_size_limit: heapLimit } = v8.getHeapStatistics();
    const handles = {};
    for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] || 0) + 1;
    return {
      eventLoop: { delay: this.#delays(), utilization: performance.eventLoopUtilization(this.#utilization).utilization },
      gc: Object.fromEntries([...this.#collections].map(([kind, value]) => [kind, { ...value }])),
      memory: {
        rss: memory.rss, heapTotal: memory.heapTotal, heapUsed: memory.heapUsed, heapLimit,
        external: memory.external, arrayBuffers: memory.arrayBuffers,
      },
      heapSpaces: v8.getHeapSpaceStatistics().map((space) => ({
        name: space.space_name, size: space.space_size, used: space.space_used_size, available: space.space_available_size,
        physical: space.physical_space_size,
      })),
      handles,
      uptimeSeconds: process.uptime(),
    };
  }

  close() {
    this.#delay.disable();
    this.#observer.disconnect();
  }
}

module.exports = { ProcessMetrics };

'use strict';
// The metrics as Prometheus has them: families of samples. Names are OpenTelemetry's for requests, in the spelling that its
// Prometheus exporter gives them, and prom-client's for the process.

const MS = 1000;

const family = (name, help, type, values) => ({ name, help, type, values: values.map((value) => ({ metricName: name, labels: {}, ...value })) });
/** These names are prom-client's own: its `collectDefaultMetrics()` may come after us, and must find them free. */
const isDefault = (name) => /^(process_resident_memory_bytes|nodejs_(?!eventloop_utilization))/.test(name);

const gauge = (name, help, value) => family(name, help, 'gauge', [{ value }]);

function requestDurations(requests) {
  const name = 'http_server_request_duration_seconds';
  const values = [];
  for (const { method, status, route, durations } of requests.series()) {
    const labels = { http_request_method: method, http_response_status_code: String(status), http_route: route };
    const add = (suffix, value, more) => values.push({ metricName: name + suffix, labels: { ...labels, ...more }, value });
    for (const [bound, count] of durations.cumulative()) add('_bucket', count, { le: String(bound) });
    add('_bucket', durations.count, { le: '+Inf' });
    add('_sum', durations.sum / MS);
    add('_count', durations.count);
  }
  return family(name, 'Duration of HTTP server requests.', 'histogram', values);
}

function eventLoop({ delay, utilization }) {
  const lag = (part, what, ms) => gauge(`nodejs_eventloop_lag_${part}seconds`, what, ms / MS);
  return [
    lag('', 'Lag of event loop in seconds.', delay.meanMs),
    lag('min_', 'The minimum recorded event loop delay.', delay.minMs),
    lag('max_', 'The maximum recorded event loop delay.', delay.maxMs),
    lag('mean_', 'The mean of the recorded event loop delays.', delay.meanMs),
    lag('stddev_', 'The standard deviation of the recorded event loop delays.', delay.stddevMs),
    lag('p50_', 'The 50th percentile of the recorded event loop delays.', delay.p50Ms),
    lag('p90_', 'The 90th percentile of the recorded event loop delays.', delay.p90Ms),
    lag('p99_', 'The 99th percentile of the recorded event loop delays.', delay.p99Ms),
    gauge('nodejs_eventloop_utilization_ratio', 'Share of time in which the event loop was active.', utilization),
  ];
}

function collections(gc) {
  const name = 'nodejs_gc_duration_seconds';
  const values = Object.entries(gc).flatMap(([kind, { count, durationMs }]) => [
    { metricName: `${name}_sum`, labels: { kind }, value: durationMs / MS },
    { metricName: `${name}_count`, labels: { kind }, value: count },
  ]);
  return family(name, 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.', 'summary', values);
}

function memory({ rss, heapTotal, heapUsed, heapLimit, external }) {
  return [
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', rss),
    gauge('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.', heapTotal),
    gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.', external),
    gauge('v8js_memory_heap_limit_bytes', 'Total heap memory size pre-allocated.', heapLimit),
  ];
}

function heapSpaces(spaces) {
  const of = (part, what, field) => family(`nodejs_heap_space_size_${part}_bytes`, what, 'gauge',
    spaces.map((space) => ({ labels: { space: space.name.replace(/_space$/, '') }, value: space[field] })));
  return [
    of('total', 'Process heap space size total from Node.js in bytes.', 'size'),
    of('used', 'Process heap space size used from Node.js in bytes.', 'used'),
    of('available', 'Process heap space size available from Node.js in bytes.', 'available'),
  ];
}

function resources(handles) {
  const values = Object.entries(handles).map(([type, value]) => ({ labels: { type }, value }));
  const total = values.reduce((sum, { value }) => sum + value, 0);
  return [
    family('nodejs_active_resources', 'Number of active resources that are currently keeping the event loop alive, by type.', 'gauge', values),
    gauge('nodejs_active_resources_total', 'Total number of active resources.', total),
  ];
}

/**
 * @param {import('./requests').Requests} requests
 * @param {object} process what ProcessMetrics says
 * @returns {{ name: string, help: string, type: string, values: { metricName: string, labels: object, value: number }[] }[]}
 */
function families(requests, process) {
  return [
    requestDurations(requests),
    gauge('http_server_active_requests', 'Number of active HTTP server requests.', requests.active),
    ...eventLoop(process.eventLoop),
    collections(process.gc),
    ...memory(process.memory),
    ...heapSpaces(process.heapSpaces),
    ...resources(process.handles),
  ];
}

module.exports = { families, isDefault };

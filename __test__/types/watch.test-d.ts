/** `watch`: conditions, actions, and what is told. */
import 'rs-profiler/register';
import { watch } from 'rs-profiler';
import type {
  CpuProfileFile, HeapSnapshotFile, LeakSuspect, SamplingHeapProfileFile, Watch, WatchAction, WatchConditions, WatchEvent, WatchFrame,
  WatchKind, WatchResult, WatchStall,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

const conditions: WatchConditions = {
  heapUsedRatio: 0.85,
  rssBytes: 2 ** 30,
  cgroupRatio: 0.9,
  eventLoopDelayMs: 1000,
  cpuRatio: { ratio: 0.9, overMs: 30_000 },
  everyMs: 3_600_000,
  growth: { observations: 5, windowMs: 60_000, minBytes: 2 ** 20, gapMs: 0, analyse: false },
};
const action: WatchAction = {
  kind: 'cpu-profile',
  folder: '/dumps',
  durationMs: 5000,
  compress: 'zstd',
  redact: { keep: [/^a/] },
  isolation: 'fork',
  checkMs: 1000,
  coolDownMs: 0,
  maxCount: Infinity,
  retention: { maxCount: 5, maxAgeMs: 1, maxBytes: 2 ** 30 },
  callback(error, result) {
    typeOf(error?.condition).is<string | undefined>();
    typeOf(result).is<WatchResult | null>();
  },
};
const watching = watch(conditions, action);
typeOf(watching).is<Watch>();
typeOf([watching.busy, watching.stopped]).is<boolean[]>();
typeOf(watching.count).is<number>();
typeOf(watching.capture('heap-snapshot')).is<boolean>();
watching.stop();
watch({ growth: true, cpuRatio: 0.5 });
watch(null, action).capture();
watch({ everyMs: 1000 }, async (event) => typeOf(event).is<WatchEvent>());
watch({ everyMs: 1000 }, { run: ({ condition }) => typeOf(condition).is<keyof WatchConditions | 'call'>() });

declare const result: WatchResult;
typeOf(result.kind).is<WatchKind | undefined>();
typeOf(result.capture).is<HeapSnapshotFile | CpuProfileFile | SamplingHeapProfileFile | undefined>();
typeOf(result.suspects).is<LeakSuspect[] | null | undefined>();
typeOf(result.stall).is<WatchStall | undefined>();
typeOf(result.stall?.function).is<WatchFrame | null | undefined>();
typeOf(result.removed).is<string[]>();

// @ts-expect-error no such condition
watch({ heapRatio: 1 });
// @ts-expect-error no such kind
watch({ everyMs: 1000 }, { kind: 'snapshot' });
// @ts-expect-error conditions come first
watch();
// @ts-expect-error a result is read
watching.count = 1;

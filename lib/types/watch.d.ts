import type {
  CpuProfileFile, CpuProfileSettings, HeapSnapshotFile, HeapSnapshotOptions, SamplingHeapProfileFile, SamplingHeapProfileSettings,
} from './capture';
import type { LeakSuspect } from './heap-analysis';

/** What a watch can capture. */
export type WatchKind = 'heap-snapshot' | 'cpu-profile' | 'sampling-heap-profile';

/** Growth of the heap, see {@link WatchConditions.growth}. */
export interface WatchGrowth {
  /** Observations in a row that must each be larger than the one before, from 2 to 1000. Default 5. */
  observations?: number | undefined;
  /**
   * An observation is the least that was used right after a full garbage collection within so many milliseconds, from 10. A window
   * without such a collection gives none. Default 60 000.
   */
  windowMs?: number | undefined;
  /** Bytes by which the last observation must be larger than the first. Default 10 485 760 (10 MiB). */
  minBytes?: number | undefined;
  /** Milliseconds between the two snapshots. Default `windowMs`. */
  gapMs?: number | undefined;
  /** Compare the snapshots, in a child process that steps back for everybody else. Default `true`. */
  analyse?: boolean | undefined;
}

/** When a watch captures. At least one is needed; any one is enough. */
export interface WatchConditions {
  /** Used part of V8's limit of this thread's heap, above 0, at most 1. */
  heapUsedRatio?: number | undefined;
  /** Resident memory of the process, in bytes, from 1 MiB. */
  rssBytes?: number | undefined;
  /**
   * Used part of the tightest memory limit of the cgroups around this process, without file cache that can be dropped; above 0, at
   * most 1. Where no cgroup has a limit it never comes true.
   */
  cgroupRatio?: number | undefined;
  /**
   * The event loop of this thread is late by so many milliseconds, from 20 to 3 600 000. It is noticed by a native thread; the CPU
   * profile of what goes on is written, whatever the action's `kind` is. One such watch per thread and copy of the package. While
   * it is on, V8 logs code as after `warmUp()`, at the same cost.
   */
  eventLoopDelayMs?: number | undefined;
  /** CPU time of the process by time, 1 is one core, over the last `overMs` milliseconds (default 60 000); above 0, at most 1024. */
  cpuRatio?: number | { ratio: number; overMs?: number | undefined } | undefined;
  /** Capture again and again after so many milliseconds, from 1000. There is no cool-down for this. */
  everyMs?: number | undefined;
  /** The heap grows: two snapshots are taken and compared. */
  growth?: boolean | WatchGrowth | undefined;
}

/** How much is kept in the folder. The newest capture always stays. */
export interface WatchRetention {
  /** Default 20. */
  maxCount?: number | undefined;
  /** Default a week. */
  maxAgeMs?: number | undefined;
  /** Default 4 GiB. */
  maxBytes?: number | undefined;
}

/** What goes before a capture or the call of a function. */
export interface WatchEvent {
  condition: keyof WatchConditions | 'call';
  /** What was measured, in the unit of the condition; for `'growth'`, bytes from the first to the last observation. */
  value: number | null;
  /** What it was compared with. */
  limit: number | null;
  /** ISO 8601. */
  time: string;
  /** For `'growth'`: bytes in use after full collections. */
  observations?: number[];
  /** For `'eventLoopDelayMs'`. */
  stall?: WatchStall;
  /** For `'eventLoopDelayMs'`: the profile that was written, `null` when there was none or no folder. */
  path?: string | null;
}

/** A function of a CPU profile. */
export interface WatchFrame {
  functionName: string;
  /** Empty for functions of V8 and Node's C++. */
  url: string;
  /** 1-based, 0 when unknown. */
  line: number;
  column: number;
}

/** What an event loop did that stood still. Times in milliseconds. */
export interface WatchStall {
  /** How late the loop was in the end. */
  stalledMs: number;
  /** From the request of the profile to its start; `null` when V8 never let it start. */
  waitedMs: number | null;
  /** What the start took, on the thread that stood still. */
  startPauseMs: number;
  /** Length of the profile: from its start to the end of the stall, or `durationMs`. */
  profiledMs: number;
  samples: number;
  /** The function with the most time of its own; `null` when no JavaScript was seen. */
  function: WatchFrame | null;
  /** Its time. */
  selfMs: number;
  /** And with all that it called. */
  totalMs: number;
  /** The function and its callers, innermost first, at most 50. */
  stack: WatchFrame[];
  /** All this in a sentence. */
  sentence: string;
}

/** What the callback of a watch receives. */
export interface WatchResult extends WatchEvent {
  /** Absent when a function was called instead. */
  kind?: WatchKind;
  bytes?: number;
  /** What the capture call resolved with; absent for `'eventLoopDelayMs'`. */
  capture?: HeapSnapshotFile | CpuProfileFile | SamplingHeapProfileFile;
  /** For `'growth'`: the earlier snapshot; `path` is the later one. */
  base?: string;
  /** For `'growth'`, the likeliest first; `null` with `analyse: false`. */
  suspects?: LeakSuspect[] | null;
  /** For `'growth'`: what the first suspect is, in a sentence. */
  sentence?: string | null;
  /** What the function returned or resolved with. */
  result?: unknown;
  /** Names of older captures that were removed. */
  removed: string[];
}

/** What a watch does. The options of captures are those of the promise-based calls. */
export interface WatchAction
  extends Pick<
      HeapSnapshotOptions,
      'compress' | 'compressionLevel' | 'redact' | 'isolation' | 'headroom' | 'stableIds' | 'exposeInternals' | 'exposeNumericValues'
    >,
    Pick<CpuProfileSettings, 'samplingIntervalUs' | 'mode'>,
    Pick<SamplingHeapProfileSettings, 'intervalBytes' | 'stackDepth'> {
  /** Called instead of a capture; for a stalled loop, after it was profiled. Its result, or error, goes to `callback`. */
  run?: ((event: WatchEvent) => unknown) | undefined;
  /** Default `'cpu-profile'` for `cpuRatio`, else `'heap-snapshot'`. */
  kind?: WatchKind | undefined;
  /**
   * Where files go; made, mode 0700, when it is not there. Default `rs-profiler-<uid>` in the system's folder for temporary files.
   * With `run` and no folder nothing is written.
   */
  folder?: string | undefined;
  /** Milliseconds of a CPU or sampling heap profile, and the most of a stall's; up to 3 600 000. Default 10 000. */
  durationMs?: number | undefined;
  /** Milliseconds between two looks at heap, RSS, cgroup and CPU, from 20. Default 5000. */
  checkMs?: number | undefined;
  /** Milliseconds after a capture, or an error, in which no condition but `everyMs` counts. Default 600 000. */
  coolDownMs?: number | undefined;
  /** After so many captures, those that failed included, the watch ends. `Infinity` is allowed. Default 10. */
  maxCount?: number | undefined;
  retention?: WatchRetention | undefined;
  /** Hears of every capture, or error, which has the `condition` as a property. What it throws becomes one process warning. */
  callback?: ((error: (Error & { condition?: string }) | null, result: WatchResult | null) => void) | undefined;
}

/** What `watch` returns. */
export interface Watch {
  /** Captures begun. */
  readonly count: number;
  /** Whether a capture, or the function, is at work. */
  readonly busy: boolean;
  /** Whether it has ended: by `stop()` or by `maxCount`. */
  readonly stopped: boolean;
  /**
   * Captures now, without cool-down. False when the watch has ended or something is being captured. Default kind: the action's, or
   * `'heap-snapshot'`.
   *
   * @throws `TypeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT`
   */
  capture(kind?: WatchKind): boolean;
  /** Ends it; nothing is told any more. A file that is being written becomes complete. Repeatable. */
  stop(): void;
}

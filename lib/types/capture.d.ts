import type { Readable } from 'stream';
import type { CpuProfileFormat, CpuProfileMode } from './cpu-profile';

/** Where a heap snapshot is taken: see {@link HeapSnapshotOptions.isolation}. */
export type SnapshotIsolation = 'fork' | 'inline';

/** What to hide in a heap snapshot. */
export interface RedactOptions {
  /**
   * Strings that one of them matches stay. Syntax and meaning are JavaScript's; the flags `g` and `y` make no difference or
   * are refused. V8 cuts strings at 1024 characters, and shows the parts of concatenated strings one by one.
   */
  keep?: RegExp[] | undefined;
  /**
   * Replace the names of properties too, by hashes: for objects that are used as dictionaries. Names of classes, functions,
   * files and variables stay, and so do names of the language. Default `false`.
   */
  keys?: boolean | undefined;
  /**
   * With `keys`: the same salt gives the same hashes, so that snapshots can be compared. Keep it secret: who has it can
   * try words. Default: 16 random bytes for each snapshot.
   */
  salt?: string | undefined;
}

/** What was hidden. */
export interface RedactedCounts {
  /** Strings in the snapshot's table. */
  strings: number;
  /** Texts that were replaced by others of the same length. */
  blanked: number;
  /** Their UTF-16 units. */
  blankedUnits: number;
  /** Names of edges of WeakMaps, which V8 makes of key and value. */
  weakPairs: number;
  /** Names of properties that became hashes. */
  keys: number;
  /** Integer keys that became hashes. */
  indexes: number;
  /** Strings that `keep` matched. */
  kept: number;
}

/** What `onProgress` receives for a heap snapshot. */
export interface HeapSnapshotProgress {
  /** `'walk'`: V8 walks the heap, in objects. `'write'`: the text is produced, in bytes. */
  phase: 'walk' | 'write';
  done: number;
  /** An estimate that can change, and that `done` can pass; equal to `done` in the last call of a phase. */
  total: number;
}

/** Options of `createHeapSnapshotStream` and `writeHeapSnapshot`. */
export interface HeapSnapshotOptions {
  /**
   * Cancels: the promise rejects, or the stream is destroyed, with an {@link RsProfilerAbortError}; everything is freed
   * and an unfinished file is removed. The walk itself cannot be interrupted.
   */
  signal?: AbortSignal | undefined;
  /**
   * Progress of the walk and of the writing. With a forked child it is that of the child, as it goes. Inline, JavaScript
   * cannot run while V8 walks the heap: the calls of phase `'walk'` come when the walk is over, in order. Its exception
   * rejects the promise or destroys the stream.
   */
  onProgress?: ((progress: HeapSnapshotProgress) => void) | undefined;
  /**
   * V8's switch for its internals, as `v8.writeHeapSnapshot` hands it on. It makes no more objects appear. The root has no
   * shortcut edge to the global object any more, so distances count from the roots of the garbage collector; on Node 26
   * nodes of type `hidden` become `native`. Default `false`.
   */
  exposeInternals?: boolean | undefined;
  /** Include the values of numbers. Default `false`. */
  exposeNumericValues?: boolean | undefined;
  /**
   * `'fork'`: a forked child takes the snapshot; this process stands still for the fork alone, some milliseconds. Rejects
   * with `ERR_RS_PROFILER_FORK_FAILED` where that is impossible. `'inline'`: this thread walks the heap, and stands still
   * for that. `'auto'`: forks where it can, else inline; the result says which, and why. Default `'auto'`.
   */
  isolation?: 'auto' | SnapshotIsolation | undefined;
  /**
   * While another snapshot of this process has a child: wait for it, or reject with `ERR_RS_PROFILER_BUSY`.
   * Default `'wait'`.
   */
  whenBusy?: 'wait' | 'refuse' | undefined;
  /**
   * Give every object its id in this process before the fork, so that forked snapshots of one process can be compared by
   * id. Costs about a tenth of the walk, on this thread, and leaves V8's object tracking on (README, "In production").
   * Inline snapshots are always comparable. Default `false`.
   */
  stableIds?: boolean | undefined;
  /**
   * Refuse the capture with `ERR_RS_PROFILER_HEADROOM`, before anything is allocated, when it would need more memory than
   * the cgroup, the machine or the address space has left. The error's `headroom` has the figures. Default `true`.
   */
  headroom?: boolean | undefined;
  /** Compression of the output, off this thread. The name of a file gets `.gz` or `.zst`. Default `'none'`. */
  compress?: 'none' | 'gzip' | 'zstd' | undefined;
  /** From 1 to 9 for gzip (default 2), from 1 to 19 for zstd (default 1). */
  compressionLevel?: number | undefined;
  /**
   * Hide the contents of strings, numbers and regular expressions; lengths, and all names, stay, so that analysis gives the
   * same counts, sizes and classes. An object says more exactly what. Default `'none'`.
   */
  redact?: 'none' | 'strings' | RedactOptions | undefined;
}

/** What `writeHeapSnapshot` resolves with. */
export interface HeapSnapshotFile {
  /** The absolute path of the file. */
  path: string;
  /** Size of the file. */
  bytes: number;
  /** Nodes of the heap graph: `node_count` of the file. */
  nodes: number;
  /** Edges of the heap graph: `edge_count` of the file. */
  edges: number;
  /** Milliseconds for which this thread stood still: for the fork, or for the walk. */
  pauseMs: number;
  /** Milliseconds from the call to the finished file. */
  durationMs: number;
  /** Bytes of the text before compression. */
  textBytes: number;
  /** Where the snapshot was taken. */
  isolation: SnapshotIsolation;
  /** Why there, in a sentence. */
  isolationReason: string;
  /** Children that were forked: 0 for `'inline'`, 2 when the first one died. */
  attempts: number;
  /** Whether the kernel confined the child to its memory and its output (seccomp). */
  confined: boolean;
  /** What was hidden, when `redact` asked for it. */
  redacted?: RedactedCounts;
}

/** What `createHeapSnapshotStream` gives. */
export interface HeapSnapshotStream extends Readable {
  /** Where the snapshot was taken; `undefined` until the first bytes are there. */
  readonly isolation: SnapshotIsolation | undefined;
  /** Why there, in a sentence. */
  readonly isolationReason: string | undefined;
  /** What was redacted, once all has been read; `undefined` where nothing was asked for. */
  readonly redacted: RedactedCounts | undefined;
  /** Milliseconds for which this thread stood still, once all has been read: for the fork, or for the walk. */
  readonly pauseMs: number | undefined;
  /** Children that were forked, once all has been read: 0 for `'inline'`, 2 when the first one died. */
  readonly attempts: number | undefined;
  /** Whether the kernel confined the child to its memory and its output (seccomp), once all has been read. */
  readonly confined: boolean | undefined;
}

/** Options of `onNearHeapLimit`. */
export interface NearHeapLimitOptions
  extends Pick<
    HeapSnapshotOptions,
    'compress' | 'compressionLevel' | 'exposeInternals' | 'exposeNumericValues' | 'isolation' | 'redact'
  > {
  /** The folder for the files; it must exist. Default: the current directory. */
  dir?: string | undefined;
  /**
   * `'snapshot'`: a heap snapshot. `'sampling'`: a sampling heap profile of all that was allocated since this call and is
   * still alive, which takes next to no memory; the profiler runs from now on. Default `'snapshot'`.
   */
  kind?: 'snapshot' | 'sampling' | undefined;
  /** After so many captures V8 does what it would have done without. From 1 to 1000. Default 1. */
  maxCaptures?: number | undefined;
  /** Bytes by which the limit is raised for each capture. Default: a quarter of the limit, at least 64 MiB. */
  raiseBytes?: number | undefined;
  /** Bytes between samples, for `'sampling'`. Default 524288. */
  intervalBytes?: number | undefined;
  /** Frames per sample, for `'sampling'`. Default 16. */
  stackDepth?: number | undefined;
  /**
   * Called from the event loop when a capture is complete or has failed. A service that never gets back to its event loop
   * never hears of it; the file is there all the same.
   */
  callback?: ((error: Error | null, capture: NearHeapLimitCapture | null) => void) | undefined;
}

/** What the callback of `onNearHeapLimit` receives. */
export interface NearHeapLimitCapture {
  kind: 'snapshot' | 'sampling';
  /** The absolute path of the file. */
  path: string;
  /** The limit that was near, in bytes. */
  limitBytes: number;
  /** Milliseconds for which this thread stood still. */
  pauseMs: number;
  isolation: SnapshotIsolation;
  /** Why not in a child, where that was wanted. */
  isolationReason?: string;
  /** Where `redact` was asked for. */
  redacted?: RedactedCounts;
}

/** What `onNearHeapLimit` returns. */
export interface NearHeapLimitWatch {
  /** Takes the registration back, and ends a child at work. Repeatable. */
  stop(): void;
}

/**
 * When a capture ends; one of the two is required.
 *
 * - `durationMs`: after so many milliseconds. A `signal` beside it cancels: the promise rejects with an
 *   {@link RsProfilerAbortError}.
 * - `signal` alone: its abort ends the capture, and the promise **resolves** with what was recorded.
 *
 * Either way the process is kept alive until then, also with `AbortSignal.timeout(ms)`, whose timer does not do so itself. A
 * signal that nobody aborts keeps it alive for ever.
 */
export type CaptureEnd =
  | { durationMs: number; signal?: AbortSignal | undefined }
  | { durationMs?: undefined; signal: AbortSignal };

/** What `onProgress` receives during a CPU profile. */
export interface CpuProfileProgress {
  /** `'record'`: in milliseconds. `'write'` (with a `path`): in bytes. */
  phase: 'record' | 'write';
  done: number;
  /** `durationMs`, or 0 where the end is not known beforehand; equal to `done` in the last call of a phase. */
  total: number;
}

/** Options of `captureCpuProfile`, without those that say when it ends. */
export interface CpuProfileSettings<Format extends CpuProfileFormat = CpuProfileFormat> {
  /** Microseconds between samples, a positive integer. Default 1000. */
  samplingIntervalUs?: number | undefined;
  /** Default `'leafNodeLineNumbers'`. */
  mode?: CpuProfileMode | undefined;
  /** Default `'inspector'`. */
  format?: Format | undefined;
  /** Its exception rejects the promise. */
  onProgress?: ((progress: CpuProfileProgress) => void) | undefined;
}

/** Options of `captureCpuProfile` but for `path`. */
export type CpuProfileOptions<Format extends CpuProfileFormat = CpuProfileFormat> = CpuProfileSettings<Format> &
  CaptureEnd;

/** What `captureCpuProfile` resolves with when it has a `path`. */
export interface CpuProfileFile<Format extends CpuProfileFormat = CpuProfileFormat> {
  /** The absolute path of the file. */
  path: string;
  /** Size of the file. */
  bytes: number;
  format: Format;
  /** Nodes of the call tree. */
  nodes: number;
  /** Number of samples. */
  samples: number;
  /** Milliseconds for which the start held this thread; see `warmUp`. */
  startPauseMs: number;
  /** Milliseconds for which the stop held this thread. */
  stopPauseMs: number;
  /** Milliseconds from the call to the finished file. */
  durationMs: number;
}

/** Options of `captureSamplingHeapProfile`, without those that say when it ends. */
export interface SamplingHeapProfileSettings {
  /** Average bytes between samples, a positive integer. Default 524288 (512 KiB). */
  intervalBytes?: number | undefined;
  /** Frames recorded per sample, from 1 to 255. Default 16. */
  stackDepth?: number | undefined;
  /** `'inspector'`: as `HeapProfiler.stopSampling` gives it. `'tree'`: as v8-profiler-next does. Default `'inspector'`. */
  format?: 'inspector' | 'tree' | undefined;
  /** Its exception rejects the promise. */
  onProgress?: ((progress: CpuProfileProgress) => void) | undefined;
}

/** Options of `captureSamplingHeapProfile` but for `path`. */
export type SamplingHeapProfileOptions = SamplingHeapProfileSettings & CaptureEnd;

/** What `captureSamplingHeapProfile` resolves with when it has a `path`. */
export interface SamplingHeapProfileFile {
  /** The absolute path of the file. */
  path: string;
  /** Size of the file. */
  bytes: number;
  /** Nodes of the call tree. */
  nodes: number;
  /** Number of samples. */
  samples: number;
  /** Milliseconds from the call to the finished file. */
  durationMs: number;
}

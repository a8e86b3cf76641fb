import type { Readable } from 'stream';
import type { CpuProfileFormat, CpuProfileMode } from './cpu-profile';

/**
 * The path of a file to write, as Node's `fs` takes it: a string, a Buffer or a `file:` URL. It is resolved, and the file is
 * opened, when the call is made: where it cannot be written, the promise rejects before anything is recorded.
 *
 * A name without extension gets that of its kind: `.heapsnapshot`, `.cpuprofile` or `.heapprofile`. An existing folder, or a
 * path that ends with a separator, gets a file with a name of its own.
 *
 * The file has its name only when it is complete: until then it is a temporary file beside it, mode 0600. A symbolic link
 * stays, and the file that it names is written, or made. Where a file cannot be renamed (a device, a file that is mounted, a
 * folder that takes no new file), the file itself is written, from the first byte of the new text on, and it is emptied, or
 * removed if it is new, when the text cannot be completed.
 */
export type TargetPath = string | Buffer | URL;

/** Where a file with a name of its own goes. */
export interface TargetFolder {
  /**
   * A folder, instead of a path. It is made, for its owner alone (mode 0700), when it is missing; the file gets a default
   * name.
   */
  dir?: TargetPath | undefined;
}

/**
 * Who did a capture.
 *
 * - `'native'`: the native parts of this package.
 * - `'node'`: `node:v8` and `node:inspector`, where there is no native part for this platform or this Node, or where it may not be
 *   loaded. Options, results, files and errors are the same, but for what Node does not offer:
 *
 * | capture | with `'node'` |
 * | --- | --- |
 * | heap snapshots | in this process only: `isolation: 'fork'` is refused. `pauseMs` includes the making of the text, which nothing can interrupt. `onProgress` hears of phase `'write'` only; of a file, at its end |
 * | `createHeapSnapshotStream` | the text is made in one go and is in memory, outside of V8's heap, until it is read |
 * | `captureCpuProfile` | at most 8 at once. `mode: 'callerLineNumbers'` is refused. In the formats `'nodes'` and `'tree'`, `url` is a `file:` URL for every file, and `callUID` counts up from 1 |
 * | `captureSamplingHeapProfile` | at most 128 frames of a stack; V8 may collect garbage when it ends |
 *
 * What is refused is so with `ERR_RS_PROFILER_NATIVE_MISSING` or `ERR_RS_PROFILER_UNSUPPORTED_NODE`, with a fork
 * `ERR_RS_PROFILER_FORK_FAILED`, and says what to do. The profiles also where Node has no inspector or its permission model keeps
 * it from being used.
 */
export interface CaptureEngine {
  engine: 'native' | 'node';
  /** Why, for people; with `'node'`, what helps. */
  engineReason: string;
}

/** A profile, and who recorded it: properties that are not enumerable, so `JSON.stringify` gives the profile alone. */
export type Captured<Profile> = Profile & CaptureEngine;

/** What `onProgress` receives for a heap snapshot. */
export interface HeapSnapshotProgress {
  /** `'walk'`: V8 walks the heap, in objects. `'write'`: the text is produced, in bytes. */
  phase: 'walk' | 'write';
  done: number;
  /** An estimate that can change, and that `done` can pass; equal to `done` in the last call of a phase. */
  total: number;
}

/**
 * Who takes a heap snapshot.
 *
 * - `'inline'`: this process. V8 holds this thread for the whole walk of the heap.
 * - `'fork'`: a forked child, which has an image of the heap. This thread is held for the fork only. Where it cannot be, the
 *   promise rejects, or the stream is destroyed, with `ERR_RS_PROFILER_FORK_FAILED`; `capabilities().isolation.fork` says so
 *   beforehand.
 * - `'auto'`: a forked child where that can be, else this process, also when forking was tried and failed. Not when the child
 *   had too little memory: the same walk here would end this process, so that is an error, `ERR_RS_PROFILER_NO_MEMORY`. A stream
 *   that has passed on bytes of a child which then fails is destroyed with `ERR_RS_PROFILER_FORK_FAILED`. When all children of
 *   a snapshot failed by themselves, the next ten minutes' snapshots of this process do not fork.
 *
 * A child needs Linux with glibc. It shares the memory of this process until either writes to it, and needs for the walk what
 * V8 would need here. Ids of objects that V8 numbers in a child are not known to this process: later snapshots number the same
 * objects otherwise.
 */
export type HeapSnapshotIsolation = 'auto' | 'fork' | 'inline';

/** Options of `createHeapSnapshotStream`, and of `writeHeapSnapshot`. */
export interface HeapSnapshotOptions {
  /**
   * Cancels: the promise rejects, or the stream is destroyed, with an {@link RsProfilerAbortError}; everything is freed
   * and an unfinished file is removed. The walk itself cannot be interrupted, unless a forked child does it.
   */
  signal?: AbortSignal | undefined;
  /**
   * Progress of the walk and of the writing. JavaScript cannot run while V8 walks the heap: the calls of phase `'walk'`
   * come when the walk is over, in order; those of a forked child come as it goes on, and do not go back when another one
   * has to begin anew. Its exception rejects the promise or destroys the stream; a stream that is destroyed tells no more.
   */
  onProgress?: ((progress: HeapSnapshotProgress) => void) | undefined;
  /** Include V8's and Node's internal objects. Default `false`. */
  exposeInternals?: boolean | undefined;
  /** Include the values of numbers. Default `false`. */
  exposeNumericValues?: boolean | undefined;
  /**
   * Who takes the snapshot. Default `'auto'`. Of several that fork in one thread, each waits for the one before it (of a stream,
   * until its first bytes are there); `signal` ends the wait too.
   */
  isolation?: HeapSnapshotIsolation | undefined;
}

/** Options of `writeHeapSnapshot`. */
export interface HeapSnapshotFileOptions extends HeapSnapshotOptions, TargetFolder {}

/** What `writeHeapSnapshot` resolves with. */
export interface HeapSnapshotFile extends CaptureEngine {
  /** The absolute path of the file; of a Buffer that is not UTF-8, with replacement characters. */
  path: string;
  /** Size of the file. */
  bytes: number;
  /** Nodes of the heap graph: `node_count` of the file. */
  nodes: number;
  /** Edges of the heap graph: `edge_count` of the file. */
  edges: number;
  /** Milliseconds for which V8 held this thread, or for which the fork did; the sum of both when both did. */
  pauseMs: number;
  /** Milliseconds from the call to the finished file. */
  durationMs: number;
  /**
   * Bytes of memory that the child had to itself at its end: what was copied because it or this process wrote to it, and what
   * the walk took. `undefined` when this process took the snapshot, and where Linux does not say.
   */
  cowBytes: number | undefined;
  /** Who took the snapshot: a forked child, or this process. */
  isolation: 'fork' | 'inline';
  /** Why, a sentence for people. */
  isolationReason: string;
  /** Children that were forked, an integer from 0; more than 1 when one died or stood still, or was sent ahead as a trial. */
  attempts: number;
}

/** What `createHeapSnapshotStream` returns. The facts are `undefined` until the first bytes are there, `bytes` and `cowBytes` until the end. */
export interface HeapSnapshotStream extends Readable {
  /** As those of {@link HeapSnapshotFile}. */
  readonly isolation: 'fork' | 'inline' | undefined;
  readonly isolationReason: string | undefined;
  readonly engine: 'native' | 'node' | undefined;
  readonly engineReason: string | undefined;
  readonly pauseMs: number | undefined;
  readonly attempts: number | undefined;
  readonly cowBytes: number | undefined;
  readonly nodes: number | undefined;
  readonly edges: number | undefined;
  /** Length of the whole text. */
  readonly bytes: number | undefined;
}

/**
 * When a capture ends; one of the two is required.
 *
 * - `durationMs`: after so many milliseconds. A `signal` beside it cancels: the promise rejects with an
 *   {@link RsProfilerAbortError}.
 * - `signal` alone: its abort ends the capture, and the promise **resolves** with what was recorded.
 *
 * A capture keeps the process alive until it has ended and its file is written.
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
  /** Microseconds between samples, an integer of at least 100. Default 1000. */
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
export interface CpuProfileFile<Format extends CpuProfileFormat = CpuProfileFormat> extends CaptureEngine {
  /** The absolute path of the file; of a Buffer that is not UTF-8, with replacement characters. */
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
export interface SamplingHeapProfileFile extends CaptureEngine {
  /** The absolute path of the file; of a Buffer that is not UTF-8, with replacement characters. */
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

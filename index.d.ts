/**
 * CPU profiles, heap snapshots and sampling heap profiles of the running thread, for Chrome DevTools.
 *
 * Two faces of one module: the functions of v8-profiler and v8-profiler-next, and the promise-based calls
 * `writeHeapSnapshot`, `createHeapSnapshotStream`, `captureCpuProfile` and `captureSamplingHeapProfile`; and `openHeapSnapshot`,
 * which reads what was recorded. Every function works without `this`; `process.profiler` is the same object.
 *
 * Requiring the package never throws because of the version of Node. Where its native parts are missing, the promise-based calls
 * do with Node's own parts what those can do, see {@link CaptureEngine}; every other call that needs V8 throws an
 * {@link RsProfilerError} of code `ERR_RS_PROFILER_UNSUPPORTED_NODE` or `ERR_RS_PROFILER_NATIVE_MISSING`, and `capabilities()`
 * says why.
 *
 * @example
 * ```ts
 * import { captureCpuProfile, writeHeapSnapshot } from 'rs-profiler';
 *
 * const { path, pauseMs } = await writeHeapSnapshot('/tmp/');
 * await captureCpuProfile({ durationMs: 5000, path: 'app.cpuprofile' });
 * ```
 *
 * @packageDocumentation
 */

/// <reference types="node" />

import type { Capabilities } from './lib/types/capabilities';
import type {
  Captured,
  CpuProfileFile,
  CpuProfileOptions,
  HeapSnapshotFile,
  HeapSnapshotFileOptions,
  HeapSnapshotOptions,
  HeapSnapshotStream,
  SamplingHeapProfileFile,
  SamplingHeapProfileOptions,
  TargetPath,
} from './lib/types/capture';
import type { CpuProfile, CpuProfileFormat, CpuProfileShapes } from './lib/types/cpu-profile';
import type {
  HeapQuickSummary,
  HeapSnapshotAnalysis,
  HeapSnapshotInput,
  OpenHeapSnapshotOptions,
  SummarizeHeapSnapshotOptions,
} from './lib/types/heap-analysis';
import type {
  InspectorSamplingHeapProfile,
  SamplingHeapProfile,
  SamplingHeapProfileNode,
} from './lib/types/sampling-heap-profile';
import type { Snapshot, SnapshotRegistry } from './lib/types/snapshot';

export * from './lib/types/capabilities';
export * from './lib/types/capture';
export * from './lib/types/cli';
export * from './lib/types/cpu-profile';
export * from './lib/types/errors';
export * from './lib/types/export';
export * from './lib/types/heap-analysis';
export * from './lib/types/sampling-heap-profile';
export * from './lib/types/snapshot';

/* Heap snapshots. */

/** The snapshots that were not deleted, by uid. A live object of this thread. */
export const snapshots: SnapshotRegistry;

/**
 * Takes a heap snapshot; V8 holds this thread while it walks the heap (about a second per million objects, and more
 * memory than the heap itself). The snapshot stays in memory, and in `snapshots`, until its `delete()`.
 *
 * @param name - the title; without one, or with an empty one, `'Snapshot '` and the uid
 * @param control - called with the progress in objects, before `takeSnapshot` returns. JavaScript cannot run while V8
 *   walks the heap, so the progress is recorded and the calls come after the walk; the last one has `done === total`.
 *   `false` as its result cannot stop the walk. An exception propagates, and the snapshot is deleted then.
 * @example
 * ```ts
 * const snapshot = takeSnapshot('before');
 * snapshot.export().pipe(fs.createWriteStream('before.heapsnapshot')).on('finish', snapshot.delete);
 * ```
 */
export function takeSnapshot(control?: (done: number, total: number) => unknown): Snapshot;
export function takeSnapshot(name?: string | null, control?: (done: number, total: number) => unknown): Snapshot;
/** @deprecated For code that types `control` as `Function`; give it its precise type. */
export function takeSnapshot(control?: Function): Snapshot;
/** @deprecated For code that types `control` as `Function`; give it its precise type. */
export function takeSnapshot(name?: string | null, control?: Function): Snapshot;

/** The snapshot at a key of `snapshots`, or `undefined`. v8-profiler's before version 5.6. */
export function getSnapshot(index: number | string): Snapshot | undefined;

/** The snapshot with this uid, or `undefined`. v8-profiler's before version 5.6. */
export function findSnapshot(uid: number | string): Snapshot | undefined;

/** Deletes every snapshot of `snapshots`. */
export function deleteAllSnapshots(): void;

/** Makes V8 number new heap objects as they are allocated, for `getHeapStats`. Can be called again without effect. */
export function startTrackingHeapObjects(): void;

/** Ends `startTrackingHeapObjects`. Can be called without it. */
export function stopTrackingHeapObjects(): void;

/**
 * Gives how many objects of each time interval are alive. Works without tracking too.
 *
 * @param iterator - receives, before `getHeapStats` returns, flat arrays of triples: index of the interval, number of
 *   objects, bytes. Its exception propagates.
 * @param callback - called without arguments after the last array, before `getHeapStats` returns
 * @returns the last heap object id that V8 has given
 */
export function getHeapStats(iterator?: (stats: number[]) => unknown, callback?: () => void): number;
/** @deprecated For code that types its arguments as `Function`; give them their precise types. */
export function getHeapStats(iterator?: Function, callback?: Function): number;

/**
 * The value with this heap object id: `undefined` for an unknown id or one that is no number, and the string
 * `'Preview is not available'` for what JavaScript cannot hold.
 *
 * @param id - a number, or a text that starts with one
 */
export function getObjectByHeapObjectId(id: number | string): any;

/**
 * The heap object id of a value: 0 for small integers, and for objects that V8 has not numbered yet (it numbers them in
 * a snapshot or while tracking). Without an argument, `undefined`.
 */
export function getHeapObjectId(): undefined;
export function getHeapObjectId(value: unknown): number;

/* CPU profiles. */

/**
 * The CPU profiles that were not deleted: an array with holes, indexed by uid. A live object of this thread. Use
 * `Object.keys` to count it.
 */
export const profiles: CpuProfile[];

/**
 * Chooses the shape of the profiles that `stopProfiling` gives in this thread from now on.
 *
 * @param type - 0 (the default): the `'tree'` format, with `head` and `timestamps`. 1: the `'nodes'` format, with
 *   `nodes` and `timeDeltas`. Anything else changes nothing and prints a line with `console.error`.
 */
export function setGenerateType(type: 0 | 1): void;

/**
 * Chooses how often V8's profiler is thrown away: when no profile is being recorded after a stop, and more than `limit`
 * starts happened since the last time. It limits no number of profiles. A higher limit makes starts cheaper and keeps
 * memory longer; see also {@link warmUp}.
 *
 * @param limit - default 0: after every stop. What is no number changes nothing and prints a line with `console.error`.
 */
export function setProfilesCleanupLimit(limit: number): void;

/**
 * Starts a CPU profile of this thread. Starting a name that is being recorded does nothing.
 *
 * @param name - for `stopProfiling`, and the title. Without one, or with an empty one, the title is `'Profile '` and
 *   the uid. V8 cuts names at 1024 characters.
 * @param recsamples - record `samples` and their times, not only hit counts. Default `true`.
 * @param mode - 0 (the default): V8 looks up code when a profile starts; 1: V8 logs code all the time, for quicker
 *   starts. Counts only when V8's profiler is made, see {@link setProfilesCleanupLimit}.
 * @throws {@link RsProfilerError} `ERR_RS_PROFILER_TOO_MANY_PROFILES` for the 101st profile at the same time
 */
export function startProfiling(recsamples?: boolean, unused?: undefined, mode?: 0 | 1): void;
export function startProfiling(name?: string | null, recsamples?: boolean, mode?: 0 | 1): void;

/**
 * Ends the profile that was started last, whatever its name.
 *
 * @throws {@link RsProfilerError} `ERR_RS_PROFILER_NOT_RUNNING` when no profile is being recorded
 */
export function stopProfiling(name?: '' | undefined): CpuProfile;
/**
 * Ends the profile of this name; `undefined` when none of this name is being recorded (then nothing is ended). An empty
 * name ends the profile that was started last.
 *
 * @throws `TypeError('Wrong argument [0] type (wait String)')` for `null`, `false` or 0
 */
export function stopProfiling(name?: string): CpuProfile | undefined;

/** The profile at a key of `profiles`, or `undefined`. v8-profiler's before version 5.6. */
export function getProfile(index: number | string): CpuProfile | undefined;

/** The profile with this uid, or `undefined`. v8-profiler's before version 5.6. */
export function findProfile(uid: number | string): CpuProfile | undefined;

/**
 * Sets the time between samples, for the profiles that are started from now on.
 *
 * @param us - microseconds; default 1000, also for 0. Less than 100 is raised to 100
 * @throws `Error('setSamplingInterval must be called when there are no profiles being recorded.')`, code
 *   `ERR_RS_PROFILER_BUSY`
 */
export function setSamplingInterval(us?: number): void;

/** Takes one more sample at once, in every profile that is being recorded. Does nothing when there is none. */
export function collectSample(): void;

/** Deletes every profile of `profiles`. */
export function deleteAllProfiles(): void;

/**
 * Keeps V8 logging code, so that starting a CPU profile costs about a millisecond instead of 65 ms and more. The cost:
 * V8 records every piece of code that it compiles, in time and memory, until {@link coolDown}. Can be called again
 * without effect.
 */
export function warmUp(): void;

/** Ends {@link warmUp}. Profiles that are being recorded go on. Can be called without it. */
export function coolDown(): void;

/* Sampling heap profiles. */

/**
 * Starts a sampling heap profile of this thread. A second start while one is being recorded does nothing.
 *
 * The arguments count only when both are passed; as in v8-profiler-next, a single one is ignored.
 *
 * @param intervalBytes - average bytes between samples, from 1 to 4294967295. Default 524288 (512 KiB).
 * @param stackDepth - frames recorded per sample. Default 16.
 * @throws `TypeError('first argument type must be uint32')`, `TypeError('first argument type must be number')`, and
 *   `RangeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT` for an interval of 0
 */
export function startSamplingHeapProfiling(intervalBytes: number, stackDepth: number): void;
/** Starts with the defaults; a single argument is ignored. */
export function startSamplingHeapProfiling(ignored?: number): void;

/**
 * Ends the sampling heap profile.
 *
 * @throws {@link RsProfilerError} `ERR_RS_PROFILER_NOT_RUNNING` when none is being recorded
 */
export function stopSamplingHeapProfiling(): SamplingHeapProfile;

/* The promise-based face. */

/**
 * Takes a heap snapshot and writes it to a file. Where that can be, a forked child does it, and this thread is held for the fork
 * only; elsewhere this thread walks the heap, and another one writes: see {@link HeapSnapshotIsolation}.
 *
 * @param path - the file, see {@link TargetPath}. Names of its own are
 *   `Heap.<YYYYMMDD>.<HHMMSS>.<pid>.<threadId>.<seq>.heapsnapshot`. Default: the current directory, or `options.dir`.
 * @returns rejects with the system's error (code `'ENOENT'` and so on, with `path` and `syscall`), an
 *   {@link RsProfilerAbortError}, an {@link RsProfilerForkError} when a fork that was demanded cannot be or failed, or when a
 *   child had too little memory, or another {@link RsProfilerError}
 * @example
 * ```ts
 * const { path, nodes, pauseMs } = await writeHeapSnapshot();
 * ```
 */
export function writeHeapSnapshot(path?: TargetPath, options?: HeapSnapshotOptions): Promise<HeapSnapshotFile>;
export function writeHeapSnapshot(path: undefined, options?: HeapSnapshotFileOptions): Promise<HeapSnapshotFile>;

/**
 * Gives a stream of a heap snapshot, UTF-8 encoded JSON. It is taken at the first read, by a forked child where that can be: see
 * {@link HeapSnapshotIsolation}. From then on the text is produced as fast as it is read; a reader may pause for as long as he
 * likes. `'end'` comes when the text is whole. `destroy()` frees everything, and `'close'` comes when the child is gone. Errors
 * arrive as `'error'` events. With `isolation: 'auto'` this process does it when no child could, but only before the first
 * byte: after that the error is `ERR_RS_PROFILER_FORK_FAILED`.
 *
 * @example
 * ```ts
 * await pipeline(createHeapSnapshotStream(), zlib.createGzip(), fs.createWriteStream('app.heapsnapshot.gz'));
 * ```
 */
export function createHeapSnapshotStream(options?: HeapSnapshotOptions): HeapSnapshotStream;

/**
 * Records a CPU profile of this thread.
 *
 * @returns With a `path` or a `dir`, facts about the file that was written, see {@link TargetPath}; names of its own are
 *   `CPU.<YYYYMMDD>.<HHMMSS>.<pid>.<threadId>.<seq>.cpuprofile`. Without one, the profile as plain data of the chosen `format`, whose `JSON.stringify` is the text of a `.cpuprofile` file.
 *
 *   Rejects with an {@link RsProfilerAbortError}, the system's error, or an {@link RsProfilerError}, among them
 *   `ERR_RS_PROFILER_INVALID_ARGUMENT` when neither `durationMs` nor `signal` is given.
 * @example
 * ```ts
 * const profile = await captureCpuProfile({ durationMs: 1000 });
 * const { path } = await captureCpuProfile({ signal: AbortSignal.timeout(1000), path: '/tmp/', format: 'tree' });
 * ```
 */
export function captureCpuProfile<Format extends CpuProfileFormat = 'inspector'>(
  options: CpuProfileOptions<Format> & { path: TargetPath; dir?: undefined },
): Promise<CpuProfileFile<Format>>;
export function captureCpuProfile<Format extends CpuProfileFormat = 'inspector'>(
  options: CpuProfileOptions<Format> & { dir: TargetPath; path?: undefined },
): Promise<CpuProfileFile<Format>>;
export function captureCpuProfile<Format extends CpuProfileFormat = 'inspector'>(
  options: CpuProfileOptions<Format> & { path?: undefined; dir?: undefined },
): Promise<Captured<CpuProfileShapes[Format]>>;
export function captureCpuProfile<Format extends CpuProfileFormat = 'inspector'>(
  options: CpuProfileOptions<Format> & { path?: TargetPath | undefined; dir?: undefined },
): Promise<CpuProfileFile<Format> | Captured<CpuProfileShapes[Format]>>;

/**
 * Records a sampling heap profile of this thread. V8 records one at a time per thread.
 *
 * @returns With a `path` or a `dir`, facts about the file that was written, see {@link TargetPath}; names of its own are
 *   `Heap.<YYYYMMDD>.<HHMMSS>.<pid>.<threadId>.<seq>.heapprofile`. Without one, the profile in the inspector's shape, whose `JSON.stringify` is the text of a `.heapprofile` file.
 *
 *   Rejects with an {@link RsProfilerAbortError}, the system's error, or an {@link RsProfilerError}, among them
 *   `ERR_RS_PROFILER_INVALID_ARGUMENT` when neither `durationMs` nor `signal` is given, and
 *   `ERR_RS_PROFILER_BUSY`.
 */
export function captureSamplingHeapProfile(
  options: SamplingHeapProfileOptions & { path: TargetPath; dir?: undefined },
): Promise<SamplingHeapProfileFile>;
export function captureSamplingHeapProfile(
  options: SamplingHeapProfileOptions & { dir: TargetPath; path?: undefined },
): Promise<SamplingHeapProfileFile>;
export function captureSamplingHeapProfile(
  options: SamplingHeapProfileOptions & { format: 'tree'; path?: undefined; dir?: undefined },
): Promise<Captured<{ head: SamplingHeapProfileNode }>>;
export function captureSamplingHeapProfile(
  options: SamplingHeapProfileOptions & { path?: undefined; dir?: undefined },
): Promise<Captured<InspectorSamplingHeapProfile>>;
export function captureSamplingHeapProfile(
  options: SamplingHeapProfileOptions & { path?: TargetPath | undefined; dir?: undefined },
): Promise<SamplingHeapProfileFile | Captured<InspectorSamplingHeapProfile>>;

/** What works here, and why something does not. Never throws. */
export function capabilities(): Capabilities;

/* Analysis. */

/**
 * Reads and analyses a heap snapshot, off this thread, with the numbers of Chrome DevTools. It needs the native addon, and no part
 * for the running version of Node.
 *
 * @param input - a path, or a stream of the text, compressed or not; see {@link HeapSnapshotInput}
 * @returns rejects with the system's error (code `'ENOENT'` and so on), with what the stream fails with, with an
 *   {@link RsProfilerAbortError}, or with an {@link RsProfilerError}: `ERR_RS_PROFILER_INVALID_SNAPSHOT` and
 *   `ERR_RS_PROFILER_TRUNCATED_SNAPSHOT` are {@link RsProfilerSnapshotError}s, which say where; where Node's permission model forbids
 *   to read the file, with its `ERR_ACCESS_DENIED`; without the addon `ERR_RS_PROFILER_NATIVE_MISSING`, and
 *   `ERR_RS_PROFILER_NO_THREAD` where the system gives no thread
 * @example
 * ```ts
 * const analysis = await openHeapSnapshot('app.heapsnapshot');
 * console.table(await analysis.classes({ limit: 10 }), ['name', 'count', 'retainedSize']);
 * const [biggest] = await analysis.instances('Session', { limit: 1 });
 * console.table(await analysis.retainingPath(biggest), ['name', 'edgeName']);
 * analysis.close();
 * ```
 */
export function openHeapSnapshot(input: HeapSnapshotInput, options?: OpenHeapSnapshotOptions): Promise<HeapSnapshotAnalysis>;

/**
 * Sums up a heap snapshot in one pass, off this thread: counts and bytes by type and by name, and the largest strings. It takes a
 * part of the time of {@link openHeapSnapshot}, and memory that does not grow with the file (the whole process took some 60 MB with
 * 340 MB and with 1.7 GB); nothing is retained, so it knows no retained sizes. Of a file that was cut off it sums up what is there.
 *
 * @returns rejects as {@link openHeapSnapshot} does
 * @example
 * ```ts
 * const { totalSize, names } = await summarizeHeapSnapshot('app.heapsnapshot');
 * console.table(names.slice(0, 10), ['name', 'count', 'shallowSize']);
 * ```
 */
export function summarizeHeapSnapshot(input: HeapSnapshotInput, options?: SummarizeHeapSnapshotOptions): Promise<HeapQuickSummary>;

/** The module itself, for `import profiler from 'rs-profiler'` with and without `esModuleInterop`. */
declare const profiler: typeof import('./index.js');
export default profiler;

/** The type of the module, by the name that `@types/v8-profiler` has for it. */
export type Profiler = typeof profiler;

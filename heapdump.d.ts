/**
 * heapdump's API: heap snapshots straight to a file, by call or by signal.
 *
 * Loading it makes SIGUSR2 write a snapshot (not on Windows), from the event loop: a forked child takes it where that can be, else
 * this process. The handler does not keep the process alive, but a snapshot on its way does, and listeners of
 * `process.on('SIGUSR2')` run as well. Signals that come while one is on its way give one more, however many they are. A dump by signal that fails is told by `process.emitWarning`: a `RsProfilerWarning` with the
 * system's `code`, and the path in its text. {@link configure} and the environment variable
 * `NODE_HEAPDUMP_OPTIONS` change what the signal does. The variable is read when the module is loaded: a list, separated by
 * commas, of `signal` (the default), `nosignal`, `dir=<folder>`, `name=<pattern>` and `isolation=<word>`; the last of a kind wins,
 * and an unknown word prints a line to stderr.
 *
 * @example
 * ```ts
 * import { writeSnapshot } from 'rs-profiler/heapdump';
 *
 * writeSnapshot('app.heapsnapshot', (error, filename) => console.log(error ?? `wrote ${filename}`));
 * ```
 *
 * @packageDocumentation
 */

/**
 * Called before `writeSnapshot` returns, with `null` and the name of the file as it was given, or the default name; or
 * only with an `Error('heapdump write error <CODE>')`, such as `ENOENT`. Its exception propagates.
 */
export type WriteSnapshotCallback = (
  ...result: [error: null, filename: string] | [error: Error, filename: undefined]
) => void;

/**
 * Takes a heap snapshot, writes it to a file and frees it, all before it returns.
 *
 * @param filename - the file. What is no string stands for the default name, in the folder and by the pattern that
 *   {@link configure} or `NODE_HEAPDUMP_OPTIONS` sets; by default `heapdump-<number>.<number>.heapsnapshot`, from a
 *   monotonic clock, in the current directory.
 * @returns whether the file was written; without a callback, the only sign of a failure
 * @throws `TypeError` when `callback` is truthy and no function; an {@link RsProfilerError} of code
 *   `ERR_RS_PROFILER_UNSUPPORTED_NODE` or `ERR_RS_PROFILER_NATIVE_MISSING` where capturing is impossible
 */
export function writeSnapshot(callback?: WriteSnapshotCallback): boolean;
export function writeSnapshot(filename?: string | null, callback?: WriteSnapshotCallback): boolean;
export function writeSnapshot(callback: (error: Error | null) => void): boolean;
export function writeSnapshot(filename: string | null | undefined, callback: (error: Error | null) => void): boolean;

/** Options of {@link configure}; what is left out stays as it is. */
export interface HeapdumpOptions {
  /** Whether SIGUSR2 writes a snapshot. Default `true`. */
  signal?: boolean | undefined;
  /**
   * The folder of files with a default name. It must be there, and a relative one is the one that it is at the call.
   * Default: the current directory at the time of writing.
   */
  dir?: string | undefined;
  /**
   * The pattern of default names. `{date}` (`YYYYMMDD`), `{time}` (`HHMMSS`), `{pid}`, `{thread}` (thread id) and
   * `{seq}` (counts up) are replaced, and `.heapsnapshot` is added when it is missing. Default: heapdump's own names.
   */
  name?: string | undefined;
  /**
   * Who takes the snapshot of a signal: see `HeapSnapshotIsolation` of `rs-profiler`. Default `'auto'`. `writeSnapshot` takes
   * its own in this process.
   */
  isolation?: 'auto' | 'fork' | 'inline' | undefined;
}

/**
 * Changes what the signal does and where files with a default name go; it comes before `NODE_HEAPDUMP_OPTIONS`.
 *
 * @throws `TypeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT` for a value of the wrong type or an unknown option; the
 *   system's error (`ENOENT`, `EACCES` and so on, with `path`) for a folder in which nothing can be written. Then nothing
 *   is changed.
 * @example
 * ```ts
 * configure({ dir: '/var/dumps', name: 'app-{date}-{time}-{pid}' });
 * configure({ signal: false });
 * ```
 */
export function configure(options: HeapdumpOptions): void;

/** The module itself, for `import heapdump from 'rs-profiler/heapdump'` with and without `esModuleInterop`. */
declare const heapdump: typeof import('./heapdump.js');
export default heapdump;
